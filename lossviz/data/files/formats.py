"""The format of a file, by what stands at its beginning and not by its name."""

from __future__ import annotations

from pathlib import PurePath
from typing import BinaryIO

from ...texts import say
from .delimited_text import DelimitedReader
from .error_guard import ProgressGuard
from .npz import NpzReader
from .parquet import ParquetReader
from .problems import FileProblem
from .reader import Reader

FOREIGN = {
    b"\x80": say("a pickle, which could run any code and is never loaded"),
    b"\x93NUMPY": say("a single NumPy array; logits and labels go together into one file with np.savez"),
    b"\x89HDF": say("an HDF5 file"),
    b"\x1f\x8b": say("a gzip archive; unpack it first"),
    b"BZh": say("a bzip2 archive; unpack it first"),
    b"\xfd7zXZ": say("an xz archive; unpack it first"),
    b"\x28\xb5\x2f\xfd": say("a zstandard archive; unpack it first"),
    b"7z\xbc\xaf": say("a 7-zip archive; unpack it first"),
    b"ARROW1": say("an Arrow or Feather file; save it as Parquet"),
    b"ORC": say("an ORC file; save it as Parquet"),
    b"%PDF": say("a PDF"),
    b"\xd0\xcf\x11\xe0": say("an old Excel workbook; save the sheet as CSV"),
    b"\x89PNG": say("an image"),
    b"{": say("JSON"),
    b"[": say("JSON"),
}
"""Other kinds of files that people bring, by their first bytes."""

SUFFIXES = {".csv": "CSV", ".tsv": "CSV", ".txt": "CSV", ".npz": "NPZ", ".parquet": "Parquet", ".pq": "Parquet"}


def open_reader(file: BinaryIO, progress: ProgressGuard) -> Reader:
    """The reader for a file's format; FileProblem that names another format."""
    file.seek(0, 2)
    size = file.tell()
    file.seek(0)
    start = file.read(16)
    file.seek(0)
    if not start:
        raise FileProblem(say("The file is empty."))
    if start.startswith(b"PAR1"):
        return ParquetReader(file, size, progress)
    if start.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return NpzReader(file, size, progress)
    for magic, description in FOREIGN.items():
        if start.startswith(magic):
            raise FileProblem(say("This is {description}; expected CSV, NPZ or Parquet.", description=description))
    return DelimitedReader(file, size, progress)


def wrong_name(name: str, format: str) -> list[str]:
    """A note, if a file's name promises another format."""
    promised = SUFFIXES.get(PurePath(name).suffix.casefold())
    if promised in (None, format):
        return []
    return [say("The file is called {name}, but it is {format} and was read as such.", name=name, format=format)]
