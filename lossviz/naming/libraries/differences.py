"""In what a library's focal loss is another one than asked for."""

from __future__ import annotations

from .case import Case

MIXED = "it mixes pₜ from both outcomes (the mixed form)"
PER_TERM = "it puts a factor on each outcome's term (the per-term form)"
EXP_CE = "it takes pₜ = exp(−BCE) (the exp-ce form)"


def form(case: Case, own: str, says: str) -> str:
    """In what a library's focal loss is another one for soft targets; "" where it is the same."""
    spec = case.spec
    if case.sharp or not spec.gamma:
        return ""
    wanted = "quality" if spec.key == "quality-focal" else spec.soft_form
    return "" if wanted == own else f"With soft targets {says}; this setting has the {wanted} form."


def alpha(case: Case, mixes: bool) -> str:
    """In what α is another one for soft targets, of a library that mixes it as p_t is mixed, or does not; "" if it is not."""
    if case.sharp or case.spec.alpha is None or case.spec.mixes_alpha == mixes or _even(case):
        return ""
    if mixes:
        return "With soft targets it mixes one α for both outcomes; here each outcome's term has its own."
    return "With soft targets each outcome's term has its own α there; here one α is mixed for all outcomes."


def _even(case: Case) -> bool:
    """Whether all outcomes have one α, so that mixing it changes nothing."""
    factors = set(case.spec.alpha) if isinstance(case.spec.alpha, tuple) else {case.spec.alpha}
    return factors == {0.5} if case.spec.activation == "sigmoid" else len(factors) == 1 and sum(case.targets) == 1


def balanced(case: Case, own: str, says: str, mixes: bool = True) -> str:
    """Both: in what the form is another one, and α."""
    return " ".join(reason for reason in (form(case, own, says), alpha(case, mixes)) if reason)
