"""The number of digits that probabilities were written to; below half of the last one nothing is known of a probability.

It is read off the numbers and not off the text, so that the same numbers mean the same in every format.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...numbers import counted
from ...texts import say

MOST = {"float16": 6, "bfloat16": 6, "float32": 7, "float64": 15}
"""Decimals up to which rounded numbers differ from numbers that were never rounded, by the format they are stored in."""

ENOUGH = 8
"""Fewer different numbers between 0 and 1 than these may have few decimals by chance, or be counts of a few neighbours."""

LEAST = 3
"""The decimals that are then assumed, if no more are seen."""

SLACK = 1e-3
"""By so much a sum may miss 1 whatever the decimals: half precision does."""

SAMPLE = 512

INSIDE = 1e-5
"""By so much a probability may lie outside [0, 1]."""


class FloatFormat(NamedTuple):
    """A precision that probabilities were computed or stored in: the smallest number, half the gap below 1, and how far a
    number may lie above 1."""

    name: str
    smallest: float
    below_one: float
    above: float
    slack: float


HALF = FloatFormat("float16", 2.0**-25, 2.0**-12, 2.0**-9, 4e-3)
BRAIN = FloatFormat("bfloat16", float(np.finfo(np.float32).smallest_normal), 2.0**-9, 2.0**-6, 2e-2)
SINGLE = FloatFormat("float32", float(np.finfo(np.float32).smallest_normal), 2.0**-25, INSIDE, SLACK)
DOUBLE = FloatFormat("float64", float(np.finfo(np.float64).smallest_normal), 2.0**-54, INSIDE, SLACK)


class Resolution:
    """What the numbers seen so far have in common."""

    def __init__(self) -> None:
        self.decimals = 0
        self._different: set[float] = set()
        self._stored = [BRAIN, HALF, SINGLE, DOUBLE]

    def add(self, p: NDArray[Any]) -> None:
        """More numbers, finite ones."""
        values = p.reshape(-1)
        if len(self._different) < ENOUGH:
            inner = values[(values > 0) & (values < 1)]
            self._different |= set(np.unique(inner[:10_000])[:ENOUGH].tolist())
        self._stored = [
            float_format for float_format in self._stored if float_format is DOUBLE or _stored_in(values, float_format)
        ] or [DOUBLE]
        while self.rounded and not _has_decimals(values, self.decimals, self._stored[0]):
            self.decimals += 1

    @property
    def rounded(self) -> bool:
        """Whether the numbers have few decimals."""
        return self.decimals <= MOST[self.stored.name]

    @property
    def stored(self) -> FloatFormat:
        """The smallest precision that holds all numbers."""
        return self._stored[0]

    @property
    def places(self) -> int | None:
        """How many decimals were written; None if the numbers were not rounded to decimals."""
        if not self.rounded:
            return None
        return self.decimals if len(self._different) >= ENOUGH else max(self.decimals, LEAST)

    @property
    def bound(self) -> float:
        """What a probability that is written as 0 is taken for at most: half of the last digit."""
        return self.stored.smallest if self.places is None else 0.5 * 10.0**-self.places

    @property
    def below_one(self) -> float:
        """What 1 − p is taken for where p is written as 1."""
        return self.stored.below_one if self.places is None else 0.5 * 10.0**-self.places

    def in_words(self) -> str:
        """The resolution, for a sentence."""
        if self.places is None:
            return say("the precision of {format}", format=self.stored.name)
        return counted(self.places, "decimal")


def _stored_in(values: NDArray[Any], float_format: FloatFormat) -> bool:
    """Whether numbers of this precision were written: the very numbers, or the shortest text that stands for them."""
    if float_format is SINGLE and values.dtype == np.float32:
        return True
    if not _equal_in(values[:SAMPLE], float_format):
        return False
    return (
        len(values) <= SAMPLE
        or _equal_in(values, float_format, texts=False)
        or _equal_in(values[:: max(1, len(values) // SAMPLE)], float_format)
    )


def _equal_in(values: NDArray[Any], float_format: FloatFormat, texts: bool = True) -> bool:
    with np.errstate(over="ignore", under="ignore"):
        stored = _rounded_to(values, float_format)
        if (stored.astype(values.dtype) == values).all():
            return True
    if not texts or float_format is BRAIN or values.dtype != np.float64:
        return False
    return all(float(str(text)) == value for text, value in zip(stored, values.tolist(), strict=True))


def _rounded_to(values: NDArray[Any], float_format: FloatFormat) -> NDArray[Any]:
    if float_format is BRAIN:
        bits = values.astype(np.float32).view(np.uint32) & np.uint32(0xFFFF0000)
        brain: NDArray[Any] = bits.view(np.float32)
        return brain
    return values.astype(np.float16 if float_format is HALF else np.float32)


def _has_decimals(values: NDArray[Any], decimals: int, stored: FloatFormat) -> bool:
    """Whether numbers are rounded to this many decimals, as nearly as their precision has them."""
    return _on_grid(values[:SAMPLE], decimals, stored) and _on_grid(values, decimals, stored)


def _on_grid(values: NDArray[Any], decimals: int, stored: FloatFormat) -> bool:
    power = 10.0**decimals
    grid = np.round(values.astype(np.float64) * power) / power
    exact = grid.astype(values.dtype) == values
    if exact.all():
        return True
    if stored is HALF:
        return bool((grid.astype(np.float16).astype(values.dtype) == values).all())
    return bool(
        stored is SINGLE and values.dtype == np.float64 and (grid.astype(np.float32).astype(np.float64) == values).all()
    )
