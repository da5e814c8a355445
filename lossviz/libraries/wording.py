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


def mixed_alpha(case: Case) -> str:
    """In what α is another one for soft targets."""
    if case.sharp or case.spec.alpha in (None, 0.5):
        return ""
    return "With soft targets it mixes one α for both outcomes; here each outcome's term has its own."


def balanced(case: Case, own: str, says: str) -> str:
    """Both: in what the form is another one, and α."""
    return " ".join(reason for reason in (form(case, own, says), mixed_alpha(case)) if reason)
