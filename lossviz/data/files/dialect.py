"""The dialect of a text file: the delimiter between its values, where its names stand, and where its rows begin."""

from __future__ import annotations

import re
from collections import Counter
from typing import NamedTuple

from ...texts import say
from . import limits
from .problems import MAX_LISTED, FileProblem
from .records import TextChunk, TextSource, split, unclosed
from .unescaped_quotes import count_numbers

DELIMITERS = ",;\t|"
HEAD = 1 << 20
"""Bytes of the beginning that are read first."""

MAX_LINES, MAX_COMMENTS = 1_000_000, 1_000
"""The most lines ahead of the tenth row, and the most comments ahead of the names."""

EXCEL = re.compile(rb'"?sep=(.)"?\r?\n', re.IGNORECASE)


class Dialect(NamedTuple):
    """How a text file is written.

    names: of the columns, as they stand. start, line: the byte and the line of the first row. rows: the first ones.
    """

    delimiter: str
    names: tuple[str, ...]
    start: int
    line: int
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()


class Preamble(NamedTuple):
    """What stands ahead of the names: its bytes, the delimiter for Excel (`sep=;`), and lines of comments."""

    size: int
    delimiter: str | None
    comments: tuple[str, ...]


def detect_dialect(source: TextSource) -> Dialect:
    """The dialect by the beginning of a file, as much of it as ten rows take; FileProblem where there is none."""
    source.rewind()
    head, complete = b"", False
    while not complete:
        block = source.read(max(HEAD, len(head)))
        head, complete = head + block, not block
        if b"\0" in block:
            raise FileProblem(say("The file is not text, and not a Parquet or NPZ file either."))
        preamble = _preamble(head)
        chunk = TextChunk(head[preamble.size :], preamble.delimiter or ",", last=complete)
        if len(chunk.rows) > MAX_LISTED + 1:
            break
        if len(chunk.ends) > MAX_LINES:
            raise FileProblem(
                say(
                    "Fewer than {listed} of the first {lines:,} lines of the file are not blank.",
                    listed=MAX_LISTED,
                    lines=MAX_LINES,
                )
            )
        if len(head) > limits.RECORD:
            most = limits.RECORD >> 20
            raise FileProblem(say("A line is longer than {most} MB, or a quote in the file is never closed.", most=most))
    if not head.strip():
        raise FileProblem(say("The file is empty."))
    return _dialect(head, preamble, complete)


def _preamble(head: bytes) -> Preamble:
    match = EXCEL.match(head)
    at = match.end() if match else 0
    comments: list[str] = []
    while (
        len(comments) < MAX_COMMENTS
        and head[at : at + 1] == b"#"
        and (line := re.compile(rb"[^\r\n]*(?:\r\n|\r|\n)\s*").match(head, at))
    ):
        comments.append(line[0].decode("utf-8", "replace").strip())
        at = line.end()
    return Preamble(at, match[1].decode("latin-1") if match else None, tuple(comments))


def _dialect(head: bytes, preamble: Preamble, complete: bool) -> Dialect:
    body = head[preamble.size :]
    first_line = TextChunk(head, ",").line_of(preamble.size)
    if preamble.comments:
        commented = _named_in_comment(body, preamble, first_line, complete)
        if commented is not None:
            return commented
    delimiter = preamble.delimiter or _guess_delimiter(body, complete)
    chunk = TextChunk(body, delimiter, first_line, last=complete)
    rows = [split(chunk.row(k), delimiter) for k in range(min(len(chunk.rows), MAX_LISTED + 1))]
    if complete and chunk.quotes.unclosed is not None:
        raise unclosed(chunk)
    if not rows:
        if preamble.comments and complete:
            raise FileProblem(say("The file has a header line but no rows."))
        raise FileProblem(say("The file is empty."))
    _check_names(head, preamble.size + int(chunk.rows[0]), chunk, rows[0])
    if len(rows) == 1:
        raise FileProblem(say("The file has a header line but no rows."))
    names, notes = _completed(rows, chunk.row(1))
    if preamble.comments:
        notes += (say("The comment lines before the header were skipped."),)
    start = int(chunk.rows[1])
    return Dialect(delimiter, names, preamble.size + start, chunk.line_of(start), _values(rows[1:]), notes)


def _named_in_comment(body: bytes, preamble: Preamble, line: int, complete: bool) -> Dialect | None:
    """The dialect of a file whose names stand in its last comment, as NumPy writes them."""
    words = preamble.comments[-1].lstrip("#").strip()
    for delimiter in [preamble.delimiter] if preamble.delimiter else [*DELIMITERS, " "]:
        chunk = TextChunk(body, delimiter, line, last=complete)
        rows = [split(chunk.row(k), delimiter) for k in range(min(len(chunk.rows), MAX_LISTED))]
        names = split("#" + words if words.startswith(delimiter) else words, delimiter)
        if len(names) > 1 and rows and len(rows[0]) == len(names) and count_numbers(rows[0]) and not count_numbers(names):
            start = int(chunk.rows[0])
            names = [name.strip() for name in names]
            return Dialect(delimiter, tuple(names), preamble.size + start, chunk.line_of(start), _values(rows))
    return None


def _check_names(head: bytes, start: int, chunk: TextChunk, names: list[str]) -> None:
    try:
        head[start : start + len(chunk.row(0))].decode()
    except UnicodeDecodeError as error:
        message = say(
            "The header in line {line} is not UTF-8 text: it may be Latin-1 or another older encoding; save it as CSV in "
            "UTF-8.",
            line=chunk.line,
        )
        raise FileProblem(message) from error
    if len(names) > limits.CLASSES + MAX_LISTED:
        raise FileProblem(
            say("The file has {columns:,} columns; at most {most:,} are read.", columns=len(names), most=limits.CLASSES)
        )


def _values(rows: list[list[str]]) -> tuple[tuple[str, ...], ...]:
    return tuple(map(tuple, rows))


def _completed(rows: list[list[str]], first: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The names, with one for a column that has none: each row ends with a delimiter, or begins with its number or name."""
    names, values = rows[0], rows[1:]
    if any(len(row) != len(names) + 1 for row in values):
        return tuple(names), ()
    if not any(row[-1].strip() for row in values):
        return (*names, ""), (say("Each row ends with a delimiter and no value after it."),)
    numbers = [str(int(values[0][0]) + k) for k in range(len(values))] if values[0][0].strip() in ("0", "1") else []
    if first.startswith('"') or [row[0].strip() for row in values] == numbers:
        return ("", *names), (
            say("Each row has one more value than the header has names; the first was read as the name of the row."),
        )
    return tuple(names), ()


def _guess_delimiter(body: bytes, complete: bool) -> str:
    """The delimiter that parts names and most rows into the most values; a comma if none does."""
    best, width_of_best = ",", 1
    for delimiter in DELIMITERS:
        if (width := _width(body, delimiter, complete)) > width_of_best:
            best, width_of_best = delimiter, width
    return " " if width_of_best == 1 and _width(body, " ", complete) > 1 else best


def _width(body: bytes, delimiter: str, complete: bool) -> int:
    """How many names there are, if most rows have as many values, or one more."""
    chunk = TextChunk(body, delimiter, last=complete)
    widths = [len(split(chunk.row(k), delimiter)) for k in range(min(len(chunk.rows), MAX_LISTED + 1))]
    if not widths:
        return 0
    usual, times = Counter(widths[1:] or widths).most_common(1)[0]
    return widths[0] if times > len(widths[1:]) / 2 and usual - widths[0] in (0, 1) else 0
