"""Columns of Arrow as NumPy arrays; what cannot be read is told by row."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from .columns import ColumnMapping
from .problems import BadRow, Faults, FileProblem, format_value
from .reader import Groups

NUMBER = r"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$|^[+-]?(?i:nan|inf|infinity)$"
THOUSANDS = r"^[+-]?[1-9][0-9]{0,2}(,[0-9]{3})+$"
"""Whole, with commas between the thousands, or with three decimals behind one."""
GROUPED = r"^[+-]?[0-9]{1,3}((,[0-9]{3}){2,}|(,[0-9]{3})+\.[0-9]*)$"
"""With commas between the thousands and nothing else."""
MINUS = "\u2212"
TEXT = 1 << 25
"""Bytes of text that a block may take when each row gets its own copy."""
YES, NO = ("true", "1", "1.0", "yes", "t"), ("false", "0", "0.0", "no", "f")


class NumberParser:
    """Reads numbers of a file, and learns from the first fraction whether a comma or a point stands before the decimals."""

    def __init__(self, commas: bool = False) -> None:
        self.mark = "" if commas else "."
        self._certain = False
        self._doubtful: BadRow | None = None

    def read(self, column: Any, name: str, faults: Faults, expected: str = "expected a number") -> NDArray[Any]:
        """The numbers (n,) of a column: int64 if all are whole and so written, else in their own dtype or float64."""
        column = plain(column, name)
        kind = column.type
        if pa.types.is_large_string(kind):
            return self._parsed(column, name, faults, expected)
        if not (pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_null(kind)):
            raise FileProblem(f"Column {name!r} holds {kind}; {expected}.")
        if column.null_count:
            faults.add(valid(column, False), (name,), lambda *_: None, f"missing; {expected}")
            column = column.cast(pa.float64()) if pa.types.is_null(kind) else column
            column = column.fill_null(pa.scalar(0).cast(column.type))
        array: NDArray[Any] = column.to_numpy(zero_copy_only=False)
        return array.astype(np.float32) if array.dtype == np.float16 else array

    def table(self, columns: Sequence[Any], names: tuple[str, ...], faults: Faults, expected: str) -> NDArray[Any]:
        """The numbers (n, C) of columns of text; at once if all are sound, as there may be very many."""
        if (numbers := self.at_once(columns)) is not None:
            return numbers
        out = np.empty((len(columns[0]), len(columns)))
        for k, (column, name) in enumerate(zip(columns, names, strict=True)):
            out[:, k] = self.read(column, name, faults, expected)
        return out

    def at_once(self, columns: Sequence[Any]) -> NDArray[Any] | None:
        """The same if every text is a number as a program writes it; else None."""
        if self.mark == "," or (numbers := _cast(pa.concat_arrays(columns), pa.float64())) is None:
            return None
        self.mark = self.mark or ("." if _fractions(numbers) else "")
        return np.ascontiguousarray(numbers.reshape(len(columns), -1).T)

    def refuse_doubtful(self) -> None:
        """After the last block: refuses commas of which no number says whether they are decimal ones."""
        if self._doubtful is not None and not self._certain:
            raise FileProblem(
                "Commas stand before three digits in every number that has one: they could be decimal commas, or stand between "
                "thousands. Write decimals with a point, and thousands without a mark:",
                [self._doubtful],
            )

    def _parsed(self, column: Any, name: str, faults: Faults, expected: str) -> NDArray[Any]:
        if self.mark != ",":
            for kind in (pa.int64(), pa.float64()):
                array = _cast(column, kind)
                if array is None:
                    continue
                if not self.mark and kind == pa.float64() and _fractions(array):
                    self.mark = "."
                return array
        return self._mended(column, name, faults, expected)

    def _mended(self, column: Any, name: str, faults: Faults, expected: str) -> NDArray[Any]:
        """The slow way, for a block with blanks, decimal commas, typographic signs or what is no number at all."""
        text = pc.replace_substring(pc.utf8_trim_whitespace(column), MINUS, "-")
        self._learn(text)
        grouped = _where(pc.match_substring_regex(text, GROUPED))
        if self.mark == ",":
            self._doubt(column, text, name, faults)
            # A point among decimal commas could be one for thousands: it is not guessed at.
            dotted = pc.match_substring(text, ".")
            text = pc.if_else(dotted, "?", pc.replace_substring(text, ",", "."))
        good = pc.fill_null(pc.match_substring_regex(text, NUMBER), False)
        bad = ~good.to_numpy(zero_copy_only=False)
        empty = bad & _where(pc.equal(text, ""), True)
        faults.add(empty, (name,), lambda *_: None, f"missing; {expected}")
        commas = _where(pc.match_substring(text, ","))
        reason = "a comma where others have a decimal point" if self.mark == "." else "no number"
        reason = "no number with a decimal comma" if self.mark == "," else reason
        reasons = (
            (bad & grouped, "commas between thousands: write it without them"),
            (bad & commas, reason),
            (bad & ~commas, reason if self.mark == "," else "no number"),
        )
        for some, reason in reasons:
            faults.add(some, (name,), lambda i, _: column[i].as_py(), f"{reason}; {expected}")
        filled = pc.if_else(good, text, "0")
        whole = _cast(filled, pa.int64())
        return pc.cast(filled, pa.float64()).to_numpy() if whole is None else whole

    def _learn(self, text: Any) -> None:
        """Whether commas or points stand before the decimals, by what most have."""
        if self.mark:
            return
        commas = _where(pc.match_substring(text, ","))
        points = _where(pc.match_substring(text, ".")) & ~commas
        if commas.any() or points.any():
            self.mark = "," if commas.sum() > points.sum() else "."

    def _doubt(self, column: Any, text: Any, name: str, faults: Faults) -> None:
        thousands = _where(pc.match_substring_regex(text, THOUSANDS))
        self._certain |= bool((_where(pc.match_substring(text, ",")) & ~thousands).any())
        if self._doubtful is None and thousands.any():
            i = int(thousands.argmax())
            value = text[i].as_py()
            could = f"{value.replace(',', '.')} or {value.replace(',', '')}?"
            self._doubtful = BadRow(faults.start + i + 1, None, name, format_value(column[i].as_py()), could)


def _cast(column: Any, kind: Any) -> NDArray[Any] | None:
    """The numbers of a column of text, if all are such."""
    try:
        return pc.cast(column, kind).to_numpy()  # type: ignore[no-any-return]
    except pa.ArrowInvalid:
        return None


def _fractions(numbers: NDArray[Any]) -> bool:
    return bool((np.floor(numbers) < numbers).any())


def _where(condition: Any, missing: bool = False) -> NDArray[np.bool_]:
    return pc.fill_null(condition, missing).to_numpy(zero_copy_only=False)  # type: ignore[no-any-return]


def plain(column: Any, name: str) -> Any:
    """A column as one of integers, floats or large strings where it can be one; else as it is."""
    kind = column.type
    if isinstance(kind, pa.BaseExtensionType):
        return plain(column.storage, name)
    if pa.types.is_dictionary(kind):
        return plain(_decoded(column, name), name)
    if pa.types.is_run_end_encoded(kind):
        return plain(pc.run_end_decode(column), name)
    if pa.types.is_boolean(kind):
        return column.cast(pa.int8())
    if pa.types.is_decimal(kind):  # by way of the text, which becomes the nearest number
        return column.cast(pa.large_string()).cast(pa.float64())
    if pa.types.is_string(kind) or pa.types.is_string_view(kind):
        return column.cast(pa.large_string())
    return column


def _decoded(column: Any, name: str) -> Any:
    """A value for each row: what a short dictionary may blow up without end."""
    words = column.dictionary
    if pa.types.is_string_view(words.type) or pa.types.is_binary_view(words.type):
        words = words.cast(pa.large_string() if pa.types.is_string_view(words.type) else pa.large_binary())
        column = pa.DictionaryArray.from_arrays(column.indices, words)
    if pa.types.is_nested(words.type):
        raise FileProblem(f"Column {name!r} holds {column.type}; expected single values.")
    if not pa.types.is_primitive(words.type) and not pa.types.is_null(words.type):
        lengths = pc.fill_null(pc.binary_length(words), 0).cast(pa.int64())
        size = pc.sum(pc.take(lengths, column.indices)).as_py() or 0
        if size > TEXT:
            raise FileProblem(
                f"The texts in column {name!r} are too long: {size:,} bytes in {len(column):,} rows; at most {TEXT:,} are read "
                "at once. Map a column of shorter names, or leave it out."
            )
    return column.dictionary_decode()


def valid(column: Any, which: bool = True) -> NDArray[np.bool_]:
    """Where a column has a value, or has none."""
    found: NDArray[np.bool_] = (pc.is_valid(column) if which else pc.is_null(column)).to_numpy(zero_copy_only=False)
    return found


def plain_text(column: Any, name: str) -> Any:
    """Any column of single values as a column of strings."""
    exact = column if pa.types.is_decimal(column.type) or pa.types.is_boolean(column.type) else plain(column, name)
    if pa.types.is_floating(exact.type):
        exact = pc.if_else(pc.is_nan(exact), None, exact)
    try:
        return exact.cast(pa.large_string())
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        kind = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
        what = "bytes that are no UTF-8 text" if pa.types.is_binary(kind) else f"{kind}, which cannot be read as text"
        raise FileProblem(f"Column {name!r} holds {what}.") from error


def _named(column: Any, name: str, faults: Faults) -> Any:
    """Text without gaps; rows of which the name is missing are told."""
    text = plain_text(column, name)
    empty = pc.fill_null(pc.equal(text, ""), True).to_numpy(zero_copy_only=False)
    faults.add(empty, (name,), lambda *_: None, "missing; expected a name in every row")
    return text.fill_null("")


def ids(column: Any, name: str, faults: Faults) -> NDArray[Any]:
    """Names of rows: int64 if they are numbers, or uint64 where the file says so, else strings."""
    if pa.types.is_dictionary(column.type) and pa.types.is_integer(column.type.value_type):
        column = column.dictionary_decode()
    if pa.types.is_integer(column.type):
        faults.add(valid(column, False), (name,), lambda *_: None, "missing; expected a name in every row")
        kind = pa.uint64() if pa.types.is_uint64(column.type) else pa.int64()
        numbers: NDArray[Any] = column.fill_null(0).cast(kind).to_numpy()
        return numbers
    text = _named(column, name, faults)
    return np.asarray(text.to_numpy(zero_copy_only=False), dtype=np.dtypes.StringDType())


def groups(column: Any, name: str, faults: Faults) -> Groups:
    """The names in a column, and the number of each row's."""
    coded = _named(column, name, faults).dictionary_encode()
    return tuple(coded.dictionary.to_pylist()), coded.indices.to_numpy()


def flags(column: Any, name: str, faults: Faults) -> NDArray[np.bool_]:
    """True and false, 1 and 0."""
    text = pc.utf8_lower(pc.utf8_trim_whitespace(plain_text(column, name)))
    yes, no = (pc.is_in(text, pa.array(words, pa.large_string())).to_numpy(zero_copy_only=False) for words in (YES, NO))
    faults.add(~(yes | no), (name,), lambda i, _: column[i].as_py(), "expected true or false, 1 or 0")
    found: NDArray[np.bool_] = yes
    return found


def named(batch: Any, mapping: ColumnMapping, faults: Faults) -> tuple[Any, Any, Any]:
    """Ids, groups and suspects of a record batch, as far as they are mapped."""
    id, group, suspect = (None if x is None else batch[x] for x in (mapping.id, mapping.group, mapping.suspect))
    return side_columns((id, group, suspect), mapping, faults)


def side_columns(columns: tuple[Any, Any, Any], mapping: ColumnMapping, faults: Faults) -> tuple[Any, Any, Any]:
    """Ids, groups and suspects of their columns. One that nobody asked for, and that holds something else, is left out."""
    id, group, suspect = columns
    return (
        _side_column(ids, id, mapping.id, mapping, faults),
        _side_column(groups, group, mapping.group, mapping, faults),
        None if mapping.suspect is None else flags(suspect, mapping.suspect, faults),
    )


def _side_column(
    read: Callable[[Any, str, Faults], Any], column: Any, name: str | None, mapping: ColumnMapping, faults: Faults
) -> Any:
    if column is None or name is None or name in faults.unusable_columns:
        return None
    if name not in mapping.by_name:
        return read(column, name, faults)
    apart = Faults().align_with(faults)
    try:
        values = read(column, name, apart)
    except FileProblem as problem:
        faults.unusable_columns[name] = problem.message.rstrip(".").replace(f"Column {name!r} holds", "it holds", 1)
        return None
    if apart.count:
        row = apart.rows[0]
        faults.unusable_columns[name] = f"row {row.row} holds {row.value}; {row.reason.removeprefix('missing; ')}"
        return None
    return values
