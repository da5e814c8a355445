"""NumPy archives: the logits as an array (N, C), the labels (N,), and what else there is by the name of its array."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import IO, Any, BinaryIO

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from ...texts import say
from ..predictions import BLOCK, rows_per_block
from . import cells, labels, limits
from .columns import ColumnMapping, unique_names
from .error_guard import ProgressGuard, error_text
from .layout import Layout, infer_layout
from .npy import ArrayHeader, read_header
from .problems import Faults, FileProblem
from .reader import RawRows, Shape, floating

PREVIEW_BYTES = 1 << 24
"""Bytes of an array that a preview reads."""


class NpzReader:
    """An open archive. The header of an array is read when it is needed, and has to agree with the archive's directory."""

    format = "NPZ"
    defaults: Mapping[str, str] = {}

    def __init__(self, file: BinaryIO, size: int, progress: ProgressGuard) -> None:
        self.file_size, self._progress = size, progress
        with _damage_as_problem():
            self._zip = zipfile.ZipFile(file)
            members = [info for info in self._zip.infolist() if info.filename.endswith(".npy")]
        _check_is_npz(self._zip.namelist(), members)
        self.names = tuple(info.filename.removesuffix(".npy") for info in members)
        self.columns = unique_names(self.names)
        self._infos = dict(zip(self.columns, members, strict=True))
        self._headers: dict[str, ArrayHeader] = {}
        self._layout: Layout | None = None
        self.samples: int | None = None
        self._rows_read = 0

    @property
    def notes(self) -> tuple[str, ...]:
        return () if self._layout is None else self._layout.notes

    @property
    def wide(self) -> frozenset[str]:
        """The arrays with columns, as far as they can be read at all."""
        return frozenset(name for name in self.columns if self._is_wide(name))

    def head(self, count: int, width: int = limits.SHOWN) -> tuple[tuple[str, ...], ...]:
        """The first rows of the arrays; shorter ones are filled up, and what is not a plain array says so."""
        columns = []
        for name in self.columns[:width]:
            columns.append(self._preview(name, count))
            self._progress(0.0)
        rows = max(map(len, columns), default=0)
        return tuple(tuple(column[i] if i < len(column) else "" for column in columns) for i in range(rows))

    def shape(self, mapping: ColumnMapping) -> Shape:
        """From the headers: every array has a row for each sample."""
        headers = {name: self._header_of(name) for name in mapping.names}
        self._layout = infer_layout({name: m.shape for name, m in headers.items()}, mapping)
        self.samples = self._layout.samples
        dtypes = [_numeric_dtype(name, headers[name].dtype) for name in mapping.logits]
        limits.check_classes(self._layout.classes)
        return Shape(self._layout.classes, self._layout.targets, floating(*dtypes))

    def size(self, mapping: ColumnMapping) -> int:
        """Bytes of the mapped arrays."""
        return sum(self._header_of(name).size for name in mapping.names)

    def share(self) -> float:
        """By rows."""
        return self._rows_read / max(1, self.samples or 1)

    def located(self, problem: FileProblem) -> FileProblem:
        """There are no lines."""
        return problem

    def blocks(self, mapping: ColumnMapping, faults: Faults) -> Iterator[RawRows]:
        """About BLOCK logits at a time, of all arrays side by side."""
        shape = self.shape(mapping)
        layout = self._layout
        assert layout is not None
        item_bytes = sum(self._header_of(name).size // layout.items for name in mapping.names)
        limits.check_proportion(item_bytes, self.file_size)
        items = rows_per_block(max(shape.classes, shape.targets)) // layout.rows_per_item
        step = max(1, min(items, 64 * BLOCK // max(1, item_bytes)))
        pieces = {name: self._pieces(name, step) for name in mapping.names}
        for start in range(0, layout.items, step):
            self._rows_read = start * layout.rows_per_item
            with _damage_as_problem():
                values = {name: layout.rows(name, next(piece)) for name, piece in pieces.items()}
            faults.start_block(len(values[mapping.logits[0]]))
            yield _raw(values, mapping, shape, faults)
        self._rows_read = self.samples or 0

    def _pieces(self, name: str, step: int) -> Iterator[NDArray[Any]]:
        header = self._header_of(name)
        if header.columns_first:
            limits.check_bytes(header.size)
            limits.check_proportion(header.size, self.file_size)
        return _pieces(self._zip, self._infos[name], header, step)

    def _header_of(self, name: str) -> ArrayHeader:
        if name not in self._headers:
            with _damage_as_problem():
                self._headers[name] = read_header(self._zip, self._infos[name], name)
        return self._headers[name]

    def _is_wide(self, name: str) -> bool:
        try:
            return len(self._header_of(name).shape) > 1
        except FileProblem:  # raised where the array is needed
            return False

    def _preview(self, name: str, count: int) -> list[str]:
        try:
            array = self._header_of(name)
            if not array.shape or 0 in array.shape:
                return [say("shape {shape}", shape=array.shape)]
            # A whole row may be long, and columns-first arrays have no rows to begin with: those are shown only if small.
            row = array.size // array.shape[0]
            if row * count > PREVIEW_BYTES or (array.columns_first and array.size > PREVIEW_BYTES):
                return [say("shape {shape}", shape=array.shape)]
            with _damage_as_problem():
                block = next(_pieces(self._zip, self._infos[name], array, min(count, array.shape[0])))
                return [_text(value) for value in block]
        except FileProblem:
            return [say("not a plain array")]


def _pieces(archive: zipfile.ZipFile, info: zipfile.ZipInfo, header: ArrayHeader, step: int) -> Iterator[NDArray[Any]]:
    """The array, `step` rows at a time; an array that is stored column by column is read whole first."""
    with archive.open(info) as file:
        file.read(header.start)
        if header.columns_first:
            array = _values(file, header.shape[::-1], header.dtype).T
            yield from (array[start : start + step] for start in range(0, len(array), step))
            return
        for start in range(0, header.shape[0], step):
            yield _values(file, (min(step, header.shape[0] - start), *header.shape[1:]), header.dtype)
        if file.read(1):  # at the end the archive's checksum is compared
            raise FileProblem(say("Array {name!r} is longer than its header says.", name=info.filename))


def _values(file: IO[bytes], shape: tuple[int, ...], dtype: np.dtype[Any]) -> NDArray[Any]:
    out = np.empty(shape, dtype)
    view = out.reshape(-1).view(np.uint8)
    filled = 0
    while filled < len(view):
        piece = file.read(min(1 << 22, len(view) - filled))
        if not piece:
            raise FileProblem(say("The archive is cut off."))
        view[filled : filled + len(piece)] = np.frombuffer(piece, np.uint8)
        filled += len(piece)
    return out if dtype.isnative else out.astype(dtype.newbyteorder("="))


def _raw(values: dict[str, NDArray[Any]], mapping: ColumnMapping, shape: Shape, faults: Faults) -> RawRows:
    logits, target = (_matrix([values[name] for name in names]) for names in (mapping.logits, mapping.target))
    numbers, ignored = _labels(target, mapping, shape, faults)
    flat = (None if name is None else values[name].reshape(-1) for name in (mapping.id, mapping.group, mapping.suspect))
    id, group, suspect = (None if x is None else pa.array(x) for x in flat)  # bytes that are no text are refused below
    return RawRows(
        logits.astype(shape.dtype, copy=False),
        numbers,
        *cells.read_metadata((id, group, suspect), mapping, faults),
        ignored,
    )


def _matrix(parts: list[NDArray[Any]]) -> NDArray[Any]:
    if len(parts) == 1:
        return parts[0].reshape(len(parts[0]), -1)
    return np.stack([part.reshape(-1) for part in parts], 1)


def _labels(target: NDArray[Any], mapping: ColumnMapping, shape: Shape, faults: Faults) -> labels.ParsedLabels:
    """Labels and targets, with text understood as in any other format."""
    if shape.targets > 1:
        numbers = target.astype(np.int8) if target.dtype.kind == "b" else target
        if target.dtype.kind in "US":
            names = mapping.target if len(mapping.target) > 1 else mapping.target * shape.targets
            texts = (
                labels.entries(_arrow(x), name, cells.NumberParser(), faults) for x, name in zip(target.T, names, strict=True)
            )
            numbers = np.stack([*texts], 1)
        return labels.ParsedLabels(numbers, labels.ignored_targets(numbers, mapping, faults))
    if target.dtype.kind in "USb":
        return labels.of_column(_arrow(target[:, 0]), mapping, shape.classes, cells.NumberParser(), faults)
    return labels.of_array(target[:, 0], mapping, faults)


def _arrow(array: NDArray[Any]) -> Any:
    with _damage_as_problem():
        return pa.array(np.char.decode(array, "utf-8") if array.dtype.kind == "S" else array)


def _text(row: Any) -> str:
    values = [f"{v:.6g}" if isinstance(v, np.floating) else str(v)[:80] for v in np.atleast_1d(row)[:8]]
    if np.ndim(row) == 0:
        return values[0]
    return f"[{', '.join(values)}{', …' if len(row) > 8 else ''}]"


def _check_is_npz(names: list[str], members: list[zipfile.ZipInfo]) -> None:
    """Refuses other things that are zip archives too, by their name."""
    if members:
        return
    if any(name.endswith("data.pkl") for name in names):
        raise FileProblem(
            say("This is a file of torch.save, which holds pickled objects: they are never loaded. Save arrays instead.")
        )
    if any(name.startswith("xl/") for name in names):
        raise FileProblem(say("This is an Excel workbook; save the sheet as CSV."))
    raise FileProblem(say("This is a zip archive without NumPy arrays; expected an NPZ file, as written by np.savez."))


def _numeric_dtype(name: str, dtype: np.dtype[Any]) -> np.dtype[Any]:
    if dtype.kind in "US":
        raise FileProblem(say("Array {name!r} holds text ({type}); expected numbers.", name=name, type=dtype))
    return dtype if dtype.kind == "f" else np.dtype(np.float64)


@contextmanager
def _damage_as_problem() -> Iterator[None]:
    """Whatever else is raised becomes a FileProblem."""
    try:
        yield
    except FileProblem:
        raise
    except Exception as error:
        message = say("The NPZ file is damaged, cut off or in an unsupported format: {error}.", error=error_text(error))
        raise FileProblem(message) from error
