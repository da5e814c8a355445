"""What the advisor's grid says about one place in it, in sentences."""

from __future__ import annotations

import numpy as np

from ...evaluation.setting import Setting, baseline
from ...losses import LOSSES, LossSpec
from ..optimum import optimum
from .advisor import Advice, alpha_of, with_gamma, without_role

TITLE = "What would γ, and α or class weights, do to this model’s gradient?"
"""The question that the grid answers."""

FIXED = (
    "Computed for a fixed model: these are the gradients of its next training step. They do not predict accuracy, and a model "
    "trained with another loss has other gradients."
)
"""What the grid cannot say."""


def aside(spec: LossSpec) -> tuple[str, ...]:
    """What of the present loss is not in the grid: its kind where it has no γ, and factors that the grid has its own of."""
    sentences = []
    if not spec.has_gamma and baseline(spec) != spec:
        sentences.append(f"The grid is for focal loss; {LOSSES[spec.key].name} has no γ and is not in it.")
    names = [
        name for name, value in (("class weights", spec.weight), ("positive weight", spec.pos_weight)) if value is not None
    ]
    if spec.alpha is not None and (spec.activation != "sigmoid" or isinstance(spec.alpha, tuple)):
        names.append("α")
    if names:
        sentences.append(f"The grid leaves out your {' and your '.join(names)}: it varies these factors itself.")
    return tuple(sentences)


def place(advice: Advice, gamma: float, knob: float | None) -> str:
    """A place in the grid, in words."""
    if advice.knob == "power":
        return f"γ = {gamma:g} without class weights" if not knob else f"γ = {gamma:g} and class weights to the power {knob:g}"
    return f"γ = {gamma:g} and α off" if knob is None else f"γ = {gamma:g} and α = {knob:g}"


def landmark(advice: Advice, gamma: float, knob: float | None) -> str:
    """What a place in the grid is called that is not the present loss."""
    return "cross-entropy" if gamma == 0 and not knob else place(advice, gamma, knob)


def finding(advice: Advice, gamma: float, knob: float | None, what: str) -> str:
    """What the grid says of one quantity at a place, in one sentence."""
    i, j = advice.row(gamma), advice.column(knob)
    where, value = place(advice, gamma, knob), float(getattr(advice, what)[i, j])
    if what == "ratio":
        return _balanced(where, value, *advice.sides)
    if not np.isfinite(value):
        return f"At {where}, there is no gradient to share."
    if what == "scale":
        return f"At {where}, the mean gradient is {_three(value)} times that of plain cross-entropy."
    if what == "suspects":
        return f"At {where}, {100 * value:.1f}% of the gradient falls on suspects."
    part = "1%" if what == "hardest_1" else "10%"
    return f"At {where}, the hardest {part} of the {advice.units} carry {100 * value:.1f}% of the gradient."


def _balanced(where: str, ratio: float, first: str, second: str) -> str:
    if not np.isfinite(ratio) or ratio == 0:
        number = "neither" if np.isnan(ratio) else "only one"
        return f"At {where}, {number} of the two sides, {first} and {second}, has a gradient."
    larger, smaller, times = (first, second, ratio) if ratio >= 1 else (second, first, 1 / ratio)
    if times < 1.0005:
        return f"At {where}, the gradients of {first} and of {second} are equally large in total."
    return f"At {where}, the total gradient of {larger} is {_three(times)} times that of {smaller}."


def reading(advice: Advice, gamma: float, knob: float | None) -> tuple[str, ...]:
    """What the grid says at a γ and a value of the knob, None for off."""
    i, j = advice.row(gamma), advice.column(knob)
    sentences = [_balance(advice.ratio[i, j], *advice.sides)]
    if advice.scale[i, j] > 0:
        sentences.append(
            f"The hardest 1% of the {advice.units} carry {100 * advice.hardest_1[i, j]:.1f}% of the gradient, the hardest 10% "
            f"carry {100 * advice.hardest_10[i, j]:.1f}%."
        )
        sentences.append(_size(advice.scale[i, j]))
    if np.isfinite(advice.suspects[i, j]):
        sentences.append(f"{100 * advice.suspects[i, j]:.1f}% of the gradient falls on suspects.")
    if np.isfinite(advice.threshold[j]):
        sentences.append(_decision(advice, i, j))
    if advice.knob == "alpha":
        sentences.append(_equal(advice, i))
    return tuple(sentences)


def _balance(ratio: float, first: str, second: str) -> str:
    if not np.isfinite(ratio) or ratio == 0:
        return f"{'None' if np.isnan(ratio) else 'Only one'} of the two sides, {first} and {second}, has a gradient here."
    larger, smaller, times = (first, second, ratio) if ratio >= 1 else (second, first, 1 / ratio)
    if times < 1.0005:
        return f"In total, the gradients of {first} and of {second} are equally large."
    return f"In total, the gradient of {larger} is {_three(times)} times that of {smaller}."


def _three(x: float) -> str:
    """Three digits, and no power of ten before there are six of them."""
    return f"{float(f'{x:.3g}'):g}"


def _size(scale: float) -> str:
    """The mean gradient against cross-entropy's, and what that makes of a learning rate."""
    if abs(scale - 1) < 5e-4:
        return "The mean gradient is as large as that of plain cross-entropy."
    return (
        f"The mean gradient is {_three(scale)} times that of plain cross-entropy, and so is a step at the same learning rate."
    )


def _decision(advice: Advice, i: int, j: int) -> str:
    """Where a model that minimizes the loss changes its decision, and how to have it change at ½."""
    at = advice.threshold[j]
    if not advice.pair:
        first, second = advice.sides
        return (
            f"Between {first} and {second}, a model that minimizes this loss prefers the former where it has more than "
            f"{100 * at:.3g}% of the probability of the two; γ does not move that threshold. Each pair of classes has its own."
        )
    first = "a positive" if advice.knob == "alpha" else without_role(advice.sides[0])
    sentence = (
        f"A model that minimizes this loss predicts {first} where its true probability is above {at:.3g}; γ does not move that "
        "threshold."
    )
    if advice.knob == "power" or abs(at - 0.5) < 5e-4:
        return sentence
    alpha, cut = float(advice.knobs[j]), output_at_half(advice.spec, float(advice.gammas[i]), float(advice.knobs[j]))
    return (
        f"{sentence} To decide at a true probability of 0.5 after training with α = {alpha:.4g}, compare its output with "
        f"{cut:.3g} instead of 0.5."
    )


def output_at_half(spec: LossSpec, gamma: float, alpha: float) -> float:
    """The output of a model that minimizes the loss where the truth is as likely as not."""
    setting = Setting(with_gamma(spec, gamma, **alpha_of(alpha)), (0.0,), (1.0,))
    return float(optimum(setting, 0, points=3).p[1])


def _equal(advice: Advice, i: int) -> str:
    """The α at which the two sides are equal, and why that is no aim."""
    alpha = equal_alpha(advice, i)
    if not np.isfinite(alpha):
        return "No α makes the two gradients equal."
    return (
        f"At γ = {advice.gammas[i]:g} the two gradients are equal at α = {alpha:.3g}. That is not a target: at γ = 0, every "
        "model that has converged is at 1:1 with α = 0.5, however rare positives are; and α moves the threshold. Choose α "
        "by the precision and recall that you need on validation data."
    )


def equal_alpha(advice: Advice, i: int) -> float:
    """The α at which the gradients of both sides are equal; nan where there is none.

    With hard labels α scales their ratio by α/(1 − α), which is a straight line over log-odds. Between the columns of the grid
    it is taken for one in any case.
    """
    known = np.isfinite(advice.knobs)
    odds = np.log(advice.knobs[known] / (1 - advice.knobs[known]))
    with np.errstate(divide="ignore", invalid="ignore"):
        height = np.log(advice.ratio[i, known])
    if not np.isfinite(height).all():
        return float("nan")
    if np.ptp(height - odds) < 1e-6:
        return float(1 / (1 + np.exp(np.mean(height - odds))))
    inside = height[0] <= 0 <= height[-1]
    return float(1 / (1 + np.exp(-np.interp(0, height, odds)))) if inside else float("nan")
