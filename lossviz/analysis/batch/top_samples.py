"""The samples with the largest values, with all that is known of them: whatever else is asked of them can be computed anew."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...data.predictions import Predictions
from ...evaluation.setting import Array

MOST = 100
"""So many are kept."""


class TopSamples(NamedTuple):
    """K samples, the largest value first, and of equals the earlier row: row (K,), value, loss and norm (K,); their logits,
    targets, names (row numbers where there are none), group codes (−1: none) and whether they are suspects."""

    row: NDArray[np.int64]
    value: Array
    loss: Array
    norm: Array
    logits: NDArray[np.floating]
    targets: NDArray[np.generic]
    names: NDArray[np.object_]
    group: NDArray[np.int32]
    suspect: NDArray[np.bool_]


def top_samples(
    value: NDArray[np.floating], loss: NDArray[np.floating], norm: NDArray[np.floating], block: Predictions
) -> TopSamples:
    """The samples of a block with the largest values (N,)."""
    rows = _first(value, np.arange(len(value)))
    return TopSamples(
        block.row_numbers[rows],
        value[rows].astype(np.float64),
        loss[rows].astype(np.float64),
        norm[rows].astype(np.float64),
        block.logits[rows],
        block.targets[rows],
        _names(block, rows),
        np.full(len(rows), -1, np.int32) if block.groups is None else block.groups[rows],
        np.zeros(len(rows), bool) if block.suspects is None else block.suspects[rows],
    )


def merged(a: TopSamples, b: TopSamples) -> TopSamples:
    """The largest of both."""
    pairs: list[tuple[Any, Any]] = list(zip(a, b, strict=True))
    both = TopSamples(*map(np.concatenate, pairs))
    rows = _first(both.value, both.row)
    columns: Any = (column[rows] for column in both)
    return TopSamples(*columns)


def _first(value: NDArray[np.floating], row: NDArray[np.int64]) -> NDArray[np.int64]:
    """Where the largest MOST values are, in order."""
    if len(value) > MOST:
        # All that might be among them, so that of equals the earlier rows win whatever the partition did.
        limit = np.partition(value, len(value) - MOST)[len(value) - MOST]
        candidates = np.flatnonzero(value >= limit)
    else:
        candidates = np.arange(len(value))
    rows: NDArray[np.int64] = candidates[np.lexsort((row[candidates], -value[candidates]))][:MOST]
    return rows


def _names(block: Predictions, rows: NDArray[np.int64]) -> NDArray[np.object_]:
    names = block.row_numbers[rows] if block.ids is None else block.ids[rows]
    return np.array([str(name) for name in names], object)
