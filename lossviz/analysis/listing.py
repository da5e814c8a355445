"""Arrays as the text of a CSV file, in full precision."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from .sample import Array


def listing(header: Sequence[str], blocks: Iterable[tuple[Sequence[str | float], Sequence[Array]]]) -> str:
    """One block after the other: constant first columns (a setting, a position), then columns of equal length."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    for constant, columns in blocks:
        writer.writerows((*constant, *row) for row in zip(*(column.tolist() for column in columns), strict=True))
    return text.getvalue()


def table(rows: Sequence[Mapping[str, Any]]) -> str:
    """Rows with the same names, which become the header."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()
