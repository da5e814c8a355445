"""How a number is written."""

from __future__ import annotations


def format_number(x: float, digits: int) -> str:
    """To so many digits, with a minus sign instead of a hyphen, ∞, and one zero only.

    >>> format_number(-0.93624, 4), format_number(-0.0, 4), format_number(float("inf"), 4)
    ('−0.9362', '0', '∞')
    """
    return f"{x + 0.0:.{digits}g}".replace("inf", "∞").replace("-", "−")


SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
"""For `str.translate`: the digits of an index."""


def counted(number: int, one: str, many: str = "") -> str:
    """A number with its noun.

    >>> counted(1, "class", "classes"), counted(1797, "sample")
    ('1 class', '1,797 samples')
    """
    return f"{number:,} {one if number == 1 else many or one + 's'}"
