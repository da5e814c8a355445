"""The temperature that mends what one number can mend (Guo et al. 2017), how sure one can be of it, and what it gains on rows
that it was not fitted on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ...data.predictions import Predictions
from ...evaluation.evaluate import evaluate
from ...evaluation.setting import Array
from ...losses import loss
from ..quantiles import Z95, student
from .counting_unit import fitted, tensor

TEMPERATURES: Array = np.concatenate((np.geomspace(0.05, 1, 17), np.geomspace(1, 20, 17)[1:]))
"""Where the loss is computed: from sharper to flatter, 1 in the middle."""

AT_1 = len(TEMPERATURES) // 2

FOLDS = 5
"""Parts of the rows, each judged by the temperature of the other four."""

FEWEST = 10
"""Samples below which nothing is cross-fitted."""


class TemperatureSums(NamedTuple):
    """Sums over the samples of each fold, at TEMPERATURES; (FOLDS,) and (FOLDS, 33).

    With β = 1/T, ℓ the negative log-likelihood of a sample and s = dℓ/dβ its score. samples: how many. nll: Σ ℓ. slope: Σ s.
    squares: Σ s². gains: Σ (ℓ(1) − ℓ(T))². products: Σ (ℓ(1) − ℓ(T)) s.
    """

    samples: Array
    nll: Array
    slope: Array
    squares: Array
    gains: Array
    products: Array


class Temperature(NamedTuple):
    """The T that minimises the mean negative log-likelihood of a sample, that mean at T = 1 and at the best, and its curve.

    end: "" where the best is inside of TEMPERATURES; "lowest" where the loss still falls at the lowest, as it does without end
    if no mistake is made; "highest" where it still falls at the highest: then the logits say nothing, or the opposite. `t` is
    that end then.
    samples: how many. low, high: T's 95 % interval; 0 and ∞ where it reaches beyond TEMPERATURES.
    gain, gain_low, gain_high: by how much a T that was fitted on the other folds lowers the mean below that at T = 1, and its
    95 % interval; nan where there are too few samples.
    """

    t: float
    nll_at_1: float
    nll_best: float
    curve_t: Array
    curve_nll: Array
    end: str
    samples: int
    low: float
    high: float
    gain: float
    gain_low: float
    gain_high: float


def folds(numbers: NDArray[np.int64]) -> NDArray[np.int64]:
    """Which fold each row is in, by its number: ⌊FOLDS · frac(number · φ)⌋ with φ the golden ratio, in 64 bits.

    Any split of the rows into blocks gives the same, folds are of even size, and rows that repeat in a cycle, as labels often
    do, are spread over all of them, which the remainder of a division would not do.
    """
    mixed = (numbers.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(32)
    return (mixed * np.uint64(FOLDS) >> np.uint64(32)).astype(np.int64)


def temperature_sums(block: Predictions, activation: str, device: str = "cpu") -> TemperatureSums:
    """The sums of some rows; "exp" as softmax."""
    part = folds(block.row_numbers)
    member = torch.from_numpy(np.arange(FOLDS)[:, None] == part).double()
    sums = np.empty((5, FOLDS, len(TEMPERATURES)))
    first, _ = next(_scores(block, activation, device, np.ones(1)))
    for i, (nll, score) in enumerate(_scores(block, activation, device, TEMPERATURES)):
        gain = first - nll
        columns = torch.stack((nll, score, score * score, gain * gain, gain * score), 1)
        sums[:, :, i] = (member @ columns).T.numpy()
    return TemperatureSums(member.sum(1).numpy(), *sums)


def _scores(block: Predictions, activation: str, device: str, temperatures: Array) -> Iterator[tuple[Tensor, Tensor]]:
    """ℓ (N,) and its slope dℓ/dβ = T · Σ z · dℓ/dz over β = 1/T (N,) at each temperature, float64 on the CPU."""
    name = "sigmoid" if activation == "sigmoid" else "softmax"
    z = tensor(block.logits).to(device)
    targets = fitted(loss("cross-entropy", name), block.targets)
    reached = z.masked_fill(z.isinf(), 0)  # a masked class has no gradient, and 0 · ∞ would be no number
    for t in temperatures.tolist():
        ev = evaluate(loss("cross-entropy", name, temperature=t), z, targets)
        yield ev.loss.double().cpu(), t * (ev.grad * reached).sum(1, dtype=torch.float64).cpu()


def best_temperature(sums: TemperatureSums) -> Temperature:
    """The best temperature of some rows, its interval and its gain.

    The loss is convex in β = 1/T, so that its slope changes sign once. Between the two temperatures where it does, the loss is
    the polynomial in log T that has the values and slopes of these and of one more on each side.
    """
    n = float(sums.samples.sum())
    nll = sums.nll.sum(0) / n
    t, best, end = _fitted(nll, sums.slope.sum(0) / n)
    low, high = _interval(t, sums.slope.sum(0), sums.squares.sum(0))
    return Temperature(t, float(nll[AT_1]), best, TEMPERATURES, nll, end, round(n), low, high, *_cross_fitted(sums))


def _fitted(nll: Array, slope: Array) -> tuple[float, float, str]:
    """T, the mean loss there, and the end of TEMPERATURES that it is, if it is one; of means (33,)."""
    # Where all is flat, any T is as good, and 1 changes nothing.
    i, end = _sign_change(slope) if slope.any() else (AT_1, "")
    t, best = float(TEMPERATURES[i]), float(nll[i])
    if not end and slope[i] != 0:
        t, best = _between(i, nll, -slope / TEMPERATURES)
    return t, best, end


def _sign_change(slope: Array) -> tuple[int, str]:
    """The last temperature that is not too high, or the end beyond which the best one is."""
    too_low, too_high = slope > 0, slope < 0
    if not too_low.any():
        # Also where a loss that falls on and on has reached 0 before.
        return 0, "lowest"
    if not too_high.any():
        return len(slope) - 1, "highest"
    return int(np.flatnonzero(~too_high)[-1]), ""


def _between(i: int, value: Array, slope: Array) -> tuple[float, float]:
    """T and the value at the minimum between nodes i and i + 1, at which the slopes over log T have different signs."""
    fit, start, step = _polynomial(i, value, slope)
    down = fit.deriv()
    x = _crossing(lambda at: bool(down(at) < 0))
    return float(np.exp(start + x * step)), float(fit(x))


def _at(t: float, value: Array, slope: Array) -> float:
    """The value at a temperature, from values and slopes over log T at TEMPERATURES."""
    u = np.log(TEMPERATURES)
    i = int(np.clip(np.searchsorted(u, np.log(t), side="right") - 1, 0, len(u) - 2))
    fit, start, step = _polynomial(i, value, slope)
    return float(fit((np.log(t) - start) / step))


def _polynomial(i: int, value: Array, slope: Array) -> tuple[np.polynomial.Polynomial, float, float]:
    """Hermite's, of (log T − start)/step, with the values and slopes of nodes i and i + 1 and of one more on each side."""
    u = np.log(TEMPERATURES)
    nodes = np.arange(max(i - 1, 0), min(i + 3, len(u)))
    step = u[i + 1] - u[i]
    x, powers = (u[nodes] - u[i]) / step, np.arange(2 * len(nodes))
    derivative = powers * x[:, None] ** np.maximum(powers - 1, 0)
    rows = np.concatenate((x[:, None] ** powers, derivative))
    fit = np.polynomial.Polynomial(np.linalg.solve(rows, np.concatenate((value[nodes] - value[i], slope[nodes] * step))))
    return fit + value[i], float(u[i]), float(step)


def _crossing(before: Callable[[float], bool]) -> float:
    """Where `before` stops to hold between 0 and 1."""
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if before(middle) else (low, middle)
    return low


def _interval(t: float, slope: Array, squares: Array) -> tuple[float, float]:
    """The temperatures around the best that the score test does not reject at 5 %: {T: |Σ s| ≤ Z95 √V}.

    V is the larger of Σ s², which holds whether or not a temperature is all that is wrong with the probabilities, and for the
    entries of a sample together (Boos 1992, generalized score tests), and of the information Σ d²ℓ/dβ². Where mistakes are rare
    a few samples may hold none, and Σ s² is too small: alone it misses a planted T in 8 % of batches of 60.
    """
    variance = np.maximum(squares, -TEMPERATURES * _rate(slope))
    statistic = slope / np.sqrt(np.where(variance > 0, variance, 1))
    below, above = (np.flatnonzero(at_t) for at_t in (t > TEMPERATURES, t < TEMPERATURES))
    rejected_below, rejected_above = below[statistic[below] > Z95], above[statistic[above] < -Z95]
    low = _reached(int(rejected_below[-1]), statistic, Z95) if len(rejected_below) else 0.0
    high = _reached(int(rejected_above[0]) - 1, statistic, -Z95) if len(rejected_above) else np.inf
    return min(low, t), max(high, t)


def _rate(value: Array) -> Array:
    """The slope over log T, by differences of fourth order, of second at the ends."""
    step = np.log(TEMPERATURES[1] / TEMPERATURES[0])
    rate: Array = np.gradient(value, step, edge_order=2)
    rate[2:-2] = (value[:-4] - 8 * value[1:-3] + 8 * value[3:-1] - value[4:]) / (12 * step)
    return rate


def _reached(i: int, value: Array, level: float) -> float:
    """The temperature between nodes i and i + 1 at which a falling value, a cubic in log T through four nodes, has a level."""
    u = np.log(TEMPERATURES)
    first = min(max(i - 1, 0), len(u) - 4)
    nodes = slice(first, first + 4)
    x = (u[nodes] - u[i]) / (u[i + 1] - u[i])
    cubic = np.polynomial.Polynomial(np.linalg.solve(x[:, None] ** np.arange(4), value[nodes]))
    return float(np.exp(u[i] + _crossing(lambda at: bool(cubic(at) > level)) * (u[i + 1] - u[i])))


def _cross_fitted(sums: TemperatureSums) -> tuple[float, float, float]:
    """The mean of ℓ(1) − ℓ(T) over all samples, with T fitted on the folds that a sample is not in, and its 95 % interval.

    The interval is Student's for the mean of the samples' differences; it is of the gain of temperatures that are fitted on
    four fifths as many samples (Bayle et al. 2020, Cross-validation confidence intervals for test error).
    """
    n = float(sums.samples.sum())
    if n < FEWEST or not sums.samples.all():
        return (np.nan,) * 3
    total = squares = 0.0
    for k in range(FOLDS):
        others = n - sums.samples[k]
        t, _, _ = _fitted(*((x.sum(0) - x[k]) / others for x in (sums.nll, sums.slope)))
        total += sums.nll[k, AT_1] - _at(t, sums.nll[k], -sums.slope[k] / TEMPERATURES)
        squares += max(_at(t, sums.gains[k], 2 * sums.products[k] / TEMPERATURES), 0.0)
    mean = total / n
    reach = student(round(n) - 1, 0.95) * np.sqrt(max(squares - n * mean**2, 0.0) / (n - 1) / n)
    return mean, mean - reach, mean + reach
