"""What the advisor's grid says about one place in it, in sentences."""

from __future__ import annotations

import numpy as np

from ...evaluation.setting import Setting, baseline
from ...losses import LOSSES, LossSpec
from ...texts import joined, say
from ..optimum import optimum
from .advisor import Advice, alpha_of, with_gamma, without_role

TITLE = say("What would γ, and α or class weights, do to this model’s gradient?")
"""The question that the grid answers."""

FIXED = say(
    "Computed for a fixed model: these are the gradients of its next training step. They do not predict accuracy, and a model "
    "trained with another loss has other gradients."
)
"""What the grid cannot say."""


def aside(spec: LossSpec) -> tuple[str, ...]:
    """What of the present loss is not in the grid: its kind where it has no γ, and factors that the grid has its own of."""
    sentences = []
    if not spec.has_gamma and baseline(spec) != spec:
        sentences.append(say("The grid is for focal loss; {loss} has no γ and is not in it.", loss=LOSSES[spec.key].name))
    own_alpha = spec.alpha is not None and (spec.activation != "sigmoid" or isinstance(spec.alpha, tuple))
    factors = (
        (say("your class weights"), spec.weight is not None),
        (say("your positive weight"), spec.pos_weight is not None),
        (say("your α"), own_alpha),
    )
    if left_out := [name for name, present in factors if present]:
        factor = joined(left_out, " and ")
        sentences.append(say("The grid leaves out {factors}: it varies these factors itself.", factors=factor))
    return tuple(sentences)


def place(advice: Advice, gamma: float, knob: float | None) -> str:
    """A place in the grid, in words."""
    if advice.knob == "power" and not knob:
        return say("γ = {gamma:g} without class weights", gamma=gamma)
    if advice.knob == "power":
        return say("γ = {gamma:g} and class weights to the power {power:g}", gamma=gamma, power=knob)
    if knob is None:
        return say("γ = {gamma:g} and α off", gamma=gamma)
    return say("γ = {gamma:g} and α = {alpha:g}", gamma=gamma, alpha=knob)


def landmark(advice: Advice, gamma: float, knob: float | None) -> str:
    """What a place in the grid is called that is not the present loss."""
    return say("cross-entropy") if gamma == 0 and not knob else place(advice, gamma, knob)


def finding(advice: Advice, gamma: float, knob: float | None, what: str) -> str:
    """What the grid says of one quantity at a place, in one sentence."""
    i, j = advice.row(gamma), advice.column(knob)
    where, value = place(advice, gamma, knob), float(getattr(advice, what)[i, j])
    if what == "ratio":
        return _balanced(where, value, *advice.sides)
    if not np.isfinite(value):
        return say("At {place}, there is no gradient to share.", place=where)
    if what == "scale":
        return say(
            "At {place}, the mean gradient is {times} times that of plain cross-entropy.", place=where, times=_three(value)
        )
    if what == "suspects":
        return say("At {place}, {share:.1f}% of the gradient falls on suspects.", place=where, share=100 * value)
    return say(
        "At {place}, the hardest {part} of the {units} carry {share:.1f}% of the gradient.",
        place=where,
        part="1%" if what == "hardest_1" else "10%",
        units=advice.units,
        share=100 * value,
    )


def _balanced(where: str, ratio: float, first: str, second: str) -> str:
    values = {"place": where, "first": first, "second": second}
    if np.isnan(ratio):
        return say("At {place}, neither of the two sides, {first} and {second}, has a gradient.", **values)
    if not np.isfinite(ratio) or ratio == 0:
        return say("At {place}, only one of the two sides, {first} and {second}, has a gradient.", **values)
    larger, smaller, times = (first, second, ratio) if ratio >= 1 else (second, first, 1 / ratio)
    if times < 1.0005:
        return say("At {place}, the gradients of {first} and of {second} are equally large in total.", **values)
    return say(
        "At {place}, the total gradient of {larger} is {times} times that of {smaller}.",
        place=where,
        larger=larger,
        times=_three(times),
        smaller=smaller,
    )


def reading(advice: Advice, gamma: float, knob: float | None) -> tuple[str, ...]:
    """What the grid says at a γ and a value of the knob, None for off."""
    i, j = advice.row(gamma), advice.column(knob)
    sentences = [_balance(advice.ratio[i, j], *advice.sides)]
    if advice.scale[i, j] > 0:
        sentences.append(
            say(
                "The hardest 1% of the {units} carry {one:.1f}% of the gradient, the hardest 10% carry {ten:.1f}%.",
                units=advice.units,
                one=100 * advice.hardest_1[i, j],
                ten=100 * advice.hardest_10[i, j],
            )
        )
        sentences.append(_size(advice.scale[i, j]))
    if np.isfinite(advice.suspects[i, j]):
        sentences.append(say("{share:.1f}% of the gradient falls on suspects.", share=100 * advice.suspects[i, j]))
    if np.isfinite(advice.threshold[j]):
        sentences.append(_decision(advice, i, j))
    if advice.knob == "alpha":
        sentences.append(_equal(advice, i))
    return tuple(sentences)


def _balance(ratio: float, first: str, second: str) -> str:
    sides = {"first": first, "second": second}
    if np.isnan(ratio):
        return say("None of the two sides, {first} and {second}, has a gradient here.", **sides)
    if not np.isfinite(ratio) or ratio == 0:
        return say("Only one of the two sides, {first} and {second}, has a gradient here.", **sides)
    larger, smaller, times = (first, second, ratio) if ratio >= 1 else (second, first, 1 / ratio)
    if times < 1.0005:
        return say("In total, the gradients of {first} and of {second} are equally large.", **sides)
    return say(
        "In total, the gradient of {larger} is {times} times that of {smaller}.",
        larger=larger,
        times=_three(times),
        smaller=smaller,
    )


def _three(x: float) -> str:
    """Three digits, and no power of ten before there are six of them."""
    return f"{float(f'{x:.3g}'):g}"


def _size(scale: float) -> str:
    """The mean gradient against cross-entropy's, and what that makes of a learning rate."""
    if abs(scale - 1) < 5e-4:
        return say("The mean gradient is as large as that of plain cross-entropy.")
    return say(
        "The mean gradient is {times} times that of plain cross-entropy, and so is a step at the same learning rate.",
        times=_three(scale),
    )


def _decision(advice: Advice, i: int, j: int) -> str:
    """Where a model that minimizes the loss changes its decision, and how to have it change at ½."""
    at = advice.threshold[j]
    if not advice.pair:
        first, second = advice.sides
        return say(
            "Between {first} and {second}, a model that minimizes this loss prefers the former where it has more than "
            "{share:.3g}% of the probability of the two; γ does not move that threshold. Each pair of classes has its own.",
            first=first,
            second=second,
            share=100 * at,
        )
    sentence = _predicted(advice, at)
    if advice.knob == "power" or abs(at - 0.5) < 5e-4:
        return sentence
    alpha = float(advice.knobs[j])
    mended = say(
        "To decide at a true probability of 0.5 after training with α = {alpha:.4g}, compare its output with {cut:.3g} instead "
        "of 0.5.",
        alpha=alpha,
        cut=output_at_half(advice.spec, float(advice.gammas[i]), alpha),
    )
    return joined([sentence, mended], " ")


def _predicted(advice: Advice, at: float) -> str:
    """Above which true probability the first side is predicted, where the two are all there is."""
    if advice.knob == "alpha":
        return say(
            "A model that minimizes this loss predicts a positive where its true probability is above {threshold:.3g}; γ does "
            "not move that threshold.",
            threshold=at,
        )
    return say(
        "A model that minimizes this loss predicts {side} where its true probability is above {threshold:.3g}; γ does not move "
        "that threshold.",
        side=without_role(advice.sides[0]),
        threshold=at,
    )


def output_at_half(spec: LossSpec, gamma: float, alpha: float) -> float:
    """The output of a model that minimizes the loss where the truth is as likely as not."""
    setting = Setting(with_gamma(spec, gamma, **alpha_of(alpha)), (0.0,), (1.0,))
    return float(optimum(setting, 0, points=3).p[1])


def _equal(advice: Advice, i: int) -> str:
    """The α at which the two sides are equal, and why that is no aim."""
    alpha = equal_alpha(advice, i)
    if not np.isfinite(alpha):
        return say("No α makes the two gradients equal.")
    return say(
        "At γ = {gamma:g} the two gradients are equal at α = {alpha:.3g}. That is not a target: at γ = 0, every "
        "model that has converged is at 1:1 with α = 0.5, however rare positives are; and α moves the threshold. Choose α "
        "by the precision and recall that you need on validation data.",
        gamma=advice.gammas[i],
        alpha=alpha,
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
