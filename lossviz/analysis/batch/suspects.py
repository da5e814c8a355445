"""Which labels are doubtful: how many are wrong by confident learning, which they are, and how doubtful each of them is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...data.predictions import Source, Survey
from ...evaluation.setting import Array
from ...texts import say
from .confident_learning import SelfConfidence, calibrated, confident_joint, off_diagonal, self_confidence, thresholds, whole
from .label_probabilities import LabelProbabilities, label_probabilities, problems
from .pruning import DoubtfulLabels, pruned


class Suspects(NamedTuple):
    """What confident learning says of a batch of P problems with K classes each.

    threshold (P, K): inf for a class that no label names. counts (P, K): of the labels. joint (P, K, K): labels i that are
    confidently of class j. estimate: how many of all labels are wrong. errors: those that are, by row.
    """

    threshold: Array
    counts: NDArray[np.int64]
    joint: NDArray[np.int64]
    estimate: float
    errors: DoubtfulLabels

    @property
    def total(self) -> int:
        """How many labels there are: samples, or entries where several classes may be true."""
        return int(self.counts.sum())


class Detection(NamedTuple):
    """How well the marked rows are detected: rows with a label called wrong, rows marked, and rows that are both."""

    called: int
    marked: int
    both: int

    @property
    def precision(self) -> float:
        """The share of the rows called wrong that are marked; nan where none is."""
        return self.both / self.called if self.called else np.nan

    @property
    def recall(self) -> float:
        """The share of the marked rows that are called wrong; nan where none is."""
        return self.both / self.marked if self.marked else np.nan


def suspects(source: Source, activation: str) -> Suspects:
    """All of it, in three passes over rows with hard targets."""
    survey = source.survey
    sums = _self_confidence(source, activation)
    threshold = thresholds(sums)
    joint = sum(confident_joint(units, threshold) for units in _units(source, activation))
    counts = calibrated(np.asarray(joint), sums.counts)
    errors = pruned(source.blocks(), survey.task, activation, whole(counts))
    return Suspects(threshold, sums.counts, np.asarray(joint), off_diagonal(counts), errors)


def _units(source: Source, activation: str) -> Iterator[LabelProbabilities]:
    return (label_probabilities(block, source.survey.task, activation) for block in source.blocks())


def _self_confidence(source: Source, activation: str) -> SelfConfidence:
    counts, total = np.zeros(problems(source.survey), np.int64), np.zeros(problems(source.survey))
    for units in _units(source, activation):
        part = self_confidence(units, *counts.shape)
        counts, total = counts + part.counts, total + part.total
    return SelfConfidence(counts, total)


def ranked(labels: DoubtfulLabels, score: str) -> DoubtfulLabels:
    """The most doubtful first, by "normalized-margin" or "self-confidence"; of equals the earlier row."""
    return labels.at(np.lexsort((labels.problem, labels.row, labels.score(score))))


def detection(judgement: Suspects, survey: Survey) -> Detection | None:
    """How well the rows that are marked as suspects are detected; None where none is."""
    if not survey.suspects:
        return None
    rows, first = np.unique(judgement.errors.row, return_index=True)
    return Detection(len(rows), survey.suspects, int(judgement.errors.suspect[first].sum()))


def unavailable(survey: Survey) -> str:
    """Why labels cannot be judged, or nothing."""
    if survey.soft:
        return say("The targets are soft: where a target lies between 0 and 1, there is no one label that could be wrong.")
    return ""


def judging_activation(survey: Survey, activation: str) -> str:
    """What the probabilities of labels are made with: what the present loss has, but for entries always a sigmoid where the
    batch has logits, since a softmax lets only one of several classes be likely."""
    return "sigmoid" if survey.task == "multi-label" and "sigmoid" in survey.activations else activation


def one_order(survey: Survey, activation: str) -> bool:
    """Whether both scores put labels in the same order: the two probabilities of a yes or no sum to 1."""
    return problems(survey)[1] == 2 and (survey.task != "two-logit" or activation != "sigmoid")


def gamma_reorders(survey: Survey, activation: str) -> bool:
    """Whether γ can change the order of samples by their focal loss.

    A single term (1 − p)^γ · −ln p falls as p rises, whatever γ: the order is that of p. A sum of terms has none such.
    """
    return survey.task == "multi-label" or (activation == "sigmoid" and survey.classes > 1)
