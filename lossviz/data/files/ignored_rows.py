"""Rows without a label: which they are, and what stood there."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class IgnoredRows(NamedTuple):
    """Rows that are ignored: what stood there for labels, and for each row the number of its own, −1 where a row is used."""

    words: tuple[str, ...]
    codes: NDArray[np.int64]

    @property
    def rows(self) -> NDArray[np.bool_]:
        """Which rows are ignored (n,)."""
        mask: NDArray[np.bool_] = self.codes >= 0
        return mask
