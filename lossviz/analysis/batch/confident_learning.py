"""How many labels are wrong, and of which class they truly are: confident learning.

Northcutt, Jiang and Chuang 2021, Confident Learning: Estimating Uncertainty in Dataset Labels, Journal of Artificial
Intelligence Research 70, arXiv:1911.00068. Equation numbers are theirs. What is kept of some rows are sums, (P, K) in a first
pass and (P, K, K) in a second: those of any parts of the rows add up.

It takes the model's word: probabilities of rows that the model was trained on are too sure of their labels, wrong ones too.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...evaluation.setting import Array
from .label_probabilities import LabelProbabilities

ROUNDING = 1e-6
"""Equal probabilities have a mean that may lie a rounding above them, in float32 as files hold them too."""


class SelfConfidence(NamedTuple):
    """By problem and label, both (P, K): how many labels, and the sum of their probabilities."""

    counts: NDArray[np.int64]
    total: Array


def self_confidence(units: LabelProbabilities, problems: int, classes: int) -> SelfConfidence:
    """The sums of some labels."""
    place, size = units.problem * classes + units.label, problems * classes
    counts, total = (np.bincount(place, weight, size) for weight in (None, units.self_confidence))
    return SelfConfidence(counts.reshape(problems, classes), total.astype(np.float64).reshape(problems, classes))


def thresholds(sums: SelfConfidence) -> Array:
    """Equation 2: the mean probability of a class among the rows labelled with it; inf where there are none."""
    t = np.full(sums.total.shape, np.inf)
    np.divide(sums.total, sums.counts, out=t, where=sums.counts > 0)
    return t


def confident_joint(units: LabelProbabilities, threshold: Array) -> NDArray[np.int64]:
    """Equation 1: of the rows labelled i, how many are confidently of class j, (P, K, K).

    That class is the likeliest of those whose probability reaches their threshold; rows without one are not counted.
    """
    problems, classes = threshold.shape
    confident = units.probs >= threshold[units.problem] - ROUNDING
    likeliest = np.where(confident, units.probs, -1).argmax(1)
    place = (units.problem * classes + units.label) * classes + likeliest
    counts = np.bincount(place[confident.any(1)], minlength=problems * classes**2)
    return counts.reshape(problems, classes, classes)


def calibrated(joint: NDArray[np.int64], counts: NDArray[np.int64]) -> Array:
    """Equation 3 times n: the joint, its rows scaled to the number of their labels. (P, K, K)"""
    summed = joint.sum(2, keepdims=True)
    scale: Array = counts[:, :, None] / np.maximum(summed, 1)
    return joint * scale


def whole(joint: Array) -> NDArray[np.int64]:
    """The calibrated joint in whole numbers, each row's sum as it is: what is over goes to the largest fractions."""
    floor = np.floor(joint + ROUNDING)
    fraction = joint - floor
    over = np.rint(joint.sum(2, keepdims=True) - floor.sum(2, keepdims=True))
    rank = np.argsort(np.argsort(-fraction, axis=2, kind="stable"), axis=2)
    rounded: NDArray[np.int64] = (floor + (rank < over)).astype(np.int64)
    return rounded


def off_diagonal(joint: Array | NDArray[np.int64]) -> float:
    """How many labels are not what they should be."""
    return float(joint.sum() - np.trace(joint, axis1=1, axis2=2).sum())
