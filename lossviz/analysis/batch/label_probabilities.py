"""The labels of a batch, one by one, each with the probabilities of what it could have been.

Where one class is true, a label names one of K classes. Where several may be, every entry is a question of its own with two
answers, so that a batch of C columns is C problems with K = 2: negative, which is 0, and positive.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray

from ...data.predictions import Predictions, Survey
from ...evaluation.activations import probabilities
from ...evaluation.setting import Array
from ...texts import say
from .counting_unit import tensor

SIDES = (say("negative"), say("positive"))


class LabelProbabilities(NamedTuple):
    """U labels: the row of each within its block, its problem (0 where there is one), label, and probabilities (U, K)."""

    row: NDArray[np.int64]
    problem: NDArray[np.int64]
    label: NDArray[np.int64]
    probs: Array

    @property
    def self_confidence(self) -> Array:
        """The probability of the label (U,)."""
        own: Array = self.probs[np.arange(len(self.label)), self.label]
        return own

    def at(self, places: NDArray[np.int64] | slice) -> LabelProbabilities:
        """Some of them."""
        return LabelProbabilities(self.row[places], self.problem[places], self.label[places], self.probs[places])

    @property
    def rival(self) -> NDArray[np.int64]:
        """The likeliest class but for the label (U,); of equals the first."""
        others = self.probs.copy()
        others[np.arange(len(self.label)), self.label] = -1
        return np.asarray(others.argmax(1), np.int64)


def problems(survey: Survey) -> tuple[int, int]:
    """How many problems a batch has, P, and how many classes K each of them."""
    if survey.task == "multi-label":
        return survey.classes, 2
    return 1, max(2, survey.classes)


def label_probabilities(block: Predictions, task: str, activation: str) -> LabelProbabilities:
    """The labels of some rows that have hard targets. activation: "softmax" and "exp", or "sigmoid"."""
    n, classes = block.logits.shape
    rows = np.arange(n)
    if task not in ("binary", "multi-label"):
        label = block.targets if block.targets.ndim == 1 else block.targets.argmax(1)
        return LabelProbabilities(rows, np.zeros(n, np.int64), label.astype(np.int64), _probabilities(block, activation))
    label = (block.targets.reshape(-1) > 0.5).astype(np.int64)
    return LabelProbabilities(np.repeat(rows, classes), np.tile(np.arange(classes), n), label, _sides(block, activation))


def _probabilities(block: Predictions, activation: str) -> Array:
    p = probabilities("sigmoid" if activation == "sigmoid" else "softmax", tensor(block.logits).double(), 1.0)
    return np.asarray(p.numpy(), np.float64)


def _sides(block: Predictions, activation: str) -> Array:
    """Probabilities of negative and positive (N·C, 2); of a sigmoid both without cancellation."""
    if activation != "sigmoid" and block.logits.shape[1] > 1:
        p = _probabilities(block, activation).reshape(-1)
        return np.stack((1 - p, p), 1)
    z = tensor(block.logits).double().reshape(-1)
    return np.asarray(torch.stack((torch.sigmoid(-z), torch.sigmoid(z)), 1).numpy(), np.float64)
