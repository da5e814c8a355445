"""Why a file is refused: the sentence, the rows that are wrong, and what would make the file readable."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...numbers import counted
from ...texts import joined, say, then

MAX_LISTED = 10
"""How many bad rows are listed; the others are counted."""


class BadRow(NamedTuple):
    """A cell that is wrong.

    row: as a person counts it, the first row of data is 1. line: its line in a text file, or None. file: which of several.
    """

    row: int
    line: int | None
    column: str
    value: str
    reason: str
    file: str = ""

    def __str__(self) -> str:
        parts = self._asdict()
        if self.line is None:
            text = say("row {row}, {column}: {value}: {reason}", **parts)
        else:
            text = say("row {row} (line {line}), {column}: {value}: {reason}", **parts)
        return joined((self.file, text)) if self.file else text


class Remedy(NamedTuple):
    """What would make a file readable.

    label: what it says of the file. flag: the same on the command line. changes: the fields of the column mapping that change,
    with their new values; none where only a person knows what to put there.
    """

    label: str
    flag: str
    changes: tuple[tuple[str, Any], ...] = ()


class FileProblem(ValueError):  # noqa: N818 - it is shown to people, who have a problem
    """A file that is refused: a sentence that says why, the first bad rows, and how many more there are.

    rows: the first `MAX_LISTED` bad rows; more: how many others there are. remedies: what a person may say to have the file
    read after all. labels: names of classes whose order nobody knows.
    """

    def __init__(
        self,
        message: str,
        rows: Iterable[BadRow] = (),
        more: int = 0,
        remedies: Iterable[Remedy] = (),
        labels: Iterable[str] = (),
    ) -> None:
        self.message = message
        self.rows = tuple(rows)
        self.more = more
        self.remedies = tuple(remedies)
        self.labels = tuple(labels)
        rest = [say("… and {rows}", rows=counted(more, "more row"))] if more else []
        super().__init__(joined([message, *map(str, self.rows), *rest], "\n"))


class Faults:
    """The bad rows of a file that is read in blocks; a row is reported once, with the first thing that is wrong in it."""

    def __init__(self) -> None:
        self.rows: list[BadRow] = []
        self.count = 0
        self.start = 0
        self.flagged: NDArray[np.bool_] = np.zeros(0, bool)
        self.exempt: NDArray[np.bool_] | None = None
        """Rows of the block that are ignored, so that nothing in them can be wrong."""
        self.unknown_labels: dict[str, None] = {}
        """Labels that are names of unknown classes, in the order in which they turned up."""
        self.labels_are_numbers = False
        """Whether labels are numbers."""
        self.unusable_columns: dict[str, str] = {}
        """Columns that were recognised by name only and hold something else, with what is wrong."""

    def start_block(self, size: int) -> None:
        """The next `size` rows are checked from now on."""
        self.start += len(self.flagged)
        self.flagged = np.zeros(size, bool)
        self.exempt = None

    def align_with(self, other: Faults) -> Faults:
        """The same block as other faults are about, to collect something else of it."""
        self.start, self.flagged, self.exempt = other.start, other.flagged.copy(), other.exempt
        return self

    def add(self, bad: NDArray[np.bool_], columns: tuple[str, ...], value: Callable[[int, int], Any], reason: str) -> None:
        """Rows of the block with a True in `bad` (n,) or (n, K); value(row, k) is what that row has in column k."""
        if not bad.any():
            return
        cells = bad.reshape(len(bad), -1)
        new = cells.any(1) & ~self.flagged
        if self.exempt is not None:
            new &= ~self.exempt
        self.flagged |= new
        self.count += int(new.sum())
        for i in map(int, np.flatnonzero(new)[:MAX_LISTED]):
            k = int(cells[i].argmax())
            column = columns[k] if len(columns) == cells.shape[1] else f"{columns[0]}[{k}]"
            self.rows.append(BadRow(self.start + i + 1, None, column, format_value(value(i, k)), reason))
        self.rows = sorted(self.rows)[:MAX_LISTED]

    @property
    def counted(self) -> str:
        """How many rows are bad, with the noun."""
        return counted(self.count, "row")

    def raise_if_any(self, message: str, remedies: Iterable[Remedy] = ()) -> None:
        """Raises a FileProblem if there are bad rows."""
        if self.count:
            raise FileProblem(message, self.rows, self.count - len(self.rows), remedies, self.unknown_labels)


def format_value(value: Any) -> str:
    """A value as a message writes it."""
    if value is None or value == "":
        return say("nothing")
    if isinstance(value, (bool, np.bool_, int, np.integer)):
        return str(value)
    if isinstance(value, (float, np.floating)):
        return f"{value:.6g}"
    return then(str(value), _quoted)


def _quoted(text: str) -> str:
    return repr(text if len(text) <= 40 else text[:39] + "…")
