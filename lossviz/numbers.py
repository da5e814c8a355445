"""How a number is written."""

from __future__ import annotations

from .texts import Message


def format_number(x: float, digits: int) -> str:
    """To so many digits, with a minus sign instead of a hyphen, ∞, and one zero only.

    >>> format_number(-0.93624, 4), format_number(-0.0, 4), format_number(float("inf"), 4)
    ('−0.9362', '0', '∞')
    """
    return minus(f"{x + 0.0:.{digits}g}").replace("inf", "∞")


def counted(number: int, one: str, many: str = "") -> Message:
    """A number with its noun; both forms are templates of their own, "{number:,} classes".

    >>> counted(1, "class", "classes"), counted(1797, "sample")
    ('1 class', '1,797 samples')
    """
    return Message(f"{{number:,}} {one if number == 1 else many or one + 's'}", {"number": number})


def minus(text: str) -> str:
    """A text of numbers with minus signs instead of hyphens.

    >>> minus("[-0.5, 0.5]")
    '[−0.5, 0.5]'
    """
    return text.replace("-", "−")


def subscript(index: int | str) -> str:
    """An index as it stands below a letter.

    >>> "z" + subscript(12)
    'z₁₂'
    """
    return str(index).translate(str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉"))
