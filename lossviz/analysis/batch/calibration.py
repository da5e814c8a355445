"""Are the probabilities right? Among all that were given the probability p, a share p should come true.

Reliability and expected calibration error, and the temperature that mends what one number can mend, as in Guo et al. 2017,
On Calibration of Modern Neural Networks. What is kept of some rows are sums: those of any parts of the rows add up, and bins
can be chosen afterwards.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple, TypeVar

import numpy as np
import torch
from torch import Tensor

from ...activations import probabilities
from ...data.predictions import Predictions
from ...errors import InputError
from ...evaluate import evaluate
from ...losses import loss
from ..sample import Array
from .units import fitted, tensor

CELLS = 1_500
"""Cells of confidence from 0 to 1: a hundred in each of 15 bins."""

TEMPERATURES: Array = np.concatenate((np.geomspace(0.05, 1, 17), np.geomspace(1, 20, 17)[1:]))
"""Where the loss is computed: from sharper to flatter, 1 in the middle."""

Z95 = 1.959963984540054
"""95 % of a normal distribution lie between minus and plus this."""


class Reliability(NamedTuple):
    """Predictions by cell of confidence, those that came true in row 1 and those that did not in row 0; both (2, CELLS).

    counts: how many; a soft target t counts t in row 1 and 1 − t in row 0. confidence: the sum of their confidences.
    decisions (3,): how many decisions these are, the sum of the confidences in them, and how many are right. For softmax a
    prediction is a decision; for sigmoid the decision about an entry is yes if p > ½ and no otherwise, with confidence p or
    1 − p.
    """

    counts: Array
    confidence: Array
    decisions: Array


class Calibration(NamedTuple):
    """B bins of equal width, [low, high) but for the last, which holds 1; edges (B + 1,).

    Per bin, (B,): counts, mean confidence, frequency of what came true, and the 95 % interval of the frequency by Wilson 1927,
    low to high; nan where a bin is empty. ece = Σ n_b/N · |frequency − confidence|; mce is the largest |frequency −
    confidence|; ece_low, ece_high: 95 % percentile interval of the bootstrap. accuracy, certainty: the share of decisions that
    are right, and the mean confidence in them. base_rate, mean: how many of all predictions came true, and their mean
    confidence; for softmax these are accuracy and certainty again.
    """

    edges: Array
    counts: Array
    confidence: Array
    frequency: Array
    low: Array
    high: Array
    ece: float
    mce: float
    ece_low: float
    ece_high: float
    accuracy: float
    certainty: float
    base_rate: float
    mean: float


class Tempered(NamedTuple):
    """How many samples, the sum of their negative log-likelihoods at TEMPERATURES (33,), and its slopes over 1/T (33,)."""

    samples: float
    nll: Array
    slope: Array


class Temperature(NamedTuple):
    """The T that minimises the mean negative log-likelihood of a sample, that mean at T = 1 and at the best, and its curve.

    end: "" where the best is inside of TEMPERATURES; "lowest" where the loss still falls at the lowest, as it does without end
    if no mistake is made; "highest" where it still falls at the highest: then the logits say nothing, or the opposite. `t` is
    that end then.
    """

    t: float
    nll_at_1: float
    nll_best: float
    curve_t: Array
    curve_nll: Array
    end: str


Sums = TypeVar("Sums", Reliability, Tempered)
"""What adds up."""


def merge(a: Sums, b: Sums) -> Sums:
    """The sums of the rows of both."""
    pairs: Iterable[tuple[Any, Any]] = zip(a, b, strict=True)
    return type(a)(*(x + y for x, y in pairs))


def reliability(block: Predictions, activation: str, device: str = "cpu") -> Reliability:
    """The cells of some rows.

    "softmax" and "exp": the prediction is a row's likeliest class, its confidence that class's probability, and what came true
    of it the class's target. "sigmoid": every entry is a prediction, with confidence p, of which its target came true.
    """
    z, targets = (tensor(x).to(device) for x in (block.logits, block.targets))
    p = probabilities("sigmoid" if activation == "sigmoid" else "softmax", z, 1.0)
    p, true = _entries(p, targets) if activation == "sigmoid" else _likeliest(p, targets)
    confidence, came_true = (x.reshape(-1).double().cpu().numpy() for x in (p, true))
    return _cells(confidence, came_true, activation == "sigmoid")


def _entries(p: Tensor, targets: Tensor) -> tuple[Tensor, Tensor]:
    classes = p.shape[1]
    if targets.dim() == 1 and classes > 1:
        targets = torch.nn.functional.one_hot(targets, classes)
    return p, targets


def _likeliest(p: Tensor, targets: Tensor) -> tuple[Tensor, Tensor]:
    top, place = p.max(1)
    return top, place == targets if targets.dim() == 1 else targets.gather(1, place[:, None])


def _cells(confidence: Array, true: Array, entries: bool) -> Reliability:
    cell = np.minimum((confidence * CELLS).astype(np.int64), CELLS - 1)
    shares = (1 - true, true)
    count = np.array([np.bincount(cell, share, CELLS) for share in shares])
    sums = np.array([np.bincount(cell, share * confidence, CELLS) for share in shares])
    return Reliability(count, sums, _decisions(confidence, true, entries))


def _decisions(confidence: Array, true: Array, entries: bool) -> Array:
    yes = (confidence > 0.5) | (not entries)
    sure, right = np.where(yes, confidence, 1 - confidence), np.where(yes, true, 1 - true)
    return np.array([len(true), sure.sum(), right.sum()])


def calibration(found: Reliability, bins: int = 15, seed: int = 0, draws: int = 1000) -> Calibration:
    """Bins, errors and intervals of some predictions.

    The bootstrap draws as many predictions anew, with replacement, from the seed, `draws` times: a cell's predictions are
    alike, with their mean confidence, which moves no ECE by more than 1/CELLS. What it draws are rows, or for sigmoid entries,
    each by itself; of a soft target it draws labels. ECE never misses a gap by the other sign, so that chance only adds to it:
    the interval may lie above the ECE itself when that is small. It holds what 95 % of such batches would show.

    bins: a divisor of CELLS. draws: at least 1. Raises InputError.
    """
    if not 1 <= bins <= CELLS or CELLS % bins:
        raise InputError("bins", f"{bins}", f"a divisor of {CELLS}, as 10, 15, 20 or 25")
    if draws < 1:
        raise InputError("draws", f"{draws}", "at least 1")
    count, confidence = (x.reshape(2, bins, -1).sum(2) for x in (found.counts, found.confidence))
    decisions, sure_of, right = found.decisions
    number, whole = count.sum(0), float(count.sum())
    with np.errstate(invalid="ignore", divide="ignore"):
        sure, frequency = confidence.sum(0) / number, count[1] / number
        low, high = _wilson(frequency, number)
        gap = np.abs(frequency - sure)
    ece = float(np.abs(count[1] - confidence.sum(0)).sum() / whole)
    ece_low, ece_high = np.quantile(_redrawn(found, bins, seed, draws), (0.025, 0.975)).tolist()
    return Calibration(
        np.linspace(0, 1, bins + 1),
        number,
        sure,
        frequency,
        low,
        high,
        ece,
        float(np.nanmax(gap)),
        ece_low,
        ece_high,
        float(right / decisions),
        float(sure_of / decisions),
        float(count[1].sum() / whole),
        float(confidence.sum() / whole),
    )


def _wilson(frequency: Array, number: Array) -> tuple[Array, Array]:
    """The interval of all probabilities from which a frequency among `number` is less than Z95 deviations away."""
    s = Z95**2 / number
    middle = frequency + s / 2
    half = np.sqrt(s * frequency * (1 - frequency) + s**2 / 4)
    return np.maximum((middle - half) / (1 + s), 0), np.minimum((middle + half) / (1 + s), 1)


def _redrawn(found: Reliability, bins: int, seed: int, draws: int) -> Array:
    """The ECE of each of as many batches, drawn from the cells that are not empty."""
    count = found.counts.reshape(-1)
    there = np.flatnonzero(count)
    whole = count[there].sum()
    gap = (np.arange(2).repeat(CELLS)[there] - found.confidence.reshape(-1)[there] / count[there]) / whole
    of_bin = there % CELLS // (CELLS // bins)
    drawn = np.random.default_rng(seed).multinomial(round(whole), count[there] / whole, draws)
    error: Array = np.abs((drawn * gap) @ (of_bin[:, None] == np.arange(bins))).sum(1)
    return error


def tempered(block: Predictions, activation: str, device: str = "cpu") -> Tempered:
    """The loss of some rows at each temperature, and its slope dℓ/dβ = T · Σ z · dℓ/dz over β = 1/T; "exp" as softmax."""
    name = "sigmoid" if activation == "sigmoid" else "softmax"
    z = tensor(block.logits).to(device)
    targets = fitted(loss("cross-entropy", name), block.targets)
    nll, slope = np.empty((2, len(TEMPERATURES)))
    reached = z.masked_fill(z.isinf(), 0)  # a masked class has no gradient, and 0 · ∞ would be no number
    for i, t in enumerate(TEMPERATURES.tolist()):
        ev = evaluate(loss("cross-entropy", name, temperature=t), z, targets)
        nll[i] = float(ev.loss.sum(dtype=torch.float64))
        slope[i] = t * float((ev.grad * reached).sum(dtype=torch.float64))
    return Tempered(float(len(block)), nll, slope)


def best_temperature(found: Tempered) -> Temperature:
    """The best temperature of some rows.

    The loss is convex in β = 1/T, so that its slope changes sign once. Between the two temperatures where it does, the loss is
    the polynomial in log T that has the values and slopes of these and of one more on each side.
    """
    nll = found.nll / found.samples
    at_1 = len(TEMPERATURES) // 2
    # Where all is flat, any T is as good, and 1 changes nothing.
    i, end = _sign_change(found.slope) if found.slope.any() else (at_1, "")
    t, best = float(TEMPERATURES[i]), float(nll[i])
    if not end and found.slope[i] != 0:
        t, best = _between(i, np.log(TEMPERATURES), nll, -found.slope / found.samples / TEMPERATURES)
    return Temperature(t, float(nll[at_1]), best, TEMPERATURES, nll, end)


def _sign_change(slope: Array) -> tuple[int, str]:
    """The last temperature that is not too high, or the end beyond which the best one is."""
    too_low, too_high = slope > 0, slope < 0
    if not too_low.any():
        # Also where a loss that falls on and on has reached 0 before.
        return 0, "lowest"
    if not too_high.any():
        return len(slope) - 1, "highest"
    return int(np.flatnonzero(~too_high)[-1]), ""


def _between(i: int, u: Array, value: Array, slope: Array) -> tuple[float, float]:
    """e^u and the value at the minimum between nodes i and i + 1, at which the slopes over u have different signs."""
    nodes = np.arange(max(i - 1, 0), min(i + 3, len(u)))
    step = u[i + 1] - u[i]
    x, powers = (u[nodes] - u[i]) / step, np.arange(2 * len(nodes))
    derivative = powers * x[:, None] ** np.maximum(powers - 1, 0)
    rows = np.concatenate((x[:, None] ** powers, derivative))
    fit = np.polynomial.Polynomial(np.linalg.solve(rows, np.concatenate((value[nodes] - value[i], slope[nodes] * step))))
    low, high, down = 0.0, 1.0, fit.deriv()
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if down(middle) < 0 else (low, middle)
    return float(np.exp(u[i] + low * step)), float(fit(low) + value[i])
