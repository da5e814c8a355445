"""How far a share of a distribution reaches: of a normal one, and of Student's."""

from __future__ import annotations

from functools import lru_cache

Z95 = 1.959963984540054
"""95 % of a normal distribution lie between minus and plus this."""


@lru_cache(maxsize=256)
def student(freedom: int, level: float) -> float:
    """The t that a share `level` of Student's distribution lies within, for so many degrees of freedom.

    P(|T| > t) is the regularised incomplete beta function at ν/(ν + t²) with a = ν/2, b = ½ (Abramowitz and Stegun 26.7.1).
    """
    from mpmath import betainc, findroot, mp  # only here: the rest of the package trains without it

    with mp.workdps(20):

        def beyond(t: float) -> float:
            share = betainc(freedom / 2, 0.5, 0, freedom / (freedom + t * t), regularized=True)
            return share - (1 - level)  # type: ignore[no-any-return]

        return float(findroot(beyond, (1.0, 13.0), solver="anderson", tol=1e-14))
