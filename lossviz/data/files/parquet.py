"""Parquet files: a column for each class, or one column with a list in each row."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from ..predictions import rows_of_a_block
from . import cells, labels, limits
from .checks import Faults, FileProblem
from .columns import Mapping, distinct
from .table import Raw, Shape, floating

NUMBERS = "expected a number"
ENTRIES = "expected a number in [0, 1]"


class Parquet:
    """An open Parquet file, read a piece of a row group at a time."""

    format = "Parquet"
    notes: tuple[str, ...] = ()

    def __init__(self, file: BinaryIO) -> None:
        with _told():
            self._file = pq.ParquetFile(file, buffer_size=1 << 20, pre_buffer=False)
            self._schema = self._file.schema_arrow
        self.columns = distinct(tuple(self._schema.names))
        self.wide = frozenset(field.name for field in self._schema if _is_list(field.type))
        self.samples: int = self._file.metadata.num_rows
        self._done = 0
        if not self.samples:
            raise FileProblem("The file has no rows.")

    def head(self, count: int) -> tuple[tuple[str, ...], ...]:
        """The first rows; long lists are cut."""
        with _told():
            batch = next(self._file.iter_batches(batch_size=count))
            columns = [[_text(value) for value in batch.column(k).to_pylist()] for k in range(len(self.columns))]
        return tuple(zip(*columns, strict=True))

    def shape(self, mapping: Mapping) -> Shape:
        """By the types of the columns, and by the first row for lists of any length."""
        kinds = [self._kind(name) for name in mapping.logits]
        sizes = [_numpy(kind) for kind in kinds]
        return Shape(self._width(mapping.logits, "logits"), self._width(mapping.target, "targets"), floating(*sizes))

    def size(self, mapping: Mapping) -> int:  # noqa: ARG002
        """Not asked: rows and classes say it."""
        return 0

    def share(self) -> float:
        """By rows."""
        return self._done / self.samples

    def located(self, problem: FileProblem) -> FileProblem:
        """There are no lines."""
        return problem

    def blocks(self, mapping: Mapping, faults: Faults) -> Iterator[Raw]:
        """About BLOCK logits at a time."""
        shape = self.shape(mapping)
        numerals = cells.Numerals()
        self._done = 0
        size = rows_of_a_block(max(shape.classes, shape.targets))
        with _told():
            batches = self._file.iter_batches(batch_size=size, columns=list(mapping.names), use_threads=True)
        while (batch := _next(batches)) is not None:
            faults.block(batch.num_rows)
            target, left_out = _target(batch, mapping, shape, numerals, faults)
            logits = _values(batch, mapping.logits, shape.classes, shape.dtype, numerals, faults, NUMBERS)
            self._done += batch.num_rows
            yield Raw(logits, target, *cells.named(batch, mapping, faults), left_out)

    def _kind(self, name: str) -> Any:
        kind = self._schema.field(name).type
        return kind.value_type if _is_list(kind) else kind

    def _width(self, names: tuple[str, ...], what: str) -> int:
        """Values a row."""
        if not set(names) & self.wide:
            return len(names)
        if len(names) > 1:
            raise FileProblem(
                f"The {what} are in {len(names)} columns, some of which hold lists; expected one list, or numbers."
            )
        kind = self._schema.field(names[0]).type
        if pa.types.is_fixed_size_list(kind):
            width = int(kind.list_size)
        else:
            with _told():
                first = next(self._file.iter_batches(batch_size=1, columns=list(names))).column(0)
            width = len(first[0].values) if first[0].is_valid else 0
        if not width:
            raise FileProblem(f"Column {names[0]!r}, row 1: found an empty list; expected the {what} of a sample.")
        limits.of_classes(width)
        return width


def _is_list(kind: Any) -> bool:
    return bool(pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind))


def _numpy(kind: Any) -> Any:
    return kind.to_pandas_dtype() if pa.types.is_floating(kind) else np.float64


def _text(value: Any) -> str:
    if isinstance(value, list):
        first = ", ".join(_text(v) for v in value[:8])
        return f"[{first}, … {len(value)} values]" if len(value) > 8 else f"[{first}]"
    return "" if value is None else f"{value:.6g}" if isinstance(value, float) else str(value)[:80]


def _target(batch: Any, mapping: Mapping, shape: Shape, numerals: cells.Numerals, faults: Faults) -> labels.Labels:
    """Labels, or targets of many values; those that stand in lists are read here."""
    name = mapping.target[0]
    if not _is_list(batch[name].type):
        return labels.of_batch(batch, mapping, shape.classes, numerals, faults)
    if shape.targets == 1:
        return labels.of_column(batch[name].flatten(), mapping, shape.classes, numerals, faults)
    lists, missing = batch[name], cells.valid(batch[name], False)
    faults.exempt = missing if missing.any() else None
    targets = _matrix(lists, name, shape.targets, numerals, faults, ENTRIES)
    if missing.any():
        targets = np.where(missing[:, None], np.nan, targets)
    return labels.Labels(targets, labels.exempt_targets(targets, mapping, faults))


def _values(
    batch: Any, names: tuple[str, ...], width: int, dtype: Any, numerals: cells.Numerals, faults: Faults, expected: str
) -> NDArray[Any]:
    """The numbers of some columns, (n, width); without a copy for a list."""
    if _is_list(batch[names[0]].type):
        array = _matrix(batch[names[0]], names[0], width, numerals, faults, expected)
        return array if dtype is None else array.astype(dtype, copy=False)
    parts = [numerals.read(batch[name], name, faults, expected) for name in names]
    out = np.empty((batch.num_rows, width), np.result_type(*parts) if dtype is None else dtype)
    for k, part in enumerate(parts):
        out[:, k] = part
    return out


def _matrix(column: Any, name: str, width: int, numerals: cells.Numerals, faults: Faults, expected: str) -> NDArray[Any]:
    """Lists as rows; those that are missing, or of another length, are told and read as zeros."""
    lengths = pc.fill_null(pc.list_value_length(column), 0).to_numpy(zero_copy_only=False)
    bad = (lengths != width) | cells.valid(column, False)
    faults.add(cells.valid(column, False), (name,), lambda *_: None, f"missing; expected a list of {width} numbers")
    why = f"a list of another length; expected {width} values, as in row 1"
    faults.add(bad, (name,), lambda i, _: f"{lengths[i]} values", why)
    whole = column.filter(pa.array(~bad)) if bad.any() else column
    flat = whole.flatten()
    inner = Faults()
    inner.block(len(flat))
    numbers = numerals.read(flat, name, inner, expected)
    rows = np.flatnonzero(~bad)
    if inner.count:
        cell = np.zeros((len(column), width), bool)
        cell[rows] = inner.seen.reshape(-1, width)
        faults.add(cell, (name,), lambda i, k: column[i].values[k].as_py(), f"no number; {expected}")
    if not bad.any():
        return numbers.reshape(-1, width)
    out = np.zeros((len(column), width), numbers.dtype)
    out[rows] = numbers.reshape(-1, width)
    return out


@contextmanager
def _told() -> Iterator[None]:
    """Says what cannot be read in a sentence."""
    try:
        yield
    except (pa.ArrowException, OSError) as error:
        why = str(error).splitlines()[0].rstrip(".")
        raise FileProblem(f"The Parquet file is damaged or cut off: {why}.") from error


def _next(batches: Iterator[Any]) -> Any:
    with _told():
        return next(batches, None)
