"""Text files with a line for each row: commas, semicolons, tabs or bars between the values, names in the first line."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.csv as arrow

from . import cells, labels, limits
from .checks import LISTED, BadRow, Faults, FileProblem, shown
from .columns import Mapping, distinct
from .table import Raw, Shape

DELIMITERS = ",;\t|"
HEAD = limits.LINE


class Delimited:
    """A text file. Its columns hold single values; how many rows there are is known after the last."""

    format = "CSV"
    wide: frozenset[str] = frozenset()
    samples = None

    def __init__(self, file: BinaryIO, size: int) -> None:
        self._file, self._size = file, size
        text = self._text()
        self._delimiter = _delimiter(text)
        lines = (row for row in csv.reader(io.StringIO(text, newline=None), delimiter=self._delimiter) if row)
        with _told():
            self._first = [row for row, _ in zip(lines, range(LISTED + 1), strict=False)]
        if not self._first:
            raise FileProblem("The file is empty.")
        self.columns = distinct(tuple(self._first[0]))
        if len(self._first) == 1:
            raise FileProblem("The file has a line of names and no rows below it.")
        self._commas = False
        self._bytes = 0

    @property
    def notes(self) -> tuple[str, ...]:
        return ("Commas were read as decimal points.",) if self._commas else ()

    def head(self, count: int) -> tuple[tuple[str, ...], ...]:
        """The first rows; short ones are filled up, long ones cut."""
        width = len(self.columns)
        return tuple(tuple((row + [""] * width)[:width]) for row in self._first[1 : count + 1])

    def shape(self, mapping: Mapping) -> Shape:
        """A value for each named column; text is read as float64."""
        return Shape(len(mapping.logits), len(mapping.target), np.dtype(np.float64))

    def size(self, mapping: Mapping) -> int:  # noqa: ARG002
        """Unknown."""
        return 0

    def share(self) -> float:
        """By the bytes taken from the file."""
        return min(1.0, self._file.tell() / max(1, self._size))

    def blocks(self, mapping: Mapping, faults: Faults) -> Iterator[Raw]:
        """Blocks of a few megabytes. Rows of a wrong length shift the count of all others, so they are told alone."""
        ragged = _Ragged()
        self._file.seek(0)
        with _told():
            reader = arrow.open_csv(
                self._file,
                arrow.ReadOptions(use_threads=False, block_size=limits.LINE),
                arrow.ParseOptions(delimiter=self._delimiter, newlines_in_values=True, invalid_row_handler=ragged),
                arrow.ConvertOptions(
                    column_types=dict.fromkeys(self.columns, pa.string()), include_columns=list(mapping.names)
                ),
            )
        numerals = cells.Numerals(self._delimiter != ",")
        while (batch := _next(reader)) is not None:
            faults.block(batch.num_rows)
            if batch.num_rows and not ragged.count:
                yield _raw(batch, mapping, numerals, faults)
        self._commas = numerals.mark == ","
        ragged.refuse()

    def located(self, problem: FileProblem) -> FileProblem:
        """With the line of each row: blank lines and line breaks in quotes make it another than the row."""
        wanted = {row.row for row in problem.rows}
        lines: dict[int, int] = {}
        self._file.seek(0)
        text = io.TextIOWrapper(self._file, "utf-8-sig", "replace", newline="")
        try:
            rows = csv.reader(text, delimiter=self._delimiter)
            number, before = -1, 0
            for cells_of_row in rows:
                number += bool(cells_of_row)
                if cells_of_row and number in wanted:
                    lines[number] = before + 1
                before = rows.line_num
                if number >= max(wanted, default=-1):
                    break
        except csv.Error:  # a value longer than the csv module takes: then without the lines
            pass
        finally:
            text.detach()
        return FileProblem(problem.message, (r._replace(line=lines.get(r.row)) for r in problem.rows), problem.more)

    def _text(self) -> str:
        """The beginning of the file, up to the end of a line if there is one."""
        self._file.seek(0)
        head = self._file.read(HEAD + 1)
        if head.startswith((b"\xff\xfe", b"\xfe\xff")):
            raise FileProblem("The file is UTF-16 text; save it as CSV in UTF-8.")
        if b"\0" in head:
            raise FileProblem("The file is no text, and no Parquet or NPZ file either.")
        whole = len(head) <= HEAD
        if not whole and b"\n" not in head and b"\r" not in head:
            raise FileProblem(_LONG)
        cut = len(head) if whole else max(head.rfind(b"\n"), head.rfind(b"\r")) + 1
        try:
            return head[:cut].decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = head[: error.start].count(b"\n") + 1
            raise FileProblem(f"The file is not UTF-8 text (line {line}): {_RESAVE}") from error


_LONG = f"A line is longer than {limits.LINE >> 20} MB, or a quote in the file is never closed."
_RESAVE = "it may be Latin-1 or another older encoding; save it as CSV in UTF-8."


class _Ragged:
    """Gathers the rows that have too few or too many values."""

    def __init__(self) -> None:
        self.rows: list[BadRow] = []
        self.count = 0

    def __call__(self, row: Any) -> str:
        self.count += 1
        if len(self.rows) < LISTED:
            found = f"{row.actual_columns} values; expected {row.expected_columns}, one for each column"
            self.rows.append(BadRow(row.number - 1, None, "whole row", shown(row.text), found))
        return "skip"

    def refuse(self) -> None:
        if self.count:
            rows = "1 row has" if self.count == 1 else f"{self.count:,} rows have"
            raise FileProblem(f"{rows} too few or too many values:", self.rows, self.count - len(self.rows))


@contextmanager
def _told() -> Iterator[None]:
    """Says what the parsers cannot read in words of our own."""
    try:
        yield
    except (pa.ArrowException, csv.Error, OSError) as error:
        text = str(error)
        if "UTF8" in text:
            raise FileProblem(f"The file is not UTF-8 text: {_RESAVE}") from error
        if "straddling" in text or "field larger" in text:
            raise FileProblem(_LONG) from error
        raise FileProblem(f"The file cannot be read as CSV: {text.splitlines()[0]}.") from error


def _next(reader: Any) -> Any:
    with _told():
        try:
            return reader.read_next_batch()
        except StopIteration:
            return None


def _raw(batch: Any, mapping: Mapping, numerals: cells.Numerals, faults: Faults) -> Raw:
    target, left_out = labels.of_batch(batch, mapping, len(mapping.logits), numerals, faults)
    logits = np.empty((batch.num_rows, len(mapping.logits)))
    for k, name in enumerate(mapping.logits):
        logits[:, k] = numerals.read(batch[name], name, faults)
    return Raw(logits, target, *cells.named(batch, mapping, faults), left_out)


def _delimiter(text: str) -> str:
    """The mark that parts the first lines into the most values, equally many in each; a comma if none does."""
    sample = text[:100_000].splitlines()[:LISTED]
    best, most = ",", 1
    for mark in DELIMITERS:
        widths = [len(row) for row in csv.reader(sample, delimiter=mark) if row]
        if widths and widths.count(widths[0]) > len(widths) / 2 and widths[0] > most:
            best, most = mark, widths[0]
    return best
