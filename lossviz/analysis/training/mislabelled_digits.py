"""Digits with wrong labels, and what the models make of them: repeat the label, or give the truth all the same."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ...data.toy_datasets import Labels, make_dataset
from ...evaluation.setting import Array
from ...texts import say
from .record import Record

SIDE = 8
"""Pixels on a side of a digit."""

ANSWERS = (say("predicts the wrong label"), say("predicts the true label"), say("predicts another class"))
"""What a model may make of a wrong label."""


class MislabelledDigits(NamedTuple):
    """K training digits of the first seed with wrong labels, of `total`; what L models of that seed say after each of E epochs.

    images (K, SIDE, SIDE) from 0 (paper) to 1 (ink); the label `labels` and the truth (K,); repeated (E, L): the share of all
    wrong labels that is repeated; guesses and which of ANSWERS they are, (E, L, K).
    """

    images: Array
    labels: Labels
    truth: Labels
    total: int
    epochs: tuple[int, ...]
    repeated: Array
    predictions: Labels
    answers: Labels


def mislabelled_digits(record: Record) -> MislabelledDigits:
    """The digits that a record of digits has kept."""
    first = make_dataset(record.experiment.dataset_spec, record.experiment.first_seed)
    wrong, predictions = np.flatnonzero(first.wrong), record.runs.predictions.astype(np.int64)
    rows = wrong[: predictions.shape[-1]]
    labels, truth = first.labels[rows], first.truth[rows]
    answers = np.where(predictions == labels, 0, np.where(predictions == truth, 1, 2))
    images = first.x[rows].reshape(-1, SIDE, SIDE)
    return MislabelledDigits(
        images, labels, truth, len(wrong), record.epochs, record.runs.memorised[..., 0], predictions, answers
    )
