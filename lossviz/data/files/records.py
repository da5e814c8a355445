"""Delimited text in pieces of whole rows, and where its rows, its quotes and its lines begin and end."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from functools import cached_property, lru_cache
from typing import Any, BinaryIO, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...texts import say
from . import limits
from .problems import FileProblem

Places = NDArray[np.int64]
QUOTE, NEWLINE, RETURN = b'"\n\r'
BOMS = {b"\xef\xbb\xbf": "utf-8", b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}


class TextSource:
    """A file as UTF-8, from its beginning, without a byte order mark; other bytes than those of UTF-16 are left as they are."""

    def __init__(self, file: BinaryIO, size: int) -> None:
        self._file, self._size = file, size
        file.seek(0)
        start = file.read(64)
        bom = next((bom for bom in BOMS if start.startswith(bom)), b"")
        self.encoding = BOMS.get(bom) or _encoding_without_bom(start)
        self._start = len(bom)
        self.rewind()

    def rewind(self) -> None:
        """Begin anew."""
        self._file.seek(self._start)
        self._decoder = codecs.getincrementaldecoder(self.encoding)()

    def read(self, count: int) -> bytes:
        """About `count` of the next bytes; none at the end."""
        data = self._file.read(count)
        if self.encoding == "utf-8":
            return data
        try:
            text = self._decoder.decode(data, final=not data)
        except UnicodeDecodeError as error:
            message = say("The file begins as UTF-16 text, but is not further on; save it as CSV in UTF-8.")
            raise FileProblem(message) from error
        return text.encode() if text or not data else self.read(count)

    def share(self) -> float:
        """How much was taken from the file."""
        return min(1.0, self._file.tell() / max(1, self._size))


def _encoding_without_bom(start: bytes) -> str:
    """UTF-16 is known by the zeros beside its letters, too."""
    zeros = [start[k::2].count(0) for k in (0, 1)]
    enough = len(start) // 4
    if start and zeros[1] > enough and not zeros[0]:
        return "utf-16-le"
    return "utf-16-be" if start and zeros[0] > enough and not zeros[1] else "utf-8"


class Quotes(NamedTuple):
    """Where values in quotes begin, and end after their quotes; and where a quote opens that does not close."""

    starts: Places
    ends: Places
    unclosed: int | None

    def around(self, places: Places) -> NDArray[np.bool_]:
        """Which places lie within quotes."""
        if not len(self.starts):
            return np.zeros(len(places), bool)
        before = np.searchsorted(self.starts, places, "right") - 1
        return (before >= 0) & (places < self.ends[before])


class TextChunk:
    """Some bytes that begin with a row, in line `line` of the file; `last`: nothing comes after them."""

    def __init__(self, data: bytes, delimiter: str, line: int = 1, *, last: bool = True) -> None:
        self.data, self.delimiter, self.line, self.last = data, delimiter, line, last

    @cached_property
    def bytes(self) -> NDArray[np.uint8]:
        """The bytes as numbers."""
        return np.frombuffer(self.data, np.uint8)

    @cached_property
    def quotes(self) -> Quotes:
        """All values in quotes. A quote opens at the beginning of a value only, and two of them stand for one."""
        if b'"' not in self.data:
            return Quotes(_no_places(), _no_places(), None)
        return _in_pairs(self) or _one_by_one(self.data, self.delimiter.encode(), self.last)

    @cached_property
    def line_ends(self) -> Places:
        """The last bytes of all lines."""
        ends = np.flatnonzero(self.bytes == NEWLINE)
        if b"\r" not in self.data:
            return ends
        returns = np.flatnonzero(self.bytes == RETURN)
        returns = returns if self.last or not len(returns) else returns[returns < len(self.data) - 1]
        alone = self.bytes[np.minimum(returns + 1, len(self.data) - 1)] != NEWLINE
        return np.sort(np.concatenate([ends, returns[alone]]))

    @cached_property
    def ends(self) -> Places:
        """The last bytes of all rows, blank ones too; a quote that does not close takes all that follows."""
        ends = self.line_ends[~self.quotes.around(self.line_ends)]
        unclosed = self.quotes.unclosed
        ends = ends if unclosed is None else ends[ends < unclosed]
        no_final_newline = not len(ends) or ends[-1] < len(self.data) - 1
        is_row = self.last and unclosed is None and len(self.data) and no_final_newline
        return np.append(ends, len(self.data) - 1) if is_row else ends

    @cached_property
    def rows(self) -> Places:
        """Where the rows begin that are not blank."""
        starts: Places = np.concatenate([np.zeros(min(1, len(self.ends)), np.int64), self.ends[:-1] + 1])
        first = self.bytes[starts]
        filled: Places = starts[(first != NEWLINE) & (first != RETURN)]
        return filled

    @property
    def widths(self) -> Places:
        """How many values the rows have that are not blank."""
        marks = np.flatnonzero(self.bytes == ord(self.delimiter))
        marks = marks[~self.quotes.around(marks)]
        marks_before: Places = np.searchsorted(marks, np.append(self.rows, len(self.data)))
        widths: Places = np.diff(marks_before) + 1
        return widths

    def row(self, number: int) -> str:
        """The text of a row that is not blank; what is no UTF-8 is replaced."""
        start = self.rows[number]
        end = self.ends[np.searchsorted(self.ends, start)]
        return self.data[start : end + 1].decode("utf-8", "replace").rstrip("\r\n")

    def line_of(self, place: int) -> int:
        """The line of the file in which a byte stands."""
        return self.line + int(np.searchsorted(self.line_ends, place))


def chunks(source: TextSource, delimiter: str, skip: int = 0, line: int = 1) -> Iterator[TextChunk]:
    """The file in whole rows, a few megabytes at a time, from a byte that begins line `line`."""
    source.rewind()
    rest = b""
    while len(rest) < skip and (block := source.read(limits.LINE)):
        rest += block
    rest = rest[skip:]
    while True:
        block = source.read(limits.LINE)
        chunk = TextChunk(rest + block, delimiter, line, last=not block)
        end = int(chunk.ends[-1]) + 1 if len(chunk.ends) else 0
        if not block and chunk.quotes.unclosed is not None:
            raise unclosed(chunk)
        if end:
            yield chunk if end == len(chunk.data) else TextChunk(chunk.data[:end], delimiter, line)
            line += int(np.searchsorted(chunk.line_ends, end))
        rest = chunk.data[end:]
        if not block:
            return
        if len(rest) > limits.RECORD:
            if chunk.quotes.unclosed is not None:
                raise unclosed(chunk)
            most = limits.RECORD >> 20
            raise FileProblem(say("Line {line:,} is too long: a line is longer than {most} MB.", line=line, most=most))


def unclosed(chunk: TextChunk) -> FileProblem:
    """The problem of a quote that takes all the rest of a file."""
    place = chunk.quotes.unclosed or 0
    text = chunk.data[place : place + 40].decode("utf-8", "replace").splitlines()[0]
    return FileProblem(
        say(
            "The quote that opens in line {line:,}, {text!r}, is never closed and would swallow all rows after it: close it, "
            "or double a quote that is part of the text.",
            line=chunk.line_of(place),
            text=text,
        )
    )


def split(row: str, delimiter: str) -> list[str]:
    """The values of a row, without their quotes."""
    if '"' not in row:
        return row.split(delimiter)
    values: list[str] = []
    at, pattern = 0, _value(delimiter)
    while True:
        value = pattern.match(row, at)
        if value is None:  # a quote that does not close
            return [*values, row[at:]]
        quoted, rest = value.groups()
        values.append(value[0] if quoted is None else quoted.replace('""', '"') + rest)
        at = value.end() + 1
        if at > len(row):
            return values


@lru_cache
def _value(delimiter: str) -> re.Pattern[str]:
    other = f"[^{re.escape(delimiter)}]*"
    return re.compile(rf'"([^"]*(?:""[^"]*)*)"({other})|(?!"){other}')


def _no_places() -> Places:
    return np.zeros(0, np.int64)


def _in_pairs(chunk: TextChunk) -> Quotes | None:
    """The quotes taken two by two; None if some of them cannot be meant so."""
    places = np.flatnonzero(chunk.bytes == QUOTE)
    if len(places) % 2:
        places, unpaired = places[:-1], int(places[-1])
    else:
        unpaired = None
    opening, closing = places[::2], places[1::2]
    around = [ord(chunk.delimiter), NEWLINE, RETURN]
    again = np.zeros(len(opening), bool)
    again[1:] = opening[1:] == closing[:-1] + 1
    if not (again | (opening == 0) | np.isin(chunk.bytes[opening - 1], around)).all():
        return None
    next_byte = chunk.bytes[np.minimum(closing + 1, len(chunk.data) - 1)]
    goes_on = np.roll(again, -1)
    goes_on[-1:] = unpaired is not None and unpaired == closing[-1:] + 1
    if not (goes_on | (closing == len(chunk.data) - 1) | np.isin(next_byte, around)).all():
        return None
    starts, ends = opening[~again], closing[~goes_on] + 1
    if len(starts) > len(ends):  # the last value goes on after two quotes, and does not close
        return Quotes(starts[:-1], ends, int(starts[-1]))
    if unpaired is not None and unpaired > 0 and chunk.bytes[unpaired - 1] not in around:
        return None
    return Quotes(starts, ends, unpaired)


def _one_by_one(data: bytes, delimiter: bytes, last: bool) -> Quotes:
    """The slow way: some quotes are part of a text that does not begin with one."""
    starts: list[int] = []
    ends: list[int] = []
    around, at = (delimiter, b"\n", b"\r"), 0
    while (start := data.find(b'"', at)) >= 0:
        if start and data[start - 1 : start] not in around:
            at = start + 1
            continue
        end = _closing(data, start + 1)
        if end < 0 or (end == len(data) - 1 and not last):
            return Quotes(_places(starts), _places(ends), start)
        starts.append(start)
        ends.append(end + 1)
        at = end + 1
    return Quotes(_places(starts), _places(ends), None)


def _closing(data: bytes, at: int) -> int:
    while (end := data.find(b'"', at)) >= 0 and data[end + 1 : end + 2] == b'"':
        at = end + 2
    return end


def _places(values: list[Any]) -> Places:
    return np.array(values, np.int64)
