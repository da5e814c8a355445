"""Digits with wrong labels, and what the models make of them: repeat the label, or give the truth all the same."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ...data.toy_datasets import Labels, make_dataset
from ...evaluation.setting import Array
from .record import Record

SIDE = 8
"""Pixels on a side of a digit."""

ANSWERS = ("repeats the wrong label", "gives the true one", "says something else")
"""What a model may make of a wrong label."""


class MislabelledDigits(NamedTuple):
    """K training digits of the first seed with wrong labels, of `total`; what L models of that seed say after each of E epochs.

    images (K, SIDE, SIDE) from 0 (paper) to 1 (ink); the label `given` and the truth (K,); repeated (E, L): the share of all
    wrong labels that is repeated; guesses and which of ANSWERS they are, (E, L, K).
    """

    images: Array
    given: Labels
    truth: Labels
    total: int
    epochs: tuple[int, ...]
    repeated: Array
    predictions: Labels
    answers: Labels


def mislabelled_digits(found: Record) -> MislabelledDigits:
    """The digits that a record of digits has kept."""
    first = make_dataset(found.experiment.dataset_spec, found.experiment.first_seed)
    wrong, guesses = np.flatnonzero(first.wrong), found.runs.predictions.astype(np.int64)
    kept = wrong[: guesses.shape[-1]]
    given, truth = first.labels[kept], first.truth[kept]
    answers = np.where(guesses == given, 0, np.where(guesses == truth, 1, 2))
    images = first.x[kept].reshape(-1, SIDE, SIDE)
    return MislabelledDigits(images, given, truth, len(wrong), found.epochs, found.runs.memorised[..., 0], guesses, answers)
