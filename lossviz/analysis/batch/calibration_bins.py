"""What the choice of bins does to the calibration error."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...evaluation.setting import Array
from .calibration_error import without_bias
from .calibration_sums import CELLS, Reliability

WIDTHS = (10, 15, 20, 25, 30)
"""Numbers of bins of equal width."""

MASSES = 15
"""Bins of equal mass, as far as there are: a cell that holds more than its part stays whole."""


class Binned(NamedTuple):
    """The error in some bins: of equal "width" or "mass", how many, as written, what perfect calibration would show on average,
    and without bias."""

    equal: str
    bins: int
    error: float
    calibrated: float
    debiased: float


def by_bins(found: Reliability) -> tuple[Binned, ...]:
    """The error in several kinds of bins."""
    widths = [_binned(found, "width", np.arange(CELLS) // (CELLS // bins), bins) for bins in WIDTHS]
    place = _of_equal_mass(found.counts.sum(0))
    return (*widths, _binned(found, "mass", place, len(np.unique(place[found.counts.sum(0) > 0]))))


def _of_equal_mass(counts: Array) -> NDArray[np.int64]:
    """The bin of each cell: by what lies below its middle."""
    below = np.cumsum(counts) - counts / 2
    place: NDArray[np.int64] = np.minimum((MASSES * below / max(counts.sum(), 1)).astype(np.int64), MASSES - 1)
    return place


def _binned(found: Reliability, equal: str, place: NDArray[np.int64], bins: int) -> Binned:
    size = int(place.max()) + 1
    columns = (found.counts.sum(0), found.confidence.sum(0), found.counts[1])
    error, calibrated, debiased = without_bias(*(np.bincount(place, x, size).astype(np.float64) for x in columns))
    return Binned(equal, bins, float(error), float(calibrated), float(debiased))
