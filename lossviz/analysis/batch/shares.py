"""Who carries a loss? The share of all loss, or of all gradient, that the hardest units carry (Lorenz 1905)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ...evaluation.setting import Array
from .histogram import Histogram

POINTS = 300
"""So many points of a curve are kept; each of them is exact."""


class Lorenz(NamedTuple):
    """The largest share `part` of all units carries the share `carried` of their total; both (R,), from 0 to 1.

    Between two points all units are as good as equal (within 1.6 %), so that a straight line joins them. `carried` is nan
    where the total is 0.
    """

    part: Array
    carried: Array


def lorenz(histogram: Histogram, weights: Array | None = None) -> Lorenz:
    """The curve of all strata together, each stratum's values times its weight (P,) where weights are given."""
    count, total = _sorted(histogram, weights)
    return Lorenz(*(_thinned(*(_cumulated(x) for x in (count[::-1], total[::-1])))))


def cumulative(histogram: Histogram) -> Lorenz:
    """The same from the easiest: figure 4 of Lin et al. 2017, the cumulative distribution of the normalised loss."""
    part, carried = lorenz(histogram)
    return Lorenz(1 - part[::-1], 1 - carried[::-1])


def carried_by(curve: Lorenz, part: float) -> float:
    """The share that the hardest `part` of all units carries."""
    return float(np.interp(part, curve.part, curve.carried))


def part_carrying(curve: Lorenz, share: float) -> float:
    """The smallest part of the units that carries a share."""
    rising = np.concatenate(([True], ~(np.diff(curve.carried) == 0)))  # what adds nothing is no part of the smallest
    return float(np.interp(share, curve.carried[rising], curve.part[rising]))


def _sorted(histogram: Histogram, weights: Array | None) -> tuple[Array, Array]:
    """Count and total of all cells, from the smallest mean value to the largest."""
    count = histogram.counts.astype(np.float64)
    total = histogram.total if weights is None else histogram.total * weights[histogram.stratum]
    order = np.argsort(total / count, kind="stable")
    return count[order], total[order]


def _cumulated(x: Array) -> Array:
    with np.errstate(invalid="ignore"):
        summed = np.concatenate(([0.0], np.cumsum(x)))
        shares: Array = summed / summed[-1]
    return shares


def _thinned(part: Array, carried: Array) -> tuple[Array, Array]:
    """Some of the points, dense where few units are, and dense where little is carried."""
    if len(part) <= POINTS:
        return part, carried
    with np.errstate(divide="ignore"):
        places = [np.log10(np.maximum(part, part[1] / 2)), part]
    rows = [np.searchsorted(x, np.linspace(x[0], x[-1], POINTS // 2)) for x in places]
    kept = np.unique(np.concatenate((*rows, [0, len(part) - 1])).clip(0, len(part) - 1))
    return part[kept], carried[kept]
