"""Lists of numbers, one in each row: of Arrow, or written in a cell of text."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from ...texts import say
from . import cells
from .problems import Faults, FileProblem

OPENING = r"^\s*(?:(?:np\.|numpy\.|torch\.)?(?:array|tensor|c)\s*)?[\[({][\[({\s]*"
CLOSING = r"[\s,]*[\])}][\])}\s]*(?:,\s*(?:dtype|device|grad_fn|requires_grad)\s*=[^\[\]]*)?[\s)]*$"
BETWEEN = r"\s*[,;]\s*|\s+"
SCALAR = r"(?:np|numpy)\.\w+\(([^()]*)\)"
"""A number as NumPy 2 shows it in a list of Python's: np.float64(1.5); an array's brackets hold more than one."""
CUT = "..."
CUT_SHORT = say("a list that was truncated when it was saved; save all of it")
STRANGE = say("expected a list of numbers in brackets, as in row 1")


def is_list(kind: Any) -> bool:
    """Whether a type of Arrow holds many values a row."""
    of_kind = (pa.types.is_list, pa.types.is_large_list, pa.types.is_fixed_size_list, pa.types.is_list_view)
    return any(check(kind) for check in (*of_kind, pa.types.is_large_list_view))


def looks_like_list(text: str) -> bool:
    """Whether a cell holds a list as Python, NumPy, PyTorch, JSON, R or PostgreSQL writes it."""
    return bool(re.match(OPENING, text) and re.search(CLOSING, text))


def from_text(column: Any, name: str, faults: Faults) -> Any:
    """Lists of strings from cells of text; a cell without brackets, or that NumPy has cut short, is a fault."""
    text = cells.as_text(column, name)
    cut = pc.fill_null(pc.match_substring(text, CUT), False).to_numpy(zero_copy_only=False)
    faults.add(cut, (name,), lambda i, _: column[i].as_py(), CUT_SHORT)
    opened = pc.and_(pc.match_substring_regex(text, OPENING), pc.match_substring_regex(text, CLOSING))
    strange = ~pc.fill_null(opened, False).to_numpy(zero_copy_only=False)
    faults.add(strange, (name,), lambda i, _: column[i].as_py(), STRANGE)
    text = pc.replace_substring_regex(text, SCALAR, r"\1")
    inner = pc.replace_substring_regex(pc.replace_substring_regex(text, OPENING, ""), CLOSING, "")
    return pc.if_else(pc.fill_null(pc.equal(inner, ""), True), pa.scalar([], pa.list_(pa.large_string())), _split(inner))


def _split(inner: Any) -> Any:
    return pc.split_pattern_regex(inner, BETWEEN).cast(pa.list_(pa.large_string()))


def matrix(column: Any, name: str, width: int, parser: cells.NumberParser, faults: Faults, expected: str) -> NDArray[Any]:
    """Lists as rows (n, width); those that are missing, or of another length, are faults and read as zeros."""
    lengths = pc.fill_null(pc.list_value_length(column), 0).to_numpy(zero_copy_only=False)
    missing = cells.is_valid(column, False)
    bad = (lengths != width) | missing
    faults.add(missing, (name,), lambda *_: None, say("missing; expected a list of {width} numbers", width=width))
    reason = say("a list of another length; expected {width} values, as in row 1", width=width)
    faults.add(bad, (name,), lambda i, _: say("{number} values", number=lengths[i]), reason)
    sound = column.filter(pa.array(~bad)) if bad.any() else column
    flat = sound.flatten()
    if is_list(flat.type):
        raise FileProblem(say("Column {name!r} holds lists of lists; expected a list of numbers in each row.", name=name))
    inner = Faults()
    inner.start_block(len(flat))
    numbers = parser.read(flat, name, inner, expected)
    rows = np.flatnonzero(~bad)
    if inner.count:
        cell = np.zeros((len(column), width), bool)
        cell[rows] = inner.flagged.reshape(-1, width)
        reason = say("not a number; {expected}", expected=expected)
        faults.add(cell, (name,), lambda i, k: column[i].values[k].as_py(), reason)
    if not bad.any():
        return numbers.reshape(-1, width)
    out = np.zeros((len(column), width), numbers.dtype)
    out[rows] = numbers.reshape(-1, width)
    return out
