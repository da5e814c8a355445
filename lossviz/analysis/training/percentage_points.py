"""A difference in percentage points in words: rounded once, here, for sentences, titles and labels alike."""

from __future__ import annotations

import math

NOTHING = 5e-4
"""Less than this many points is no difference: it is what rounding leaves of equal numbers."""

MAX_DECIMALS = 4
"""Decimals at most, so that nothing that is a difference is written as 0."""


def format_size(x: float) -> str:
    """Two digits, or all before the point: a hundred points are no 1e+02."""
    x = 0.0 if abs(x) < NOTHING else abs(x)
    return f"{x:.0f}" if x >= 9.95 else f"{x:.2g}"


def format_signed(x: float) -> str:
    """A difference with its sign."""
    return ("−" if x <= -NOTHING else "+") + format_size(x)


def format_interval(low: float, high: float) -> str:
    """An interval by itself."""
    return _interval(low, high, _decimal_count((low, high), (high - low) / 2))


def format_estimate(mean: float, low: float, high: float) -> tuple[str, str]:
    """A mean and its interval, with decimals alike; an interval that is none is "", and its mean has two digits."""
    if math.isnan(low):
        return format_signed(mean), ""
    decimals = _decimal_count((mean, low, high), (high - low) / 2)
    return _rounded(mean, decimals), _interval(low, high, decimals)


def _interval(low: float, high: float, decimals: int) -> str:
    return f"[{_rounded(low, decimals)}, {_rounded(high, decimals)}]"


def _decimal_count(values: tuple[float, ...], half: float) -> int:
    """So many that half an interval has two digits, but for zeros that end all of the values."""
    most = min(MAX_DECIMALS, max(0, 1 - math.floor(math.log10(half)))) if half > 0 else MAX_DECIMALS
    return next(n for n in range(most + 1) if all(float(f"{x:.{n}f}") == float(f"{x:.{most}f}") for x in values))


def _rounded(x: float, decimals: int) -> str:
    """With a sign, but for nothing."""
    digits = f"{abs(x):.{decimals}f}"
    return digits if not float(digits) else ("−" if x < 0 else "+") + digits
