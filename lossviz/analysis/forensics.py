"""At which value does a training run stand still? The plateaus that are near a loss, the likeliest first."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import NamedTuple

from .plateaus import LOSSES, NO_NUMBERS, Candidate, abnormal, candidates, chance

NEAR = 0.02
"""Candidates further off than this, relative to the value, are not named, unless they round to it."""


class Match(NamedTuple):
    """A candidate, how far it is off, relative to the value that was typed, and whether it rounds to all digits typed."""

    candidate: Candidate
    off: float
    rounds: bool = True


def matches(value: float, classes: int | None = None, batch: int | None = None, loss: str | None = None) -> list[Match]:
    """The candidates that round to a stuck loss, guessing before mistakes, and then those within 2 % of it, the nearest first.

    `classes`, `batch`, `loss`: C, N and one of LOSSES, where they are known. A number of classes that is not known may be any:
    where several round to the value, that says less than a value of its own does, and comes after it. nan, infinite and
    negative values have candidates of their own.

    Args:
        value: where the loss stands still, with as many digits as are known; nan and inf too.
        classes: C, 2 or more; None if it is not known.
        batch: N, 1 or more; None if it is not known.
        loss: what the program calls, one of `LOSSES`; None if it is not known.

    Returns:
        Candidates with their arithmetic and how far each is off, the likeliest first.

    Example:
        >>> matches(2.3026)[0].candidate.arithmetic
        'ln 10'
    """
    if math.isnan(value) or math.isinf(value) or value < 0:
        return [Match(one, 0.0) for one in abnormal(value) if _occurs_under(one, loss)]
    half = rounding(value)
    any_number = None if classes else chance(value - half, value + half)
    by_meaning: dict[tuple[float, str], Match] = {}
    for one in (*candidates(classes, batch), *((any_number,) if any_number else ())):
        match = _match(one, value, half)
        if (match.rounds or match.off <= NEAR) and _occurs_under(one, loss):
            by_meaning.setdefault((round(one.value, 12), one.says), match)
    return sorted(by_meaning.values(), key=lambda match: (not match.rounds, match.candidate.rank, match.off))


def _match(one: Candidate, value: float, half: float) -> Match:
    apart = abs(one.value - value)
    return Match(one, apart / max(abs(value), 1e-12), apart <= half * (1 + 1e-9))


def rounding(value: float) -> float:
    """Half a unit of the last digit with which a number is written; of 0, which is exact, nothing."""
    if value == 0:
        return 0.0
    digits = Decimal(repr(value).removesuffix(".0"))
    return max(0.5 * 10.0 ** int(digits.as_tuple().exponent), 1e-14 * abs(value))


def _occurs_under(one: Candidate, loss: str | None) -> bool:
    return loss is None or loss in one.losses


__all__ = ["LOSSES", "NEAR", "NO_NUMBERS", "Match", "matches", "rounding"]
