"""Lists of numbers as programs print them, such as `tensor([1., 2.], device='cuda:0')`."""

from __future__ import annotations

import re

_SIGNS = str.maketrans({"\u2212": "-", "\u2012": "-", "\u2013": "-", "∞": "inf", "，": ",", "；": ";", "、": ","})
_ASSIGNED = re.compile(r"[A-Za-z_][\w.]*\s*[=:]\s*")
_CALL = re.compile(r"[A-Za-z_][\w.]*\s*\((.*?)(?:,\s*[A-Za-z_]\w*\s*=.*)?\)", re.DOTALL)
_BETWEEN_ROWS = re.compile(r"\](?:\s*[,;])?\s*\[|\)(?:\s*[,;])?\s*\(")
_BETWEEN_NUMBERS = re.compile(r"[\s,;]+")


def rows(text: str) -> list[list[str]]:
    """The words of each row: without brackets, the name of what holds them, and its other arguments.

    Example:
        >>> rows("tensor([[1., −2.]], device='cuda:0', grad_fn=<AddmmBackward0>)")
        [['1.', '-2.']]
        >>> rows("2，1、0"), rows("[[1, 2],\\n [3, 4]]")
        ([['2', '1', '0']], [['1', '2'], ['3', '4']])
    """
    text = text.translate(_SIGNS).strip()
    if assigned := _ASSIGNED.match(text):
        text = text[assigned.end() :]
    if text.endswith(")") and (call := _CALL.fullmatch(text)):  # looked for only there: in linear time
        text = call[1].strip()
    if text[:1] in ("[", "(") and text[-1:] in ("]", ")"):
        text = text.strip("[](),; \t\r\n")
    return [[word for word in _BETWEEN_NUMBERS.split(row) if word] for row in _BETWEEN_ROWS.split(text)]
