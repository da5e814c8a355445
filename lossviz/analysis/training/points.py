"""A difference in percentage points in words: rounded once, here, for sentences, titles and labels alike."""

from __future__ import annotations

NOTHING = 5e-4
"""Less than this many points is no difference: it is what rounding leaves of equal numbers."""


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
