"""Text files with a line for each row: a delimiter between the values, names in the first line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.csv as arrow

from ...texts import say
from . import cells, labels, limits, lists
from .columns import ColumnMapping, unique_names
from .dialect import Dialect, detect_dialect
from .error_guard import ProgressGuard
from .problems import MAX_LISTED, BadRow, Faults, FileProblem, format_value
from .reader import RawRows, Shape
from .records import TextChunk, TextSource, chunks
from .unescaped_quotes import check_swallowed_rows, count_numbers

COLUMNS_AT_ONCE = 4_000
"""Columns that Arrow parses together: very many take far longer than as many in such parts."""


class DelimitedReader:
    """A text file. How many rows there are is known after the last."""

    format = "CSV"
    defaults: Mapping[str, str] = {}
    samples = None

    def __init__(self, file: BinaryIO, size: int, progress: ProgressGuard) -> None:
        self._source, self._progress, self.file_size = TextSource(file, size), progress, size
        self._dialect: Dialect = detect_dialect(self._source)
        self.names = self._dialect.names
        self.columns = unique_names(self.names)
        self._first = dict(zip(self.columns, self._dialect.rows[0], strict=False))
        self.wide = frozenset(name for name, value in self._first.items() if lists.looks_like_list(value))
        self._commas = False

    @property
    def notes(self) -> tuple[str, ...]:
        encoding = (say("The text is UTF-16."),) if self._source.encoding != "utf-8" else ()
        commas = (say("Commas were read as decimal points."),) if self._commas else ()
        return (*self._dialect.notes, *encoding, *commas)

    def head(self, count: int, width: int = limits.SHOWN) -> tuple[tuple[str, ...], ...]:
        """The first rows; short ones are filled up, long ones cut."""
        width = min(len(self.columns), width)
        rows = (row[:width] + ("",) * (width - len(row)) for row in self._dialect.rows[:count])
        return tuple(tuple(value[: limits.CELL] for value in row) for row in rows)

    def shape(self, mapping: ColumnMapping) -> Shape:
        """A value for each named column, or as many as the first row's list has; text is read as float64."""
        classes, targets = self._width(mapping.logits), self._width(mapping.target)
        limits.check_classes(classes)
        return Shape(classes, targets, np.dtype(np.float64))

    def size(self, mapping: ColumnMapping) -> int:  # noqa: ARG002
        """Unknown."""
        return 0

    def share(self) -> float:
        """By the bytes taken from the file."""
        return self._source.share()

    def blocks(self, mapping: ColumnMapping, faults: Faults) -> Iterator[RawRows]:
        """Blocks of a few megabytes. Rows of a wrong length shift the count of all others, so they are reported alone."""
        ragged = _RaggedRows(len(self.columns))
        parser = cells.NumberParser(commas=True)
        shape = self.shape(mapping)
        numbers = count_numbers(list(self._dialect.rows[0]))
        for chunk in self._chunks():
            if ragged.count:
                ragged.add(chunk)
                self._progress(self.share())
                continue
            check_swallowed_rows(chunk, len(self.columns), numbers)
            columns = self._parsed(chunk, self._first_names(mapping), ragged)
            if columns is None:
                ragged.add(chunk)
            elif len(chunk.rows):
                ragged.rows_before += len(chunk.rows)
                faults.start_block(len(chunk.rows))
                yield self._raw(chunk, columns, mapping, shape, parser, faults)
        ragged.refuse()
        parser.refuse_ambiguous()
        self._commas = parser.decimal_mark == ","

    def located(self, problem: FileProblem) -> FileProblem:
        """With the line of each row: blank lines and line ends in quotes make it another than the row."""
        wanted = sorted({row.row for row in problem.rows})
        lines: dict[int, int] = {}
        rows = 0
        for chunk in self._chunks() if wanted else ():
            in_chunk = [row for row in wanted if rows < row <= rows + len(chunk.rows)]
            lines |= {row: chunk.line_of(int(chunk.rows[row - rows - 1])) for row in in_chunk}
            rows += len(chunk.rows)
            if rows >= wanted[-1]:
                break
        return FileProblem(problem.message, (r._replace(line=lines.get(r.row)) for r in problem.rows), problem.more)

    def _chunks(self) -> Iterator[TextChunk]:
        return chunks(self._source, self._dialect.delimiter, self._dialect.start, self._dialect.line)

    def _width(self, names: tuple[str, ...]) -> int:
        if not self.wide & set(names):
            return len(names)
        if len(names) > 1:
            raise FileProblem(
                say("Several columns are mapped and some of them hold lists; expected one column of lists, or single values.")
            )
        first = lists.from_text(pa.array([self._first[names[0]]]), names[0], Faults())
        if not len(first[0]):
            raise FileProblem(
                say("Column {name!r}, row 1: found an empty list; expected the values of a sample.", name=names[0])
            )
        return len(first[0])

    def _first_names(self, mapping: ColumnMapping) -> tuple[str, ...]:
        """The columns that are read first: all, but for logits of so many classes that their texts would fill the memory."""
        if len(mapping.logits) <= COLUMNS_AT_ONCE:
            return mapping.names
        logits = frozenset(mapping.logits)
        return tuple(name for name in mapping.names if name not in logits)

    def _parsed(self, chunk: TextChunk, names: tuple[str, ...], ragged: _RaggedRows) -> dict[str, Any] | None:
        """Columns as text; None if rows have too few or too many values."""
        columns: dict[str, Any] = {}
        try:
            for k in range(0, len(names), COLUMNS_AT_ONCE):
                columns |= self._parse_columns(chunk, names[k : k + COLUMNS_AT_ONCE])
        except pa.ArrowInvalid:
            if (chunk.widths != ragged.width).any():
                return None
            raise
        return columns

    def _parse_columns(self, chunk: TextChunk, names: tuple[str, ...]) -> dict[str, Any]:
        """Some of the columns as text."""
        self._progress(self.share())
        try:
            batch = arrow.read_csv(
                pa.BufferReader(chunk.data),
                arrow.ReadOptions(use_threads=False, block_size=len(chunk.data) + 1, column_names=self.columns),
                arrow.ParseOptions(delimiter=chunk.delimiter, newlines_in_values=True),
                arrow.ConvertOptions(column_types=dict.fromkeys(names, pa.large_string()), include_columns=list(names)),
            ).combine_chunks()
        except pa.ArrowInvalid as error:
            if "UTF8" in str(error):
                raise FileProblem(_not_utf8(chunk)) from error
            raise
        if batch.num_rows != len(chunk.rows):
            raise FileProblem(
                say(
                    "From line {line:,} on {counted:,} rows were counted but {read:,} read: there must be a stray quote.",
                    line=chunk.line,
                    counted=len(chunk.rows),
                    read=batch.num_rows,
                )
            )
        return {name: column.chunk(0) for name, column in zip(names, batch.columns, strict=True)} if batch.num_rows else {}

    def _raw(
        self,
        chunk: TextChunk,
        columns: dict[str, Any],
        mapping: ColumnMapping,
        shape: Shape,
        parser: cells.NumberParser,
        faults: Faults,
    ) -> RawRows:
        name = mapping.logits[0]
        if name in self.wide:
            values = lists.from_text(columns[name], name, faults)
            logits = lists.matrix(values, name, shape.classes, parser, faults, cells.EXPECTED).astype(shape.dtype)
        else:
            logits = np.empty((len(chunk.rows), len(mapping.logits)))
            for k in range(0, len(mapping.logits), COLUMNS_AT_ONCE):
                names = mapping.logits[k : k + COLUMNS_AT_ONCE]
                texts = columns if names[0] in columns else self._parse_columns(chunk, names)
                logits[:, k : k + COLUMNS_AT_ONCE] = parser.read_table(
                    [texts[name] for name in names], names, faults, cells.EXPECTED
                )
                if texts is not columns:
                    texts = {}
                    pa.default_memory_pool().release_unused()
        target, ignored = self._target(columns, mapping, shape, parser, faults)
        return RawRows(logits, target, *cells.metadata_columns(columns, mapping, faults), ignored)

    def _target(
        self, columns: dict[str, Any], mapping: ColumnMapping, shape: Shape, parser: cells.NumberParser, faults: Faults
    ) -> labels.ParsedLabels:
        name = mapping.target[0]
        if name not in self.wide:
            return labels.of_batch(columns, mapping, shape.classes, parser, faults)
        values = lists.from_text(columns[name], name, faults)
        return labels.of_lists(values, mapping, shape.classes, shape.targets, parser, faults)


class _RaggedRows:
    """Counts the rows that have too few or too many values, and keeps the first of them."""

    def __init__(self, width: int) -> None:
        self.width, self.rows_before, self.count = width, 0, 0
        self.rows: list[BadRow] = []

    def add(self, chunk: TextChunk) -> None:
        """Looks at the next rows."""
        widths = chunk.widths
        bad = np.flatnonzero(widths != self.width)
        self.count += len(bad)
        for k in map(int, bad[: MAX_LISTED - len(self.rows)]):
            number, width = int(widths[k]), self.width
            fault = say("{number:,} values; expected {width:,}, one per column", number=number, width=width)
            self.rows.append(BadRow(self.rows_before + k + 1, None, say("whole row"), format_value(chunk.row(k)), fault))
        self.rows_before += len(widths)

    def refuse(self) -> None:
        """FileProblem if there are such rows."""
        if self.count:
            message = say("{rows:,} rows have too few or too many values:", rows=self.count)
            if self.count == 1:
                message = say("1 row has too few or too many values:")
            raise FileProblem(message, self.rows, self.count - len(self.rows))


def _not_utf8(chunk: TextChunk) -> str:
    """What is said about text of another encoding, with the line of its first byte."""
    line = chunk.line
    try:
        chunk.data.decode()
    except UnicodeDecodeError as error:
        line = chunk.line_of(error.start)
    return say(
        "The file is not UTF-8 text (line {line:,}): it may be Latin-1 or another older encoding; save it as CSV in UTF-8.",
        line=line,
    )
