"""An array in an archive as its header tells of it, before its values are read."""

from __future__ import annotations

import io
import math
import zipfile
from typing import IO, Any, NamedTuple

import numpy as np
from numpy.lib import format as npy

from ...texts import say
from . import limits
from .problems import FileProblem

MAX_HEADER = 1 << 14
"""Bytes: a header of plain numbers or text has far fewer."""


class ArrayHeader(NamedTuple):
    """What the header of an array says; columns_first: stored in Fortran order; start: the byte where its values begin."""

    shape: tuple[int, ...]
    columns_first: bool
    dtype: np.dtype[Any]
    start: int

    @property
    def size(self) -> int:
        """Bytes of its values."""
        return math.prod(self.shape) * self.dtype.itemsize


def read_header(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str) -> ArrayHeader:
    """What the header says; FileProblem if the array is none of plain numbers or text, or damaged."""
    if info.flag_bits & 1:
        raise FileProblem(say("The archive is encrypted; save it without a password."))
    with archive.open(info) as file:
        shape, columns_first, dtype = _parse(file, name)
        start = file.tell()
    _check_kind(name, dtype)
    if min(shape, default=0) < 0:
        raise FileProblem(say("Array {name!r} is damaged: its shape is {shape}.", name=name, shape=shape))
    header = ArrayHeader(shape, columns_first and len(shape) > 1, dtype, start)
    if start + header.size != info.file_size:
        raise FileProblem(
            say(
                "Array {name!r} is damaged: its header declares {needed:,} bytes, and it has {size:,}.",
                name=name,
                needed=start + header.size,
                size=info.file_size,
            )
        )
    return header


def _parse(file: IO[bytes], name: str) -> tuple[tuple[int, ...], bool, np.dtype[Any]]:
    version = npy.read_magic(file)
    if version not in ((1, 0), (2, 0)):
        raise FileProblem(say("Array {name!r} has fields; expected plain numbers or text.", name=name))
    size = 2 if version == (1, 0) else 4
    length = file.read(size)
    count = int.from_bytes(length, "little")
    if count > MAX_HEADER:
        raise FileProblem(
            say(
                "Array {name!r} has a header longer than {most:,} bytes; expected plain numbers or text.",
                name=name,
                most=MAX_HEADER,
            )
        )
    header = file.read(count)
    read = npy.read_array_header_1_0 if version == (1, 0) else npy.read_array_header_2_0
    try:
        if b"\\" in header:  # none that NumPy writes for numbers and text, and the parser warns of it
            raise ValueError("it has a backslash")
        return read(io.BytesIO(length + header))
    except Exception as error:
        raise FileProblem(say("Array {name!r} is damaged: its header cannot be read.", name=name)) from error


def _check_kind(name: str, dtype: np.dtype[Any]) -> None:
    if dtype.hasobject:
        raise FileProblem(
            say("Array {name!r} holds pickled objects, which are never loaded; save plain numbers or text.", name=name)
        )
    if dtype.kind not in "biufUS":
        raise FileProblem(say("Array {name!r} holds {type}; expected plain numbers or text.", name=name, type=dtype))
    if dtype.kind in "US" and dtype.itemsize > 4 * limits.NAME:
        raise FileProblem(say("The texts in array {name!r} are longer than {most} characters.", name=name, most=limits.NAME))
    if not dtype.itemsize:
        raise FileProblem(say("The texts in array {name!r} are all empty.", name=name))
