"""Intervals that hold for several means at once, also where differences are skewed or take few values.

The bootstrap of Student's t (Efron 1979; Hall 1988, Theoretical comparison of bootstrap confidence intervals, section 2) learns
the skewness from the differences themselves; its largest and smallest t of several comparisons make the intervals
simultaneous (Westfall and Young 1993, Resampling-Based Multiple Testing, section 2.3). Standalone programs contain this code.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from ...evaluation.setting import Array

DRAWS = 5000
"""Resamples of the seeds."""

FEWEST = 5
"""With fewer distinct differences there is no interval: resampling them would know nothing of what else there may be."""

SAME = 1e-9
"""Differences that are closer than this are one."""


def simultaneous(differences: Array, level: float, t: float) -> tuple[Array, Array]:
    """Low and high ends (…, K) that contain all K means at once with probability `level`, for differences (…, K, S).

    With t* = (d̄* − d̄)/(s*/√S) of seeds drawn anew with replacement, the same for all K, the ends are d̄ − q₊ s/√S and
    d̄ − q₋ s/√S: q₊ is the (1 + level)/2 quantile of the largest of the K t*, q₋ the (1 − level)/2 quantile of the smallest.
    No end is nearer to the mean than Student's, d̄ ± t s/√S; t: his (1 + level)/2 quantile with S − 1 degrees of freedom.
    nan, and no comparison, where fewer than FEWEST of the S differences are distinct, or where one is nan.
    """
    enough = distinct_values(differences) >= FEWEST
    if not enough.any():
        return np.full(enough.shape, np.nan), np.full(enough.shape, np.nan)
    mean, error = differences.mean(-1), differences.std(-1, ddof=1) / differences.shape[-1] ** 0.5
    t_values = np.where(enough[..., None], bootstrap_t(differences), np.nan)
    largest, smallest = np.fmax.reduce(t_values, -2), np.fmin.reduce(t_values, -2)
    up = np.maximum(t, quantile(largest, (1 + level) / 2))[..., None]
    down = np.minimum(-t, quantile(smallest, (1 - level) / 2))[..., None]
    return np.where(enough, mean - up * error, np.nan), np.where(enough, mean - down * error, np.nan)


def distinct_values(differences: Array) -> Array:
    """How many distinct values (…) there are among differences (…, S); 0 where one is nan."""
    counts: Array = (np.diff(np.sort(differences, -1), axis=-1) > SAME).sum(-1) + 1
    return np.where(np.isnan(differences).any(-1), 0, counts)


def bootstrap_t(differences: Array) -> Array:
    """t* (…, DRAWS) of differences (…, S)."""
    n = differences.shape[-1]
    centred = differences - differences.mean(-1, keepdims=True)
    weights = bootstrap_weights(n)
    mean = centred @ weights
    error = np.sqrt(np.maximum(centred**2 @ weights - mean**2, 0) / (n - 1))
    with np.errstate(divide="ignore", invalid="ignore"):
        # One seed drawn n times has no spread: all that is known of its t is the sign.
        t_values: Array = np.where(error > SAME, mean / error, np.sign(mean) * np.inf)
    return np.where(np.abs(mean) > SAME, t_values, 0.0)


@lru_cache(maxsize=8)
def bootstrap_weights(n: int) -> Array:
    """How often each of n seeds is in each resample, as shares (n, DRAWS); the same every time."""
    return np.random.default_rng(0).multinomial(n, np.full(n, 1 / n), DRAWS).T / n


def quantile(x: Array, q: float) -> Array:
    """The q quantile of (…, DRAWS), one of these values; nan where they are."""
    rank = min(int(q * DRAWS), DRAWS - 1)
    values: Array = np.sort(x, -1)[..., rank]
    return values
