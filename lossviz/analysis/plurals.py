"""Numbers of things as people write them."""

from __future__ import annotations


def counted(number: int, one: str, many: str = "") -> str:
    """A number with its noun.

    >>> counted(1, "class", "classes"), counted(1797, "sample")
    ('1 class', '1,797 samples')
    """
    return f"{number:,} {one if number == 1 else many or one + 's'}"
