"""What the footer of a Parquet file says of its column chunks.

PyArrow tells it too, but ends the whole process where a damaged footer contradicts itself: its accessor lets an exception of
C++ pass that nobody can catch.
"""

from __future__ import annotations

from functools import partial
from typing import BinaryIO, NamedTuple

from ...texts import say
from .pages import CompactProtocol
from .problems import FileProblem

DELTA = frozenset((5, 6, 7))
"""The encodings by differences, in the format's numbering."""

CODECS = {0: None, 1: "snappy", 2: "gzip", 4: "brotli", 5: "lz4_raw", 6: "zstd", 7: "lz4_raw"}
"""The compressions in the format's numbering, as Arrow calls them."""

ROW_GROUPS, COLUMNS, META = 4, 1, 3
ENCODINGS, CODEC, VALUES, PACKED, DATA_PAGE, DICTIONARY_PAGE = 2, 4, 5, 7, 9, 11
KEPT = frozenset((ENCODINGS, CODEC, VALUES, PACKED, DATA_PAGE, DICTIONARY_PAGE))


class ColumnChunk(NamedTuple):
    """A column in one row group. codec: its compression, None for none. Offsets are from the beginning of the file."""

    encodings: tuple[int, ...]
    codec: str | None
    num_values: int
    total_compressed_size: int
    data_page_offset: int | None
    dictionary_page_offset: int | None

    @property
    def is_delta(self) -> bool:
        """Whether values are stored by their differences, or share their beginnings."""
        return not DELTA.isdisjoint(self.encodings)


def column_chunks(file: BinaryIO) -> list[list[ColumnChunk]]:
    """The column chunks of each row group, in the order of the file's leaves."""
    file.seek(-8, 2)
    length = int.from_bytes(file.read(4), "little")
    file.seek(-8 - length, 2)
    footer = CompactProtocol(file.read(length))
    try:
        return [group for number, kind in footer.fields() for group in _row_groups(footer, number, kind)]
    except IndexError:
        raise FileProblem(say("The Parquet file is damaged or cut off: its footer ends too early.")) from None


def _row_groups(footer: CompactProtocol, number: int, kind: int) -> list[list[ColumnChunk]]:
    if number != ROW_GROUPS:
        footer.skip(kind)
        return []
    return footer.items(partial(_columns, footer))


def _columns(footer: CompactProtocol) -> list[ColumnChunk]:
    chunks: list[ColumnChunk] = []
    for number, kind in footer.fields():
        if number == COLUMNS:
            chunks = footer.items(partial(_chunk, footer))
        else:
            footer.skip(kind)
    return chunks


def _chunk(footer: CompactProtocol) -> ColumnChunk:
    chunk = None
    for number, kind in footer.fields():
        if number == META:
            chunk = _meta(footer)
        else:
            footer.skip(kind)
    if chunk is None:
        raise FileProblem(say("The Parquet file is damaged or encrypted: its footer does not describe its columns."))
    return chunk


def _meta(footer: CompactProtocol) -> ColumnChunk:
    values = {}
    for number, kind in footer.fields():
        if number in KEPT:
            values[number] = footer.value(kind)
        else:
            footer.skip(kind)
    codec = values.get(CODEC, 0)
    if codec not in CODECS:
        raise FileProblem(say("The Parquet file uses an unsupported compression; write it with Zstandard or Snappy."))
    return ColumnChunk(
        tuple(values.get(ENCODINGS, ())),
        CODECS[codec],
        values.get(VALUES, 0),
        values.get(PACKED, 0),
        values.get(DATA_PAGE),
        values.get(DICTIONARY_PAGE),
    )
