"""A real model's outputs: out-of-fold logits of a linear classifier on the 1 797 handwritten 8×8 digits of the UCI set.

How they were made, and the licence, are in README.md beside this file.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..texts import say
from .predictions import Batch, Predictions, Survey

FILE = Path(__file__).with_name("digits_predictions.npz")
NAME = "digits"

COUNT = 1797
"""How many digits there are; they are numbered from 0."""


class Digit(NamedTuple):
    """One handwritten digit: its number, the model's ten logits, its true label, and 64 grey values, 0 (paper) to 16 (ink)."""

    number: int
    logits: tuple[float, ...]
    label: int
    pixels: tuple[int, ...]

    @property
    def guess(self) -> int:
        """The class of the largest logit."""
        return max(range(len(self.logits)), key=self.logits.__getitem__)


class DigitArrays(NamedTuple):
    """The arrays of the shipped file: logits (1797, 10) float32, labels (1797,) uint8, images (1797, 8, 8) uint8."""

    logits: NDArray[np.float32]
    labels: NDArray[np.uint8]
    images: NDArray[np.uint8]


@lru_cache(maxsize=1)
def _arrays() -> DigitArrays:
    with np.load(FILE, allow_pickle=False) as file:
        return DigitArrays(*(file[name] for name in DigitArrays._fields))


@lru_cache(maxsize=256)
def digit(number: int) -> Digit:
    """One digit by its number, 0 to COUNT − 1."""
    arrays = _arrays()
    logits = tuple(round(float(z), 3) for z in arrays.logits[number])
    return Digit(number, logits, int(arrays.labels[number]), tuple(int(v) for v in arrays.images[number].ravel()))


def images() -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.float64]]:
    """All digits: grey values (1797, 8, 8) from 0 to 16, labels (1797,), and the model's logits (1797, 10)."""
    arrays = _arrays()
    return arrays.images.astype(np.float64), arrays.labels.astype(np.int64), arrays.logits.astype(np.float64)


@lru_cache(maxsize=1)
def groups() -> dict[str, tuple[int, ...]]:
    """The numbers of 50 digits each of which the model is "unsure", "sure" and "mistaken", by the margin of its logits."""
    logits, labels = _arrays().logits.astype(np.float64), _arrays().labels
    ranked = np.sort(logits, 1)
    margin = ranked[:, -1] - ranked[:, -2]
    correct = logits.argmax(1) == labels
    order = np.argsort(margin)
    by_group = {
        "unsure": [n for n in order if correct[n]][:50],
        "sure": [n for n in order[::-1] if correct[n]][:50],
        "mistaken": [n for n in order[::-1] if not correct[n]][:50],
    }
    return {name: tuple(int(n) for n in numbers) for name, numbers in by_group.items()}


@lru_cache(maxsize=1)
def batch() -> Batch:
    """All digits as a batch.

    Returns:
        Logits (1797, 10) float32, labels (1797,) int64 in [0, 10), and ids (1797,), the numbers of the digits.

    Reference:
        Alpaydin, Kaynak 1998, Optical Recognition of Handwritten Digits, UCI Machine Learning Repository,
        doi:10.24432/C50P49.

    Example:
        >>> rows = batch().rows
        >>> rows.logits.shape, round(float((rows.logits.argmax(1) == rows.targets).mean()), 4)
        ((1797, 10), 0.9711)
    """
    logits, labels = _arrays().logits.astype(np.float32), _arrays().labels.astype(np.int64)
    survey = Survey(
        say("digits"),
        COUNT,
        logits.shape[1],
        "multi-class",
        False,
        ("softmax", "sigmoid"),
        "logits",
        say("the file holds the model's raw scores"),
        tuple(np.bincount(labels, minlength=logits.shape[1]).astype(np.float64).tolist()),
        ids=True,
    )
    return Batch(survey, Predictions(logits, labels, np.arange(COUNT)))
