"""People's own predictions, from CSV, NPZ and Parquet files: a look at them, the whole in memory, or a block at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import pyarrow as pa

from ..predictions import Batch, Predictions, Survey, rows_per_block
from . import limits
from .columns import ColumnMapping, check_mapping, check_shared, name_list
from .error_guard import ProgressGuard, as_file_problem, guard_each
from .formats import open_reader, wrong_name
from .interpretation import Interpretation, interpret, output_type_reason
from .problems import Faults, FileProblem
from .reader import RawRows, Reader, Shape, drop_ignored
from .recognition import ColumnFlags, recognise
from .row_buffer import RowBuffer
from .row_statistics import RowStatistics

SHOWN = 10
WIDEST = 2_000
"""Columns that are looked at for names of classes."""

ProgressCallback = Callable[[float], object]

# The pool that Arrow takes by itself keeps what it had, as much again as a small batch, for a next time that may not come.
pa.set_memory_pool(pa.system_memory_pool())


class Preview(NamedTuple):
    """What a dialog shows before a file is read whole.

    format: "CSV", "NPZ" or "Parquet", or "" if it is none of them. columns: names, each of another column. rows: the first,
    as text. mapping: as recognised, or None, and then `problem` says why not.
    """

    format: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    mapping: ColumnMapping | None
    problem: str | None


@dataclass(frozen=True)
class Stream:
    """Predictions in a file, read anew for each pass; so much of it is in memory as one block takes."""

    path: Path
    mapping: ColumnMapping
    interpret: Interpretation
    stamp: tuple[int, int]

    @property
    def survey(self) -> Survey:
        """What was understood of all rows when the file was first read."""
        return self.interpret.survey

    def blocks(self) -> Iterator[Predictions]:
        """All rows, in order; FileProblem if the file is no longer what it was."""
        start, read, progress = 0, 0, ProgressGuard()
        with _opened(self.path, progress) as table:
            if _stamp(self.path) != self.stamp:
                raise FileProblem(f"{self.survey.name} has changed since it was first read.")
            for raw in guard_each(table.blocks(self.mapping, Faults()), _what(table), progress):
                used = drop_ignored(raw, read)
                read += len(raw.logits)
                if len(used.logits):
                    yield self.interpret.predictions(used, start)
                start += len(used.logits)


def preview(file: BinaryIO | Path, name: str, progress: ProgressCallback | None = None) -> Preview:
    """Names, first rows and the mapping that was recognised; what is wrong is told, never raised."""
    table, told = None, ProgressGuard(progress)
    try:
        with _opened(file, told) as table:
            columns: tuple[str, ...] = table.columns
            rows: tuple[tuple[str, ...], ...] = ()
            try:
                with as_file_problem(_what(table), told):
                    rows = table.head(SHOWN)
                    mapping = _mapping(table, None)
                    table.shape(mapping)
            except FileProblem as problem:
                return Preview(table.format, columns, rows, None, problem.message)
            return Preview(table.format, columns, rows, mapping, None)
    except FileProblem as problem:
        return Preview("" if table is None else table.format, (), (), None, f"{name}: {problem.message}")


def read(
    file: BinaryIO | Path, name: str, mapping: ColumnMapping | None = None, progress: ProgressCallback | None = None
) -> Batch:
    """All predictions of a file, in memory; `progress` is told the share that was read, and may raise to stop.

    FileProblem says what is wrong, with its rows; or that there is more than `limits` hold. Rows without a label are counted.
    """
    told = ProgressGuard(progress)
    with _opened(file, told) as table:
        columns, shape = _allowed(table, mapping, told)
        whole = RowBuffer(table.samples, shape, limits.TEXT + 4 * table.file_size)
        often = 4 * rows_per_block(shape.classes)

        def take(raw: RawRows) -> None:
            limits.check_memory(whole.samples + len(raw.logits), shape.classes)
            whole.add(raw)
            if whole.samples % often < len(raw.logits):
                release()

        understood = _pass(table, columns, name, columns.logits[0] not in columns.by_name, take, told)
        rows = understood.predictions(whole.rows(), 0)
    release()
    told(1.0)
    return Batch(understood.survey, rows)


def _allowed(table: Reader, mapping: ColumnMapping | None, progress: ProgressGuard) -> tuple[ColumnMapping, Shape]:
    """The mapping and the shape of a file that may be held in memory."""
    with as_file_problem(_what(table), progress):
        columns = _mapping(table, mapping)
        shape = table.shape(columns)
        limits.check_bytes(table.size(columns))
        limits.check_memory(table.samples or 0, shape.classes)
        limits.check_proportion(table.size(columns), table.file_size)
        return columns, shape


def release() -> None:
    """Give back what blocks took: freed piece by piece it would pile up, to as much again as the whole file."""
    pa.default_memory_pool().release_unused()


def stream(path: Path, mapping: ColumnMapping | ColumnFlags | None = None, progress: ProgressCallback | None = None) -> Stream:
    """The predictions of a file of any size: it is read once now, to check and understand it, and again for each pass."""
    told = ProgressGuard(progress)
    with _opened(path, told) as table:
        stamp = _stamp(path)
        with as_file_problem(_what(table), told):
            columns = _mapping(table, mapping)
        understood = _pass(table, columns, path.name, columns.logits[0] not in columns.by_name, lambda _: None, told)
        return Stream(path, columns, understood, stamp)


def _stamp(path: Path) -> tuple[int, int]:
    """What differs after a file was written anew."""
    stat = path.stat()
    return stat.st_size, stat.st_mtime_ns


@contextmanager
def _opened(file: BinaryIO | Path, progress: ProgressGuard) -> Iterator[Reader]:
    """The file as a table; one that was opened by others stays open."""
    if not isinstance(file, Path):
        with as_file_problem("The file", progress):
            table = open_reader(file, progress)
        yield table
        return
    try:
        handle = file.open("rb")
    except OSError as error:
        raise FileProblem(f"{file.name} cannot be opened: {error.strerror}.") from error
    with handle, _opened(handle, progress) as table:
        yield table


def _what(table: Reader) -> str:
    return f"The {table.format} file"


def _mapping(table: Reader, mapping: ColumnMapping | ColumnFlags | None) -> ColumnMapping:
    if isinstance(mapping, ColumnMapping):
        check_shared(set(mapping.names).difference(table.columns), table.names)
        return check_mapping(mapping, table.columns)
    flags = mapping or ColumnFlags()
    # Names as they stand in the file, so that one which several columns share is refused where it is needed.
    columns = table.columns if mapping else table.names
    chosen = recognise(columns, table.wide, lambda: table.head(SHOWN, WIDEST), flags)
    check_shared(chosen.names, columns)
    return _usable(table, chosen)


def _usable(table: Reader, mapping: ColumnMapping) -> ColumnMapping:
    """The mapping without ids, groups and suspects that were only recognised by name, and that the reader cannot use."""
    roles = ("id", "group", "suspect")
    by_name: dict[str, Any] = {role: name for role in roles if (name := getattr(mapping, role)) in mapping.by_name}
    if not by_name:
        return mapping
    nothing: dict[str, Any] = dict.fromkeys(by_name)
    plain = replace(mapping, **nothing)
    table.shape(plain)
    for role, name in by_name.items():
        with suppress(FileProblem):
            more = replace(plain, **{role: name})
            table.shape(more)
            plain = more
    return plain


def _pass(
    table: Reader, mapping: ColumnMapping, name: str, by_hand: bool, take: Callable[[RawRows], None], progress: ProgressGuard
) -> Interpretation:
    """All rows, looked at and handed on; then what they mean."""
    faults = Faults()
    try:
        with as_file_problem(_what(table), progress):
            facts = RowStatistics(mapping, table.shape(mapping), faults)
        for raw in guard_each(table.blocks(mapping, faults), _what(table), progress):
            with as_file_problem(_what(table), progress):
                known = facts.add(raw)
            if not faults.count and len(known.logits):  # after the first fault the rest is only counted
                take(known)
            progress(table.share())
        notes = (*wrong_name(name, table.format), *table.notes, *_unused(table, mapping))
        return interpret(facts, name, output_type_reason(facts, by_hand), notes)
    except FileProblem as problem:
        with as_file_problem(_what(table), progress):
            located = table.located(problem)
        raise FileProblem(located.message, located.rows, located.more, problem.remedies, problem.labels) from problem.__cause__


def _unused(table: Reader, mapping: ColumnMapping) -> list[str]:
    """A note that names the columns which were left alone."""
    used = set(mapping.names)
    unused = tuple(name for name in table.columns if name not in used)
    if not unused:
        return []
    return [f"{'1 column was' if len(unused) == 1 else f'{len(unused):,} columns were'} not used: {name_list(unused)}."]
