"""Are the probabilities right? Among all that were given the probability p, a share p should come true.

Reliability diagram and expected calibration error, as in Guo et al. 2017, On Calibration of Modern Neural Networks.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ...errors import InputError
from ...evaluation.setting import Array
from ...texts import say
from ..quantiles import Z95
from .calibration_error import DRAWS, interval, without_bias
from .calibration_sums import CELLS, ReliabilitySums


class Calibration(NamedTuple):
    """B bins of equal width, [low, high) but for the last, which holds 1; edges (B + 1,).

    Per bin, (B,): counts, mean confidence, frequency of what came true, and the 95 % interval of the frequency by Wilson 1927,
    low to high, each bin by itself; nan where a bin is empty.
    ece = Σ n_b/N · |frequency − confidence|; ece_calibrated, ece_most: what it is on average, and at most in 95 % of batches,
    if every label is drawn from its own confidence; ece_debiased: without what chance adds; ece_low, ece_high: 95 % interval of
    the population's (`calibration_error`). mce: the largest |frequency − confidence|.
    accuracy, certainty: the share of decisions that are right, and the mean confidence in them; gap_low, gap_high: 95 %
    interval of certainty − accuracy. base_rate, mean: how many of all predictions came true, and their mean confidence; for
    softmax these are accuracy and certainty again. samples: how many rows.
    """

    edges: Array
    counts: Array
    confidence: Array
    frequency: Array
    low: Array
    high: Array
    ece: float
    ece_calibrated: float
    ece_most: float
    ece_debiased: float
    ece_low: float
    ece_high: float
    mce: float
    accuracy: float
    certainty: float
    gap_low: float
    gap_high: float
    base_rate: float
    mean: float
    samples: int


def calibration(cells: ReliabilitySums, bins: int = 15, seed: int = 0, draws: int = DRAWS) -> Calibration:
    """Bins, errors and intervals of some predictions.

    Chance is that of rows, or for sigmoid of entries, each by itself; of a soft target it is that of labels drawn from it.

    bins: a divisor of CELLS. draws: at least 1. Raises InputError.
    """
    if not 1 <= bins <= CELLS or CELLS % bins:
        raise InputError("bins", f"{bins}", say("a divisor of {cells}, as 10, 15, 20 or 25", cells=CELLS))
    if draws < 1:
        raise InputError("draws", f"{draws}", say("at least 1"))
    counts, sums = (x.reshape(2, bins, -1).sum(2) for x in (cells.counts, cells.confidence))
    number, true, sure = counts.sum(0), counts[1], sums.sum(0)
    whole = float(number.sum())
    with np.errstate(invalid="ignore", divide="ignore"):
        confidence, frequency = sure / number, true / number
        low, high = _wilson(frequency, number)
    ece = without_bias(number, sure, true)
    of_chance = interval(number, sure, true, seed, draws)
    gap, reach = _gap(cells)
    return Calibration(
        np.linspace(0, 1, bins + 1),
        number,
        confidence,
        frequency,
        low,
        high,
        float(ece.error),
        float(ece.calibrated),
        of_chance.most,
        float(np.clip(ece.debiased, of_chance.low, of_chance.high)),
        of_chance.low,
        of_chance.high,
        float(np.nanmax(np.abs(frequency - confidence))),
        float(cells.decisions[2] / cells.decisions[0]),
        float(cells.decisions[1] / cells.decisions[0]),
        gap - reach,
        gap + reach,
        float(true.sum() / whole),
        float(sure.sum() / whole),
        round(float(cells.classes[0])),
    )


def _gap(cells: ReliabilitySums) -> tuple[float, float]:
    """Certainty − accuracy and the reach of its 95 % interval, Z95 √(variance/n).

    The variance of a decision's gap is that observed (the square of a decision's gap is that of its prediction's), or what
    perfect calibration would give, p (1 − p), if that is larger; with no mistake, or nothing else, that of (right + ½)/(n + 1).
    """
    n, sure, right = cells.decisions.tolist()
    gap = (sure - right) / n
    squares = float(cells.squares.sum() - 2 * cells.confidence[1].sum() + cells.counts[1].sum())
    of_chance = float(cells.confidence.sum() - cells.squares.sum())
    variance = max(squares / n - gap**2, of_chance / n)
    if right in (0, n):
        share = (right + 0.5) / (n + 1)
        variance = max(variance, share * (1 - share))
    return gap, Z95 * float(np.sqrt(variance / n))


def _wilson(frequency: Array, number: Array) -> tuple[Array, Array]:
    """The interval of all probabilities from which a frequency among `number` is less than Z95 deviations away."""
    s = Z95**2 / number
    middle = frequency + s / 2
    half = np.sqrt(s * frequency * (1 - frequency) + s**2 / 4)
    return np.maximum((middle - half) / (1 + s), 0), np.minimum((middle + half) / (1 + s), 1)
