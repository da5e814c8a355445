"""Focal loss of one logit and its gradient at 50 digits, computed when they are needed."""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

import numpy as np

from ...evaluation.setting import Array

DIGITS = 50


@cache
def _context() -> Any:
    """A context of our own: the precision of mpmath's is everyone's, and threads of other sessions may change it.

    mpmath is imported with the first digits: that takes a tenth of a second, and the command line, which needs the list of
    formulas and no digits, need not wait for it.
    """
    from mpmath import MPContext

    context = MPContext()
    context.dps = DIGITS
    return context


class Exact(NamedTuple):
    """Numbers of 50 digits (N,): each as a float64, and what that leaves of it."""

    value: Array
    left: Array


class Truth(NamedTuple):
    """Of one logit, each with 50 digits; the names are those of `formulas.INSIDE`."""

    p: Any
    p_t: Any
    rest: Any
    factor: Any
    nll: Any
    loss: Any
    grad: Any


def truth(z: float, t: int, gamma: float) -> Truth:
    """With s = z for t = 1 and −z for t = 0, q = 1 − p_t:

        ℓ = q^γ log(1 + e^−s),   ∂ℓ/∂s = −q^γ (q + γ p_t log(1 + e^−s)),   q^γ = e^(−γ log(1 + e^s)).

    Nothing is subtracted from anything near it, so all 50 digits are right, wherever z is.
    """
    mp = _context()
    s = mp.mpf(z) if t == 1 else -mp.mpf(z)
    e = mp.exp(-abs(s))
    small = mp.log1p(e)
    large = abs(s) + small
    likely, unlikely = 1 / (1 + e), e / (1 + e)
    p_t, rest, nll, other = (likely, unlikely, small, large) if s >= 0 else (unlikely, likely, large, small)
    factor = mp.exp(-mp.mpf(gamma) * other)
    slope = -factor * (rest + gamma * p_t * nll)
    return Truth(p_t if t == 1 else rest, p_t, rest, factor, nll, factor * nll, slope if t == 1 else -slope)


def truths(z: Array, t: int, gamma: float) -> tuple[Exact, Exact]:
    """Loss and gradient at logits z (N,)."""
    exact = [truth(float(x), t, gamma) for x in z]
    return _exact([one.loss for one in exact]), _exact([one.grad for one in exact])


def _exact(numbers: list[Any]) -> Exact:
    value = [float(x) for x in numbers]
    return Exact(np.array(value), np.array([float(x - y) for x, y in zip(numbers, value, strict=True)]))
