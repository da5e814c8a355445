"""The rare class's curves: what share of it is found, at what cost, wherever the line between it and the rest is drawn.

Test samples of all seeds are counted in cells of the rare class's log-odds (`measures.CELLS` of them, 0.1 wide, and one for all
beyond ±12), and samples of a cell count as equal. A curve is exact at the ends of the cells; nothing is known within them.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ...data.toy_datasets import class_counts
from ...evaluation.setting import Array
from .record import Record


class RankingCurve(NamedTuple):
    """K + 1 places of the line, the strictest first: there nothing is found. The precision there is the next one's.

    recall: the share of the rare class that is on the right side; fallout: the share of the others that is there as well;
    precision: the share of the rare class among those there, at the classes' shares in training. area: under fallout → recall,
    which is the probability that a sample of the rare class is above one of the others, equals counting half; it is within
    ± `area_error` of that of the log-odds themselves. average: of the precision, Σ (R_k − R_{k−1}) P_k.
    """

    recall: Array
    fallout: Array
    precision: Array
    area: float
    area_error: float
    average_precision: float


def ranking_curve(ranks: Array, prior: float) -> RankingCurve:
    """The curve of counts (2, K), the others' and the rare class's, by rising log-odds; cells that are empty are left out.

    `prior`: the share of the rare class, by which its samples and the others are weighed.
    """
    others, rare = ranks[:, ranks.sum(0) > 0][:, ::-1] / np.maximum(ranks.sum(1, keepdims=True), 1)
    recall, fallout = (np.concatenate(([0.0], x.cumsum())) for x in (rare, others))
    yes, no = prior * recall[1:], (1 - prior) * fallout[1:]
    precision = yes / (yes + no)
    area = float(((recall[1:] + recall[:-1]) / 2 * others).sum())
    return RankingCurve(
        recall, fallout, np.append(precision[:1], precision), area, float((rare * others).sum()) / 2, float(rare @ precision)
    )


def ranking_curves(record: Record) -> list[list[RankingCurve]]:
    """A curve for each epoch and loss, of all seeds together."""
    prior = rare_share(record)
    return [[ranking_curve(ranks, prior) for ranks in of_losses] for of_losses in record.runs.odds_histogram]


def rare_share(record: Record) -> float:
    """The rare class's share of the samples to train on; of digits, on average over seeds."""
    counts = class_counts(record.experiment.dataset_spec)
    return counts[record.experiment.dataset_spec.rare] / sum(counts)
