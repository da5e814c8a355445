"""A table as columns of equal length, and as rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Column = NDArray[Any] | tuple[str, ...]
"""Numbers, or texts."""

Columns = Mapping[str, Column]

Cell = str | int | float | None
"""None where a row has nothing to say in a column."""

Row = dict[str, Cell]


def rows(columns: Columns) -> list[Row]:
    """Row by row."""
    cells = [column.tolist() if isinstance(column, np.ndarray) else column for column in columns.values()]
    return [dict(zip(columns, row, strict=True)) for row in zip(*cells, strict=True)]


def columns_of(table: Sequence[Row]) -> Columns:
    """Of rows with the same names: texts stay as they are, numbers become arrays."""
    cells = {name: [row[name] for row in table] for name in (table[0] if table else ())}
    return {name: tuple(map(str, x)) if isinstance(x[0], str) else np.asarray(x) for name, x in cells.items()}


def first(columns: Columns, most: int | None) -> Columns:
    """The first rows."""
    return {name: column[:most] for name, column in columns.items()}


def largest(columns: Columns, by: str, most: int) -> Columns:
    """The rows with the largest values in a column, the largest first; those without one last."""
    order = np.argsort(-np.nan_to_num(np.asarray(columns[by])), kind="stable")[:most]
    return {name: column[order] if isinstance(column, np.ndarray) else tuple(column[i] for i in order)
            for name, column in columns.items()}  # fmt: skip
