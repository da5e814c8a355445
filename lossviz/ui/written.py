"""Numbers as people write them, and the words of strangers as they stand."""

from __future__ import annotations

import re


def written(x: float, digits: int) -> str:
    """To so many digits, with a minus sign instead of a hyphen, ∞, and one zero only.

    >>> written(-0.93624, 4), written(-0.0, 4), written(float("inf"), 4)
    ('−0.9362', '0', '∞')
    """
    return f"{x + 0.0:.{digits}g}".replace("inf", "∞").replace("-", "−")


def as_it_is(text: str) -> str:
    r"""A stranger's words (of a link or a file) as Markdown that shows them, and makes no picture, link or formula of them.

    >>> print(as_it_is("![x](y) *b*"))
    \!\[x\]\(y\) \*b\*
    """
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", text)
