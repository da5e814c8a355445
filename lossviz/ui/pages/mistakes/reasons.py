"""Why a formula breaks where it does, in words that follow from what its variables are there."""

from __future__ import annotations

from ....analysis.microscope import INF, INSIDE, NAN, OFF, OFF_BY, ZERO, Break, Case
from ...written import written

WORDS = {OFF: "more than 1 % off", ZERO: "0", INF: "infinite", NAN: "nan"}
"""How a break is told."""


def reason(one: Break, case: Case) -> str:
    """One or two sentences."""
    if case.normal > abs(one.truth) and not _exactly(one, "rest", 0):
        return (
            f"The truth, {written(one.truth, 2)}, is below {case.dtype}’s smallest normal number, "
            f"{written(case.normal, 2)}: what is left of it there is a matter of luck."
        )
    if one.formula == "clamped" and _held(one, case):
        return f"{_beside(one, 'p_t')} The clamp holds p, and where it does it lets no gradient through."
    return {NAN: _nan, INF: _infinite, ZERO: _zero, OFF: _off}[one.kind](one, case)


def _nan(one: Break, case: Case) -> str:
    if _exactly(one, "p_t", 0):
        return f"{_beside(one, 'p_t')} The slope of its logarithm is ∞; autograd multiplies it by the sigmoid’s slope, 0."
    if case.gamma < 1:
        return f"{_beside(one, 'rest')} There the slope of (1 − p_t)^γ is ∞ for γ < 1; autograd multiplies it by 0."
    return f"{_beside(one, 'rest')} Autograd multiplies 0 by ∞."


def _infinite(one: Break, case: Case) -> str:
    if _exactly(one, "p_t", 0):
        return f"{_beside(one, 'p_t')} Its logarithm is −∞."
    return f"{_beside(one, 'p_t')} The slope of its logarithm, 1/p_t, is above {case.dtype}’s largest number."


def _zero(one: Break, case: Case) -> str:
    name = next((name for name in ("rest", "nll", "factor") if _exactly(one, name, 0)), "p_t")
    return f"{_beside(one, name)} {_digits(case) if name == 'rest' else 'All that it multiplies is 0.'}"


def _off(one: Break, case: Case) -> str:
    name = next((name for name, (is_, should) in one.inside.items() if abs(is_ - should) > OFF_BY * abs(should)), None)
    if name is None:
        return f"No variable is 1 % off; rounding adds up, and a step of {case.dtype} is {written(100 * case.epsilon, 2)} %."
    return f"{_beside(one, name)} {_digits(case) if name == 'rest' else ''}".rstrip()


def _digits(case: Case) -> str:
    return f"Next to 1 the numbers of {case.dtype} are {written(case.epsilon / 2, 2)} apart."


def _beside(one: Break, name: str) -> str:
    is_, should = (written(x, 3) for x in one.inside[name])
    return f"{INSIDE[name]} is {is_}; it should be {should}."


def _exactly(one: Break, name: str, number: float) -> bool:
    return name in one.inside and one.inside[name][0] == number


def _held(one: Break, case: Case) -> bool:
    """Whether p itself is what the clamp makes of it, and no longer what the sigmoid gave."""
    is_, should = one.inside["p_t"]
    return is_ not in (0, 1) and abs(is_ - should) > case.epsilon * max(is_, should)
