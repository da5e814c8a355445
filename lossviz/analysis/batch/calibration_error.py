"""The binned calibration error without its bias, and the interval that holds it.

In B bins with n_b of N predictions, of mean confidence c_b and of which the share f_b came true, the error as it is usually
written (Guo et al. 2017, equation 3) is ê = Σ n_b/N · |f_b − c_b|. What it is an estimate of is θ = Σ π_b |φ_b − c_b| with the
population's shares π_b and frequencies φ_b in the same bins. Chance never cancels in absolute values, so that ê lies above θ
on average, the more so the fewer predictions there are, and is never 0 where θ is. So ê is compared with what it would be if
the frequencies were others: labels are drawn, by the bin.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray

from ...evaluation.setting import Array
from ..folded_normal import folded
from ..quantiles import Z95

DRAWS = 2_000
"""Batches that are drawn for each θ that is tried."""

TAIL = 0.025
"""On each side of a 95 % interval."""

STEPS, CLOSER = 14, 20
"""Halvings in the search for an end of the interval, and for the value without bias."""


class Chance(NamedTuple):
    """Binned errors over the last axis, (…,): as written, what they are on average where every label is drawn from its own
    confidence, and without bias."""

    error: Array
    calibrated: Array
    debiased: Array


class ErrorInterval(NamedTuple):
    """The 95 % interval of θ, and `most`: what 95 % of perfectly calibrated batches of this size do not exceed."""

    low: float
    high: float
    most: float


def without_bias(counts: Array, confidence: Array, true: Array) -> Chance:
    """Binned errors without their bias, in closed form; counts, Σ confidence and Σ of what came true (…, B).

    The frequencies are moved from the confidences towards those observed, φ_b = c_b + λ(f_b − c_b), and the value is θ(λ) = λ ê
    for the λ at which the mean of ê is the ê that was observed; 0 if it is no larger than perfect calibration's mean. In a bin
    the mean of |f_b − c_b| is that of a folded normal distribution around λ(f_b − c_b), whose spread is scaled so that the mean
    deviation is the binomial's, exact also where there are few, and never less than at λ = 0, where it is exact altogether.
    """
    row, _ = filled = np.nonzero(counts.reshape(-1, counts.shape[-1]) > 0)
    number, summed, came_true = (x.reshape(-1, x.shape[-1])[filled] for x in (counts, confidence, true))
    c, gap, n = summed / number, (came_true - summed) / number, np.rint(number)
    rows, of_chance = int(np.prod(counts.shape[:-1])), mean_deviation(n, c) / np.maximum(n, 1)
    share = number / np.bincount(row, number, rows)[row]

    def mean(much: Array) -> Array:
        moved = much[row] * gap
        # A bin in which all or nothing came true would have no chance at all: as if one more were there, with c of it true.
        frequency = np.clip(c + moved * n / (n + 1), 0, 1)
        spread = np.sqrt(np.pi / 2) * np.maximum(of_chance, mean_deviation(n, frequency) / np.maximum(n, 1))
        return np.bincount(row, share * folded(np.abs(moved), spread)[0], rows).astype(np.float64)

    error = np.bincount(row, share * np.abs(gap), rows).astype(np.float64)
    low, high = np.zeros(rows), np.ones(rows)
    calibrated = mean(low)
    for _ in range(CLOSER):
        middle = (low + high) / 2
        less = mean(middle) < error
        low, high = np.where(less, middle, low), np.where(less, high, middle)
    debiased = np.where(calibrated < error, (low + high) / 2 * error, 0)
    whole = counts.shape[:-1]
    return Chance(error.reshape(whole), calibrated.reshape(whole), debiased.reshape(whole))


def mean_deviation(n: Array, p: Array) -> Array:
    """E|X − np| of a binomial X: 2 (m + 1) C(n, m + 1) p^(m+1) (1 − p)^(n−m) with m = ⌊np⌋ (de Moivre 1730; Diaconis and Zabell
    1991, equation 1.1)."""
    inside = (n > 0) & (p > 0) & (p < 1)
    n, p = np.where(inside, n, 1), np.where(inside, p, 0.5)
    m = np.minimum(np.floor(n * p), n - 1)
    ways = _log_factorial(n) - _log_factorial(m) - _log_factorial(n - m - 1)
    return np.where(inside, 2 * np.exp(ways + (m + 1) * np.log(p) + (n - m) * np.log1p(-p)), 0)


def _log_factorial(x: Array) -> Array:
    logs: Array = torch.lgamma(torch.from_numpy(x + 1.0)).numpy()
    return logs


def interval(counts: Array, confidence: Array, true: Array, seed: int = 0, draws: int = DRAWS) -> ErrorInterval:
    """All θ that a two-sided test at 5 % does not reject, of bins (B,): its low end is that at which 2.5 % of batches would
    show an error as large as the observed one, its high end that at which 2.5 % would show one as small.

    Batches are drawn with frequencies φ_b = c_b + λ d_b, as in hybrid resampling (Chuang and Lai 2000). Chance adds most where
    few bins carry all of θ and least where all do, and the data cannot tell; each end is taken in the direction d that goes
    against it (`_few`, `_many`). 0 is within where perfect calibration is not rejected; the interval is one-sided then.
    """
    filled = counts > 0
    n, c, f = np.rint(counts[filled]), confidence[filled] / counts[filled], true[filled] / counts[filled]
    n, c, f = np.maximum(n, 1), c.round(PLACES), f.round(PLACES)
    batch = _Batch(n, c, seed, draws)
    observed = batch.truth(f)
    shown = batch.errors(c)
    low = 0.0
    if _share(shown >= observed - ROUNDING) <= TAIL:
        low = batch.theta_where(_few(n, c, f), lambda errors: _share(errors >= observed - ROUNDING) <= TAIL)
    high = batch.theta_where(_many(n, c, f), lambda errors: _share(errors <= observed + ROUNDING) > TAIL)
    return ErrorInterval(low, max(low, high), float(np.quantile(shown, 0.95)))


TINY = 1e-300

PLACES = 12
"""Decimals of confidences and frequencies: what is beyond depends on the order in which sums were added up."""

ROUNDING = 1e-11
"""Errors that differ by less are the same."""

FARTHEST = 2.0**20
"""How many times a direction is gone at most."""


class _Batch:
    """Batches like one with bins of these sizes and confidences, whose labels are drawn anew."""

    def __init__(self, n: Array, c: Array, seed: int, draws: int) -> None:
        self.c, self.share, self._n = c, n / n.sum(), n.astype(np.int64)
        self._seed, self._draws = seed, draws
        # A bin's size is chance as well. Labels are drawn for the sizes as they are, and a size counts by the gap in its bin:
        # drawn anew, small bins would often be empty, though as many others as these had been filled.
        sizes = np.random.default_rng(seed).multinomial(int(self._n.sum()), self.share, draws)
        self._larger = (sizes - self._n) / n.sum()

    def errors(self, frequency: Array) -> Array:
        """Of all batches, where these are the frequencies."""
        rng = np.random.default_rng([self._seed, 1])
        came_true = rng.binomial(self._n, frequency, (self._draws, len(self._n))) / np.maximum(self._n, 1)
        errors: Array = np.abs(came_true - self.c) @ self.share + self._larger @ np.abs(frequency - self.c)
        return errors

    def truth(self, frequency: Array) -> float:
        """θ where these are the frequencies."""
        return float((self.share * np.abs(frequency - self.c)).sum())

    def theta_where(self, direction: Array, before: Callable[[Array], bool]) -> float:
        """θ where `before` stops to hold of the errors, in a direction from the confidences."""

        def frequency(much: float) -> Array:
            moved: Array = np.clip(self.c + much * direction, 0, 1)
            return moved

        low, high = 0.0, 1.0
        while before(self.errors(frequency(high))) and high < FARTHEST:
            low, high = high, 2 * high
        for _ in range(STEPS):
            middle = (low + high) / 2
            low, high = (middle, high) if before(self.errors(frequency(middle))) else (low, middle)
        return self.truth(frequency((low + high) / 2))


def _few(n: Array, c: Array, f: Array) -> Array:
    """Few bins with all of the gaps: only those beyond √2 standard errors s, and of these what is left of g (1 − 2 s²/g²)₊, the
    non-negative garrote (Breiman 1995); the largest, if none is left."""
    gap = f - c
    square = np.where(gap != 0, gap**2, 1)
    left: Array = gap * np.maximum(1 - 2 * c * (1 - c) / n / square, 0)
    standing = np.abs(gap) * np.sqrt(n / np.maximum(c * (1 - c), TINY))
    return left if left.any() else np.where(standing == standing.max(), gap, 0)


def _many(n: Array, c: Array, f: Array) -> Array:
    """Gaps in all bins: each half a standard error larger than it is.

    Where chance alone may have moved a frequency towards the end that its confidence is next to, as where no mistake was made,
    the gap is taken on the other side, where there is room for a larger one.
    """
    gap, cautious = f - c, (n * f + 0.5) / (n + 1)
    chance = np.sqrt(c * (1 - c) / n)
    spread = np.maximum(chance, np.sqrt(cautious * (1 - cautious) / n))
    side = np.where(gap < 0, -1, 1)
    other = (np.abs(gap) <= Z95 * chance) & (side == np.where(c < 0.5, -1, 1))
    gaps: Array = (np.abs(gap) + spread / 2) * np.where(other, -side, side)
    return gaps


def _share(what: NDArray[np.bool_]) -> float:
    return float(what.mean())
