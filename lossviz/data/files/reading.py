"""People's own predictions, from CSV, NPZ and Parquet files: a look at them, the whole in memory, or a block at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, NamedTuple

import pyarrow as pa

from ..predictions import Batch, Predictions, Survey, rows_of_a_block
from . import limits
from .checks import Faults, FileProblem
from .columns import Mapping, checked
from .facts import Facts
from .formats import opened_as, wrong_name
from .gathering import Gathered
from .meaning import Meaning, meaning, reason
from .recognition import ColumnFlags, recognised
from .table import Raw, Table, used_rows

SHOWN = 10

# The pool that Arrow takes by itself keeps what it had, as much again as a small batch, for a next time that may not come.
pa.set_memory_pool(pa.system_memory_pool())


class Preview(NamedTuple):
    """What a dialog shows before a file is read whole.

    format: "CSV", "NPZ" or "Parquet", or "" if it is none of them. columns: names as in the file. rows: the first, as text.
    mapping: as recognised, or None, and then `problem` says why not.
    """

    format: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    mapping: Mapping | None
    problem: str | None


@dataclass(frozen=True)
class Stream:
    """Predictions in a file, read anew for each pass; so much of it is in memory as one block takes."""

    path: Path
    mapping: Mapping
    meaning: Meaning
    stamp: tuple[int, int]

    @property
    def survey(self) -> Survey:
        """What was understood of all rows when the file was first read."""
        return self.meaning.survey

    def blocks(self) -> Iterator[Predictions]:
        """All rows, in order; FileProblem if the file is no longer what it was."""
        start = read = 0
        with _opened(self.path) as table:
            if _stamp(self.path) != self.stamp:
                raise FileProblem(f"{self.survey.name} has changed since it was first read.")
            for raw in table.blocks(self.mapping, Faults()):
                used = used_rows(raw, read)
                read += len(raw.logits)
                if len(used.logits):
                    yield self.meaning.predictions(used, start)
                start += len(used.logits)


def preview(file: BinaryIO | Path, name: str) -> Preview:
    """Names, first rows and the mapping that was recognised; what is wrong is told, never raised."""
    table = None
    try:
        with _opened(file) as table:
            rows = table.head(SHOWN)
            try:
                mapping = _mapping(table, None)
                table.shape(mapping)
            except FileProblem as problem:
                return Preview(table.format, table.columns, rows, None, problem.message)
            return Preview(table.format, table.columns, rows, mapping, None)
    except FileProblem as problem:
        return Preview("" if table is None else table.format, (), (), None, f"{name}: {problem.message}")


def read(
    file: BinaryIO | Path, name: str, mapping: Mapping | None = None, progress: Callable[[float], object] | None = None
) -> Batch:
    """All predictions of a file, in memory; `progress` is told the share that was read.

    FileProblem says what is wrong, with its rows; or that there is more than `limits` hold. Rows without a label are counted.
    """
    with _opened(file) as table:
        columns = _mapping(table, mapping)
        shape = table.shape(columns)
        limits.in_bytes(table.size(columns))
        limits.in_memory(table.samples or 0, shape.classes)
        whole = Gathered(table.samples, shape)
        often = 4 * rows_of_a_block(shape.classes)

        def take(raw: Raw) -> None:
            limits.in_memory(whole.samples + len(raw.logits), shape.classes)
            whole.add(raw)
            if whole.samples % often < len(raw.logits):
                release()
            if progress is not None:
                progress(table.share())

        understood = _pass(table, columns, name, columns.logits[0] not in columns.by_name, take)
        rows = understood.predictions(whole.rows(), 0)
    release()
    if progress is not None:
        progress(1.0)
    return Batch(understood.survey, rows)


def release() -> None:
    """Give back what blocks took: freed piece by piece it would pile up, to as much again as the whole file."""
    pa.default_memory_pool().release_unused()


def stream(path: Path, mapping: Mapping | ColumnFlags | None = None) -> Stream:
    """The predictions of a file of any size: it is read once now, to check and understand it, and again for each pass."""
    with _opened(path) as table:
        stamp = _stamp(path)
        columns = _mapping(table, mapping)
        understood = _pass(table, columns, path.name, columns.logits[0] not in columns.by_name, lambda _: None)
        return Stream(path, columns, understood, stamp)


def _stamp(path: Path) -> tuple[int, int]:
    """What differs after a file was written anew."""
    stat = path.stat()
    return stat.st_size, stat.st_mtime_ns


@contextmanager
def _opened(file: BinaryIO | Path) -> Iterator[Table]:
    """The file as a table; one that was opened by others stays open."""
    if not isinstance(file, Path):
        yield opened_as(file)
        return
    try:
        handle = file.open("rb")
    except OSError as error:
        raise FileProblem(f"{file.name} cannot be opened: {error.strerror}.") from error
    with handle:
        yield opened_as(handle)


def _mapping(table: Table, mapping: Mapping | ColumnFlags | None) -> Mapping:
    if isinstance(mapping, Mapping):
        return checked(mapping, table.columns)
    return recognised(table.columns, table.wide, table.head(SHOWN), mapping or ColumnFlags())


def _pass(table: Table, mapping: Mapping, name: str, by_hand: bool, take: Callable[[Raw], None]) -> Meaning:
    """All rows, looked at and handed on; then what they mean."""
    faults = Faults()
    try:
        facts = Facts(mapping, table.shape(mapping), faults)
        for raw in table.blocks(mapping, faults):
            known = facts.add(raw)
            if not faults.count and len(known.logits):  # after the first fault the rest is only counted
                take(known)
        notes = (*wrong_name(name, table.format), *table.notes)
        return meaning(facts, name, reason(facts, by_hand), notes)
    except FileProblem as problem:
        located = table.located(problem)
        raise FileProblem(located.message, located.rows, located.more, problem.remedies, problem.labels) from problem.__cause__
