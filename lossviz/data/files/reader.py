"""What a reader of a format gives: named columns, and their values a block at a time, not yet understood."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import DTypeLike, NDArray

from . import limits
from .columns import ColumnMapping
from .ignored_rows import IgnoredRows
from .problems import Faults, FileProblem

PLACE = "file:row"
"""The id of a row of several files where no column has any: its file, and its number there."""

Groups = tuple[tuple[str, ...], NDArray[np.integer[Any]]]
"""Some names, and for each row the number of its own."""


class RawRows(NamedTuple):
    """n rows as they stand in the file.

    logits: (n, C) float32 or float64, or probabilities. target: (n,) or (n, K), numbers of any kind. ids: (n,) int64 or
    strings. suspects: (n,) bool. Where a value could not be read at all stands a 0, and the row is among the faults.
    left_out: rows that are ignored. rows: numbers of the rows (n,) in the file; None as long as none was left out.
    """

    logits: NDArray[Any]
    target: NDArray[Any]
    ids: NDArray[Any] | None = None
    groups: Groups | None = None
    suspects: NDArray[np.bool_] | None = None
    ignored: IgnoredRows | None = None
    rows: NDArray[np.int64] | None = None


def drop_ignored(raw: RawRows, start: int) -> RawRows:
    """The rows that are not ignored, with their numbers in the file; `start` is that of the first."""
    numbers = np.arange(start, start + len(raw.logits))
    if raw.ignored is None:
        return raw._replace(rows=numbers)
    used = np.flatnonzero(~raw.ignored.rows)
    groups = None if raw.groups is None else (raw.groups[0], raw.groups[1][used])
    ids, suspects = (None if x is None else x[used] for x in (raw.ids, raw.suspects))
    return RawRows(raw.logits[used], raw.target[used], ids, groups, suspects, None, numbers[used])


class Shape(NamedTuple):
    """What is known before the first row is read: C, the values of a target (1: a label), and the dtype of the logits."""

    classes: int
    targets: int
    dtype: np.dtype[Any]


class Reader(Protocol):
    """An open file. names: of its columns as they stand there. columns: the same, but each of another name.

    wide: columns of many values a row. samples: rows, if the file says so. file_size: its bytes.
    """

    @property
    def format(self) -> str: ...
    @property
    def names(self) -> tuple[str, ...]: ...
    @property
    def columns(self) -> tuple[str, ...]: ...
    @property
    def wide(self) -> frozenset[str]: ...
    @property
    def samples(self) -> int | None: ...
    @property
    def file_size(self) -> int: ...
    @property
    def defaults(self) -> Mapping[str, str]:
        """What stands for an id or a group where no column does, by role."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What was changed while reading, in sentences; complete after the last block."""

    def head(self, count: int, width: int = limits.SHOWN) -> tuple[tuple[str, ...], ...]:
        """The first rows as text, of the first columns."""

    def shape(self, mapping: ColumnMapping) -> Shape:
        """What the mapping's columns hold; FileProblem if that cannot be."""

    def size(self, mapping: ColumnMapping) -> int:
        """Bytes that the mapping's columns take in memory, as far as the file says so; else 0."""

    def blocks(self, mapping: ColumnMapping, faults: Faults) -> Iterator[RawRows]:
        """All rows, in order; each block is announced to the faults."""

    def share(self) -> float:
        """How much has been read, 0 to 1."""

    def located(self, problem: FileProblem) -> FileProblem:
        """The same problem, with the lines of its rows."""


def floating(*dtypes: DTypeLike) -> np.dtype[Any]:
    """The dtype of logits stored so: float32 for half and single precision, else float64."""
    small = all(np.dtype(d) in (np.dtype(np.float16), np.dtype(np.float32)) for d in dtypes)
    return np.dtype(np.float32 if small else np.float64)
