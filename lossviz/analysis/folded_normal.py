"""The size of a normal number: its mean, and how that grows with the number's own."""

from __future__ import annotations

import math

import numpy as np
import torch

from ..evaluation.setting import Array

LEAST = 1e-150
"""Instead of a standard deviation of 0, which nothing can be divided by."""


def folded(mean: Array, deviation: Array) -> tuple[Array, Array]:
    """E|N(μ, s²)| = s √(2/π) exp(−μ²/2s²) + μ erf(μ/(s√2)) for μ ≥ 0, and its slope over μ, erf(μ/(s√2))."""
    with np.errstate(over="ignore"):
        distance = mean / (math.sqrt(2) * np.maximum(deviation, LEAST))
        near = np.exp(-(distance**2))
    slope: Array = np.asarray(torch.erf(torch.from_numpy(distance)), np.float64)
    mean_magnitude: Array = math.sqrt(2 / math.pi) * deviation * near + mean * slope
    return mean_magnitude, slope
