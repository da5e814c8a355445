"""What is seen in a picture of curves, in one sentence of whole clauses."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..analysis.comparison import CrossEntropyComparison
from ..analysis.optimum import Optimum
from ..evaluation.setting import Array
from ..numbers import format_number

HONEST = 2e-3
"""Predictions that are nowhere farther from the true probability than this are the true probability."""


class Point(NamedTuple):
    """The symbol of the axis, and of what the scrubber moves with its value: "γ = 2"; empty for a logit."""

    symbol: str
    parameter: str = ""


def sentence(quantity: str, shown: CrossEntropyComparison, point: Point, is_cross_entropy: bool) -> str:
    """One sentence about a picture of `analysis.curves`."""
    place = f"{point.symbol} = {format_number(shown.x, 3)}"
    at = f"{point.parameter} and {place}" if point.parameter else place
    if is_cross_entropy:
        return _of_cross_entropy(quantity, shown, point, at)
    match quantity:
        case "loss":
            return f"{_loss(shown, at)}; {_where(GRADIENT_OF_LOSS, shown, point)}."
        case "gradient":
            return f"{_gradient(shown, at)}; {_where(GRADIENT, shown, point)}."
        case "multiplier":
            return f"{_multiplier(shown, at)}; {_where(MULTIPLIER, shown, point)}."
    own, ce = (format_number(value, 3) for value in (shown.own, shown.cross_entropy))
    return f"At {at} the curvature is {own}, cross-entropy’s {ce}; {_where(CONCAVE, shown, point)}."


def _of_cross_entropy(quantity: str, shown: CrossEntropyComparison, point: Point, at: str) -> str:
    own = format_number(shown.own, 3)
    match quantity:
        case "loss":
            return f"At {at} the loss is cross-entropy itself, {own} nats."
        case "gradient":
            return f"At {at} the gradient is cross-entropy’s own, {own}."
        case "multiplier":
            return "This is the cross-entropy that multipliers compare with: w is 1 everywhere."
    return f"At {at} the curvature is cross-entropy’s own, {own}; {_where(CONCAVE, shown, point)}."


def _loss(shown: CrossEntropyComparison, at: str) -> str:
    own, ce = shown.own, shown.cross_entropy
    if np.isinf(own):
        return f"At {at} the loss is infinite, as cross-entropy is" if np.isinf(ce) else f"At {at} the loss is infinite"
    if np.isinf(ce):
        return f"At {at} the loss is {format_number(own, 3)} nats where cross-entropy is infinite"
    if shown.is_lowest or min(own, ce) <= 0:
        return f"At {at} the loss is {format_number(own, 3)} nats, cross-entropy {format_number(ce, 3)} nats"
    if _is_even(own / ce):
        return f"At {at} the loss is as large as cross-entropy"
    if own < ce:
        return f"At {at} the loss is {times(ce / own)} smaller than cross-entropy"
    return f"At {at} the loss is {times(own / ce)} as large as cross-entropy"


def _gradient(shown: CrossEntropyComparison, at: str) -> str:
    own, ce = shown.own, shown.cross_entropy
    if not (own * ce > 0 and np.isfinite(own / ce) and np.isfinite(ce / own)):
        return f"At {at} the gradient is {format_number(own, 3)}, cross-entropy’s {format_number(ce, 3)}"
    if _is_even(own / ce):
        return f"At {at} the gradient is as large as cross-entropy’s"
    if abs(own) < abs(ce):
        return f"At {at} the gradient is {times(ce / own)} smaller than cross-entropy’s"
    return f"At {at} the gradient is {times(own / ce)} as large as cross-entropy’s"


def _multiplier(shown: CrossEntropyComparison, at: str) -> str:
    if np.isnan(shown.own):
        return f"At {at} there is no gradient to compare"
    if _is_even(shown.own):
        return f"At {at} the gradient is as large as cross-entropy’s"
    return f"At {at} the gradient is {format_number(shown.own, 3)} times cross-entropy’s"


def _is_even(ratio: float) -> bool:
    return abs(ratio - 1) < 5e-3


def times(ratio: float) -> str:
    """A factor, to the digits that mean something.

    >>> times(7.9313), times(48213.4), times(3e9)
    ('7.93×', '48,213×', 'over a million times')
    """
    if ratio >= 1e6:
        return "over a million times"
    return f"{ratio:,.0f}×" if ratio >= 1000 else f"{format_number(ratio, 3)}×"


class Clauses(NamedTuple):
    """Where on the axis something is so."""

    nowhere: str
    everywhere: str
    below: str
    above: str
    between: str
    several: str


GRADIENT_OF_LOSS = Clauses(
    "its gradient is never larger",
    "its gradient is larger everywhere",
    "its gradient is larger below {symbol} = {high}",
    "its gradient is larger above {symbol} = {low}",
    "its gradient is larger between {symbol} = {low} and {high}",
    "its gradient is larger in {count} ranges of {symbol}",
)
GRADIENT = Clauses(
    "it is never larger",
    "it is larger everywhere",
    "it is larger below {symbol} = {high}",
    "it is larger above {symbol} = {low}",
    "it is larger between {symbol} = {low} and {high}",
    "it is larger in {count} ranges of {symbol}",
)
MULTIPLIER = Clauses(
    "the multiplier w is never above 1",
    "the multiplier w is above 1 everywhere",
    "the multiplier w falls below 1 at {symbol} = {high}",
    "the multiplier w rises above 1 at {symbol} = {low}",
    "the multiplier w crosses 1 at {symbol} = {low} and {high}",
    "the multiplier w is above 1 in {count} ranges of {symbol}",
)
CONCAVE = Clauses(
    "the loss is convex everywhere",
    "the loss is concave everywhere",
    "the loss is concave below {symbol} = {high}",
    "the loss is concave above {symbol} = {low}",
    "the loss is concave between {symbol} = {low} and {high}",
    "the loss is concave in {count} ranges of {symbol}",
)


def _where(clauses: Clauses, shown: CrossEntropyComparison, point: Point) -> str:
    if len(shown.intervals) != 1:
        text = clauses.several if len(shown.intervals) else clauses.nowhere
        return text.format(symbol=point.symbol, count=len(shown.intervals))
    (low, high), (first, last) = shown.intervals[0].tolist(), shown.reach
    text = {
        (True, True): clauses.everywhere,
        (True, False): clauses.below,
        (False, True): clauses.above,
        (False, False): clauses.between,
    }[bool(low <= first), bool(high >= last)]
    return text.format(symbol=point.symbol, low=format_number(low, 2), high=format_number(high, 2))


def optimum_sentence(optimum: Optimum, name: str, inverse: bool) -> str:
    """One sentence about the prediction that minimises a loss, or with `inverse` the truth behind a prediction."""
    distance = np.abs(optimum.p - optimum.eta)
    if not np.isfinite(distance).any():
        return f"With {name}, the loss is the same whatever is predicted."
    if np.nanmax(distance) < HONEST:
        return (
            f"With {name}, a prediction is the true probability itself: the loss is proper."
            if inverse
            else f"With {name}, the best prediction is the true probability itself: the loss is proper."
        )
    farthest = int(np.nanargmax(_likelier(distance, optimum)))
    eta, p = (format_number(float(values[farthest]), 2) for values in (optimum.eta, optimum.p))
    if inverse:
        return f"With {name}, a prediction of {p} stands for a true probability of {eta}, the largest gap between the two."
    return f"With {name}, a true probability of {eta} is best predicted as {p}, the largest gap between the two."


def _likelier(distance: Array, optimum: Optimum) -> Array:
    """Distances of the upper half, where the truth is the likelier outcome, if there are any."""
    upper = optimum.eta >= 0.5
    kept: Array = np.where(upper, distance, -1.0) if np.nanmax(np.where(upper, distance, -1.0)) >= HONEST else distance
    return kept
