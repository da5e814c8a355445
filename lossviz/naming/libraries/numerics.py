"""The textbook functions as libraries compute them in float32, without the care that `lossviz.evaluation.activations` takes."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


def sigmoid(z: Array) -> Array:
    """1/(1 + e^{−z})."""
    with np.errstate(over="ignore"):
        result: Array = (1 / (1 + np.exp(-z))).astype(z.dtype)
    return result


def log_sigmoid(z: Array) -> Array:
    """log of it, without overflow."""
    result: Array = (np.minimum(z, 0) - np.log1p(np.exp(-np.abs(z)))).astype(z.dtype)
    return result


def log_softmax(z: Array) -> Array:
    """z minus the log of the sum of its exponentials, from the largest on."""
    s = z - z.max()
    result: Array = (s - np.log(np.exp(s).sum(dtype=z.dtype))).astype(z.dtype)
    return result


def binary(z: Array, t: Array) -> Array:
    """Binary cross-entropy of logits, each entry's."""
    result: Array = (-t * log_sigmoid(z) - (1 - t) * log_sigmoid(-z)).astype(z.dtype)
    return result


def balance(alpha: float | None, t: Array) -> Array:
    """α on positives and 1 − α on negatives, mixed where targets are; ones where α is off."""
    return np.ones_like(t) if alpha is None else (alpha * t + (1 - alpha) * (1 - t)).astype(t.dtype)
