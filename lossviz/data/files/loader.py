"""A person's own predictions from CSV, NPZ and Parquet files: previewed, read into memory, or streamed a block at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import pyarrow as pa

from ...texts import say
from ..predictions import Batch, Predictions, Survey, rows_per_block
from . import limits
from .columns import ColumnMapping, check_mapping, check_shared, name_list
from .error_guard import ProgressGuard, as_file_problem, guard_each
from .formats import open_reader, wrong_name
from .interpretation import Interpretation, interpret, output_type_reason
from .paths import Shard, data_name, shards_of
from .problems import Faults, FileProblem
from .reader import RawRows, Reader, Shape, drop_ignored
from .recognition import ColumnFlags, recognise
from .row_buffer import RowBuffer
from .row_statistics import RowStatistics
from .shards import Shards, open_path

PREVIEW_ROWS = 10
NAMED_COLUMNS = 2_000
"""How many columns may be named by classes, which the labels of the first rows tell."""

ProgressCallback = Callable[[float], object]

# The pool that Arrow takes by itself keeps what it had, as much again as a small batch, for a next time that may not come.
pa.set_memory_pool(pa.system_memory_pool())


class Preview(NamedTuple):
    """The beginning of a file, before the whole is read.

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
    """Predictions in one or several files, read anew for each pass; so much of it is in memory as one block takes."""

    shards: tuple[Shard, ...]
    mapping: ColumnMapping
    interpretation: Interpretation
    stamps: tuple[tuple[int, int], ...]

    @property
    def survey(self) -> Survey:
        """What was understood of all rows when the file was first read."""
        return self.interpretation.survey

    def blocks(self) -> Iterator[Predictions]:
        """All rows, in order; FileProblem if the file is no longer what it was."""
        start, read, progress = 0, 0, ProgressGuard()
        for shard, stamp in zip(self.shards, self.stamps, strict=True):
            if _stamp(shard) != stamp:
                raise FileProblem(say("{file} has changed since it was first read.", file=shard.name))
        with _open(self.shards, progress) as reader:
            for raw in guard_each(reader.blocks(self.mapping, Faults()), _label_of(reader), progress):
                used = drop_ignored(raw, read)
                read += len(raw.logits)
                if len(used.logits):
                    yield self.interpretation.predictions(used, start)
                start += len(used.logits)


def preview(file: BinaryIO | Path, name: str, progress: ProgressCallback | None = None) -> Preview:
    """Column names, first rows and the mapping that their names suggest.

    Args:
        file: an open file, which stays open, or its path.
        name: of the file, for messages.
        progress: called with the share that was read, 0 to 1; it may raise to stop.

    Returns:
        What was recognised; `problem` says what is wrong, and nothing is raised.
    """
    reader, guard = None, ProgressGuard(progress)
    try:
        with _open(file, guard) as reader:
            columns: tuple[str, ...] = reader.columns
            rows: tuple[tuple[str, ...], ...] = ()
            try:
                with as_file_problem(_label_of(reader), guard):
                    rows = reader.head(PREVIEW_ROWS)
                    mapping = _mapping(reader, None)
                    reader.shape(mapping)
            except FileProblem as problem:
                return Preview(reader.format, columns, rows, None, problem.message)
            return Preview(reader.format, columns, rows, mapping, None)
    except FileProblem as problem:
        message = say("{file}: {problem}", file=name, problem=problem.message)
        return Preview("" if reader is None else reader.format, (), (), None, message)


def read(
    file: BinaryIO | Path, name: str, mapping: ColumnMapping | None = None, progress: ProgressCallback | None = None
) -> Batch:
    """All predictions of a file, in memory.

    Args:
        file: an open file, which stays open, or its path: CSV, NPZ or Parquet, by its content.
        name: of the file, for messages and notes.
        mapping: which column is what; None: as the names of the columns suggest.
        progress: called with the share that was read, 0 to 1; it may raise to stop.

    Returns:
        N rows with C logits each; rows without a label are left out and counted.

    Raises:
        FileProblem: what is wrong, with the first bad rows and what would make the file readable; or that it has more than
            `limits` allow.

    Example:
        >>> import io
        >>> batch = read(io.BytesIO(b"logit_0,logit_1,label\\n2.0,-1.0,0\\n0.5,1.5,1\\n"), "predictions.csv")
        >>> batch.rows.logits.tolist(), batch.rows.targets.tolist()
        ([[2.0, -1.0], [0.5, 1.5]], [0, 1])
    """
    guard = ProgressGuard(progress)
    with _open(file, guard) as reader:
        mapping, shape = _fitting(reader, mapping, guard)
        buffer = RowBuffer(reader.samples, shape, limits.TEXT + 4 * reader.file_size)
        often = 4 * rows_per_block(shape.classes)

        def collect(raw: RawRows) -> None:
            limits.check_memory(buffer.samples + len(raw.logits), shape.classes)
            buffer.add(raw)
            if buffer.samples % often < len(raw.logits):
                release_memory()

        interpretation = _scan(reader, mapping, name, collect, guard)
        rows = interpretation.predictions(buffer.rows(), 0)
    release_memory()
    guard(1.0)
    return Batch(interpretation.survey, rows)


def _fitting(reader: Reader, mapping: ColumnMapping | None, progress: ProgressGuard) -> tuple[ColumnMapping, Shape]:
    """The mapping and the shape of a file that fits in memory; FileProblem for a larger one."""
    with as_file_problem(_label_of(reader), progress):
        resolved = _mapping(reader, mapping)
        shape = reader.shape(resolved)
        limits.check_bytes(reader.size(resolved))
        limits.check_memory(reader.samples or 0, shape.classes)
        limits.check_proportion(reader.size(resolved), reader.file_size)
        return resolved, shape


def release_memory() -> None:
    """Give back what blocks took: freed piece by piece it would pile up, to as much again as the whole file."""
    pa.default_memory_pool().release_unused()


def stream(
    files: Path | Sequence[Path],
    mapping: ColumnMapping | ColumnFlags | None = None,
    progress: ProgressCallback | None = None,
) -> Stream:
    """The predictions of files of any size: they are read once now, to check and understand them, and again for each pass.

    Args:
        files: a CSV, NPZ or Parquet file; or several, or folders or patterns of them, that hold the rows of one run: with the
            same columns in the same order.
        mapping: which column is what, or what the command line says of it; None: as the names of the columns suggest.
        progress: called with the share that was read, 0 to 1; it may raise to stop.

    Returns:
        A source of blocks, of which only one is in memory at a time.

    Raises:
        FileProblem: what is wrong, with the first bad rows and what would make the files readable.
    """
    names = (files,) if isinstance(files, Path) else tuple(files)
    shards, guard = shards_of(names), ProgressGuard(progress)
    with _open(shards, guard) as reader:
        stamps = tuple(map(_stamp, shards))
        with as_file_problem(_label_of(reader), guard):
            resolved = _mapping(reader, mapping)
        interpretation = _scan(reader, resolved, data_name(names), lambda _: None, guard)
        return Stream(shards, resolved, interpretation, stamps)


def _stamp(shard: Shard) -> tuple[int, int]:
    """Size and time of change, which differ after a file was written anew."""
    try:
        stat = shard.path.stat()
    except OSError as error:
        message = say("{file} cannot be opened: {error}.", file=shard.name, error=error.strerror)
        raise FileProblem(message) from error
    return stat.st_size, stat.st_mtime_ns


@contextmanager
def _open(file: BinaryIO | Path | tuple[Shard, ...], progress: ProgressGuard) -> Iterator[Reader]:
    """The reader of a file, or of several; one that was opened by the caller stays open."""
    if isinstance(file, tuple) and len(file) == 1 and not file[0].keys:
        file = file[0].path
    if isinstance(file, Path):
        with open_path(file, progress) as reader:
            yield reader
        return
    with as_file_problem(say("The file"), progress):
        several = Shards(file, progress) if isinstance(file, tuple) else open_reader(file, progress)
    yield several


def _label_of(reader: Reader) -> str:
    return say("The {format} file", format=reader.format)


def _mapping(reader: Reader, mapping: ColumnMapping | ColumnFlags | None) -> ColumnMapping:
    if isinstance(mapping, ColumnMapping):
        check_shared(set(mapping.names).difference(reader.columns), reader.names)
        return check_mapping(mapping, reader.columns)
    flags = mapping or ColumnFlags()
    # Names as they stand in the file, so that one which several columns share is refused where it is needed.
    columns = reader.columns if mapping else reader.names
    chosen = recognise(columns, reader.wide, lambda: reader.head(PREVIEW_ROWS, NAMED_COLUMNS), flags)
    check_shared(chosen.names, columns)
    absent: dict[str, Any] = {
        role: name for role, name in reader.defaults.items() if not (getattr(chosen, role) or getattr(flags, role))
    }
    return replace(_usable(reader, chosen), **absent)


def _usable(reader: Reader, mapping: ColumnMapping) -> ColumnMapping:
    """The mapping without ids, groups and suspects that were only recognised by name, and that the reader cannot use."""
    roles = ("id", "group", "suspect")
    by_name: dict[str, Any] = {role: name for role in roles if (name := getattr(mapping, role)) in mapping.by_name}
    if not by_name:
        return mapping
    none: dict[str, Any] = dict.fromkeys(by_name)
    usable = replace(mapping, **none)
    reader.shape(usable)
    for role, name in by_name.items():
        with suppress(FileProblem):
            extended = replace(usable, **{role: name})
            reader.shape(extended)
            usable = extended
    return usable


def _scan(
    reader: Reader, mapping: ColumnMapping, name: str, collect: Callable[[RawRows], None], progress: ProgressGuard
) -> Interpretation:
    """Reads all rows, each block for the statistics and for `collect`; then what they mean."""
    faults = Faults()
    try:
        with as_file_problem(_label_of(reader), progress):
            stats = RowStatistics(mapping, reader.shape(mapping), faults)
        for raw in guard_each(reader.blocks(mapping, faults), _label_of(reader), progress):
            with as_file_problem(_label_of(reader), progress):
                rows_used = stats.add(raw)
            if not faults.count and len(rows_used.logits):  # after the first fault the rest is only counted
                collect(rows_used)
            progress(reader.share())
        notes = (*wrong_name(name, reader.format), *reader.notes, *_unused_columns(reader, mapping))
        return interpret(stats, name, output_type_reason(stats), notes)
    except FileProblem as problem:
        with as_file_problem(_label_of(reader), progress):
            located = reader.located(problem)
        raise FileProblem(located.message, located.rows, located.more, problem.remedies, problem.labels) from problem.__cause__


def _unused_columns(reader: Reader, mapping: ColumnMapping) -> list[str]:
    """A note that names the columns which are not used."""
    used = set(mapping.names)
    unused = tuple(name for name in reader.columns if name not in used)
    if not unused:
        return []
    if len(unused) == 1:
        return [say("1 column was not used: {names}.", names=name_list(unused))]
    return [say("{number:,} columns were not used: {names}.", number=len(unused), names=name_list(unused))]
