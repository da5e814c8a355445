"""Columns of Arrow as NumPy arrays; what cannot be read is told by row."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from .checks import Faults, FileProblem
from .columns import Mapping
from .table import Groups

NUMBER = r"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$|^[+-]?(?i:nan|inf|infinity)$"
YES, NO = ("true", "1", "1.0", "yes", "t"), ("false", "0", "0.0", "no", "f")


class Numerals:
    """Reads numbers of a file, and learns from the first fraction whether a comma or a point stands before the decimals."""

    def __init__(self, commas: bool = False) -> None:
        self.mark = "" if commas else "."

    def read(self, column: Any, name: str, faults: Faults, expected: str = "expected a number") -> NDArray[Any]:
        """The numbers (n,) of a column: int64 if all are whole and so written, else in their own dtype or float64."""
        kind = column.type
        if pa.types.is_dictionary(kind):
            return self.read(column.dictionary_decode(), name, faults, expected)
        if pa.types.is_boolean(kind):
            return self.read(column.cast(pa.int8()), name, faults, expected)
        if pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
            return self._parsed(column, name, faults, expected)
        if pa.types.is_decimal(kind):
            return self.read(column.cast(pa.float64()), name, faults, expected)
        if not (pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_null(kind)):
            raise FileProblem(f"Column {name!r} holds {kind}; {expected}.")
        if column.null_count:
            faults.add(valid(column, False), (name,), lambda *_: None, f"missing; {expected}")
            column = column.cast(pa.float64()) if pa.types.is_null(kind) else column
            column = column.fill_null(pa.scalar(0).cast(column.type))
        array: NDArray[Any] = column.to_numpy(zero_copy_only=False)
        return array.astype(np.float32) if array.dtype == np.float16 else array

    def _parsed(self, column: Any, name: str, faults: Faults, expected: str) -> NDArray[Any]:
        if self.mark != ",":
            for kind in (pa.int64(), pa.float64()):
                try:
                    array: NDArray[Any] = pc.cast(column, kind).to_numpy()
                except pa.ArrowInvalid:
                    continue
                if not self.mark and kind == pa.float64() and (array % 1 != 0).any():
                    self.mark = "."
                return array
        return self._mended(column, name, faults, expected)

    def _mended(self, column: Any, name: str, faults: Faults, expected: str) -> NDArray[Any]:
        """The slow way, for a block with blanks, decimal commas or what is no number at all."""
        text = pc.utf8_trim_whitespace(column)
        if not self.mark:
            commas = pc.fill_null(pc.match_substring(text, ","), False)
            points = pc.and_not(pc.fill_null(pc.match_substring(text, "."), False), commas)
            with_comma, with_point = (pc.sum(some).as_py() or 0 for some in (commas, points))
            self.mark = "," if with_comma > with_point else "." if with_point else ""
        if self.mark == ",":
            # A point among decimal commas could be one for thousands: it is not guessed at.
            dotted = pc.match_substring(text, ".")
            text = pc.if_else(dotted, "?", pc.replace_substring(text, ",", "."))
        good = pc.fill_null(pc.match_substring_regex(text, NUMBER), False)
        bad = ~good.to_numpy(zero_copy_only=False)
        empty = bad & pc.fill_null(pc.equal(text, ""), True).to_numpy(zero_copy_only=False)
        faults.add(empty, (name,), lambda *_: None, f"missing; {expected}")
        why = "a comma where others have a decimal point" if self.mark == "." else "no number"
        why = "no number with a decimal comma" if self.mark == "," else why
        commas = pc.fill_null(pc.match_substring(text, ","), False).to_numpy(zero_copy_only=False)
        for some, reason in ((bad & commas, why), (bad & ~commas, why if self.mark == "," else "no number")):
            faults.add(some, (name,), lambda i, _: column[i].as_py(), f"{reason}; {expected}")
        filled = pc.if_else(good, text, "0")
        try:
            whole: NDArray[Any] = pc.cast(filled, pa.int64()).to_numpy()
            return whole
        except pa.ArrowInvalid:
            floats: NDArray[Any] = pc.cast(filled, pa.float64()).to_numpy()
            return floats


def valid(column: Any, which: bool = True) -> NDArray[np.bool_]:
    """Where a column has a value, or has none."""
    found: NDArray[np.bool_] = (pc.is_valid(column) if which else pc.is_null(column)).to_numpy(zero_copy_only=False)
    return found


def plain_text(column: Any) -> Any:
    """Any column of single values as a column of strings."""
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    try:
        return column.cast(pa.large_string())
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise FileProblem(f"A column of {column.type} cannot be read as text.") from error


def _named(column: Any, name: str, faults: Faults) -> Any:
    """Text without gaps; rows of which the name is missing are told."""
    text = plain_text(column)
    empty = pc.fill_null(pc.equal(text, ""), True).to_numpy(zero_copy_only=False)
    faults.add(empty, (name,), lambda *_: None, "missing; expected a name in every row")
    return text.fill_null("")


def ids(column: Any, name: str, faults: Faults) -> NDArray[Any]:
    """Names of rows: int64 if they are numbers, else strings."""
    if pa.types.is_integer(column.type):
        faults.add(valid(column, False), (name,), lambda *_: None, "missing; expected a name in every row")
        numbers: NDArray[Any] = column.fill_null(0).cast(pa.int64(), safe=False).to_numpy()
        return numbers
    text = _named(column, name, faults)
    return np.asarray(text.to_numpy(zero_copy_only=False), dtype=np.dtypes.StringDType())


def groups(column: Any, name: str, faults: Faults) -> Groups:
    """The names in a column, and the number of each row's."""
    coded = _named(column, name, faults).dictionary_encode()
    return tuple(coded.dictionary.to_pylist()), coded.indices.to_numpy()


def flags(column: Any, name: str, faults: Faults) -> NDArray[np.bool_]:
    """True and false, 1 and 0."""
    text = pc.utf8_lower(pc.utf8_trim_whitespace(plain_text(column)))
    yes, no = (pc.is_in(text, pa.array(words, pa.large_string())).to_numpy(zero_copy_only=False) for words in (YES, NO))
    faults.add(~(yes | no), (name,), lambda i, _: column[i].as_py(), "expected true or false, 1 or 0")
    found: NDArray[np.bool_] = yes
    return found


def named(batch: Any, mapping: Mapping, faults: Faults) -> tuple[Any, Any, Any]:
    """Ids, groups and suspects of a record batch, as far as they are mapped."""
    id, group, suspect = (None if x is None else batch[x] for x in (mapping.id, mapping.group, mapping.suspect))
    return asides((id, group, suspect), mapping, faults)


def asides(columns: tuple[Any, Any, Any], mapping: Mapping, faults: Faults) -> tuple[Any, Any, Any]:
    """Ids, groups and suspects of their columns. One that nobody asked for, and that holds something else, is left out."""
    id, group, suspect = columns
    return (
        _aside(ids, id, mapping.id, mapping, faults),
        _aside(groups, group, mapping.group, mapping, faults),
        None if mapping.suspect is None else flags(suspect, mapping.suspect, faults),
    )


def _aside(read: Callable[[Any, str, Faults], Any], column: Any, name: str | None, mapping: Mapping, faults: Faults) -> Any:
    if column is None or name is None or name in faults.unusable:
        return None
    if name not in mapping.by_name:
        return read(column, name, faults)
    apart = Faults().beside(faults)
    try:
        values = read(column, name, apart)
    except FileProblem as problem:
        faults.unusable[name] = problem.message.rstrip(".")
        return None
    if apart.count:
        row = apart.rows[0]
        faults.unusable[name] = f"row {row.row} holds {row.value}; {row.reason.removeprefix('missing; ')}"
        return None
    return values
