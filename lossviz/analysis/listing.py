"""Arrays as the text of a CSV file, in full precision; what a spreadsheet would execute stays text."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ..data.spreadsheet import inert
from ..evaluation.setting import Array

FORM: Any = {"lineterminator": "\n", "quoting": csv.QUOTE_NONNUMERIC}
"""All texts are quoted: a carriage return, or a semicolon where that separates cells, would end one that is not."""


def listing(header: Sequence[str], blocks: Iterable[tuple[Sequence[str | float], Sequence[Array]]]) -> str:
    """One block after the other: constant first columns (a setting, a position), then columns of equal length."""
    text = io.StringIO()
    writer = csv.writer(text, **FORM)
    writer.writerow(map(inert, header))
    for constant, columns in blocks:
        first = tuple(map(inert, constant))
        writer.writerows((*first, *map(inert, row)) for row in zip(*(column.tolist() for column in columns), strict=True))
    return text.getvalue()


def table(rows: Sequence[Mapping[str, Any]]) -> str:
    """Rows with the same names, which become the header."""
    text = io.StringIO()
    writer = csv.writer(text, **FORM)
    writer.writerow(map(inert, rows[0]))
    writer.writerows([inert(row[name]) for name in rows[0]] for row in rows)
    return text.getvalue()
