"""Which classes, groups or sides of a batch does a loss listen to?"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...evaluation.setting import Array
from ...texts import say
from .batch_stats import BatchStats, Mass
from .counting_unit import Partition

MOST = 15
"""So many parts are told apart; the rest is one more."""


class GroupShares(NamedTuple):
    """Shares of units, of loss and of gradient of S parts, under the loss and under cross-entropy; each (S,) sums to 1.

    The largest gradient first; the rest, where there is one, last, and `rest` is how many parts it holds. numbers: of the
    parts that stand by themselves, in the partition.
    """

    names: tuple[str, ...]
    counts: Array
    loss: Array
    norm: Array
    ce_loss: Array
    ce_norm: Array
    rest: int = 0
    numbers: tuple[int, ...] = ()

    @property
    def alone(self) -> int:
        """How many parts stand by themselves."""
        return len(self.names) - (self.rest > 0)


def parts(
    stats: BatchStats, ce: BatchStats, partition: Partition, order: BatchStats | None = None, most: int = MOST
) -> GroupShares:
    """The parts of a batch; `order`: the statistics that put them in order, so that the frames of a scrubber keep theirs.

    most: how many stand by themselves, or one more if that leaves no rest.
    """
    rows, names = largest(divided(order or stats, partition).norm.sum(1), partition.names, most)
    own, base = divided(stats, partition), divided(ce, partition)
    columns = (own.counts, own.loss, own.norm, base.loss, base.norm)
    summed = [np.array([x[some].sum() for some in rows]) for x in columns]
    rest = len(rows[-1]) if len(rows) < len(partition.names) else 0
    alone = rows[: len(rows) - (rest > 0)]
    shares: Any = (names, *(x / (x.sum() or 1.0) for x in summed), rest, tuple(int(some[0]) for some in alone))
    return GroupShares(*shares)


def divided(stats: BatchStats, partition: Partition) -> Mass:
    """The mass of each part by cell of p_t, (S, 50)."""
    if partition.of_stratum is None:
        return stats.group_cells
    empty = np.zeros((len(partition.names), stats.cells.counts.shape[1]))
    mass = Mass(empty, empty.copy(), empty.copy())
    for into, cells in zip(mass, stats.cells, strict=True):
        np.add.at(into, partition.of_stratum, cells)
    return mass


def largest(size: Array, names: tuple[str, ...], most: int) -> tuple[list[NDArray[np.int64]], tuple[str, ...]]:
    """The rows of the largest parts, each alone, and of all others together; and what they are called."""
    order = np.argsort(-size, kind="stable")
    alone = len(order) if len(order) <= most + 1 else most
    rows = [order[i : i + 1] for i in range(alone)]
    labels = [names[i] for i in order[:alone]]
    if alone < len(order):
        rows.append(order[alone:])
        labels.append(say("{number} others", number=len(order) - alone))
    return rows, tuple(labels)
