"""What intervals and a smallest difference that matters say of a claim: a function of numbers, without any words."""

from __future__ import annotations

import math
from enum import Enum
from typing import NamedTuple

from ...texts import say
from .percentage_points import NOTHING

POWER = ((1.959964 + 0.841621) / 1.959964) ** 2
"""By normal quantiles for 95 % and 80 %."""

MAX_SEEDS_NEEDED = 10_000
"""Seeds beyond which it is not told how many would be needed."""


class Verdict(Enum):
    """What can be said of a claim, or of a difference of which nothing is claimed; the values are what a person reads."""

    SUPPORTS = say("supports the claim")
    CONTRADICTS = say("contradicts the claim")
    BEYOND = say("a difference that matters")
    NONE_THAT_MATTERS = say("no difference that matters")
    SMALL = say("a difference, perhaps too small to matter")
    UNDECIDED = say("undecided")
    UNKNOWN = say("no interval")


class Interval(NamedTuple):
    """A mean with its 95 % interval, low to high, and its 90 % one, inner_low to inner_high, in percentage points."""

    mean: float
    low: float
    high: float
    inner_low: float
    inner_high: float


def decide(interval: Interval, margin: float, sign: int | None) -> Verdict:
    """What an interval says of a claim.

    The 95 % interval beyond ± margin supports or contradicts; the 90 % one within ± margin says that no difference matters,
    which are two one-sided 5 % tests. Touching is neither.

    Args:
        interval: of the difference, in percentage points.
        margin: the smallest difference that matters, ≥ 0.
        sign: of the difference that is claimed; 0: none that matters; None: nothing is claimed.

    Reference:
        Schuirmann 1987, A comparison of the two one-sided tests procedure and the power approach.

    Example:
        >>> decide(Interval(-0.5, -0.7, -0.3, -0.65, -0.35), margin=0.1, sign=-1).value
        'supports the claim'
    """
    if math.isnan(interval.low):
        return Verdict.UNKNOWN
    least = max(margin, NOTHING)
    if interval.low > least or interval.high < -least:
        return _beyond(1 if interval.low > 0 else -1, sign)
    if -margin < interval.inner_low and interval.inner_high < margin:
        return Verdict.SUPPORTS if sign == 0 else Verdict.NONE_THAT_MATTERS
    return Verdict.SMALL if interval.low >= NOTHING or interval.high <= -NOTHING else Verdict.UNDECIDED


def _beyond(direction: int, sign: int | None) -> Verdict:
    if sign is None:
        return Verdict.BEYOND
    return Verdict.SUPPORTS if direction == sign else Verdict.CONTRADICTS


def half_width(interval: Interval) -> float:
    """How far the farther end of the 95 % interval is from the mean."""
    return max(interval.high - interval.mean, interval.mean - interval.low)


def seeds_needed(interval: Interval, margin: float, seeds: int) -> int | None:
    """About how many new seeds would decide four times in five, if the mean is where it is; None for too many to say.

    An interval shrinks with the root of the number: until it is beyond the margin that the mean is beyond of, or within. For
    that to happen in 80 % of draws and not in half of them takes `POWER` times as many.
    """
    outside = abs(interval.mean) - margin
    if outside > 0:
        towards_0 = interval.mean - interval.low if interval.mean > 0 else interval.high - interval.mean
        many = seeds * (towards_0 / outside) ** 2
    else:
        farther = max((interval.inner_high - interval.mean) / max(margin - interval.mean, 1e-12),
                      (interval.mean - interval.inner_low) / max(margin + interval.mean, 1e-12))  # fmt: skip
        many = seeds * farther**2
    many *= POWER
    return max(seeds + 1, math.ceil(many)) if many <= MAX_SEEDS_NEEDED else None
