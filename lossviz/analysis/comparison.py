"""A curve beside cross-entropy's: the two values at the present point, and where the loss pushes harder or is concave."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..evaluation.setting import Array
from .curves import Curve

UNSURE = 1e-4
"""Slopes whose ratio is as close to 1 as this are as large as each other."""

LOWEST = 1e-9
"""As close to the lowest value of its line, a loss is at its minimum."""


class CrossEntropyComparison(NamedTuple):
    """The present point of a curve, `own` and cross-entropy's value there; `is_lowest`: one of the two is at its minimum.

    `intervals` (n, 2): where on the axis the gradient is the larger one, or for the curvature where the loss is concave; the
    axis itself reaches over `reach`.
    """

    x: float
    own: float
    cross_entropy: float
    is_lowest: bool
    intervals: Array
    reach: tuple[float, float]


def comparison(quantity: str, own: Curve, cross_entropy: Curve) -> CrossEntropyComparison:
    """A curve of `curves.QUANTITIES` beside the same of cross-entropy, at the same places."""
    if quantity == "loss":
        intervals = _steeper(own, cross_entropy)
    elif quantity == "curvature":
        intervals = _intervals(own.x, -own.y, UNSURE * float(np.nanmax(np.abs(own.y))))
    else:
        intervals = own.raised
    is_lowest = quantity == "loss" and any(line.y[line.at] - np.nanmin(line.y) <= LOWEST for line in (own, cross_entropy))
    present, against = (float(line.y[line.at]) for line in (own, cross_entropy))
    reach = float(own.x[0]), float(own.x[-1])
    return CrossEntropyComparison(float(own.x[own.at]), present, against, is_lowest, intervals, reach)


def _steeper(own: Curve, cross_entropy: Curve) -> Array:
    """Where a loss falls or rises faster than cross-entropy: with the logit as with anything else that both depend on."""
    ours, theirs = np.diff(own.y), np.diff(cross_entropy.y)
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio = ours / theirs
    middle = (own.x[1:] + own.x[:-1]) / 2
    known = np.isfinite(ratio) & np.isfinite(middle)
    return _intervals(middle[known], ratio[known] - 1, UNSURE, (own.x[0], own.x[-1]))


def _intervals(x: Array, height: Array, unsure: float, reach: tuple[float, float] | None = None) -> Array:
    """The intervals (n, 2) of x where a height is above 0, by straight lines; nearer to 0 than `unsure` it is 0."""
    first, last = reach or (x[0], x[-1])
    sure = np.abs(height) > unsure
    x, height = x[sure], height[sure]
    if not len(x):
        return np.empty((0, 2))
    above = height > 0
    turns = np.flatnonzero(above[1:] != above[:-1])
    share = height[turns] / (height[turns] - height[turns + 1])
    borders = x[turns] + share * (x[turns + 1] - x[turns])
    starts, ends = [first] * bool(above[0]), [last] * bool(above[-1])
    return np.concatenate((starts, borders, ends)).reshape(-1, 2)
