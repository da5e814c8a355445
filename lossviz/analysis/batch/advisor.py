"""Which γ, and which α or class weights, does a batch call for? Read from a *fixed* model: it predicts no accuracy.

With hard labels one tally is enough for a γ: α and class weights only scale what each party has. Soft and smoothed targets are
of both sides, and one-vs-rest sigmoids have a weight for each class and not for the sample: there every cell is a loss.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from ...data.predictions import Survey
from ...losses import LOSSES, LossSpec, loss
from ..optimum import threshold
from ..sample import Array, Setting, baseline
from .shares import carried_by, lorenz
from .tally import Tally
from .units import by_entry

GAMMAS = (0.0, 0.5, 1.0, 2.0, 3.0, 5.0)
"""The rows of the grid."""

ALPHAS = (0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999)
"""The columns of the grid where entries are positive or negative: the factor on positives; 1 − α is that on negatives."""

POWERS = (0.0, 0.25, 0.5, 0.75, 1.0)
"""The columns where classes are told apart: class weights (N / n_c)^power, scaled to a mean of 1 over the samples."""

REPLACED = {"alpha", "weight", "pos_weight", "gamma"}
"""What the grid has its own values of."""


class Advice(NamedTuple):
    """Over γ (G,) × knob (A,), each (G, A).

    ratio: total gradient of the first of `sides` ÷ that of the second. hardest_1, hardest_10: the share of the gradient that
    the hardest 1 % and 10 % carry. scale: mean gradient ÷ that of plain cross-entropy: by so much the learning rate is
    changed. suspects: the share of the gradient that falls on suspects, nan where none is known. threshold (A,): the true
    probability of the first side above which it is predicted; it is the same for all γ.
    knob: "alpha" or "power". units: "entries" or "samples".
    """

    gammas: Array
    knobs: Array
    knob: str
    sides: tuple[str, str]
    units: str
    ratio: Array
    hardest_1: Array
    hardest_10: Array
    scale: Array
    suspects: Array
    threshold: Array


class Cell(NamedTuple):
    """A loss whose tally is asked, and the factor of each party in it, (P,); None where the loss has them itself."""

    spec: LossSpec
    factors: Array | None


def asked(spec: LossSpec, survey: Survey) -> tuple[LossSpec, ...]:
    """The losses whose tallies `advice` needs."""
    return tuple(dict.fromkeys((_plain(spec, 0.0), *(cell.spec for row in _cells(spec, survey) for cell in row))))


def advice(spec: LossSpec, survey: Survey, tallies: Mapping[LossSpec, Tally]) -> Advice:
    """The grid around a loss: its own γ and α are in it, all else about it stays. `tallies` of the losses that are `asked`."""
    entries = by_entry(survey.task)
    first, second, sides = _sides(survey, entries)
    plain = tallies[_plain(spec, 0.0)].norm
    grid = np.array([[_read(tallies[x.spec], x.factors, first, second) for x in row] for row in _cells(spec, survey)])
    ratio, hardest_1, hardest_10, mean, doubted = np.moveaxis(grid, 2, 0)
    return Advice(
        np.array(_gammas(spec)),
        np.array(_knobs(spec, entries)),
        "alpha" if entries else "power",
        sides,
        "entries" if entries else "samples",
        ratio,
        hardest_1,
        hardest_10,
        mean / (plain.total.sum() / plain.counts.sum() or 1.0),
        doubted,
        np.array([_threshold(spec, survey, knob, first, second) for knob in _knobs(spec, entries)]),
    )


def _gammas(spec: LossSpec) -> tuple[float, ...]:
    return tuple(sorted({*GAMMAS, spec.gamma}))


def _knobs(spec: LossSpec, entries: bool) -> tuple[float, ...]:
    own = [spec.alpha] if isinstance(spec.alpha, float) else []
    return tuple(sorted({*ALPHAS, *own})) if entries else POWERS


def _plain(spec: LossSpec, gamma: float, **factors: Any) -> LossSpec:
    """Focal loss with this γ and these factors, and all else as the present loss has it; which it equals, if it has a γ."""
    focal = LOSSES["focal"]
    activation = spec.activation if spec.activation in focal.activations else focal.activations[0]
    names = {p.name for p in focal.parameters if p.activations is None or activation in p.activations} - REPLACED
    kept = {name: value for name, value in spec.parameters if name in names}
    form = next((dict(limit.when) for limit in focal.limits if limit.equals == spec.key and not REPLACED & set(limit.when)), {})
    return loss("focal", activation, gamma=gamma, **(kept | form), **factors)


def _cells(spec: LossSpec, survey: Survey) -> list[list[Cell]]:
    """A row for each γ, a cell for each knob."""
    entries = by_entry(survey.task)
    scales = not survey.soft and spec.label_smoothing == 0 and (entries or spec.activation != "sigmoid")
    return [[_cell(spec, survey, gamma, knob, scales) for knob in _knobs(spec, entries)] for gamma in _gammas(spec)]


def _cell(spec: LossSpec, survey: Survey, gamma: float, knob: float, scales: bool) -> Cell:
    entries = by_entry(survey.task)
    if scales:
        factors = np.tile([1 - knob, knob], survey.classes) if entries else _class_weights(survey, knob)
        return Cell(_plain(spec, gamma), factors)
    own: dict[str, Any] = {"alpha": knob} if entries else {"weight": tuple(_class_weights(survey, knob).tolist())}
    return Cell(_plain(spec, gamma, **own), None)


def _class_weights(survey: Survey, power: float) -> Array:
    """(N / n_c)^power, with a mean of 1 over the samples; 0 for a class that has none."""
    counts = np.array(survey.counts)
    found: Array = np.divide(counts.sum(), counts, out=np.zeros_like(counts), where=counts > 0) ** power * (counts > 0)
    found /= (found * counts).sum() / counts.sum()
    return found


def _sides(survey: Survey, entries: bool) -> tuple[Array, Array, tuple[str, str]]:
    """Which parties are balanced against which, as masks: positives and negatives, or the rarest and the commonest class."""
    if entries:
        number = np.arange(2 * survey.classes)
        return number % 2 == 1, number % 2 == 0, ("positives", "negatives")
    counts, number = np.array(survey.counts), np.arange(survey.classes)
    rare = int(np.where(counts > 0, counts, np.inf).argmin())
    common = int(counts.argmax())
    common = common if common != rare else int(np.delete(number, rare)[counts[number != rare].argmax()])
    return number == rare, number == common, (f"class {rare} (the rarest)", f"class {common} (the commonest)")


def _read(tally: Tally, factors: Array | None, first: Array, second: Array) -> tuple[float, ...]:
    """ratio, hardest 1 %, hardest 10 %, mean gradient and the suspects' share, in one cell of the grid."""
    weights = np.ones(len(tally.norm_by.total)) if factors is None else factors
    total = tally.norm_by.total.sum(1) * weights
    # Where all have the same factor, the finer cells of all parties together tell as much.
    curve = lorenz(tally.norm) if np.ptp(weights) == 0 else lorenz(tally.norm_by, weights)
    whole = total.sum() or np.nan
    doubted = (tally.suspects.norm * weights).sum() / whole if tally.suspects.counts.any() else np.nan
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.float64(total[first].sum()) / total[second].sum()
    return ratio, carried_by(curve, 0.01), carried_by(curve, 0.1), total.sum() / tally.norm.counts.sum(), doubted


def _threshold(spec: LossSpec, survey: Survey, knob: float, first: Array, second: Array) -> float:
    """The decision threshold between the two sides, as `analysis.optimum` finds it, with these factors on them."""
    if by_entry(survey.task):
        return threshold(Setting(_plain(spec, 0.0, alpha=knob), (0.0,), (1.0,)), 0, labels=not survey.soft)
    if spec.activation == "sigmoid":
        return 0.5  # a weight is on the yes and on the no of its class alike
    weights = _class_weights(survey, knob)
    a, b = float(weights[first][0]), float(weights[second][0])
    return threshold(Setting(_plain(spec, 0.0, weight=(a, b)), (0.0, 0.0), (1.0, 0.0)), 0)


def aside(spec: LossSpec) -> tuple[str, ...]:
    """What is to be said first of a loss that the grid does not hold: it has no γ, and is not what γ = 0 makes either."""
    if "gamma" in LOSSES[spec.key].own or baseline(spec) == spec:
        return ()
    name = LOSSES[spec.key].name
    return (f"The grid is of focal loss; {name} has no γ and is not in it.",)


def reading(found: Advice, gamma: float, knob: float) -> tuple[str, ...]:
    """What the grid says at a γ and a knob of it, in sentences."""
    i, j = (int(np.abs(x - at).argmin()) for x, at in ((found.gammas, gamma), (found.knobs, knob)))
    first, second = found.sides
    sentences = [_balance(found.ratio[i, j], first, second)]
    if found.knob == "alpha":
        sentences.append(_balanced_at(found, i))
    scale = found.scale[i, j]
    if scale > 0:
        sentences.append(
            f"The hardest 1 % of the {found.units} carry {100 * found.hardest_1[i, j]:.1f} % of the gradient, the hardest 10 % "
            f"{100 * found.hardest_10[i, j]:.1f} %."
        )
        sentences.append(
            f"The mean gradient is {scale:.3g} times that of plain cross-entropy: with the same learning rate, training "
            f"takes steps {_times(scale)}."
        )
    if np.isfinite(found.threshold[j]):
        sentences.append(f"A model that minimises this loss decides for {first} where the true probability is above "
                         f"{found.threshold[j]:.3g}; γ does not move that.")  # fmt: skip
    if np.isfinite(found.suspects[i, j]):
        sentences.append(f"{100 * found.suspects[i, j]:.1f} % of the gradient falls on suspects.")
    return tuple(sentences)


def _balance(ratio: float, first: str, second: str) -> str:
    if not np.isfinite(ratio) or ratio == 0:
        return f"{'None' if np.isnan(ratio) else 'Only one'} of the two sides, {first} and {second}, has a gradient here."
    larger, smaller, times = (first, second, ratio) if ratio >= 1 else (second, first, 1 / ratio)
    return f"The gradient of {larger} is, in all, {_three(times)} times that of {smaller}."


def _three(x: float) -> str:
    """Three digits, and no power of ten before there are six of them."""
    return f"{float(f'{x:.3g}'):g}"


def _balanced_at(found: Advice, i: int) -> str:
    """α scales the ratio by α/(1 − α), so that 1:1 lies where that makes up for the ratio at ½."""
    j = int(np.abs(found.knobs - 0.5).argmin())
    ratio = found.ratio[i, j] * (1 - found.knobs[j]) / found.knobs[j]
    if not np.isfinite(ratio) or ratio == 0:
        return "No α brings the sides to 1:1."
    return f"At γ = {found.gammas[i]:g} they pull 1:1 with α = {1 / (1 + ratio):.3g}."


def _times(scale: float) -> str:
    if abs(scale - 1) < 5e-4:
        return "as large"
    return f"{scale:.3g} times as large" if scale > 1 else f"{1 / scale:.3g} times smaller"
