"""Which γ, and which α or class weights, does a batch call for? Read from a *fixed* model: it predicts no accuracy.

For every γ one tally is enough: α and class weights only scale what each party has.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ...data.predictions import Survey
from ...losses import LOSSES, LossSpec, loss
from ..optimum import threshold
from ..sample import Array, Setting
from .shares import carried_by, lorenz
from .tally import Tally
from .units import by_entry

GAMMAS = (0.0, 0.5, 1.0, 2.0, 3.0, 5.0)
"""The rows of the grid."""

ALPHAS = (0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999)
"""The columns of the grid where entries are positive or negative: the factor on positives; 1 − α is that on negatives."""

POWERS = (0.0, 0.25, 0.5, 0.75, 1.0)
"""The columns where classes are told apart: class weights (N / n_c)^power, scaled to a mean of 1 over the samples.

They are factors on samples, which for softmax and hard labels is what `weight` is.
"""

PLAIN = {"alpha", "weight", "pos_weight", "label_smoothing", "gamma"}
"""What the losses that are tallied are without: smoothed targets are partly of the other side, which has another factor."""


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


def asked(spec: LossSpec, gammas: Sequence[float] = GAMMAS) -> tuple[LossSpec, ...]:
    """The losses to tally: the present one without α, weights and smoothing, for every γ; focal loss where it has none."""
    key = spec.key if "gamma" in LOSSES[spec.key].own else "focal"
    activation = spec.activation if spec.activation in LOSSES[key].activations else LOSSES[key].activations[0]
    names = {p.name for p in LOSSES[key].parameters if p.activations is None or activation in p.activations}
    kept = {name: value for name, value in spec.parameters if name in names - PLAIN}
    values = sorted({*gammas, spec.gamma}) if "gamma" in LOSSES[spec.key].own else gammas
    return tuple(loss(key, activation, gamma=gamma, **kept) for gamma in values)


def advice(specs: Sequence[LossSpec], tallies: Sequence[Tally], survey: Survey, alpha: float | None = None) -> Advice:
    """The grid; `specs` as `asked` gives them, the first with γ = 0, and a tally of each. `alpha`: one more for the columns."""
    entries = by_entry(survey.task)
    counts = tallies[0].cells.count.sum(1)
    knobs = np.array(sorted({*ALPHAS, *([] if alpha is None else [alpha])}) if entries else POWERS)
    weights = [_side_weights(counts, a) if entries else _class_weights(counts, a) for a in knobs]
    first, second, sides = _sides(counts, entries)
    grids = np.array([[_cell(tally, w, first, second) for w in weights] for tally in tallies])
    ratio, hardest_1, hardest_10, mean, doubted = np.moveaxis(grids, 2, 0)
    thresholds = [_threshold(specs[-1], w, first, second, entries) for w in weights]
    plain = tallies[0].norm.total.sum() / tallies[0].norm.count.sum()
    return Advice(
        np.array([spec.gamma for spec in specs]),
        knobs,
        "alpha" if entries else "power",
        sides,
        "entries" if entries else "samples",
        ratio,
        hardest_1,
        hardest_10,
        mean / (plain or 1.0),
        doubted,
        np.array(thresholds),
    )


def _side_weights(counts: Array, alpha: float) -> Array:
    """α for positives, which have odd numbers, 1 − α for negatives."""
    return np.where(np.arange(len(counts)) % 2 == 1, alpha, 1 - alpha)


def _class_weights(counts: Array, power: float) -> Array:
    """(N / n_c)^power, with a mean of 1 over the samples; 0 for a class that has none."""
    found: Array = np.divide(counts.sum(), counts, out=np.zeros_like(counts), where=counts > 0) ** power * (counts > 0)
    found /= (found * counts).sum() / counts.sum()
    return found


def _sides(counts: Array, entries: bool) -> tuple[Array, Array, tuple[str, str]]:
    """Which parties are balanced against which, as masks: positives and negatives, or the rarest and the commonest class."""
    number = np.arange(len(counts))
    if entries:
        return number % 2 == 1, number % 2 == 0, ("positives", "negatives")
    rare = int(np.where(counts > 0, counts, np.inf).argmin())
    common = int(counts.argmax())
    common = common if common != rare else int(np.delete(number, rare)[counts[number != rare].argmax()])
    return number == rare, number == common, (f"class {rare}, the rarest", f"class {common}, the commonest")


def _cell(tally: Tally, weights: Array, first: Array, second: Array) -> tuple[float, ...]:
    """ratio, hardest 1 %, hardest 10 %, mean gradient and the suspects' share, at one γ and one knob."""
    total = tally.norm_by.total.sum(1) * weights
    curve = lorenz(tally.norm_by, weights)
    whole = total.sum() or np.nan
    doubted = (tally.suspects.norm * weights).sum() / whole if tally.suspects.count.any() else np.nan
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.float64(total[first].sum()) / total[second].sum()
    return ratio, carried_by(curve, 0.01), carried_by(curve, 0.1), total.sum() / tally.norm.count.sum(), doubted


def _threshold(spec: LossSpec, weights: Array, first: Array, second: Array, entries: bool) -> float:
    """The decision threshold between the two sides, as `analysis.optimum` finds it, with these weights on them."""
    a, b = float(weights[first][0]), float(weights[second][0])
    if entries:
        return threshold(Setting(loss("focal", "sigmoid", gamma=spec.gamma, alpha=a / (a + b)), (0.0,), (1.0,)), 0)
    pair = loss("focal", "softmax", gamma=spec.gamma, weight=(a, b))
    return threshold(Setting(pair, (0.0, 0.0), (1.0, 0.0)), 0)


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
            f"The hardest 1 % of the {found.units} carry {found.hardest_1[i, j]:.1%} of the gradient, the hardest 10 % "
            f"{found.hardest_10[i, j]:.1%}."
        )
        sentences.append(
            f"The mean gradient is {scale:.3g} times that of plain cross-entropy: with the same learning rate, training "
            f"takes steps {_times(scale)}."
        )
    if np.isfinite(found.threshold[j]):
        sentences.append(f"A model that minimises this loss predicts {first} where their true probability is above "
                         f"{found.threshold[j]:.3g}; γ does not move that.")  # fmt: skip
    if np.isfinite(found.suspects[i, j]):
        sentences.append(f"{found.suspects[i, j]:.1%} of the gradient falls on suspects.")
    return tuple(sentences)


def _balance(ratio: float, first: str, second: str) -> str:
    if not np.isfinite(ratio) or ratio == 0:
        return f"{'None' if np.isnan(ratio) else 'Only one'} of the two sides, {first} and {second}, has a gradient here."
    if ratio >= 1:
        return f"In all, {first} pull {ratio:.3g} times as hard as {second}."
    return f"In all, {second} pull {1 / ratio:.3g} times as hard as {first}."


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
