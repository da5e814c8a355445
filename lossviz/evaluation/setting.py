"""One sample under one loss, and what goes with it: its targets as the loss wants them, and cross-entropy to compare with."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..losses import LOSSES, LossSpec, loss
from .evaluate import evaluate

Array = NDArray[np.float64]


class Setting(NamedTuple):
    """One sample under one loss: C logits and, for each, a target in [0, 1]; and the device that computes. Hashable."""

    spec: LossSpec
    logits: tuple[float, ...]
    targets: tuple[float, ...]
    device: str = "cpu"


def as_targets(spec: LossSpec, targets: Array) -> NDArray[np.generic]:
    """Targets (R, C) in the form in which the loss wants them: class indices and signs where they say the same."""
    kind = LOSSES[spec.key].targets
    if kind == "signs":
        return np.where(targets[:, 0] > 0.5, 1, -1)
    one_hot = bool(((targets == 0) | (targets == 1)).all() and (targets.sum(1) == 1).all())
    if kind == "indices" or (spec.activation == "softmax" and one_hot):
        labels: NDArray[np.generic] = targets.argmax(1)
        return labels
    return targets


def baseline(spec: LossSpec) -> LossSpec:
    """Cross-entropy with this loss's activation, weights, smoothing and temperature; `spec` itself if it is one already.

    Where α is mixed, which only a focal loss does, that is the loss with γ = 0.
    """
    if spec.mixes_alpha:
        return spec.replace(gamma=0.0)
    if spec.activation not in LOSSES["cross-entropy"].activations or spec.key in ("cross-entropy", "logistic"):
        return spec
    return spec.convert("cross-entropy")


def log_softmax(logits: tuple[float, ...]) -> tuple[float, ...]:
    """log p of every class: minus the cross-entropy that each would have as the label."""
    classes = len(logits)
    losses = evaluate(loss("cross-entropy"), np.repeat([logits], classes, 0), np.arange(classes)).loss
    return tuple((-losses + 0.0).tolist())
