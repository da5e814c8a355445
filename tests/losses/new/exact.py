"""The truth about the new losses, in mpmath, written from their papers: terms, and the derivative of their sum by each p."""

from __future__ import annotations

from typing import Any

from mpmath import mp, mpf

from ... import reference
from ...reference import Setting


def poly1(setting: Setting, p: Any, q: Any, nll: Any, t: Any, w: Any) -> tuple[list[mpf], list[mpf]]:
    """Σ w t (−log p + ε (1 − p))."""
    epsilon = mpf(setting.own["epsilon"])
    terms = [wi * ti * (li + epsilon * qi) for qi, li, ti, wi in zip(q, nll, t, w, strict=True)]
    return terms, [-wi * ti * (1 / pi + epsilon) for pi, ti, wi in zip(p, t, w, strict=True)]


def asymmetric(setting: Setting, p: Any, q: Any, nll: Any, t: Any, w: Any) -> tuple[list[mpf], list[mpf]]:
    """Yes: w t (1 − p)^γ₊ (−log p). No: with u = max(P − m, 0) for the probability P of yes, w t u^γ₋ (−log(1 − u))."""
    first, second, margin = (mpf(setting.own[name]) for name in ("gamma_pos", "gamma_neg", "clip"))
    f, df = reference.power(q[0], first)
    yes = w[0] * t[0] * f * nll[0], -w[0] * t[0] * (df * nll[0] + f / p[0])
    u = max(q[1] - margin, mpf(0))
    if u == 0:
        return [yes[0], mpf(0)], [yes[1], mpf(0)]
    f, df = reference.power(u, second)
    cost = -mp.log(1 - u) if margin else nll[1]
    kept = p[1] + margin
    return [yes[0], w[1] * t[1] * f * cost], [yes[1], -w[1] * t[1] * (df * cost + f / kept)]


FORMULAS = {"poly1": poly1, "asymmetric": asymmetric}
