"""NumPy archives: the logits as an array (N, C), the labels (N,), and what else there is by the name of its array."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any, BinaryIO

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from ..predictions import BLOCK, rows_of_a_block
from . import cells, labels, limits
from .columns import Mapping, distinct
from .error_guard import Progress, why
from .layout import Layout, layout
from .npy import Member, member
from .problems import Faults, FileProblem
from .table import Raw, Shape, floating

MOST_SHOWN = 1 << 24
"""Bytes of an array that a preview reads."""


class Npz:
    """An open archive. The header of an array is read when it is needed, and has to agree with the archive's directory."""

    format = "NPZ"

    def __init__(self, file: BinaryIO, size: int, progress: Progress) -> None:
        self.file_size, self._progress = size, progress
        with _told():
            self._zip = zipfile.ZipFile(file)
            members = [info for info in self._zip.infolist() if info.filename.endswith(".npy")]
        _is_npz(self._zip.namelist(), members)
        self.names = tuple(info.filename.removesuffix(".npy") for info in members)
        self.columns = distinct(self.names)
        self._infos = dict(zip(self.columns, members, strict=True))
        self._headers: dict[str, Member] = {}
        self._layout: Layout | None = None
        self.samples: int | None = None
        self._done = 0

    @property
    def notes(self) -> tuple[str, ...]:
        return () if self._layout is None else self._layout.notes

    @property
    def wide(self) -> frozenset[str]:
        """The arrays with columns, as far as they can be read at all."""
        return frozenset(name for name in self.columns if self._is_wide(name))

    def head(self, count: int, width: int = limits.SHOWN) -> tuple[tuple[str, ...], ...]:
        """The first rows of the arrays; shorter ones are filled up, and what is no plain array says so."""
        shown = []
        for name in self.columns[:width]:
            shown.append(self._shown(name, count))
            self._progress(0.0)
        rows = max(map(len, shown), default=0)
        return tuple(tuple(column[i] if i < len(column) else "" for column in shown) for i in range(rows))

    def shape(self, mapping: Mapping) -> Shape:
        """From the headers: every array has a row for each sample."""
        members = {name: self._member(name) for name in mapping.names}
        self._layout = layout({name: m.shape for name, m in members.items()}, mapping)
        self.samples = self._layout.samples
        dtypes = [_numeric(name, members[name].dtype) for name in mapping.logits]
        limits.of_classes(self._layout.classes)
        return Shape(self._layout.classes, self._layout.targets, floating(*dtypes))

    def size(self, mapping: Mapping) -> int:
        """Bytes of the mapped arrays."""
        return sum(self._member(name).size for name in mapping.names)

    def share(self) -> float:
        """By rows."""
        return self._done / max(1, self.samples or 1)

    def located(self, problem: FileProblem) -> FileProblem:
        """There are no lines."""
        return problem

    def blocks(self, mapping: Mapping, faults: Faults) -> Iterator[Raw]:
        """About BLOCK logits at a time, of all arrays side by side."""
        shape = self.shape(mapping)
        layout = self._layout
        assert layout is not None
        row = sum(self._member(name).size // layout.items for name in mapping.names)
        limits.in_proportion(row, self.file_size)
        many = rows_of_a_block(max(shape.classes, shape.targets)) // layout.places
        step = max(1, min(many, 64 * BLOCK // max(1, row)))
        pieces = {name: self._pieces(name, step) for name in mapping.names}
        for start in range(0, layout.items, step):
            self._done = start * layout.places
            with _told():
                values = {name: layout.rows(name, next(piece)) for name, piece in pieces.items()}
            faults.block(len(values[mapping.logits[0]]))
            yield _raw(values, mapping, shape, faults)
        self._done = self.samples or 0

    def _pieces(self, name: str, step: int) -> Iterator[NDArray[Any]]:
        member = self._member(name)
        if member.columns_first:
            limits.in_bytes(member.size)
            limits.in_proportion(member.size, self.file_size)
        return _pieces(self._zip, self._infos[name], member, step)

    def _member(self, name: str) -> Member:
        if name not in self._headers:
            with _told():
                self._headers[name] = member(self._zip, self._infos[name], name)
        return self._headers[name]

    def _is_wide(self, name: str) -> bool:
        try:
            return len(self._member(name).shape) > 1
        except FileProblem:  # told where the array is needed
            return False

    def _shown(self, name: str, count: int) -> list[str]:
        try:
            array = self._member(name)
            if not array.shape or 0 in array.shape:
                return [f"shape {array.shape}"]
            # A whole row may be long, and columns-first arrays have no rows to begin with: those are shown only if small.
            row = array.size // array.shape[0]
            if row * count > MOST_SHOWN or (array.columns_first and array.size > MOST_SHOWN):
                return [f"shape {array.shape}"]
            with _told():
                block = next(_pieces(self._zip, self._infos[name], array, min(count, array.shape[0])))
                return [_text(value) for value in block]
        except FileProblem:
            return ["no plain array"]


def _pieces(archive: zipfile.ZipFile, info: zipfile.ZipInfo, member: Member, step: int) -> Iterator[NDArray[Any]]:
    """The array, `step` rows at a time; an array that is stored column by column is read whole first."""
    with archive.open(info) as file:
        file.read(member.start)
        if member.columns_first:
            array = _values(file, member.shape[::-1], member.dtype).T
            yield from (array[start : start + step] for start in range(0, len(array), step))
            return
        for start in range(0, member.shape[0], step):
            yield _values(file, (min(step, member.shape[0] - start), *member.shape[1:]), member.dtype)
        if file.read(1):  # at the end the archive's checksum is compared
            raise FileProblem(f"Array {info.filename!r} is longer than its header says.")


def _values(file: IO[bytes], shape: tuple[int, ...], dtype: np.dtype[Any]) -> NDArray[Any]:
    out = np.empty(shape, dtype)
    view = out.reshape(-1).view(np.uint8)
    got = 0
    while got < len(view):
        piece = file.read(min(1 << 22, len(view) - got))
        if not piece:
            raise FileProblem("The archive is cut off.")
        view[got : got + len(piece)] = np.frombuffer(piece, np.uint8)
        got += len(piece)
    return out if dtype.isnative else out.astype(dtype.newbyteorder("="))


def _raw(values: dict[str, NDArray[Any]], mapping: Mapping, shape: Shape, faults: Faults) -> Raw:
    logits, target = (_matrix([values[name] for name in names]) for names in (mapping.logits, mapping.target))
    numbers, left_out = _labels(target, mapping, shape, faults)
    texts = (None if name is None else values[name].reshape(-1) for name in (mapping.id, mapping.group, mapping.suspect))
    id, group, suspect = (None if x is None else pa.array(x) for x in texts)  # bytes that are no text are told of below
    return Raw(
        logits.astype(shape.dtype, copy=False),
        numbers,
        *cells.asides((id, group, suspect), mapping, faults),
        left_out,
    )


def _matrix(parts: list[NDArray[Any]]) -> NDArray[Any]:
    if len(parts) == 1:
        return parts[0].reshape(len(parts[0]), -1)
    return np.stack([part.reshape(-1) for part in parts], 1)


def _labels(target: NDArray[Any], mapping: Mapping, shape: Shape, faults: Faults) -> labels.Labels:
    """Labels and targets, with text understood as in any other format."""
    if shape.targets > 1:
        numbers = target.astype(np.int8) if target.dtype.kind == "b" else target
        if target.dtype.kind in "US":
            names = mapping.target if len(mapping.target) > 1 else mapping.target * shape.targets
            texts = (labels.entries(_arrow(x), name, cells.Numerals(), faults) for x, name in zip(target.T, names, strict=True))
            numbers = np.stack([*texts], 1)
        return labels.Labels(numbers, labels.exempt_targets(numbers, mapping, faults))
    if target.dtype.kind in "USb":
        return labels.of_column(_arrow(target[:, 0]), mapping, shape.classes, cells.Numerals(), faults)
    return labels.of_array(target[:, 0], mapping, faults)


def _arrow(array: NDArray[Any]) -> Any:
    with _told():
        return pa.array(np.char.decode(array, "utf-8") if array.dtype.kind == "S" else array)


def _text(row: Any) -> str:
    values = [f"{v:.6g}" if isinstance(v, np.floating) else str(v)[:80] for v in np.atleast_1d(row)[:8]]
    if np.ndim(row) == 0:
        return values[0]
    return f"[{', '.join(values)}{', …' if len(row) > 8 else ''}]"


def _is_npz(names: list[str], members: list[zipfile.ZipInfo]) -> None:
    """Refuses other things that are zip archives too, by their name."""
    if members:
        return
    if any(name.endswith("data.pkl") for name in names):
        raise FileProblem(
            "This is a file of torch.save, which holds pickled objects: they are never loaded. Save arrays instead."
        )
    if any(name.startswith("xl/") for name in names):
        raise FileProblem("This is an Excel workbook; save the sheet as CSV.")
    raise FileProblem("This is a zip archive without NumPy arrays; expected an NPZ file, as np.savez writes it.")


def _numeric(name: str, dtype: np.dtype[Any]) -> np.dtype[Any]:
    if dtype.kind in "US":
        raise FileProblem(f"Array {name!r} holds text ({dtype}); expected numbers.")
    return dtype if dtype.kind == "f" else np.dtype(np.float64)


@contextmanager
def _told() -> Iterator[None]:
    """Says what cannot be read in a sentence."""
    try:
        yield
    except FileProblem:
        raise
    except Exception as error:
        raise FileProblem(f"The NPZ file is damaged, cut off or written in a way that is not read: {why(error)}.") from error
