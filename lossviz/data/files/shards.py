"""Several files as one: each is opened when its rows are due, and all have to agree on what their columns are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...texts import say
from . import limits
from .columns import ColumnMapping, name_list
from .error_guard import ProgressGuard, as_file_problem
from .formats import open_reader, wrong_name
from .paths import Shard
from .problems import BadRow, Faults, FileProblem
from .reader import PLACE, RawRows, Reader, Shape


@contextmanager
def open_path(path: Path, progress: ProgressGuard) -> Iterator[Reader]:
    """The reader of a file by its path."""
    try:
        handle = path.open("rb")
    except OSError as error:
        message = say("{file} cannot be opened: {error}.", file=path.name, error=error.strerror)
        raise FileProblem(message) from error
    with handle:
        with as_file_problem(say("The file"), progress):
            reader = open_reader(handle, progress)
        yield reader


class Facts(NamedTuple):
    """What is known of a file once it was opened."""

    format: str
    names: tuple[str, ...]
    columns: tuple[str, ...]
    wide: frozenset[str]
    samples: int | None
    size: int


class Shards:
    """A reader of several files, in their order."""

    def __init__(self, shards: Sequence[Shard], progress: ProgressGuard) -> None:
        self._shards, self._progress = shards, progress
        self._facts = [self._facts_of(shard) for shard in shards]
        first = self._facts[0]
        for shard, facts in zip(shards, self._facts, strict=True):
            self._check_columns(shard, facts, first)
        self._keys = tuple(key for key, _ in shards[0].keys)
        self.format, self.wide = first.format, first.wide
        self.names, self.columns = (*first.names, *self._keys), (*first.columns, *self._keys)
        counts = [facts.samples for facts in self._facts]
        self.samples = None if None in counts else sum(filter(None, counts))
        self.file_size = sum(facts.size for facts in self._facts)
        self._notes: dict[str, str] = {}
        self._starts: list[int] = []
        self._bytes_read = 0
        self._present: Reader | None = None

    @property
    def defaults(self) -> Mapping[str, str]:
        """A row is called by its file and its number there, and belongs to the group that the folders say."""
        several = [key for k, key in enumerate(self._keys) if len({shard.keys[k][1] for shard in self._shards}) > 1]
        return {"id": PLACE} | ({"group": several[0]} if several else {})

    @property
    def notes(self) -> tuple[str, ...]:
        count = say("The rows come from {count:,} files.", count=len(self._shards))
        names = (wrong_name(shard.name, facts.format) for shard, facts in zip(self._shards, self._facts, strict=True))
        notes = (say("{file}: {note}", file=name, note=note) for note, name in self._notes.items())
        return (count, *(note for wrong in names for note in wrong), *notes)

    def head(self, count: int, width: int = limits.SHOWN) -> tuple[tuple[str, ...], ...]:
        """Of the first file."""
        values = tuple(value for _, value in self._shards[0].keys)
        with open_path(self._shards[0].path, self._progress) as reader:
            return tuple((*row, *values)[:width] for row in reader.head(count, width))

    def shape(self, mapping: ColumnMapping) -> Shape:
        """Of the first file; the others are compared with it when they are read."""
        with open_path(self._shards[0].path, self._progress) as reader:
            return reader.shape(self._inner(mapping))

    def size(self, mapping: ColumnMapping) -> int:
        """Of all files, as far as they say so."""
        shape = self.shape(mapping)
        return (self.samples or 0) * (shape.classes + (shape.targets if shape.targets > 1 else 0)) * shape.dtype.itemsize

    def share(self) -> float:
        """By the bytes of the files that were read."""
        number = max(0, len(self._starts) - 1)
        within = self._present.share() * self._facts[number].size if self._present else 0
        return min(1.0, (self._bytes_read + within) / max(1, self.file_size))

    def blocks(self, mapping: ColumnMapping, faults: Faults) -> Iterator[RawRows]:
        """The blocks of each file after those of the one before."""
        shape, rows = self.shape(mapping), 0
        self._starts, self._bytes_read = [], 0
        for shard, facts in zip(self._shards, self._facts, strict=True):
            self._starts.append(rows)
            for raw in self._blocks_of(shard, mapping, shape, faults):
                yield self._completed(raw, shard, mapping, rows - self._starts[-1])
                rows += len(raw.logits)
            self._bytes_read, self._present = self._bytes_read + facts.size, None

    def located(self, problem: FileProblem) -> FileProblem:
        """With the file of each row, and its number and its line there."""
        rows: list[BadRow] = [row for row in problem.rows if row.file]
        for number, start in enumerate(self._starts):
            end = self._starts[number + 1] if number + 1 < len(self._starts) else np.inf
            own = [row._replace(row=row.row - start) for row in problem.rows if not row.file and start < row.row <= end]
            if own:
                with open_path(self._shards[number].path, self._progress) as reader:
                    rows += self._named(reader.located(FileProblem("", own)).rows, self._shards[number])
        return FileProblem(problem.message, rows, problem.more, problem.remedies, problem.labels)

    def _blocks_of(self, shard: Shard, mapping: ColumnMapping, shape: Shape, faults: Faults) -> Iterator[RawRows]:
        inner = self._inner(mapping)
        with self._naming(shard), open_path(shard.path, self._progress) as reader:
            self._present = reader
            self._check_shape(reader.shape(inner), shape)
            try:
                for raw in reader.blocks(inner, faults):
                    yield raw._replace(logits=raw.logits.astype(shape.dtype, copy=False))
            except FileProblem as problem:
                raise _with_rows(problem, self._named(reader.located(problem).rows, shard)) from problem
            self._notes = dict.fromkeys(reader.notes, shard.name) | self._notes

    def _completed(self, raw: RawRows, shard: Shard, mapping: ColumnMapping, start: int) -> RawRows:
        """With what no column of the file has."""
        count = len(raw.logits)
        if mapping.id == PLACE:
            raw = raw._replace(ids=_places(shard.name, start, count))
        if mapping.group in self._keys:
            raw = raw._replace(groups=((dict(shard.keys)[mapping.group],), np.zeros(count, np.int64)))
        return raw

    def _inner(self, mapping: ColumnMapping) -> ColumnMapping:
        """The mapping of what each file has itself."""
        group = None if mapping.group in self._keys else mapping.group
        return replace(mapping, id=None if mapping.id == PLACE else mapping.id, group=group)

    def _facts_of(self, shard: Shard) -> Facts:
        with self._naming(shard), open_path(shard.path, self._progress) as reader:
            return Facts(reader.format, reader.names, reader.columns, reader.wide, reader.samples, reader.file_size)

    def _check_columns(self, shard: Shard, facts: Facts, first: Facts) -> None:
        """All files have the same columns in the same order, and the same keys."""
        one = {"file": shard.name, "first": self._shards[0].name}
        if facts.columns != first.columns:
            missing, new = ([x for x in a.columns if x not in b.columns] for a, b in ((first, facts), (facts, first)))
            if missing:
                raise FileProblem(say("{file} has no column {names}, which {first} has.", names=name_list(missing), **one))
            if new:
                raise FileProblem(say("{file} has the column {names}, which {first} has not.", names=name_list(new), **one))
            raise FileProblem(say("{file} has its columns in another order than {first}.", **one))
        if facts.wide != first.wide:
            kinds = name_list(sorted(facts.wide ^ first.wide))
            raise FileProblem(
                say("{file} and {first}: one has lists in column {names}, the other single values.", names=kinds, **one)
            )
        keys, others = ([key for key, _ in x.keys] for x in (shard, self._shards[0]))
        if keys != others:
            own, expected = ("/".join(f"{key}=…" for key in x) or say("nothing") for x in (keys, others))
            raise FileProblem(say("{file} lies below {own}, {first} below {expected}.", own=own, expected=expected, **one))

    def _check_shape(self, shape: Shape, first: Shape) -> None:
        """All files have as many logits and targets a row, and numbers that those of the first can hold."""
        one = {"first": self._shards[0].name, "count": shape.classes, "other": first.classes}
        if shape.classes != first.classes:
            raise FileProblem(say("{count} logits a row, where {first} has {other}; expected as many in every file.", **one))
        one |= {"count": shape.targets, "other": first.targets}
        if shape.targets != first.targets:
            raise FileProblem(say("{count} targets a row, where {first} has {other}; expected as many in every file.", **one))
        one |= {"count": shape.dtype, "other": first.dtype}
        if not np.can_cast(shape.dtype, first.dtype):
            raise FileProblem(say("{count} logits, where {first} has {other}; expected one kind in every file.", **one))

    @contextmanager
    def _naming(self, shard: Shard) -> Iterator[None]:
        """What is wrong with a file names it."""
        try:
            yield
        except FileProblem as problem:
            message = say("{file}: {problem}", file=shard.name, problem=problem.message)
            raise FileProblem(message, problem.rows, problem.more, problem.remedies, problem.labels) from problem

    def _named(self, rows: Sequence[BadRow], shard: Shard) -> list[BadRow]:
        return [row._replace(file=shard.name) for row in rows]


def _with_rows(problem: FileProblem, rows: Sequence[BadRow]) -> FileProblem:
    return FileProblem(problem.message, rows, problem.more, problem.remedies, problem.labels)


def _places(name: str, start: int, count: int) -> NDArray[Any]:
    """The ids of some rows of a file that have none: the first row of data is 1, as in messages."""
    return np.array([f"{name}:{row}" for row in range(start + 1, start + count + 1)], np.dtypes.StringDType())
