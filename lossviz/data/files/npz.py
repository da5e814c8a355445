"""NumPy archives: the logits as an array (N, C), the labels (N,), and what else there is by the name of its array."""

from __future__ import annotations

import math
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any, BinaryIO, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.lib import format as npy
from numpy.typing import NDArray

from ..predictions import BLOCK, rows_of_a_block
from . import cells, labels, limits
from .checks import Faults, FileProblem
from .columns import Mapping, distinct
from .table import Raw, Shape, floating


class Member(NamedTuple):
    """An array of the archive, as its header tells; `start` is where its values begin."""

    file: str
    shape: tuple[int, ...]
    columns_first: bool
    dtype: np.dtype[Any]
    start: int


class Npz:
    """An open archive. Headers are read at once, and have to agree with the sizes in the archive's directory."""

    format = "NPZ"
    notes: tuple[str, ...] = ()

    def __init__(self, file: BinaryIO) -> None:
        with _told():
            self._zip = zipfile.ZipFile(file)
            members = [info for info in self._zip.infolist() if info.filename.endswith(".npy")]
            _is_npz(self._zip.namelist(), members)
            self.columns = distinct(tuple(info.filename.removesuffix(".npy") for info in members))
            self._members = {name: self._header(info) for name, info in zip(self.columns, members, strict=True)}
        self.wide = frozenset(name for name, m in self._members.items() if len(m.shape) == 2)
        self.samples: int | None = None
        self._done = 0

    def head(self, count: int) -> tuple[tuple[str, ...], ...]:
        """The first rows of the arrays; shorter ones are filled up."""
        with _told():
            shown = [self._shown(member, count) for member in self._members.values()]
        rows = max(map(len, shown), default=0)
        return tuple(tuple(column[i] if i < len(column) else "" for column in shown) for i in range(rows))

    def shape(self, mapping: Mapping) -> Shape:
        """From the headers: every array has a row for each sample."""
        first = self._members[mapping.logits[0]]
        for name in mapping.names:
            member = self._members[name]
            if not 1 <= len(member.shape) <= 2 or 0 in member.shape[1:]:
                raise FileProblem(f"Array {name!r} has shape {member.shape}; expected (N,) or (N, C).")
            if member.shape[0] != first.shape[0]:
                rows = f"{member.shape[0]:,} rows, and {mapping.logits[0]!r} has {first.shape[0]:,}"
                raise FileProblem(f"Array {name!r} has {rows}; expected equally many.")
            if len(member.shape) == 2 and name in (mapping.id, mapping.group, mapping.suspect) and member.shape[1] != 1:
                raise FileProblem(f"Array {name!r} has shape {member.shape}; expected (N,), one value for each row.")
        if not first.shape[0]:
            raise FileProblem("The file has no rows.")
        self.samples = first.shape[0]
        dtypes = [self._numeric(name) for name in mapping.logits]
        classes, targets = (self._width(names) for names in (mapping.logits, mapping.target))
        limits.of_classes(classes)
        return Shape(classes, targets, floating(*dtypes))

    def size(self, mapping: Mapping) -> int:
        """Bytes of the mapped arrays."""
        return sum(math.prod(m.shape) * m.dtype.itemsize for m in (self._members[name] for name in mapping.names))

    def share(self) -> float:
        """By rows."""
        return self._done / max(1, self.samples or 1)

    def located(self, problem: FileProblem) -> FileProblem:
        """There are no lines."""
        return problem

    def blocks(self, mapping: Mapping, faults: Faults) -> Iterator[Raw]:
        """About BLOCK logits at a time, of all arrays side by side."""
        shape = self.shape(mapping)
        samples = self.samples or 0
        row = sum(self.size(Mapping((name,), ())) // samples for name in mapping.names)
        step = max(1, min(rows_of_a_block(max(shape.classes, shape.targets)), 64 * BLOCK // max(1, row)))
        with _told():
            pieces = {name: _pieces(self._zip, self._members[name], step) for name in mapping.names}
        for self._done in range(0, samples, step):
            faults.block(min(step, samples - self._done))
            with _told():
                values = {name: next(piece) for name, piece in pieces.items()}
            yield _raw(values, mapping, shape, faults)
        self._done = samples

    def _header(self, info: zipfile.ZipInfo) -> Member:
        name = info.filename.removesuffix(".npy")
        if info.flag_bits & 1:
            raise FileProblem("The archive is encrypted; save it without a password.")
        with self._zip.open(info) as file:
            version = npy.read_magic(file)
            if version not in ((1, 0), (2, 0)):
                raise FileProblem(f"Array {name!r} has fields; expected plain numbers or text.")
            read = npy.read_array_header_1_0 if version == (1, 0) else npy.read_array_header_2_0
            shape, columns_first, dtype = read(file)
            start = file.tell()
        if dtype.hasobject:
            raise FileProblem(f"Array {name!r} holds pickled objects, which are never loaded; save plain numbers or text.")
        if dtype.kind not in "biufUS":
            raise FileProblem(f"Array {name!r} holds {dtype}; expected plain numbers or text.")
        if dtype.kind in "US" and dtype.itemsize > 4 * limits.NAME:
            raise FileProblem(f"The texts in array {name!r} are longer than {limits.NAME} characters.")
        size = start + math.prod(shape) * dtype.itemsize
        if size != info.file_size:
            raise FileProblem(
                f"Array {name!r} is damaged: its header asks for {size:,} bytes, and there are {info.file_size:,}."
            )
        return Member(info.filename, shape, columns_first and len(shape) > 1, dtype, start)

    def _numeric(self, name: str) -> np.dtype[Any]:
        dtype = self._members[name].dtype
        if dtype.kind in "US":
            raise FileProblem(f"Array {name!r} holds text ({dtype}); expected numbers.")
        return dtype if dtype.kind == "f" else np.dtype(np.float64)

    def _width(self, names: tuple[str, ...]) -> int:
        if len(names) > 1 and set(names) & self.wide:
            raise FileProblem("Several arrays are mapped, of which some have columns; expected one (N, C), or C of (N,).")
        return len(names) if len(names) > 1 or names[0] not in self.wide else self._members[names[0]].shape[1]

    def _shown(self, member: Member, count: int) -> list[str]:
        if not 1 <= len(member.shape) <= 2 or 0 in member.shape:
            return [f"shape {member.shape}"]
        # A whole row may be long, and columns-first arrays have no rows to begin with: those are shown only if small.
        if math.prod(member.shape[1:]) > limits.CLASSES or (member.columns_first and math.prod(member.shape) > BLOCK):
            return [f"shape {member.shape}"]
        block = next(_pieces(self._zip, member, min(count, member.shape[0])))
        return [_text(row) for row in block]


def _pieces(archive: zipfile.ZipFile, member: Member, step: int) -> Iterator[NDArray[Any]]:
    """The array, `step` rows at a time; an array that is stored column by column is read whole first."""
    with archive.open(member.file) as file:
        file.read(member.start)
        if member.columns_first:
            whole = math.prod(member.shape) * member.dtype.itemsize
            limits.in_bytes(whole)
            array = _values(file, member.shape[::-1], member.dtype).T
            yield from (array[start : start + step] for start in range(0, len(array), step))
            return
        for start in range(0, member.shape[0], step):
            yield _values(file, (min(step, member.shape[0] - start), *member.shape[1:]), member.dtype)
        if file.read(1):  # at the end the archive's checksum is compared
            raise FileProblem(f"Array {member.file!r} is longer than its header says.")


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
    id, group, suspect = (None if x is None else _arrow(x) for x in texts)
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


@contextmanager
def _told() -> Iterator[None]:
    """Says what cannot be read in a sentence."""
    try:
        yield
    except FileProblem:
        raise
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, OSError, NotImplementedError, RuntimeError) as error:
        why = (str(error).splitlines() or ["it ends too early"])[0].rstrip(".")
        raise FileProblem(f"The NPZ file is damaged, cut off or written in a way that is not read: {why}.") from error
