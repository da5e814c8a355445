"""What would γ, and α or class weights, do to a model's gradient? Read from a *fixed* model: it predicts no accuracy.

With hard labels one pass is enough for a γ: α and class weights only scale what each stratum has. Soft and smoothed targets are
of both sides, and one-vs-rest sigmoids have a weight for each class and not for the sample: there every cell is a loss.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from ...data.predictions import Survey
from ...evaluation.setting import Array, Setting, baseline
from ...losses import LOSSES, LossSpec
from ...texts import Message, say
from ..optimum import threshold
from .batch_stats import BatchStats
from .counting_unit import by_entry
from .shares import carried_by, lorenz

GAMMAS = (0.0, 0.5, 1.0, 2.0, 3.0, 5.0)
"""The rows of the grid."""

ALPHAS = (0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999)
"""The columns of the grid where entries are positive or negative, after the one without α: the factor on positives; 1 − α is
that on negatives."""

POWERS = (0.0, 0.25, 0.5, 0.75, 1.0)
"""The columns where classes are told apart: class weights (N / n_c)^power, scaled to a mean of 1 over the samples."""


def without_role(side: str) -> str:
    """The name of a side alone."""
    return str(side.parts.get("side", side)) if isinstance(side, Message) else side


QUANTITIES = ("ratio", "hardest_1", "hardest_10", "scale", "suspects")
"""What each cell of the grid has a number for, by the names of `Advice`."""

REPLACED = {"alpha", "weight", "pos_weight", "gamma"}
"""What the grid has its own values of."""


class Advice(NamedTuple):
    """Over γ (G,) × knob (A,), each (G, A).

    ratio: total gradient of the first of `sides` ÷ that of the second. hardest_1, hardest_10: the share of the gradient that
    the hardest 1 % and 10 % carry. scale: mean gradient ÷ that of plain cross-entropy: by so much the learning rate is
    changed. suspects: the share of the gradient that falls on suspects, nan where none is known. threshold (A,): the true
    probability of the first side, among the two, above which it is predicted; it is the same for all γ.
    knob: "alpha" or "power"; an α of nan is off, where all have the factor 1. units: "entries" or "samples". spec: the loss
    that the grid is of. pair: whether the sides are all there is, and not two of several classes.
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
    spec: LossSpec
    pair: bool

    def column(self, knob: float | None) -> int:
        """The column of a value of the knob, or the nearest; None is off."""
        if knob is None:
            return int(np.isnan(self.knobs).argmax()) if self.knob == "alpha" else int(np.abs(self.knobs).argmin())
        return int(np.nanargmin(np.abs(self.knobs - knob)))

    def row(self, gamma: float) -> int:
        """The row of a γ, or the nearest."""
        return int(np.abs(self.gammas - gamma).argmin())


class Cell(NamedTuple):
    """A loss whose statistics are needed, and the factor of each stratum in it, (P,); None where the loss has them itself."""

    spec: LossSpec
    factors: Array | None


def grid_losses(spec: LossSpec, survey: Survey) -> tuple[LossSpec, ...]:
    """The losses whose statistics `advice` needs."""
    return tuple(dict.fromkeys((with_gamma(spec, 0.0), *(cell.spec for row in _cells(spec, survey) for cell in row))))


def advice(spec: LossSpec, survey: Survey, all_stats: Mapping[LossSpec, BatchStats]) -> Advice:
    """The grid around a loss: its own γ and α are in it, all else about it stays. `all_stats` of those in `grid_losses`."""
    entries = by_entry(survey.task)
    first, second, sides = _sides(survey, entries)
    plain = all_stats[with_gamma(spec, 0.0)].norm
    grid = np.array([[_read(all_stats[x.spec], x.factors, first, second) for x in row] for row in _cells(spec, survey)])
    ratio, hardest_1, hardest_10, mean, suspects = np.moveaxis(grid, 2, 0)
    return Advice(
        np.array(_gammas(spec)),
        np.array(_knobs(spec, entries)),
        "alpha" if entries else "power",
        sides,
        say("entries") if survey.task == "multi-label" else say("samples"),
        ratio,
        hardest_1,
        hardest_10,
        mean / (plain.total.sum() / plain.counts.sum() or 1.0),
        suspects,
        np.array([_threshold(spec, survey, knob, first, second) for knob in _knobs(spec, entries)]),
        spec,
        entries or survey.classes == 2,
    )


def present_knob(spec: LossSpec, survey: Survey) -> float | None:
    """Where the loss is along the knob; None where it has no α, or one for each class. Class weights are those of the grid."""
    if not by_entry(survey.task):
        return 0.0
    return spec.alpha if isinstance(spec.alpha, float) else None


def in_grid(spec: LossSpec, survey: Survey) -> bool:
    """Whether a cell of the grid is the loss itself, and not the loss without some of its factors."""
    has_gamma = spec.has_gamma or baseline(spec) == spec
    alpha = isinstance(spec.alpha, float) if by_entry(survey.task) else False
    return has_gamma and spec.weight is None and spec.pos_weight is None and (alpha or spec.alpha is None)


def _gammas(spec: LossSpec) -> tuple[float, ...]:
    return tuple(sorted({*GAMMAS, spec.gamma}))


def _knobs(spec: LossSpec, entries: bool) -> tuple[float, ...]:
    own = [spec.alpha] if isinstance(spec.alpha, float) else []
    return (np.nan, *sorted({*ALPHAS, *own})) if entries else POWERS


def with_gamma(spec: LossSpec, gamma: float, **factors: Any) -> LossSpec:
    """Focal loss with this γ and these factors, and all else as the present loss has it; which it equals, if it has a γ."""
    focal = LOSSES["focal"]
    activation = spec.activation if spec.activation in focal.activations else focal.activations[0]
    names = {p.name for p in focal.parameters_with(activation)} - REPLACED
    kept = {name: value for name, value in spec.parameters if name in names}
    form = next((dict(limit.when) for limit in focal.limits if limit.equals == spec.key and not REPLACED & set(limit.when)), {})
    return focal.spec(activation, gamma=gamma, **(kept | form), **factors)


def _cells(spec: LossSpec, survey: Survey) -> list[list[Cell]]:
    """A row for each γ, a cell for each knob."""
    entries = by_entry(survey.task)
    scales = not survey.soft and spec.label_smoothing == 0 and (entries or spec.activation != "sigmoid")
    return [[_cell(spec, survey, gamma, knob, scales) for knob in _knobs(spec, entries)] for gamma in _gammas(spec)]


def _cell(spec: LossSpec, survey: Survey, gamma: float, knob: float, scales: bool) -> Cell:
    entries = by_entry(survey.task)
    if scales:
        return Cell(with_gamma(spec, gamma), _side_factors(survey, knob) if entries else _class_weights(survey, knob))
    own = alpha_of(knob) if entries else {"weight": tuple(_class_weights(survey, knob).tolist())}
    return Cell(with_gamma(spec, gamma, **own), None)


def alpha_of(knob: float | None) -> dict[str, Any]:
    """The parameter of a loss that a value of the knob is; none where it is off."""
    return {} if knob is None or np.isnan(knob) else {"alpha": float(knob)}


def _side_factors(survey: Survey, alpha: float) -> Array:
    """1 − α of the negatives and α of the positives of each class; 1 where α is off."""
    return np.ones(2 * survey.classes) if np.isnan(alpha) else np.tile([1 - alpha, alpha], survey.classes)


def _class_weights(survey: Survey, power: float) -> Array:
    """(N / n_c)^power, with a mean of 1 over the samples; 0 for a class that has none."""
    counts = np.array(survey.counts)
    weights: Array = np.divide(counts.sum(), counts, out=np.zeros_like(counts), where=counts > 0) ** power * (counts > 0)
    weights /= (weights * counts).sum() / counts.sum()
    return weights


def _sides(survey: Survey, entries: bool) -> tuple[Array, Array, tuple[str, str]]:
    """Which strata are balanced against which, as masks: positives and negatives, or the rarest and the commonest class."""
    if entries:
        number = np.arange(2 * survey.classes)
        return number % 2 == 1, number % 2 == 0, (say("positives"), say("negatives"))
    counts, number = np.array(survey.counts), np.arange(survey.classes)
    rare = int(np.where(counts > 0, counts, np.inf).argmin())
    common = int(counts.argmax())
    common = common if common != rare else int(np.delete(number, rare)[counts[number != rare].argmax()])
    names = survey.class_label(rare), survey.class_label(common)
    if counts[rare] != counts[common]:
        names = say("{side} (the rarest)", side=names[0]), say("{side} (the most common)", side=names[1])
    return number == rare, number == common, names


def _read(stats: BatchStats, factors: Array | None, first: Array, second: Array) -> tuple[float, ...]:
    """ratio, hardest 1 %, hardest 10 %, mean gradient and the suspects' share, in one cell of the grid."""
    weights = np.ones(stats.norm_by.strata) if factors is None else factors
    total = stats.norm_by.total_by_stratum * weights
    # Where all have the same factor, the finer cells of all strata together tell as much.
    curve = lorenz(stats.norm) if np.ptp(weights) == 0 else lorenz(stats.norm_by, weights)
    whole = total.sum() or np.nan
    suspects = (stats.suspects.norm * weights).sum() / whole if stats.suspects.counts.any() else np.nan
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.float64(total[first].sum()) / total[second].sum()
    return ratio, carried_by(curve, 0.01), carried_by(curve, 0.1), total.sum() / stats.norm.counts.sum(), suspects


def _threshold(spec: LossSpec, survey: Survey, knob: float, first: Array, second: Array) -> float:
    """The decision threshold between the two sides, as `analysis.optimum` finds it, with these factors on them."""
    if by_entry(survey.task):
        return threshold(Setting(with_gamma(spec, 0.0, **alpha_of(knob)), (0.0,), (1.0,)), 0, labels=not survey.soft)
    if spec.activation == "sigmoid":
        return 0.5  # a weight is on the yes and on the no of its class alike
    weights = _class_weights(survey, knob)
    a, b = float(weights[first][0]), float(weights[second][0])
    return threshold(Setting(with_gamma(spec, 0.0, weight=(a, b)), (0.0, 0.0), (1.0, 0.0)), 0)
