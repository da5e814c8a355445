"""Quotes that would swallow rows: a text that begins with one by chance opens a value that ends only rows later."""

from __future__ import annotations

import re

import numpy as np

from ...texts import say
from .lists import looks_like_list
from .problems import FileProblem
from .records import NEWLINE, RETURN, TextChunk, split

NUMBER = re.compile(r"\s*[-+\u2212]?([0-9]+[.,]?[0-9]*|[.,][0-9]+)([eE][-+]?[0-9]+)?\s*")


def count_numbers(values: list[str]) -> int:
    """How many of the values are numbers."""
    return sum(NUMBER.fullmatch(value) is not None for value in values)


def check_swallowed_rows(chunk: TextChunk, width: int, numbers: int) -> None:
    """Refuses values in quotes over several lines of which one looks like a row: `width` values, `numbers` of them numbers.

    So do values with line ends that go on after their quotes. Other texts of several lines are what they are.
    """
    starts, ends = chunk.quotes.starts, chunk.quotes.ends
    if not len(starts):
        return
    several = np.searchsorted(chunk.line_ends, ends) > np.searchsorted(chunk.line_ends, starts)
    for start, end in zip(starts[several].tolist(), ends[several].tolist(), strict=True):
        if _goes_on(chunk, end) or _holds_row(chunk, start, end, width, numbers):
            raise _swallowed(chunk, start, end)


def _goes_on(chunk: TextChunk, end: int) -> bool:
    return end < len(chunk.data) and chunk.data[end] not in (ord(chunk.delimiter), NEWLINE, RETURN)


def _holds_row(chunk: TextChunk, start: int, end: int, width: int, numbers: int) -> bool:
    text = chunk.data[start + 1 : end - 1].decode("utf-8", "replace")
    if looks_like_list(text):
        return False
    before, after = _before(chunk, start), _after(chunk, end)
    first, *middle, last = text.splitlines() if len(text.splitlines()) > 1 else (text, "")
    lines = [
        (before + first, chunk.delimiter in first),
        *((line, True) for line in middle),
        (last + after, chunk.delimiter in last),
    ]
    return any(own and _is_row(line, chunk.delimiter, width, numbers) for line, own in lines)


def _is_row(line: str, delimiter: str, width: int, numbers: int) -> bool:
    values = [value.strip('"') for value in line.split(delimiter)]
    return len(values) == width and count_numbers(values) >= max(1, numbers - 1)


def _before(chunk: TextChunk, place: int) -> str:
    """What stands ahead of a value in its row."""
    row = chunk.rows[np.searchsorted(chunk.rows, place, "right") - 1]
    values = split(chunk.data[row:place].decode("utf-8", "replace"), chunk.delimiter)
    return chunk.delimiter.join(value.replace(chunk.delimiter, " ") for value in values)


def _after(chunk: TextChunk, place: int) -> str:
    """What stands behind a value in its row, up to the end of its line."""
    end = chunk.line_ends[np.searchsorted(chunk.line_ends, place) :]
    return chunk.data[place : int(end[0]) if len(end) else len(chunk.data)].decode("utf-8", "replace").rstrip("\r\n")


def _swallowed(chunk: TextChunk, start: int, end: int) -> FileProblem:
    text = chunk.data[start : start + 40].decode("utf-8", "replace").splitlines()[0]
    first, last = chunk.line_of(start), chunk.line_of(end - 1)
    return FileProblem(
        say(
            "The quote that opens in line {first:,}, {text!r}, closes only in line {last:,}, and what lies between looks like "
            "rows, which would be lost: double a quote that is part of a text, with quotes around the text, or remove it.",
            first=first,
            text=text,
            last=last,
        )
    )
