"""Parquet files: a column for each class, or one column with a list in each row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from ...texts import say
from ..predictions import rows_per_block
from . import cells, labels, limits, lists
from .columns import ColumnMapping, unique_names
from .decompression import ColumnPages, check_expansion
from .error_guard import ProgressGuard, error_text
from .footer import column_chunks
from .problems import Faults, FileProblem
from .reader import RawRows, Shape, floating

AT_ONCE = 1 << 20
"""Values of lists that a preview reads."""


class ParquetReader:
    """An open Parquet file, read a piece of a row group at a time."""

    format = "Parquet"
    defaults: Mapping[str, str] = {}
    notes: tuple[str, ...] = ()

    def __init__(self, file: BinaryIO, size: int, progress: ProgressGuard) -> None:
        self._bytes, self.file_size, self._progress = file, size, progress
        with _damage_as_problem():
            plain = pq.ParquetFile(file, buffer_size=1 << 20, pre_buffer=False)
            schema = plain.schema_arrow
            self.names: tuple[str, ...] = tuple(schema.names)
            self.columns = unique_names(self.names)
            self._number = {name: k for k, name in enumerate(self.columns)}
            self._leaves = np.cumsum([0, *(_leaves(field.type) for field in schema)]).tolist()
            self._footer = column_chunks(file)
            # With its dictionary a text that stands in many rows stays in memory once.
            texts = [field.name for k, field in enumerate(schema) if _is_text(field.type) and not self._is_delta(k)]
            self._file = pq.ParquetFile(file, buffer_size=1 << 20, pre_buffer=False, read_dictionary=texts)
            self._types = [field.type for field in self._file.schema_arrow]
        self.wide = frozenset(name for name, kind in zip(self.columns, self._types, strict=True) if lists.is_list(kind))
        self.samples: int = self._file.metadata.num_rows
        self._rows_read = 0
        self._widths: dict[str, int] = {}
        if not self.samples:
            raise FileProblem(say("The file has no rows."))

    def head(self, count: int, width: int = limits.SHOWN) -> tuple[tuple[str, ...], ...]:
        """The first rows; long lists are cut, and what would take much memory is not shown."""
        columns = []
        for k, name in enumerate(self.columns[:width]):
            columns.append(self._preview(name, count))
            self._progress(0.0 * k)
        rows = max(map(len, columns), default=0)
        return tuple(tuple(column[i] if i < len(column) else "" for column in columns) for i in range(rows))

    def shape(self, mapping: ColumnMapping) -> Shape:
        """By the types of the columns, and by the first row for lists of any length."""
        for name in (mapping.id, mapping.group, mapping.suspect):
            if name is not None and pa.types.is_nested(self._types[self._number[name]]):
                kind = self._types[self._number[name]]
                raise FileProblem(say("Column {name!r} holds {type}; expected one value per row.", name=name, type=kind))
        sizes = [_numpy(self._kind(name)) for name in mapping.logits]
        return Shape(self._width(mapping.logits, say("logits")), self._width(mapping.target, say("targets")), floating(*sizes))

    def size(self, mapping: ColumnMapping) -> int:
        """Bytes of the logits, and of targets for each of them."""
        shape = self.shape(mapping)
        return self.samples * (shape.classes + (shape.targets if shape.targets > 1 else 0)) * shape.dtype.itemsize

    def share(self) -> float:
        """By rows."""
        return self._rows_read / self.samples

    def located(self, problem: FileProblem) -> FileProblem:
        """There are no lines."""
        return problem

    def blocks(self, mapping: ColumnMapping, faults: Faults) -> Iterator[RawRows]:
        """About BLOCK logits at a time."""
        shape = self.shape(mapping)
        parser = cells.NumberParser()
        self._rows_read = 0
        for batch in self._batches(mapping.names, rows_per_block(max(shape.classes, shape.targets))):
            faults.start_block(batch.num_rows)
            target, ignored = _target(batch, mapping, shape, parser, faults)
            logits = _values(batch, mapping.logits, shape.classes, shape.dtype, parser, faults, cells.EXPECTED)
            self._rows_read += batch.num_rows
            yield RawRows(logits, target, *cells.metadata_columns(batch, mapping, faults), ignored)
        if self._rows_read != self.samples:
            raise FileProblem(
                say(
                    "The Parquet file is damaged or cut off: it declares {declared:,} rows and has {rows:,}.",
                    declared=self.samples,
                    rows=self._rows_read,
                )
            )

    def _batches(self, names: tuple[str, ...], size: int) -> Iterator[Any]:
        """Some rows of some columns at a time. Row groups are checked before they are read; short ones are read together."""
        metadata, waiting = self._file.metadata, []
        for group in range(metadata.num_row_groups):
            self._progress(self.share())
            waiting.append(group)
            size = min(size, self._check_row_group(names, group))
            last = group == metadata.num_row_groups - 1
            if not last and sum(metadata.row_group(g).num_rows for g in waiting) < size:
                continue
            yield from self._read(names, waiting, size)
            waiting = []

    def _read(self, names: tuple[str, ...], groups: list[int], size: int) -> Iterator[Any]:
        numbers = sorted(self._number[name] for name in names)
        leaves = [leaf for k in numbers for leaf in range(self._leaves[k], self._leaves[k + 1])]
        with _damage_as_problem():
            batches = iter(self._file.reader.iter_batches(size, row_groups=groups, column_indices=leaves, use_threads=True))
        while True:
            with _damage_as_problem():
                batch = next(batches, None)
            if batch is None:
                return
            yield pa.RecordBatch.from_arrays(batch.columns, names=[self.columns[k] for k in numbers])

    def _check_row_group(self, names: tuple[str, ...], group: int, width: int | None = None) -> int:
        """Refuses what takes far more memory than the file has bytes; how many rows may be read at once."""
        chunks = {name: self._chunks(name, group) for name in names}
        check_expansion(chunk for pages in chunks.values() for chunk in pages)
        for name in self.wide & set(names):
            for chunk in chunks[name]:
                if _is_text(self._types[self._number[name]].value_type):
                    chunk.check_texts()
                chunk.check_lists(self._widths.get(name, limits.CLASSES) if width is None else width)
        row_limits = [chunk.rows_at_once for pages in chunks.values() for chunk in pages]
        return min((rows for rows in row_limits if rows is not None), default=self.samples)

    def _chunks(self, name: str, group: int) -> list[ColumnPages]:
        k = self._number[name]
        place = say("Column {name!r}, row group {group},", name=name, group=group + 1)
        with _damage_as_problem():
            chunks = self._footer[group]
            return [ColumnPages(self._bytes, chunks[leaf], place) for leaf in range(self._leaves[k], self._leaves[k + 1])]

    def _is_delta(self, k: int) -> bool:
        """Whether a column of text is stored so that PyArrow cannot read it with its dictionary."""
        return any(chunks[self._leaves[k]].is_delta for chunks in self._footer)

    def _kind(self, name: str) -> Any:
        kind = self._types[self._number[name]]
        if lists.is_list(kind):
            kind = kind.value_type
        if pa.types.is_nested(kind):
            column_type = self._types[self._number[name]]
            raise FileProblem(
                say("Column {name!r} holds {type}; expected numbers, or a list of numbers.", name=name, type=column_type)
            )
        return kind

    def _width(self, names: tuple[str, ...], role: str) -> int:
        """Values a row."""
        if not set(names) & self.wide:
            for name in names:
                self._kind(name)
            return len(names)
        if len(names) > 1:
            raise FileProblem(
                say(
                    "The {role} are in {number} columns, some of which hold lists; expected one list, or numbers.",
                    role=role,
                    number=len(names),
                )
            )
        width = self._first_width(names[0])
        if not width:
            raise FileProblem(
                say("Column {name!r}, row 1: found an empty list; expected the {role} of a sample.", name=names[0], role=role)
            )
        limits.check_classes(width)
        return width

    def _first_width(self, name: str) -> int:
        """How many values stand in the first row of a column of lists."""
        if name not in self._widths:
            kind = self._types[self._number[name]]
            self._kind(name)
            self._widths[name] = int(kind.list_size) if pa.types.is_fixed_size_list(kind) else self._first_length(name)
        return self._widths[name]

    def _first_length(self, name: str) -> int:
        metadata = self._file.metadata
        group = next(g for g in range(metadata.num_row_groups) if metadata.row_group(g).num_rows)
        self._check_row_group((name,), group, limits.CLASSES)
        first = next(self._read((name,), [group], 1)).column(0)
        return len(first[0].values) if first[0].is_valid else 0

    def _preview(self, name: str, count: int) -> list[str]:
        kind = self._types[self._number[name]]
        is_list = lists.is_list(kind)
        try:
            if pa.types.is_nested(kind) and not (is_list and pa.types.is_primitive(kind.value_type)):
                return [str(kind)[: limits.CELL]]
            if is_list:
                limits.check_classes(self._first_width(name))
                count = max(1, min(count, AT_ONCE // max(1, self._first_width(name))))
            values = next(self._batches((name,), count)).column(0)
            return [_text(values[i]) for i in range(len(values))]
        except FileProblem:  # raised where the column is needed
            return ["…"]


def _leaves(kind: Any) -> int:
    """How many columns of the file a column of the table is made of."""
    if isinstance(kind, pa.BaseExtensionType):
        return _leaves(kind.storage_type)
    if pa.types.is_map(kind):
        return _leaves(kind.key_type) + _leaves(kind.item_type)
    if pa.types.is_struct(kind):
        return sum(_leaves(kind.field(k).type) for k in range(kind.num_fields))
    return _leaves(kind.value_type) if lists.is_list(kind) else 1


def _is_text(kind: Any) -> bool:
    is_string = pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind)
    return bool(is_string or pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_binary_view(kind))


def _numpy(kind: Any) -> Any:
    return kind.to_pandas_dtype() if pa.types.is_floating(kind) else np.float64


def _text(scalar: Any) -> str:
    """A value as a preview shows it; of a list the first eight."""
    if not scalar.is_valid:
        return ""
    if lists.is_list(scalar.type):
        first = ", ".join(_text(v) for v in scalar.values[:8])
        if len(scalar.values) > 8:
            return say("[{first}, … {number} values]", first=first, number=len(scalar.values))
        return f"[{first}]"
    value = scalar.as_py()
    return f"{value:.6g}" if isinstance(value, float) else str(value)[: limits.CELL]


def _target(
    batch: Any, mapping: ColumnMapping, shape: Shape, parser: cells.NumberParser, faults: Faults
) -> labels.ParsedLabels:
    column = batch[mapping.target[0]]
    if not lists.is_list(column.type):
        return labels.of_batch(batch, mapping, shape.classes, parser, faults)
    return labels.of_lists(column, mapping, shape.classes, shape.targets, parser, faults)


def _values(
    batch: Any, names: tuple[str, ...], width: int, dtype: Any, parser: cells.NumberParser, faults: Faults, expected: str
) -> NDArray[Any]:
    """The numbers of some columns, (n, width); without a copy for a list."""
    if lists.is_list(batch[names[0]].type):
        array = lists.matrix(batch[names[0]], names[0], width, parser, faults, expected)
        return array if dtype is None else array.astype(dtype, copy=False)
    parts = [parser.read(batch[name], name, faults, expected) for name in names]
    out = np.empty((batch.num_rows, width), np.result_type(*parts) if dtype is None else dtype)
    for k, part in enumerate(parts):
        out[:, k] = part
    return out


@contextmanager
def _damage_as_problem() -> Iterator[None]:
    """Whatever else is raised becomes a FileProblem."""
    try:
        yield
    except FileProblem:
        raise
    except Exception as error:
        message = say("The Parquet file is damaged or cut off: {error}.", error=error_text(error))
        raise FileProblem(message) from error
