"""What a phone is told, in sentences: the same on every page that a phone may have a room on."""

from __future__ import annotations

import math

from ...texts import say
from ..ballot import Axis, Outcome
from .shown import View


def head(view: View) -> str:
    """What stands above everything."""
    return view.title or say("Welcome. The lecture is about to begin.")


def again(view: View) -> str:
    """That this is not the first vote."""
    if view.round < 2 or view.revealed:
        return ""
    return say("Vote again, after the discussion (round {round})", round=view.round)


def standing(view: View) -> str:
    """How things stand with one's answer."""
    if not view.ballot:
        return ""
    if view.revealed:
        return _verdict(view)
    if view.own is not None:
        return say("Your answer counts. You can change it until the reveal.")
    if view.axis:
        return say("Drag to your answer, then send it. You can change it until the reveal.")
    return say("Choose an answer. You can change it until the reveal.")


def _verdict(view: View) -> str:
    if view.own is None:
        return say("You gave no answer.")
    return say("Your answer is right.") if is_right(view, view.own) else say("Your answer is not right.")


def is_right(view: View, answer: float) -> bool:
    """Whether an answer is right, once that is known."""
    if view.axis is None or view.value is None:
        return answer in view.right
    return abs(answer - view.value) <= view.tolerance + 1e-9 * (view.axis.high - view.axis.low)


def answered(view: View) -> str:
    """How many have answered."""
    if not view.ballot:
        return ""
    if view.answers == 1:
        return say("1 answer") if view.revealed else say("1 answer so far")
    n = view.answers
    return say("{n} answers", n=n) if view.revealed else say("{n} answers so far", n=n)


def in_all(view: View) -> str:
    """How many were right, once that is known; of more than one vote, in the first one as well."""
    if not view.outcomes:
        return ""
    first, last = view.outcomes[0], view.outcomes[-1]
    if first is last:
        return say("{share} were right.", share=_share(last))
    return say("{share} were right, {before} before the discussion.", share=_share(last), before=_share(first))


def truth(view: View) -> str:
    """What is right on the axis."""
    if view.axis is None or view.value is None:
        return ""
    value, tolerance = on_axis(view.value, view.axis), on_axis(view.tolerance, view.axis)
    return say("Right is {value} ± {tolerance}", value=value, tolerance=tolerance)


def own(view: View) -> str:
    """What one has answered on the axis."""
    if view.axis is None or view.own is None:
        return ""
    return say("Your answer: {value}", value=on_axis(view.own, view.axis))


def on_axis(value: float, axis: Axis) -> str:
    """A value with as many decimals as a thousandth part of its axis needs.

    >>> on_axis(-0.25, Axis(-1, 1)), on_axis(0.3, Axis(0, 1)), on_axis(1500, Axis(0, 2000))
    ('−0.250', '0.300', '1500')
    """
    text = f"{value:.{decimals(axis)}f}"
    return text.replace("-", "−" if float(text) else "")


def decimals(axis: Axis) -> int:
    """How many decimals that are."""
    return min(20, max(0, math.ceil(-math.log10((axis.high - axis.low) / 1000) - 1e-9)))


def _share(outcome: Outcome) -> str:
    return f"{outcome.right / outcome.answers if outcome.answers else 0.0:.0%}"


def sentences(view: View) -> dict[str, str]:
    """All of them, by the names that the phone's page has for them."""
    return {
        "head": head(view),
        "again": again(view),
        "standing": standing(view),
        "answered": answered(view),
        "inAll": in_all(view),
        "truth": truth(view),
        "own": own(view),
    }
