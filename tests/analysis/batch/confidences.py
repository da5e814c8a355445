"""Predictions with more confidence than they deserve, and what is true of them, one by one."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.special import expit, log_softmax, softmax
from sklearn.metrics import accuracy_score

from lossviz.data.predictions import Predictions

from ... import specs

Floats = NDArray[np.float64]

CASES = [
    ("softmax", 2, "labels"),
    ("softmax", 10, "labels"),
    ("softmax", 1000, "labels"),
    ("softmax", 4, "distribution"),
    ("softmax", 4, "one-hot"),
    ("exp", 5, "labels"),
    ("sigmoid", 1, "labels"),
    ("sigmoid", 1, "soft"),
    ("sigmoid", 6, "labels"),
    ("sigmoid", 6, "multi-hot"),
    ("sigmoid", 6, "soft"),
]
each = pytest.mark.parametrize(("activation", "classes", "form"), CASES)


def rows(activation: str, classes: int, form: str, n: int = 300, seed: int = 0, dtype: type = np.float64) -> Predictions:
    """Logits that know something of the targets, and believe more."""
    rng = specs.seeded("calibration", activation, classes, form, n, seed)
    t = rng.integers(2, size=n) if classes == 1 and form == "labels" else specs.targets(form, n, classes, rng)
    sure = one_hot(t, classes) + rng.normal(0, 0.7, (n, classes)) - 0.5
    z = 3 * sure if activation != "exp" else log_softmax(3 * sure, axis=1)
    return Predictions(z.astype(dtype), t if t.ndim == 1 else t.astype(dtype))


def one_hot(t: NDArray[Any], classes: int) -> Floats:
    if t.ndim == 2:
        return t.astype(np.float64)
    return t[:, None].astype(np.float64) if classes == 1 else np.eye(classes)[t]


def predictions(block: Predictions, activation: str) -> tuple[Floats, Floats]:
    """Confidence and what came true, one by one."""
    z, t = block.logits.astype(np.float64), one_hot(block.targets, block.logits.shape[1])
    if activation == "sigmoid":
        return expit(z).reshape(-1), t.reshape(-1)
    p = softmax(z, axis=1)
    best = z.argmax(1)
    mask = np.arange(len(z))
    return p[mask, best], t[mask, best]


def decided(block: Predictions, activation: str) -> tuple[float, float]:
    """Accuracy of the decisions and mean confidence in them; for sigmoids by scikit-learn, where targets are hard."""
    confidence, true = predictions(block, activation)
    if activation != "sigmoid":
        return float(true.mean()), float(confidence.mean())
    yes = block.logits.reshape(-1) > 0
    hard = bool(np.isin(true, (0, 1)).all())
    right = accuracy_score(true, yes) if hard else np.where(yes, true, 1 - true).mean()
    return float(right), float(np.maximum(confidence, 1 - confidence).mean())


def nll(block: Predictions, activation: str, temperature: float) -> float:
    """Mean negative log-likelihood of a sample."""
    z, t = block.logits.astype(np.float64) / temperature, one_hot(block.targets, block.logits.shape[1])
    if activation == "sigmoid":
        return float((t * np.logaddexp(0, -z) + (1 - t) * np.logaddexp(0, z)).sum(1).mean())
    return float(-(t * log_softmax(z, axis=1)).sum(1).mean())


def ece_of(confidence: Floats, true: Floats, bins: int) -> tuple[float, float]:
    """ECE and MCE as they are written."""
    gaps, total = [], 0.0
    for b in range(bins):
        low, high = b / bins, (b + 1) / bins
        mask = (confidence >= low) & ((confidence < high) | (b == bins - 1))
        if mask.any():
            gaps.append(abs(true[mask].mean() - confidence[mask].mean()))
            total += mask.sum() / len(true) * gaps[-1]
    return total, max(gaps)
