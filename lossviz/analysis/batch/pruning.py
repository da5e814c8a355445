"""Which labels are the wrong ones: "prune by noise rate", method 4 of section 3.2 in Northcutt, Jiang and Chuang 2021.

Of the rows labelled i, as many as the calibrated joint (equation 3) says are truly of class j: those with the largest
p_j − p_i. Taken are only rows with p_j > p_i, so that the model's own guess is never called wrong. Of the rules in that paper
it has the best balance of precision and recall on the digits with planted errors, and the best recall where one class is
taken for one other.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...data.predictions import Predictions
from ...evaluation.setting import Array
from .label_probabilities import LabelProbabilities, label_probabilities

SCORES = ("normalized-margin", "self-confidence")
"""What labels can be ranked by."""

FEWEST = 100_000
"""So many candidates may wait before the best of them are chosen."""


class DoubtfulLabels(NamedTuple):
    """D labels: row in the whole batch, problem, label, guess (the likeliest class), and the two scores, which are low for a
    doubtful label: self_confidence p_label, and margin p_label − the largest other p. Name, group code (−1: none), and
    whether the row was marked as a suspect."""

    row: NDArray[np.int64]
    problem: NDArray[np.int64]
    label: NDArray[np.int64]
    guess: NDArray[np.int64]
    self_confidence: Array
    margin: Array
    name: NDArray[np.object_]
    group: NDArray[np.int32]
    suspect: NDArray[np.bool_]

    @property
    def guess_confidence(self) -> Array:
        """The probability of the guess."""
        return self.self_confidence - np.minimum(self.margin, 0)

    def score(self, name: str) -> Array:
        """One of `SCORES`."""
        return self.margin if name == "normalized-margin" else self.self_confidence

    def at(self, places: Any) -> DoubtfulLabels:
        """Some of them, in the order of `places`."""
        columns: Any = (column[places] for column in self)
        return DoubtfulLabels(*columns)


class Candidates(NamedTuple):
    """Labels that may be wrong: for which pair (label i, class j), by how much p_j is above p_i, and which they are."""

    pair: NDArray[np.int64]
    gap: Array
    labels: DoubtfulLabels


def doubtful_labels(
    units: LabelProbabilities, block: Predictions, some: NDArray[np.int64] | slice = slice(None)
) -> DoubtfulLabels:
    """Some labels of a block, with all that is known of them."""
    few = units.at(some)
    own, rival = few.self_confidence, few.rival
    margin = own - few.probs[np.arange(len(own)), rival]
    rows = few.row
    names = rows + block.start if block.ids is None else block.ids[rows]
    return DoubtfulLabels(
        rows + block.start,
        few.problem,
        few.label,
        np.where(margin < 0, rival, few.label),
        own,
        margin,
        np.array([str(name) for name in names], object),
        np.full(len(rows), -1, np.int32) if block.groups is None else block.groups[rows],
        np.zeros(len(rows), bool) if block.suspects is None else block.suspects[rows],
    )


def candidates(units: LabelProbabilities, block: Predictions, most: NDArray[np.int64]) -> Candidates:
    """Those of some rows, each once for each class j that it may truly be of; most (P, K, K): how many of a pair are wrong."""
    classes = most.shape[1]
    gap = units.probs - units.self_confidence[:, None]
    unit, other = np.nonzero((gap > 0) & (most[units.problem, units.label] > 0))
    pair = (units.problem[unit] * classes + units.label[unit]) * classes + other
    return best(Candidates(pair, gap[unit, other], doubtful_labels(units, block, unit)), most)


def best(pool: Candidates, most: NDArray[np.int64]) -> Candidates:
    """Of each pair as many as are wrong, with the largest gaps; of equals the earlier rows."""
    order = np.lexsort((pool.labels.row, -pool.gap, pool.pair))
    pair = pool.pair[order]
    rank = np.arange(len(pair)) - np.searchsorted(pair, pair)
    kept = order[rank < most.reshape(-1)[pair]]
    return Candidates(pool.pair[kept], pool.gap[kept], pool.labels.at(kept))


def pruned(blocks: Iterable[Predictions], task: str, activation: str, most: NDArray[np.int64]) -> DoubtfulLabels:
    """The wrong labels of all rows, in their order. In memory are never more than twice as many candidates as `most` has, and
    those of a block."""
    pool: list[Candidates] = []
    chosen = 0
    for block in blocks:
        pool.append(candidates(label_probabilities(block, task, activation), block, most))
        if sum(len(part.pair) for part in pool) > 2 * chosen + FEWEST:
            pool = [best(_joined(pool), most)]
            chosen = len(pool[0].pair)
    return _once(best(_joined(pool), most).labels)


def _joined(pool: list[Candidates]) -> Candidates:
    columns: Any = map(np.concatenate, zip(*(part.labels for part in pool), strict=True))
    pair, gap = np.concatenate([part.pair for part in pool]), np.concatenate([part.gap for part in pool])
    return Candidates(pair, gap, DoubtfulLabels(*columns))


def _once(chosen: DoubtfulLabels) -> DoubtfulLabels:
    """Each label once, though it may be wrong for the sake of several classes."""
    order = np.lexsort((chosen.problem, chosen.row))
    ordered = chosen.at(order)
    same = (np.diff(ordered.row, prepend=-1) == 0) & (np.diff(ordered.problem, prepend=-1) == 0)
    return ordered.at(~same)
