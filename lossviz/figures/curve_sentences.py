"""What is seen in a picture of curves, in one sentence of whole clauses."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..analysis.comparison import CrossEntropyComparison
from ..analysis.optimum import Optimum
from ..evaluation.setting import Array
from ..losses import LOSSES
from ..losses.spec import LossSpec
from ..numbers import format_number
from ..texts import Message, enumerated, joined, say

HONEST = 2e-3
"""Predictions that are nowhere farther from the true probability than this are the true probability."""


class Point(NamedTuple):
    """The symbol of the axis, and of what the scrubber moves with its value: "γ = 2"; empty for a logit."""

    symbol: str
    parameter: str = ""


MANY_TIMES = 1e6
"""A factor that is told no more exactly."""


def sentence(quantity: str, shown: CrossEntropyComparison, point: Point, is_cross_entropy: bool) -> str:
    """One sentence about a picture of `analysis.curves`."""
    place = f"{point.symbol} = {format_number(shown.x, 3)}"
    at = say("{parameter} and {place}", parameter=point.parameter, place=place) if point.parameter else place
    if is_cross_entropy:
        return _of_cross_entropy(quantity, shown, point, at)
    clauses = {"loss": GRADIENT_OF_LOSS, "gradient": GRADIENT, "multiplier": MULTIPLIER}.get(quantity, CONCAVE)
    present = {"loss": _loss, "gradient": _gradient, "multiplier": _multiplier}.get(quantity, _curvature)
    return say("{present}; {where}.", present=present(shown, at), where=_where(clauses, shown, point))


def _of_cross_entropy(quantity: str, shown: CrossEntropyComparison, point: Point, at: str) -> str:
    own = format_number(shown.own, 3)
    match quantity:
        case "loss":
            return say("At {at} the loss is cross-entropy itself, {own} nats.", at=at, own=own)
        case "gradient":
            return say("At {at} the gradient is cross-entropy’s own, {own}.", at=at, own=own)
        case "multiplier":
            return say("This is the cross-entropy that multipliers compare with: w is 1 everywhere.")
    where = _where(CONCAVE, shown, point)
    return say("At {at} the curvature is cross-entropy’s own, {own}; {where}.", at=at, own=own, where=where)


def with_same_parameters(text: str, spec: LossSpec, ce: LossSpec) -> str:
    """A sentence that compares a loss with cross-entropy, and which parameters of the loss that has too."""
    if spec == ce:
        return text
    kept = [p.symbol for p in LOSSES[ce.key].parameters_with(ce.activation) if p.symbol and getattr(ce, p.name) != p.default]
    if not kept:
        return text
    return joined((text, say("Cross-entropy has the same {symbols} here.", symbols=enumerated(kept))), " ")


def _loss(shown: CrossEntropyComparison, at: str) -> str:
    own, ce = shown.own, shown.cross_entropy
    numbers = {"own": format_number(own, 3), "ce": format_number(ce, 3)}
    if np.isinf(own) and np.isinf(ce):
        return say("At {at} the loss is infinite, as cross-entropy is", at=at)
    if np.isinf(own):
        return say("At {at} the loss is infinite", at=at)
    if np.isinf(ce):
        return say("At {at} the loss is {own} nats where cross-entropy is infinite", at=at, **numbers)
    if shown.is_lowest or min(own, ce) <= 0:
        return say("At {at} the loss is {own} nats, cross-entropy {ce} nats", at=at, **numbers)
    return _loss_ratio(own, ce, at)


def _loss_ratio(own: float, ce: float, at: str) -> str:
    if _is_even(own / ce):
        return say("At {at} the loss is as large as cross-entropy", at=at)
    if ce / own >= MANY_TIMES:
        return say("At {at} the loss is over a million times smaller than cross-entropy", at=at)
    if own < ce:
        return say("At {at} the loss is {ratio}× smaller than cross-entropy", at=at, ratio=factor(ce / own))
    if own / ce >= MANY_TIMES:
        return say("At {at} the loss is over a million times as large as cross-entropy", at=at)
    return say("At {at} the loss is {ratio}× as large as cross-entropy", at=at, ratio=factor(own / ce))


def _gradient(shown: CrossEntropyComparison, at: str) -> str:
    own, ce = shown.own, shown.cross_entropy
    if own * ce > 0 and np.isfinite(own / ce) and np.isfinite(ce / own):
        return _gradient_ratio(own, ce, at)
    numbers = {"own": format_number(own, 3), "ce": format_number(ce, 3)}
    return say("At {at} the gradient is {own}, cross-entropy’s {ce}", at=at, **numbers)


def _gradient_ratio(own: float, ce: float, at: str) -> str:
    if _is_even(own / ce):
        return say("At {at} the gradient is as large as cross-entropy’s", at=at)
    if ce / own >= MANY_TIMES:
        return say("At {at} the gradient is over a million times smaller than cross-entropy’s", at=at)
    if abs(own) < abs(ce):
        return say("At {at} the gradient is {ratio}× smaller than cross-entropy’s", at=at, ratio=factor(ce / own))
    if own / ce >= MANY_TIMES:
        return say("At {at} the gradient is over a million times as large as cross-entropy’s", at=at)
    return say("At {at} the gradient is {ratio}× as large as cross-entropy’s", at=at, ratio=factor(own / ce))


def _multiplier(shown: CrossEntropyComparison, at: str) -> str:
    if np.isnan(shown.own):
        return say("At {at} there is no gradient to compare", at=at)
    if _is_even(shown.own):
        return say("At {at} the gradient is as large as cross-entropy’s", at=at)
    return say("At {at} the gradient is {ratio} times cross-entropy’s", at=at, ratio=format_number(shown.own, 3))


def _curvature(shown: CrossEntropyComparison, at: str) -> str:
    own, ce = (format_number(value, 3) for value in (shown.own, shown.cross_entropy))
    return say("At {at} the curvature is {own}, cross-entropy’s {ce}", at=at, own=own, ce=ce)


def _is_even(ratio: float) -> bool:
    return abs(ratio - 1) < 5e-3


def factor(ratio: float) -> str:
    """A factor, to the digits that mean something.

    >>> factor(7.9313), factor(48213.4)
    ('7.93', '48,213')
    """
    return f"{ratio:,.0f}" if ratio >= 1000 else format_number(ratio, 3)


class Clauses(NamedTuple):
    """Where on the axis something is so: templates, of which `_where` fills one."""

    nowhere: str
    everywhere: str
    below: str
    above: str
    between: str
    several: str


GRADIENT_OF_LOSS = Clauses(
    say("its gradient is never larger"),
    say("its gradient is larger everywhere"),
    say("its gradient is larger below {symbol} = {high}"),
    say("its gradient is larger above {symbol} = {low}"),
    say("its gradient is larger between {symbol} = {low} and {high}"),
    say("its gradient is larger in {count} ranges of {symbol}"),
)
GRADIENT = Clauses(
    say("it is never larger"),
    say("it is larger everywhere"),
    say("it is larger below {symbol} = {high}"),
    say("it is larger above {symbol} = {low}"),
    say("it is larger between {symbol} = {low} and {high}"),
    say("it is larger in {count} ranges of {symbol}"),
)
MULTIPLIER = Clauses(
    say("the multiplier w is never above 1"),
    say("the multiplier w is above 1 everywhere"),
    say("the multiplier w falls below 1 at {symbol} = {high}"),
    say("the multiplier w rises above 1 at {symbol} = {low}"),
    say("the multiplier w crosses 1 at {symbol} = {low} and {high}"),
    say("the multiplier w is above 1 in {count} ranges of {symbol}"),
)
CONCAVE = Clauses(
    say("the loss is convex everywhere"),
    say("the loss is concave everywhere"),
    say("the loss is concave below {symbol} = {high}"),
    say("the loss is concave above {symbol} = {low}"),
    say("the loss is concave between {symbol} = {low} and {high}"),
    say("the loss is concave in {count} ranges of {symbol}"),
)


def _where(clauses: Clauses, shown: CrossEntropyComparison, point: Point) -> str:
    if len(shown.intervals) != 1:
        text = clauses.several if len(shown.intervals) else clauses.nowhere
        return Message(text, {"symbol": point.symbol, "count": len(shown.intervals)})
    (low, high), (first, last) = shown.intervals[0].tolist(), shown.reach
    text = {
        (True, True): clauses.everywhere,
        (True, False): clauses.below,
        (False, True): clauses.above,
        (False, False): clauses.between,
    }[bool(low <= first), bool(high >= last)]
    return Message(text, {"symbol": point.symbol, "low": format_number(low, 2), "high": format_number(high, 2)})


def optimum_sentence(optimum: Optimum, name: str, inverse: bool) -> str:
    """One sentence about the prediction that minimises a loss, or with `inverse` the truth behind a prediction."""
    distance = np.abs(optimum.p - optimum.eta)
    if not np.isfinite(distance).any():
        return say("With {name}, the loss is the same whatever is predicted.", name=name)
    if np.nanmax(distance) < HONEST:
        return (
            say("With {name}, a prediction is the true probability itself: the loss is proper.", name=name)
            if inverse
            else say("With {name}, the best prediction is the true probability itself: the loss is proper.", name=name)
        )
    farthest = int(np.nanargmax(_likelier(distance, optimum)))
    eta, p = (format_number(float(values[farthest]), 2) for values in (optimum.eta, optimum.p))
    if inverse:
        return say(
            "With {name}, a prediction of {p} stands for a true probability of {eta}, the largest gap between the two.",
            name=name,
            p=p,
            eta=eta,
        )
    return say(
        "With {name}, a true probability of {eta} is best predicted as {p}, the largest gap between the two.",
        name=name,
        p=p,
        eta=eta,
    )


def _likelier(distance: Array, optimum: Optimum) -> Array:
    """Distances of the upper half, where the truth is the likelier outcome, if there are any."""
    upper = optimum.eta >= 0.5
    kept: Array = np.where(upper, distance, -1.0) if np.nanmax(np.where(upper, distance, -1.0)) >= HONEST else distance
    return kept
