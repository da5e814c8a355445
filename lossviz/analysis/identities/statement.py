"""What a statement is: two sides of a sample, and a knob along which they are compared."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...evaluation.setting import Array

Sides = Callable[["FiniteSample", Array], tuple[Array, Array]]


class Knob(NamedTuple):
    """A number of a statement that a hand can change: its symbol, its range, and where it is before anybody has changed it."""

    symbol: str
    meaning: str
    low: float
    high: float
    rest: float


class FiniteSample(NamedTuple):
    """Finite logits (C,) with C ≥ 2, the index y of the class that is true, and targets (C,) that sum to 1."""

    z: Array
    y: int
    t: Array


class Identity(NamedTuple):
    """left and right name the two sides. `true`: they are equal, whatever the knob; or, with `at_rest`, where it rests."""

    key: str
    title: str
    left: str
    right: str
    why: str
    knob: Knob
    sides: Sides
    true: bool = True
    at_rest: bool = False


class Comparison(NamedTuple):
    """Both sides along the knob (K,), and how many floating-point numbers of float64 lie between them."""

    knob: Array
    left: Array
    right: Array
    ulps: Array

    @property
    def equal(self) -> NDArray[np.bool_]:
        """Whether each pair differs by no more than rounding does: by 1e-11 of its size."""
        size = np.maximum(np.abs(self.left), np.abs(self.right))
        with np.errstate(invalid="ignore"):
            equal: NDArray[np.bool_] = np.isfinite(size) & (np.abs(self.left - self.right) <= 1e-11 * size)
        return equal


def sample_of(logits: tuple[float, ...], targets: tuple[float, ...]) -> FiniteSample:
    """The present sample as these statements take it.

    A single logit gets a second one of 0, which changes no probability; infinite ones are taken for ±1000; targets that sum
    to no 1 are divided by their sum, and where none is positive the last class is the true one.
    """
    z, t = np.clip(np.array(logits), -1000, 1000), np.array(targets)
    if len(z) == 1:
        z, t = np.array([z[0], 0.0]), np.array([t[0], 1 - t[0]])
    t = t / t.sum() if t.sum() > 0 else np.eye(len(z))[-1]
    return FiniteSample(z, int(t.argmax()), t)


def compare(identity: Identity, sample: FiniteSample, knob: Array) -> Comparison:
    """Both sides of a statement at positions of its knob.

    Args:
        identity: the statement.
        sample: what `sample_of` makes of logits and targets.
        knob: positions (K,), of `knob_positions` or any others.

    Returns:
        Left and right side (K,), and how many floating-point numbers of float64 lie between them.

    Example:
        >>> from lossviz.analysis.identities import IDENTITIES
        >>> statement = IDENTITIES["shift-softmax"]
        >>> sample = sample_of((2.0, 1.0, 0.0), (1.0, 0.0, 0.0))
        >>> compare(statement, sample, np.array([0.0, 5.0])).equal.tolist()
        [True, True]
    """
    left, right = identity.sides(sample, knob)
    return Comparison(knob, left, right, ulps(left, right))


def knob_positions(knob: Knob, points: int = 101) -> Array:
    """Even positions, the one at rest among them."""
    even = np.linspace(knob.low, knob.high, points)
    even[np.abs(even - knob.rest).argmin()] = knob.rest
    return even


def ulps(a: Array, b: Array) -> Array:
    """How many steps of float64 lie between two numbers; through 0, where signs differ."""
    first, second = (_ordered(x) for x in (a, b))
    steps: Array = np.abs(first - second)
    return steps


def _ordered(x: Array) -> Array:
    """The number's place among all numbers of float64, as a float: exact up to 2^53 steps from 0, and near enough beyond."""
    bits = np.ascontiguousarray(x, np.float64).view(np.int64)
    size = (bits & np.int64(0x7FFFFFFFFFFFFFFF)).astype(object)
    return np.where(bits < 0, -size, size)
