"""Expected calibration error without the bias that a finite test set gives it.

The plugin ECE is a sum of absolute values, each of which noise makes larger: the true posterior itself scores 0.69 points on
10,000 samples (Bröcker 2012; Kumar, Liang and Ma 2019, Verified Uncertainty Calibration, section 4).
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from ...evaluation.setting import Array
from ..folded_normal import folded

BINS = 15
"""Bins of confidence, of equal width."""

STEPS = 30
"""Of Newton's method; each at least halves what is left, and most square it."""


def reliability(correct: Tensor, confidence: Tensor, labels: Tensor, prior: Tensor) -> Tensor:
    """`Snapshot.reliability` (L, S, BINS, 4) of predictions: correct and confidence (L, S, M), labels (S, M), prior (S, C).

    A class counts w for each of its n samples, which are drawn by themselves. So with r = right − confidence within a bin and
    0 outside of it, the variance of Σ wr is Σ_classes w² n/(n − 1) (Σ r² − (Σ r)²/n).
    """
    classes = prior.shape[1]
    cell = (confidence * BINS).long().clamp_(0, BINS - 1).add_(BINS * labels)
    gap = correct.to(confidence.dtype) - confidence
    zeros, shape = confidence.new_zeros(*confidence.shape[:2], classes * BINS), (*confidence.shape[:2], classes, BINS)
    summands = torch.ones_like(confidence), confidence, gap, gap * gap
    counts, confidences, gaps, squares = (zeros.scatter_add(2, cell, x).view(shape) for x in summands)
    class_size = torch.stack([(labels == c).sum(1) for c in range(classes)], 1).to(confidence.dtype)[..., None]
    weight = prior[..., None] * labels.shape[1] / class_size.clamp(min=1)
    variance = (squares - gaps**2 / class_size.clamp(min=1)).clamp(min=0) * class_size / (class_size - 1).clamp(min=1)
    parts = weight * counts, weight * confidences, weight * (confidences + gaps), weight**2 * variance
    return torch.stack([x.sum(2) for x in parts], -1)


class CalibrationErrors(NamedTuple):
    """Errors as shares, each (…,).

    plugin: Σ_b |right_b − confidence_b| / Σ_b count_b (Guo et al. 2017, eq. 3). chance: what perfect calibration would show
    on average with these deviations by chance, Σ_b s_b √(2/π). error: the plugin without its bias; 0 on average for perfect
    calibration, so below 0 for some seeds.
    """

    plugin: Array
    chance: Array
    error: Array


def calibration(reliability: Array) -> CalibrationErrors:
    """Calibration errors from `Snapshot.reliability` (…, BINS, 4).

    With ĝ_b = (right_b − confidence_b)/N, s_b² its variance and N = Σ_b count_b, the error is λ Σ_b |ĝ_b| for that λ ≥ 0 at
    which gaps λĝ_b would on average show the plugin P that was seen: Σ_b E|N(λĝ_b, s_b²)| = P. Where P is below what chance
    alone shows, C, there is no such λ; then the error is minus that of 2C − P, so that chance alone makes 0 on average.
    """
    counts, confidence, right, variance = np.moveaxis(reliability, -1, 0)
    total = counts.sum(-1, keepdims=True)
    gap = np.abs(right - confidence) / total
    deviation = np.sqrt(variance) / total
    plugin, chance = gap.sum(-1), math.sqrt(2 / math.pi) * deviation.sum(-1)
    excess = plugin - chance
    error: Array = np.sign(excess) * plugin * _scale(gap, deviation, chance + np.abs(excess))
    return CalibrationErrors(plugin, chance, error)


def _scale(gap: Array, deviation: Array, target: Array) -> Array:
    """The λ (…,) at which gaps λ·gap (…, B) show `target` (…,) on average; 0 where there is no gap.

    The mean is convex in λ and never below λ Σ gap, so that Newton's steps from `target`/Σ gap fall to the root.
    """
    total = gap.sum(-1)
    scale: Array = np.divide(target, total, out=np.zeros_like(total), where=total > 0)
    for _ in range(STEPS):
        mean, slope = folded(scale[..., None] * gap, deviation)
        rise = (gap * slope).sum(-1)
        step = np.divide(mean.sum(-1) - target, rise, out=np.zeros_like(rise), where=rise > 0)
        scale = np.maximum(scale - step, 0)
        if np.abs(step).max(initial=0) < 1e-12:
            break
    return scale
