"""The headers of a Parquet file's pages: they say how much a page unpacks to before anything is unpacked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, BinaryIO, NamedTuple, TypeVar

from ...texts import say
from .problems import FileProblem

T = TypeVar("T")

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
    place, values = min(starts, default=4), 0
    end = place + chunk.total_compressed_size
    while place < end and values < chunk.num_values:
        page = _page(file, place)
        yield page
        values += page.values if page.kind in (DATA, DATA_2) else 0
        place = page.place + page.packed


def _page(file: BinaryIO, place: int) -> Page:
    header, length = _header(file, place)
    kind = header.get(1, DATA)
    about = header.get({DATA: 5, DICTIONARY: 7, DATA_2: 8}.get(kind, 0), {})
    unpacked, packed, values = header.get(2, 0), header.get(3, 0), about.get(1, 0)
    if min(unpacked, packed, values) < 0:
        raise FileProblem(say("The Parquet file is damaged or cut off: a page has a negative size."))
    encoding = about.get(4 if kind == DATA_2 else 2, 0)
    repetition = about.get(6, 0) if kind == DATA_2 else None
    return Page(kind, values, encoding, unpacked, packed, place + length, repetition)


def _header(file: BinaryIO, place: int) -> tuple[dict[int, Any], int]:
    window = WINDOW
    while True:
        file.seek(place)
        data = file.read(window)
        try:
            return CompactProtocol(data).struct()
        except IndexError:
            if len(data) < window or window >= LONGEST:
                raise FileProblem(say("The Parquet file is damaged or cut off: the header of a page does not end.")) from None
            window *= 8


class CompactProtocol:
    """Thrift's compact protocol, as much of it as headers of pages need; texts are passed over."""

    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 0

    def struct(self, depth: int = 0) -> tuple[dict[int, Any], int]:
        """The fields by their numbers, and how many bytes they took so far."""
        return {number: self.value(kind, depth) for number, kind in self.fields()}, self._at

    def fields(self) -> Iterator[tuple[int, int]]:
        """Number and kind of each field of a struct; whoever asks takes the value, or skips it, before the next."""
        number = 0
        while (byte := self._byte()) != 0:
            number = number + (byte >> 4) if byte >> 4 else self._zigzag()
            yield number, byte & 15

    def items(self, take: Callable[[], T]) -> list[T]:
        """The items of a list, each as `take` reads it."""
        return [take() for _ in range(self._size()[0])]

    def skip(self, kind: int) -> None:
        """Passes over a value."""
        self._at = _after(self._data, self._at, kind, 0)

    def value(self, kind: int, depth: int = 0) -> Any:
        if depth > 8:
            raise FileProblem(say("The Parquet file is damaged or cut off: the header of a page is nested too deeply."))
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
        raise FileProblem(say("The Parquet file is damaged or cut off: the header of a page has a field of an unknown kind."))

    def _list(self, depth: int) -> list[Any]:
        count, kind = self._size()
        return [self._byte() if kind in (1, 2) else self.value(kind, depth + 1) for _ in range(count)]

    def _size(self) -> tuple[int, int]:
        """How many items a list has, and of which kind."""
        byte = self._byte()
        return byte >> 4 if byte >> 4 < 15 else self._varint(), byte & 15

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
                raise FileProblem(say("The Parquet file is damaged or cut off: a number in the header of a page does not end."))
        return number | byte << shift

    def _zigzag(self) -> int:
        number = self._varint()
        return number >> 1 ^ -(number & 1)


def _after(data: bytes, at: int, kind: int, depth: int) -> int:
    """Where the next value begins, without a look at this one: a footer has tens of thousands of them."""
    if depth > 8 or not 1 <= kind <= 12 or kind == 11:
        raise FileProblem(
            say("The Parquet file is damaged or cut off: a header has a field of an unknown kind, or is too deep.")
        )
    if kind == 12:
        while byte := data[at]:
            at = _after(data, at + 1 if byte >> 4 else varint(data, at + 1)[1], byte & 15, depth + 1)
        return at + 1
    if kind >= 9:
        byte = data[at]
        count, at = (byte >> 4, at + 1) if byte >> 4 < 15 else varint(data, at + 1)
        inner = byte & 15
        if inner <= 3 or inner == 7:  # of a fixed size: as many as a damaged file may claim are passed over at once
            return at + count * (8 if inner == 7 else 1)
        for _ in range(count):
            at = _after(data, at, inner, depth + 1)
        return at
    if kind == 8:
        length, at = varint(data, at)
        return at + length
    if kind >= 4 and kind != 7:
        while data[at] & 128:
            at += 1
    return at + (0, 0, 0, 1, 1, 1, 1, 8)[kind]


def varint(data: bytes, at: int) -> tuple[int, int]:
    """A number of the format, and where it ends."""
    number = shift = 0
    while data[at] & 128 and shift < 63:
        number |= (data[at] & 127) << shift
        at, shift = at + 1, shift + 7
    return number | data[at] << shift, at + 1
