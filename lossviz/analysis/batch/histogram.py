"""How unevenly non-negative numbers are spread: a histogram whose cells are as fine, relative to their value, everywhere.

A cell is a floating-point number's exponent and first mantissa bits, so that no range has to be known before, and histograms of
any parts of the data add up. Each cell knows how many values it holds and their sum: whatever is cut at a cell's border is
exact, and in a cell (1.6 % wide with six bits) all values count as equal.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...evaluation.setting import Array

LOWEST, OCTAVES = -44, 64
"""Cells span 2^-44 to 2^20; what is smaller or larger is held by the first and the last."""

FINEST = 6
"""Mantissa bits of the finest cells."""

CELLS = 1 << 17
"""So many cells at most, all strata together: those that hold something take 20 bytes. Up to 32 strata have the finest."""


class Histogram(NamedTuple):
    """Values of P strata in B cells each: the K cells that hold something, and of each how many values and their sum.

    cell: (K,), rising; those of stratum p are p · B to (p + 1) · B − 1.
    """

    strata: int
    cells: int
    cell: NDArray[np.int32]
    counts: NDArray[np.int64]
    total: Array

    @property
    def stratum(self) -> NDArray[np.int32]:
        """Of each cell (K,)."""
        return self.cell // self.cells

    @property
    def total_by_stratum(self) -> Array:
        """The sum of each stratum's values (P,)."""
        return np.asarray(np.bincount(self.stratum, self.total, self.strata), np.float64)

    def every(self, first: int, step: int) -> Histogram:
        """Every so-many-th stratum: of positives and negatives that take turns, those of one side."""
        kept = self.stratum % step == first
        cell = (self.stratum // step * self.cells + self.cell % self.cells)[kept]
        return Histogram(len(range(first, self.strata, step)), self.cells, cell, self.counts[kept], self.total[kept])


def bits_for(strata: int) -> int:
    """How fine the cells of so many strata are."""
    return max(0, min(FINEST, (CELLS // (strata * OCTAVES)).bit_length() - 1))


def histogram(values: NDArray[np.floating], stratum: NDArray[np.integer] | None = None, strata: int = 1) -> Histogram:
    """The histogram of non-negative values (N,), by stratum (N,) 0 to P − 1 where one is given."""
    bits = bits_for(strata)
    cells = OCTAVES << bits
    cell = _cell(values, bits)
    if stratum is not None:
        cell += stratum.astype(np.int64) * cells
    counts, total = np.bincount(cell), np.bincount(cell, values)
    filled = np.flatnonzero(counts)
    return Histogram(strata, cells, filled.astype(np.int32), counts[filled], np.asarray(total[filled], np.float64))


def merged(a: Histogram, b: Histogram) -> Histogram:
    """The histogram of the values of both, which have the same cells."""
    filled, place = np.unique(np.concatenate((a.cell, b.cell)), return_inverse=True)
    counts, total = (np.bincount(place, np.concatenate(x)) for x in ((a.counts, b.counts), (a.total, b.total)))
    return Histogram(a.strata, a.cells, filled, counts.astype(np.int64), total.astype(np.float64, copy=False))


def _cell(values: NDArray[np.floating], bits: int) -> NDArray[np.int64]:
    """The cell of each value. Rounding to float32 keeps the order, and its bits count up with the value."""
    with np.errstate(over="ignore", under="ignore"):
        code = np.ascontiguousarray(values, np.float32).view(np.int32) >> (23 - bits)
    code -= (127 + LOWEST) << bits
    return np.clip(code, 0, (OCTAVES << bits) - 1, out=code).astype(np.int64)
