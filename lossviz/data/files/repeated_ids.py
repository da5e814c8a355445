"""How many rows have the id of another: what a distributed sampler repeats, to give each process as many, counts twice."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

MOST = 10_000_000
"""So many ids are looked at: 80 MB."""


class RepeatedIds:
    """The ids so far, each as a number: itself, or its hash."""

    def __init__(self) -> None:
        self._parts: list[NDArray[np.int64]] = []
        self.seen = 0

    def add(self, ids: NDArray[Any]) -> None:
        """Ids of some more rows, numbers or texts."""
        ids = ids[: MOST - self.seen]
        if not len(ids):
            return
        numbers = ids.astype(np.int64) if ids.dtype.kind in "iu" else np.fromiter(map(hash, ids.tolist()), np.int64, len(ids))
        self._parts.append(numbers)
        self.seen += len(ids)

    @property
    def count(self) -> int:
        """How many rows have an id that an earlier row has, too."""
        return self.seen - len(np.unique(np.concatenate(self._parts))) if self._parts else 0
