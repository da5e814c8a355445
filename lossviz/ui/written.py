"""Numbers as people write them, and the words of strangers as they stand."""

from __future__ import annotations

import re


def written(x: float, digits: int) -> str:
    """To so many digits, with a minus sign instead of a hyphen, ∞, and one zero only.

    >>> written(-0.93624, 4), written(-0.0, 4), written(float("inf"), 4)
    ('−0.9362', '0', '∞')
    """
    return f"{x + 0.0:.{digits}g}".replace("inf", "∞").replace("-", "−")


def literal(text: str) -> str:
    r"""A text in which Markdown has no marks: names of classes, groups and files are drawn letter by letter.

    >>> print(literal("![x](http://a.org) *b* www.c.org"))
    \!\[x\]\(http\://a.org\) \*b\* www\.c.org
    """
    marks = re.sub(r"([\\`*_{}\[\]()#+!|<>~$:&@-])", r"\\\1", text.replace("\n", " "))
    return re.sub(r"(?i)\bwww\.", lambda found: found[0][:-1] + r"\.", marks)
