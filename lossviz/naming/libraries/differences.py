"""In what a library's focal loss is another one than asked for."""

from __future__ import annotations

from ...texts import joined, say
from ..catalogue import FORMS
from .case import Case

MIXED = say("it mixes pₜ from both outcomes (the mixed form)")
PER_TERM = say("it puts a factor on each outcome's term (the per-term form)")
EXP_CE = say("it takes pₜ = exp(−BCE) (the exp-ce form)")


def form(case: Case, own: str, says: str) -> str:
    """In what a library's focal loss is another one for soft targets; "" where it is the same."""
    spec = case.spec
    if case.sharp or not spec.gamma:
        return ""
    wanted = "quality" if spec.key == "quality-focal" else spec.soft_form
    if wanted == own:
        return ""
    return say("With soft targets {says}; this setting has the {form}.", says=says, form=FORMS[wanted])


def alpha(case: Case, mixes: bool) -> str:
    """In what α is another one for soft targets, of a library that mixes it as p_t is mixed, or does not; "" if it is not."""
    if case.sharp or case.spec.alpha is None or case.spec.mixes_alpha == mixes or _even(case):
        return ""
    if mixes:
        return say("With soft targets it mixes one α for both outcomes; here each outcome's term has its own.")
    return say("With soft targets each outcome's term has its own α there; here one α is mixed for all outcomes.")


def _even(case: Case) -> bool:
    """Whether all outcomes have one α, so that mixing it changes nothing."""
    factors = set(case.spec.alpha) if isinstance(case.spec.alpha, tuple) else {case.spec.alpha}
    return factors == {0.5} if case.spec.activation == "sigmoid" else len(factors) == 1 and sum(case.targets) == 1


def balanced(case: Case, own: str, says: str, mixes: bool = True) -> str:
    """Both: in what the form is another one, and α."""
    return joined((reason for reason in (form(case, own, says), alpha(case, mixes)) if reason), " ")
