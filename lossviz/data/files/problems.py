"""What is said when a file is refused: the sentence, and the rows that are wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

LISTED = 10
"""So many bad rows are listed; the others are counted."""


class BadRow(NamedTuple):
    """A row as a person counts it: the first row of data is 1. `line` is its line in a text file."""

    row: int
    line: int | None
    column: str
    value: str
    reason: str

    def __str__(self) -> str:
        line = "" if self.line is None else f" (line {self.line})"
        return f"row {self.row}{line}, {self.column}: {self.value}: {self.reason}"


class Remedy(NamedTuple):
    """What would make a file readable: what it says of the file, the flag of the command line, and the fields of the mapping
    that change; none where only a person knows what to put there."""

    label: str
    flag: str
    changes: tuple[tuple[str, Any], ...] = ()


class FileProblem(ValueError):  # noqa: N818 - it is shown to people, who have a problem
    """A file that is refused: a sentence that says why, the first bad rows, and how many more there are.

    remedies: what a person may say to have it read after all. labels: names of classes whose order nobody knows.
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
        rest = [f"… and {more:,} more row{'s' if more > 1 else ''}"] if more else []
        super().__init__("\n".join([message, *map(str, self.rows), *rest]))


class Faults:
    """Bad rows of a file that is read in blocks; a row is told once, with the first thing found wrong in it."""

    def __init__(self) -> None:
        self.rows: list[BadRow] = []
        self.count = 0
        self.start = 0
        self.seen: NDArray[np.bool_] = np.zeros(0, bool)
        self.exempt: NDArray[np.bool_] | None = None
        """Rows of the block that are ignored, so that nothing in them can be wrong."""
        self.words: dict[str, None] = {}
        """Labels that are names of unknown classes, in the order in which they turned up."""
        self.numeric = False
        """Whether labels are numbers."""
        self.unusable: dict[str, str] = {}
        """Columns that were recognised by name only and hold something else, with what is wrong."""

    def block(self, size: int) -> None:
        """The next `size` rows are looked at from here on."""
        self.start += len(self.seen)
        self.seen = np.zeros(size, bool)
        self.exempt = None

    def beside(self, other: Faults) -> Faults:
        """The same block as others look at, to tell something else of it."""
        self.start, self.seen, self.exempt = other.start, other.seen.copy(), other.exempt
        return self

    def add(self, bad: NDArray[np.bool_], columns: tuple[str, ...], value: Callable[[int, int], Any], reason: str) -> None:
        """Rows of the block with a True in `bad` (n,) or (n, K); value(row, k) is what stands there, in column k."""
        if not bad.any():
            return
        cells = bad.reshape(len(bad), -1)
        fresh = cells.any(1) & ~self.seen
        if self.exempt is not None:
            fresh &= ~self.exempt
        self.seen |= fresh
        self.count += int(fresh.sum())
        for i in map(int, np.flatnonzero(fresh)[:LISTED]):
            k = int(cells[i].argmax())
            column = columns[k] if len(columns) == cells.shape[1] else f"{columns[0]}[{k}]"
            self.rows.append(BadRow(self.start + i + 1, None, column, shown(value(i, k)), reason))
        self.rows = sorted(self.rows)[:LISTED]

    def refuse(self, why: str, remedies: Iterable[Remedy] = ()) -> None:
        """Raises a FileProblem if there are bad rows."""
        if self.count:
            rows = "1 row" if self.count == 1 else f"{self.count:,} rows"
            more = self.count - len(self.rows)
            raise FileProblem(f"{rows} {why}:", self.rows, more, remedies, self.words)


def shown(value: Any) -> str:
    """A value as a message shows it."""
    if value is None or value == "":
        return "nothing"
    if isinstance(value, (bool, np.bool_, int, np.integer)):
        return str(value)
    if isinstance(value, (float, np.floating)):
        return f"{value:.6g}"
    text = str(value)
    return repr(text if len(text) <= 40 else text[:39] + "…")
