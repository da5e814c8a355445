"""Text that a spreadsheet must show and not execute: a cell that begins like a formula gets an apostrophe in front of it."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..texts import then

FORMULA = re.compile(r"[\s\x00-\x1f\ufeff]*[=+\-@＝＋－＠]|[\t\r\n]")
"""How a text begins that Excel, LibreOffice or Google Sheets may take for a formula (OWASP, CSV Injection)."""

NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
"""A text that is a plain number calculates nothing."""


def inert(cell: Any) -> Any:
    """A cell as it may stand in a CSV file; only texts are ever changed.

    >>> inert("=1+1"), inert("-1.5"), inert("cat"), inert(-1.5)
    ("'=1+1", '-1.5', 'cat', -1.5)
    """
    if isinstance(cell, str) and FORMULA.match(cell) and not NUMBER.fullmatch(cell):
        return then(cell, "'{}".format)
    return cell


def inert_column(column: NDArray[Any]) -> NDArray[Any]:
    """A column (n,) of a table, each of its texts made inert, of whatever dtype texts are."""
    return np.array([inert(cell) for cell in column.tolist()], object) if column.dtype.kind in "OUST" else column
