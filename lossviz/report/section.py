"""An answer about a batch: what the page shows of it and what a report prints."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..analysis.scrub import Scrub
from ..figures.picture import Picture

Columns = Mapping[str, NDArray[Any] | tuple[Any, ...]]
"""Columns of equal length, by name: arrays of numbers, or texts."""


class Strong(str):
    """Words of a sentence that are to be seen first."""


Sentence = tuple[str, ...]
"""Words one after the other, as they were written by whom: faces escape them. Some may be `Strong`."""


class Table(NamedTuple):
    """Columns, with what they mean and what they are called where that is not their name.

    shown, printed: so many rows a page shows and a report prints at most. by: the column that says which are printed, the
    largest values first; else the first are. digits: how a page writes numbers that are not whole. print_only: a page has
    these numbers below the pointer and in the figure's file.
    """

    columns: Columns
    shown: int | None = None
    printed: int | None = None
    by: str = ""
    digits: str = "%.4g"
    meanings: Mapping[str, str] = {}
    headings: Mapping[str, str] = {}
    print_only: bool = False

    @property
    def rows(self) -> int:
        """How many there are."""
        return len(next(iter(self.columns.values()), ()))

    def first(self, most: int | None) -> Table:
        """The first rows only."""
        return self._replace(columns={name: column[:most] for name, column in self.columns.items()})

    def for_print(self) -> Table:
        """The rows that a report prints."""
        if not self.by or self.printed is None or self.rows <= self.printed:
            return self.first(self.printed)
        order = np.argsort(-np.nan_to_num(np.asarray(self.columns[self.by])), kind="stable")[: self.printed]
        return self._replace(columns={name: _taken_in(column, order) for name, column in self.columns.items()})


def _taken_in(column: NDArray[Any] | tuple[Any, ...], order: NDArray[np.int64]) -> NDArray[Any] | tuple[Any, ...]:
    return column[order] if isinstance(column, np.ndarray) else tuple(column[i] for i in order)


class Download(NamedTuple):
    """A file of numbers to take home from a page: made when it is asked for."""

    label: str
    file: str
    data: Callable[[], str | bytes]
    help: str | None = None
    disabled: bool = False


class Section(NamedTuple):
    """A title with sentences below it, then figures under a scrubber, a table, what follows from it, and small print.

    question: the word of a link whose answer it is part of. variant: which of several answers under the same title. name: of
    the figures' files. csv: all numbers of the figures. points: a list below the table. downloads: files of the table.
    """

    question: str
    title: str
    variant: str = ""
    sentences: tuple[Sentence, ...] = ()
    name: str = ""
    figures: tuple[Picture, ...] = ()
    scrub: Scrub | None = None
    csv: Callable[[], str] | None = None
    table: Table | None = None
    conclusions: tuple[Sentence, ...] = ()
    points: tuple[Sentence, ...] = ()
    downloads: tuple[Download, ...] = ()
    notes: tuple[Sentence, ...] = ()


def plain(*texts: str) -> tuple[Sentence, ...]:
    """Sentences without anything strong in them."""
    return tuple((text,) for text in texts)


def columns_of(rows: list[dict[str, Any]]) -> Columns:
    """Rows with the same names as columns: numbers as arrays, texts as they are."""
    columns = {name: [row[name] for row in rows] for name in (rows[0] if rows else ())}
    return {name: tuple(x) if isinstance(x[0], str) else np.asarray(x) for name, x in columns.items()}
