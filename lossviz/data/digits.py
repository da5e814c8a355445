"""A real model's outputs: out-of-fold logits of a small classifier on the 1 797 handwritten 8×8 digits of the UCI set.

How they were made, and the licence, are in README.md beside this file.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .predictions import Batch, Predictions, Survey

FILE = Path(__file__).with_name("digits_predictions.npz")
NAME = "digits"

COUNT = 1797
"""How many digits there are; numbered from 0."""


class Digit(NamedTuple):
    """One handwritten digit: its number, the model's ten logits, its true label, and 64 grey values 0 (paper) to 16 (ink)."""

    number: int
    logits: tuple[float, ...]
    label: int
    pixels: tuple[int, ...]

    @property
    def guess(self) -> int:
        """The class of the largest logit."""
        return max(range(len(self.logits)), key=self.logits.__getitem__)


@lru_cache(maxsize=1)
def _arrays() -> dict[str, NDArray[Any]]:
    with np.load(FILE, allow_pickle=False) as file:
        return {name: file[name] for name in ("logits", "labels", "images")}


def digit(number: int) -> Digit:
    """One digit by its number, 0 to COUNT − 1."""
    a = _arrays()
    logits = tuple(round(float(z), 3) for z in a["logits"][number])
    return Digit(number, logits, int(a["labels"][number]), tuple(int(v) for v in a["images"][number].ravel()))


def images() -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.float64]]:
    """All digits: grey values (1797, 8, 8) from 0 to 16, labels (1797,), and the model's logits (1797, 10)."""
    a = _arrays()
    return a["images"].astype(np.float64), a["labels"].astype(np.int64), a["logits"].astype(np.float64)


@lru_cache(maxsize=1)
def groups() -> dict[str, tuple[int, ...]]:
    """Digits worth a look, by how sure and how right the model is; each group in order of that."""
    logits, labels = _arrays()["logits"].astype(np.float64), _arrays()["labels"]
    ranked = np.sort(logits, 1)
    margin = ranked[:, -1] - ranked[:, -2]
    right = logits.argmax(1) == labels
    order = np.argsort(margin)
    found = {
        "unsure": [n for n in order if right[n]][:50],
        "sure": [n for n in order[::-1] if right[n]][:50],
        "mistaken": [n for n in order[::-1] if not right[n]][:50],
    }
    return {name: tuple(int(n) for n in numbers) for name, numbers in found.items()}


@lru_cache(maxsize=1)
def batch() -> Batch:
    """All digits, named by their numbers: logits (1797, 10) float32, labels (1797,) int64."""
    logits, labels = _arrays()["logits"].astype(np.float32), _arrays()["labels"].astype(np.int64)
    survey = Survey(
        NAME,
        COUNT,
        logits.shape[1],
        "multi-class",
        False,
        ("softmax", "sigmoid"),
        "logits",
        "the file holds the model's raw scores",
        tuple(np.bincount(labels, minlength=logits.shape[1]).astype(np.float64).tolist()),
        ids=True,
    )
    return Batch(survey, Predictions(logits, labels, np.arange(COUNT)))
