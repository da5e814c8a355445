"""The headers of a Parquet file's pages: they say how much a page unpacks to before anything is unpacked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO, NamedTuple

from .checks import FileProblem

WINDOW, LONGEST = 1 << 9, 1 << 24
"""Bytes in which a header is looked for: at first, and at most, as it may hold the least and the greatest text of its page."""

DATA, DICTIONARY, DATA_2 = 0, 2, 3
"""The kinds of pages in the format's numbering."""

DELTA_TEXT = 7
"""The encoding in which texts share their beginnings."""


class Page(NamedTuple):
    """A page of a column: its values with all that are missing, its bytes packed and unpacked, and where they stand.

    repetition: bytes of the repetition levels ahead of the others, or None where they say so themselves.
    """

    kind: int
    values: int
    encoding: int
    unpacked: int
    packed: int
    place: int
    repetition: int | None


def pages(file: BinaryIO, chunk: Any) -> Iterator[Page]:
    """The pages of a column chunk, as far as its values reach."""
    starts = [at for at in (chunk.dictionary_page_offset, chunk.data_page_offset) if at]
    place, seen = min(starts, default=4), 0
    end = place + chunk.total_compressed_size
    while place < end and seen < chunk.num_values:
        page = _page(file, place)
        yield page
        seen += page.values if page.kind in (DATA, DATA_2) else 0
        place = page.place + page.packed


def _page(file: BinaryIO, place: int) -> Page:
    header, length = _header(file, place)
    kind = header.get(1, DATA)
    about = header.get({DATA: 5, DICTIONARY: 7, DATA_2: 8}.get(kind, 0), {})
    unpacked, packed, values = header.get(2, 0), header.get(3, 0), about.get(1, 0)
    if min(unpacked, packed, values) < 0:
        raise FileProblem("The Parquet file is damaged or cut off: a page has a negative size.")
    encoding = about.get(4 if kind == DATA_2 else 2, 0)
    repetition = about.get(6, 0) if kind == DATA_2 else None
    return Page(kind, values, encoding, unpacked, packed, place + length, repetition)


def _header(file: BinaryIO, place: int) -> tuple[dict[int, Any], int]:
    window = WINDOW
    while True:
        file.seek(place)
        data = file.read(window)
        try:
            return Compact(data).struct()
        except IndexError:
            if len(data) < window or window >= LONGEST:
                raise FileProblem("The Parquet file is damaged or cut off: the header of a page does not end.") from None
            window *= 8


class Compact:
    """Thrift's compact protocol, as much of it as headers of pages need; texts are passed over."""

    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 0

    def struct(self, depth: int = 0) -> tuple[dict[int, Any], int]:
        """The fields by their numbers, and how many bytes they took so far."""
        fields: dict[int, Any] = {}
        number = 0
        while (byte := self._byte()) != 0:
            number = number + (byte >> 4) if byte >> 4 else self._zigzag()
            fields[number] = self._value(byte & 15, depth)
        return fields, self._at

    def _value(self, kind: int, depth: int) -> Any:
        if depth > 8:
            raise FileProblem("The Parquet file is damaged or cut off: the header of a page is nested too deeply.")
        if kind in (1, 2):
            return kind == 1
        if kind == 3:
            return self._byte()
        if kind in (4, 5, 6):
            return self._zigzag()
        if kind in (7, 8):
            return self._pass_over(8 if kind == 7 else self._varint())
        if kind in (9, 10):
            return self._list(depth)
        if kind == 12:
            return self.struct(depth + 1)[0]
        raise FileProblem("The Parquet file is damaged or cut off: the header of a page has a field of an unknown kind.")

    def _list(self, depth: int) -> list[Any]:
        byte = self._byte()
        count = byte >> 4 if byte >> 4 < 15 else self._varint()
        return [self._byte() if byte & 15 in (1, 2) else self._value(byte & 15, depth + 1) for _ in range(count)]

    def _pass_over(self, count: int) -> None:
        self._at += count
        if self._at > len(self._data):
            raise IndexError

    def _byte(self) -> int:
        self._at += 1
        return self._data[self._at - 1]

    def _varint(self) -> int:
        number = shift = 0
        while (byte := self._byte()) & 128:
            number |= (byte & 127) << shift
            shift += 7
            if shift > 63:
                raise FileProblem("The Parquet file is damaged or cut off: a number in the header of a page does not end.")
        return number | byte << shift

    def _zigzag(self) -> int:
        number = self._varint()
        return number >> 1 ^ -(number & 1)
