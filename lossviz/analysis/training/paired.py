"""Losses against the first one, seed by seed, and how sure one can be of a difference."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from mpmath import betainc, findroot, mp

from ..sample import Array

LEVEL = 0.95
"""Of the intervals."""


class Difference(NamedTuple):
    """Each loss minus the first: the mean over n seeds and its 95 % interval; low and high are nan for a single seed."""

    mean: Array
    low: Array
    high: Array
    seeds: int


def differences(values: Array) -> Difference:
    """Paired differences of values (…, L, S): each (…, L − 1).

    The interval is Student's for the mean of S paired differences d: d̄ ± t·s/√S, with s their standard deviation and t the
    0.975 quantile of S − 1 degrees of freedom. Seeds are data, noise, beginning and batches anew, so it tells what another
    set of seeds would give on these settings, and nothing about other data.
    """
    paired = values[..., 1:, :] - values[..., :1, :]
    n = paired.shape[-1]
    mean = paired.mean(-1)
    reach = quantile(n - 1) * paired.std(-1, ddof=1) / np.sqrt(n) if n > 1 else np.full_like(mean, np.nan)
    return Difference(mean, mean - reach, mean + reach, n)


@lru_cache(maxsize=64)
def quantile(freedom: int) -> float:
    """Student's t that 95 % of its distribution lie within, for so many degrees of freedom.

    P(|T| > t) is the regularised incomplete beta function at ν/(ν + t²) with a = ν/2, b = ½ (Abramowitz and Stegun 26.7.1).
    """
    with mp.workdps(20):

        def beyond(t: float) -> float:
            share = betainc(freedom / 2, 0.5, 0, freedom / (freedom + t * t), regularized=True)
            return share - (1 - LEVEL)  # type: ignore[no-any-return]

        return float(findroot(beyond, (1.9, 13.0), solver="anderson", tol=1e-14))
