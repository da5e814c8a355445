"""How hard is the batch, and where over p_t do its loss and its gradient lie?"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ...evaluation.setting import Array
from .batch_stats import CELLS, BatchStats
from .counting_unit import Partition
from .parts import divided, largest

MOST = 5
"""So many parts can be told apart by colour; the rest is one more."""


class Difficulty(NamedTuple):
    """Shares of all units, of all loss and of all gradient by cell of p_t, for S parts of the batch; each (S, 50) sums to 1.

    edges (51,): of the cells. names (S,): of the parts, "… others" last where there are more than five.
    """

    edges: Array
    names: tuple[str, ...]
    counts: Array
    loss: Array
    norm: Array


def difficulty(stats: BatchStats, partition: Partition, order: BatchStats | None = None) -> Difficulty:
    """The parts with the largest gradient, and all others as one; `order`: the statistics that say which are the largest."""
    rows, names = largest(divided(order or stats, partition).norm.sum(1), partition.names, MOST)
    parts = (np.array([x[some].sum(0) for some in rows]) for x in divided(stats, partition))
    return Difficulty(np.linspace(0, 1, CELLS + 1), names, *(x / (x.sum() or 1.0) for x in parts))
