"""Whether rows of probabilities sum to 1, as nearly as their digits allow; how many digits they have is known at the end."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from .problems import Faults
from .resolution import BRAIN, HALF, MOST, SINGLE, SLACK, Resolution


class RowSums:
    """Which rows do not sum to 1, for every resolution that the numbers may turn out to have."""

    def __init__(self) -> None:
        self.lowest = self.highest = 1.0
        self._faults_by_resolution: dict[float, Faults] = {}

    def add(
        self,
        p: NDArray[np.floating],
        decimals: int,
        report: Callable[[Faults, NDArray[np.bool_], NDArray[np.floating]], None],
    ) -> None:
        """More rows (n, C), with at least this many decimals; `report` adds rows to faults."""
        sums = p.sum(1, dtype=np.float64)
        self.lowest, self.highest = min(self.lowest, float(sums.min())), max(self.highest, float(sums.max()))
        deviation = np.maximum(1 - sums, sums - 1)
        if not deviation.max() > SLACK:
            return
        nonzero = np.count_nonzero(p, axis=1)
        for places in range(decimals, MOST["float64"] + 1):
            # Each number may have been cut off by a whole digit, or be rounded up by half of one.
            unit = 10.0**-places
            below, above = max(SLACK, unit * p.shape[1]), np.maximum(SLACK, 0.5 * unit * nonzero)
            report(self._faults(places), (1 - sums > below + 1e-9) | (sums - 1 > above + 1e-9), sums)
        for slack in {float_format.slack for float_format in (HALF, BRAIN, SINGLE)}:
            report(self._faults(-slack), deviation > slack, sums)

    def violations(self, resolution: Resolution) -> Faults:
        """The rows that do not sum to 1, now that the resolution is known."""
        stored = self._faults(-resolution.stored.slack)
        return stored if resolution.places is None else min(stored, self._faults(resolution.places), key=lambda x: x.count)

    @property
    def largest_deviation(self) -> float:
        """How far the sum of a row is from 1 at most."""
        return max(1 - self.lowest, self.highest - 1)

    def _faults(self, key: float) -> Faults:
        return self._faults_by_resolution.setdefault(key, Faults())
