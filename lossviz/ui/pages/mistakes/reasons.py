"""Why a formula breaks where it does, in words that follow from what its variables are there."""

from __future__ import annotations

from ....analysis.microscope import EPSILON, INF, INSIDE, NAN, OFF, OFF_BY, ZERO, Break, FocalCase
from ....numbers import format_number
from ....texts import joined, say

WORDS = {OFF: say("1% off"), ZERO: "0", INF: say("infinite"), NAN: "NaN"}
"""Each kind of break in words."""


def reason(one: Break, case: FocalCase) -> str:
    """One or two sentences."""
    if one.formula == "clamped" and _is_clamped(one):
        clamp = say("The clamp keeps p away from there and passes no gradient.")
        return _sentences(_value_in_words(one, _small(one, case)), clamp)
    if too_small(one, case) and not _is_0(one, "rest"):
        least = format_number(case.normal, 2)
        truth = format_number(one.truth, 2)
        return say(
            "The true value, {truth}, is below the smallest normal number of {dtype}, {least}: few digits are left.",
            truth=truth,
            dtype=case.dtype,
            least=least,
        )
    return {NAN: _nan, INF: _infinite, ZERO: _zero, OFF: _off}[one.kind](one, case)


def too_small(one: Break, case: FocalCase) -> bool:
    """Whether the dtype has the truth with fewer digits than other numbers."""
    return abs(one.truth) < case.normal


def _nan(one: Break, case: FocalCase) -> str:
    if _is_0(one, "p_t"):
        derivatives = say("The derivative of its logarithm is ∞; autograd multiplies it by the sigmoid’s derivative, 0.")
        return _sentences(_value_in_words(one, "p_t"), derivatives)
    if _is_0(one, "rest") and case.gamma < 1:
        derivative = say("The derivative of (1 − p_t)ᵞ is ∞ there for γ < 1; autograd multiplies it by 0.")
        return _sentences(_value_in_words(one, "rest"), derivative)
    return _sentences(_value_in_words(one, "rest"), say("Autograd multiplies 0 by ∞."))


def _infinite(one: Break, case: FocalCase) -> str:
    if _is_0(one, "p_t"):
        return _sentences(_value_in_words(one, "p_t"), say("Its logarithm is −∞."))
    overflow = say("The derivative of its logarithm, 1/p_t, overflows {dtype}.", dtype=case.dtype)
    return _sentences(_value_in_words(one, "p_t"), overflow)


def _zero(one: Break, case: FocalCase) -> str:
    if _is_0(one, "rest"):
        return _sentences(_value_in_words(one, "rest"), _digits(case))
    name = next((name for name in ("nll", "factor") if _is_0(one, name)), None)
    return _sentences(_value_in_words(one, name), say("It zeroes everything it multiplies.")) if name else BACK


def _off(one: Break, case: FocalCase) -> str:
    """By the first variable that is off; where every step is coarse, by the first that is off for itself."""
    coarse = case.epsilon > OFF_BY / 20
    enough = OFF_BY if coarse else OFF_BY / 10
    name = next((name for name, (is_, should) in one.inside.items() if abs(is_ - should) > enough * abs(should)), None)
    if name:
        return _sentences(_value_in_words(one, name), _digits(case) if name == "rest" else "")
    if not coarse:
        return BACK
    return say(
        "No variable is 1% off, but errors add up: one rounding step of {dtype} is {percent}%.",
        dtype=case.dtype,
        percent=format_number(100 * case.epsilon, 2),
    )


BACK = say("The variables are accurate; the digits are lost in autograd’s backward pass.")


def _sentences(*texts: str) -> str:
    return joined(filter(None, texts), " ")


def _digits(case: FocalCase) -> str:
    apart = format_number(case.epsilon / 2, 2)
    return say("Just below 1, {dtype} numbers are {apart} apart.", dtype=case.dtype, apart=apart)


def _value_in_words(one: Break, name: str) -> str:
    """A variable as it is and as it should be; nothing if the program has none of that name."""
    if name not in one.inside:
        return ""
    is_, should = (format_number(x, 3) for x in one.inside[name])
    if is_ == should:
        return say("{variable} is {value}.", variable=INSIDE[name], value=is_)
    return say("{variable} is {value}; it should be {right}.", variable=INSIDE[name], value=is_, right=should)


def _is_0(one: Break, name: str) -> bool:
    return name in one.inside and one.inside[name][0] == 0


def _is_clamped(one: Break) -> bool:
    """Whether p is at an end of the clamp, and the clamp is one: in half precision the upper end is 1."""
    p = one.inside["p"][0]
    return 0 < p < 1 and min(p, 1 - p) < 2 * EPSILON


def _small(one: Break, case: FocalCase) -> str:
    """p, or what says how far it is from 1."""
    return "p" if one.inside["p"][0] < 0.5 else "rest" if case.t == 1 else "p_t"
