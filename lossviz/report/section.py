"""An answer about a batch: what the page shows of it and what a report prints."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from ..analysis.batch.columns import Columns, first, largest
from ..analysis.scrub import Scrub
from ..figures.picture import Picture


class Table(NamedTuple):
    """Columns, with what they mean and what they are called where that is not their name.

    shown, printed: so many rows a page shows and a report prints at most. by: the column that says which are printed, the
    largest values first; else the first are. digits: how a page writes numbers that are not whole. print_only: a page has
    these numbers below the pointer and in the figure's file. shares: columns that are printed in percent.
    """

    columns: Columns
    shown: int | None = None
    printed: int | None = None
    by: str = ""
    digits: str = "%.4g"
    meanings: Mapping[str, str] = {}
    headings: Mapping[str, str] = {}
    print_only: bool = False
    shares: tuple[str, ...] = ()

    @property
    def rows(self) -> int:
        """How many there are."""
        return len(next(iter(self.columns.values()), ()))

    def first(self, most: int | None) -> Table:
        """The first rows only."""
        return self._replace(columns=first(self.columns, most))

    def for_print(self) -> Table:
        """The rows that a report prints."""
        if not self.by or self.printed is None or self.rows <= self.printed:
            return self.first(self.printed)
        return self._replace(columns=largest(self.columns, self.by, self.printed))


class Download(NamedTuple):
    """A file of numbers to take home from a page: made when it is asked for."""

    label: str
    file: str
    data: Callable[[], str | bytes]
    help: str | None = None
    disabled: bool = False


class Section(NamedTuple):
    """A title with sentences below it, then figures under a scrubber, a table, what follows from it, and small print.

    question: the word of a link whose answer it is part of. variant: which of several answers under the same title. headline:
    what was found, in one sentence that stands first. Sentences may have words that are to be seen first (texts.Strong); faces
    escape them. name: of the figures' files. csv: all numbers of the figures. points: a
    list below the table. downloads: files of the table.
    """

    question: str
    title: str
    variant: str = ""
    headline: str = ""
    sentences: tuple[str, ...] = ()
    name: str = ""
    figures: tuple[Picture, ...] = ()
    scrub: Scrub | None = None
    csv: Callable[[], str] | None = None
    table: Table | None = None
    conclusions: tuple[str, ...] = ()
    points: tuple[str, ...] = ()
    downloads: tuple[Download, ...] = ()
    notes: tuple[str, ...] = ()
