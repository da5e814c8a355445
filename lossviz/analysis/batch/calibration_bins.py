"""What the choice of bins does to the calibration error."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...evaluation.setting import Array
from .calibration_error import without_bias
from .calibration_sums import CELLS, ReliabilitySums

WIDTHS = (10, 15, 20, 25, 30)
"""Numbers of bins of equal width."""

MASSES = 15
"""Bins of equal mass, as far as there are: a cell that holds more than its part stays whole."""


class BinnedError(NamedTuple):
    """The error in some bins: of equal "width" or "mass", how many, as written, what perfect calibration would show on average,
    and without bias."""

    equal: str
    bins: int
    error: float
    calibrated: float
    debiased: float


def by_bins(cells: ReliabilitySums) -> tuple[BinnedError, ...]:
    """The error in several kinds of bins."""
    widths = [_binned(cells, "width", np.arange(CELLS) // (CELLS // bins), bins) for bins in WIDTHS]
    place = _of_equal_mass(cells.counts.sum(0))
    return (*widths, _binned(cells, "mass", place, len(np.unique(place[cells.counts.sum(0) > 0]))))


def _of_equal_mass(counts: Array) -> NDArray[np.int64]:
    """The bin of each cell: by what lies below its middle."""
    below = np.cumsum(counts) - counts / 2
    place: NDArray[np.int64] = np.minimum((MASSES * below / max(counts.sum(), 1)).astype(np.int64), MASSES - 1)
    return place


def _binned(cells: ReliabilitySums, equal: str, place: NDArray[np.int64], bins: int) -> BinnedError:
    size = int(place.max()) + 1
    columns = (cells.counts.sum(0), cells.confidence.sum(0), cells.counts[1])
    error, calibrated, debiased = without_bias(*(np.bincount(place, x, size).astype(np.float64) for x in columns))
    return BinnedError(equal, bins, float(error), float(calibrated), float(debiased))
