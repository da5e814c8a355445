"""What reading a Parquet file will take, from the headers of its pages, before any of it is unpacked."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa

from ...texts import say
from . import limits
from .footer import ColumnChunk
from .pages import DATA, DATA_2, DELTA_TEXT, DICTIONARY, Page, pages, varint
from .problems import FileProblem

FEW = 1 << 22
"""So many values take little memory however they are spread over lists."""

TEXT = 1 << 24
"""Bytes of text that are unpacked at once."""


class ColumnPages:
    """The pages of a column in one row group. `place` is said in messages."""

    def __init__(self, file: BinaryIO, meta: ColumnChunk, place: str) -> None:
        self._file, self._meta, self._place = file, meta, place
        self._pages = tuple(pages(file, meta))
        self._data = [page for page in self._pages if page.kind in (DATA, DATA_2)]

    @property
    def expansion(self) -> int:
        """Bytes that are unpacked at once, beyond what their share of the file is."""
        dictionary = sum(page.unpacked for page in self._pages if page.kind == DICTIONARY)
        largest = max((page.unpacked for page in self._data), default=0)
        return max(0, 2 * dictionary + largest - 4 * self._meta.total_compressed_size)

    @property
    def rows_at_once(self) -> int | None:
        """How many texts take little memory though each may be as long as a page, as they share beginnings; None for others."""
        if not any(page.encoding == DELTA_TEXT for page in self._data):
            return None
        return max(1, TEXT // max(1, *(page.unpacked for page in self._pages)))

    def check_texts(self) -> None:
        """Refuses lists of text that may take much: each may be as long as the page that holds it."""
        values = sum(page.values for page in self._data)
        if values * max((page.unpacked for page in self._pages), default=0) > 16 * TEXT:
            raise FileProblem(
                say("{place} holds lists of {values:,} texts; expected lists of numbers.", place=self._place, values=values)
            )

    def check_lists(self, width: int) -> None:
        """Refuses lists that are together far longer than `width` each: the levels tell, without the values."""
        values = sum(page.values for page in self._data)
        if values <= max(FEW, 2 * self._meta.total_compressed_size):
            return
        lengths = Lengths(width)
        for page in self._data:
            lengths.add(self._levels(page), page.values)
            if lengths.excess > FEW:
                raise FileProblem(
                    say(
                        "{place} holds lists of {values:,} values in total, and some are far longer than others; at most "
                        "{width:,} per list are read.",
                        place=self._place,
                        values=values,
                        width=width,
                    )
                )

    def _levels(self, page: Page) -> bytes:
        """Where a list begins (0) and goes on (1), as the page has it."""
        self._file.seek(page.place)
        if page.repetition is not None:
            return self._file.read(page.repetition)
        data = self._file.read(page.packed)
        if self._meta.codec is not None:
            data = pa.Codec(self._meta.codec).decompress(data, page.unpacked, asbytes=True)
        return data[4 : 4 + int.from_bytes(data[:4], "little")]


def check_expansion(chunks: Iterable[ColumnPages]) -> None:
    """Refuses columns that unpack, all at once, to far more than the file holds."""
    unpacked = sum(chunk.expansion for chunk in chunks)
    if unpacked > limits.EXPANSION:
        raise FileProblem(
            say(
                "The pages of the Parquet file unpack to {unpacked:,} bytes at once; at most {most:,} are read. Write it with "
                "smaller pages.",
                unpacked=unpacked,
                most=limits.EXPANSION,
            )
        )


class Lengths:
    """The lengths of lists, from their repetition levels; `excess`: values beyond `width` in each, summed over all lists."""

    def __init__(self, width: int) -> None:
        self._width, self._open = width, 0
        self._closed = 0

    @property
    def excess(self) -> int:
        return self._closed + max(0, self._open - self._width)

    def add(self, levels: bytes, count: int) -> None:
        """The next `count` levels, each of a bit."""
        starts, ends_of_empty = _starts(levels, count)
        if not len(starts):
            self._open += count
            return
        lengths = np.diff(starts, prepend=starts[:1] - (self._open + starts[0]))
        lengths[np.isin(starts, ends_of_empty)] = 0
        self._closed += int(np.maximum(lengths - self._width, 0).sum())
        self._open = count - int(starts[-1])


def _starts(levels: bytes, count: int) -> tuple[Any, Any]:
    """Where lists begin; of a run of lists without a second value only the first and the last, and those again."""
    at = place = 0
    packed: list[bytes] = []
    where: list[tuple[int, int]] = []
    runs: list[tuple[int, int]] = []
    while place < count:
        header, at = varint(levels, at)
        if not header >> 1:
            raise FileProblem(say("The Parquet file is damaged or cut off: the levels of a list end too early."))
        if header & 1:
            groups = min(header >> 1, (count - place + 7) // 8)
            packed.append(levels[at : at + groups])
            where.append((place, len(packed[-1])))
            at += header >> 1
            place += 8 * (header >> 1)
        else:
            if not levels[at] & 1:
                runs.append((place, min(count, place + (header >> 1)) - 1))
            at += 1
            place += header >> 1
    return _merged(packed, where, runs, count)


def _merged(packed: list[bytes], where: list[tuple[int, int]], runs: list[tuple[int, int]], count: int) -> tuple[Any, Any]:
    zeros = np.flatnonzero(np.unpackbits(np.frombuffer(b"".join(packed), np.uint8), bitorder="little") == 0)
    places = np.array(where, np.int64).reshape(-1, 2)
    before = np.cumsum(8 * places[:, 1]) - 8 * places[:, 1]
    run = np.searchsorted(before, zeros, "right") - 1
    of_bits = zeros - before[run] + places[run, 0] if len(zeros) else zeros
    ends = np.array([last for first, last in runs if last > first], np.int64)
    starts = np.concatenate([of_bits[of_bits < count], np.array([first for first, _ in runs], np.int64), ends])
    return np.sort(starts), ends
