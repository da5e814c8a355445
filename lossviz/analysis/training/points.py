"""A difference in percentage points in words: rounded once, here, for sentences, titles and labels alike."""

from __future__ import annotations

from typing import overload

import numpy as np
from numpy.typing import NDArray

from ..sample import Array

NOTHING = 5e-4
"""Less than this many points is no difference: it is what rounding leaves of equal numbers."""


@overload
def clear(low: float, high: float) -> bool: ...
@overload
def clear(low: Array, high: Array) -> NDArray[np.bool_]: ...
def clear(low: float | Array, high: float | Array) -> bool | NDArray[np.bool_]:
    """Whether an interval, or each of several, excludes 0."""
    found: NDArray[np.bool_] = (np.asarray(low) >= NOTHING) | (np.asarray(high) <= -NOTHING)
    return found if found.ndim else bool(found)


def size(x: float) -> str:
    """Two digits, or all before the point: a hundred points are no 1e+02."""
    x = 0.0 if abs(x) < NOTHING else abs(x)
    return f"{x:.0f}" if x >= 9.95 else f"{x:.2g}"


def signed(x: float) -> str:
    """A difference with its sign."""
    return ("−" if x <= -NOTHING else "+") + size(x)


def interval(low: float, high: float) -> str:
    """A difference's interval."""
    return f"[{signed(low)}, {signed(high)}]"


def sizes(low: float, high: float) -> str:
    """The interval of a change's size, whichever way it goes."""
    small, large = sorted((low, high), key=abs)
    return f"[{size(small)}, {size(large)}]"
