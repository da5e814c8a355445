"""Brier score and log loss, taken apart: what miscalibration costs, what telling rows apart gains, and what neither can mend.

Of the event that a prediction came true, y, said with probability p. In bins with n_b of N predictions, of mean probability
c_b and of which the share f_b came true, and f over all:

    score                                 reliability             resolution            uncertainty
    Brier  (p − y)²                       Σ n_b/N (c_b − f_b)²    Σ n_b/N (f_b − f)²    f (1 − f)
    log    −y log p − (1 − y) log(1 − p)  Σ n_b/N KL(f_b ‖ c_b)   Σ n_b/N KL(f_b ‖ f)   −f log f − (1 − f) log(1 − f)

(Murphy 1973; for the log loss Weijs et al. 2010 and, for every proper score, Bröcker 2009.) These add up to the score of c_b.
What p adds within the bins is the rest: for Brier, 1/N Σ_b Σ_i [(p_i − c_b)² − 2 (y_i − f_b)(p_i − c_b)], the within-bin
variance less twice the covariance (Stephenson et al. 2008). So score = reliability − resolution + uncertainty + within.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ...evaluation.setting import Array
from .calibration_sums import CELLS, ReliabilitySums


class ScoreParts(NamedTuple):
    """A mean score, and the four that it is the sum of, resolution with a minus; nan where two of them are infinite."""

    score: float
    reliability: float
    resolution: float
    uncertainty: float
    within: float


class Scores(NamedTuple):
    """Of the predictions, in so many bins of equal width; classes: the mean Brier score of a sample, summed over classes."""

    predictions: int
    bins: int
    brier: ScoreParts
    log: ScoreParts
    classes: float


def scores(cells: ReliabilitySums, bins: int = 15) -> Scores:
    """Both; `bins` is a divisor of CELLS. Of a soft target, what is meant is the mean over labels drawn from it."""
    counts, p, q, squares = (x.reshape(2, bins, CELLS // bins).sum(2) for x in cells[:4])
    whole = float(counts.sum())
    samples, brier = cells.classes
    filled = counts.sum(0) > 0
    counts, p, q, squares = (x[:, filled] for x in (counts, p, q, squares))
    n = counts.sum(0)
    c, d, f = p.sum(0) / n, q.sum(0) / n, counts[1] / n
    base = float(counts[1].sum() / whole)
    share = n / whole
    total = float(squares.sum() - 2 * p[1].sum() + counts[1].sum()) / whole
    variance = squares.sum(0) / n - c**2
    covariance = p[1] / n - f * c
    of_brier = ScoreParts(
        total,
        float((share * (c - f) ** 2).sum()),
        float((share * (f - base) ** 2).sum()),
        base * (1 - base),
        float((share * (variance - 2 * covariance)).sum()),
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        of_log = _logarithmic(float(cells.log_loss) / whole, share, f, (c, d), base)
    return Scores(round(whole), bins, of_brier, of_log, float(brier / samples))


def _logarithmic(total: float, share: Array, f: Array, confidence: tuple[Array, Array], base: float) -> ScoreParts:
    """In nats."""
    reliability = float((share * _divergence(f, *confidence)).sum())
    resolution = float((share * _divergence(f, np.full_like(f, base), np.full_like(f, 1 - base))).sum())
    uncertainty = float(_times_log(np.array([base, 1 - base]), 1 / np.array([base, 1 - base])).sum())
    return ScoreParts(total, reliability, resolution, uncertainty, total - (reliability - resolution + uncertainty))


def _divergence(f: Array, c: Array, d: Array) -> Array:
    """KL of an event of frequency f from one said with c, where d = 1 − c is known better than by subtraction."""
    return _times_log(f, f / c) + _times_log(1 - f, (1 - f) / d)


def _times_log(x: Array, y: Array) -> Array:
    """x log y, 0 where x is."""
    return np.where(x > 0, x * np.log(y), 0)
