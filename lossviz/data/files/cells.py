"""Columns of Arrow as NumPy arrays; rows that cannot be read are added to the faults."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from ...texts import say, then
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


EXPECTED = say("expected a number")
"""What is said of a column of numbers."""


class _WrongContent(FileProblem):
    """A column that holds something else than is expected."""

    def __init__(self, name: str, content: str) -> None:
        super().__init__(say("Column {name!r} holds {content}.", name=name, content=content))
        self.content = content


class NumberParser:
    """Reads numbers of a file, and learns from the first fraction whether a comma or a point stands before the decimals."""

    def __init__(self, commas: bool = False) -> None:
        self.decimal_mark = "" if commas else "."
        self._commas_are_decimal = False
        self._ambiguous_row: BadRow | None = None

    def read(self, column: Any, name: str, faults: Faults, expected: str = EXPECTED) -> NDArray[Any]:
        """The numbers (n,) of a column: int64 if all are whole and so written, else in their own dtype or float64."""
        column = simplify(column, name)
        kind = column.type
        if pa.types.is_large_string(kind):
            return self._parse(column, name, faults, expected)
        if not (pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_null(kind)):
            raise FileProblem(say("Column {name!r} holds {type}; {expected}.", name=name, type=kind, expected=expected))
        if column.null_count:
            faults.add(is_valid(column, False), (name,), lambda *_: None, say("missing; {expected}", expected=expected))
            column = column.cast(pa.float64()) if pa.types.is_null(kind) else column
            column = column.fill_null(pa.scalar(0).cast(column.type))
        array: NDArray[Any] = column.to_numpy(zero_copy_only=False)
        return array.astype(np.float32) if array.dtype == np.float16 else array

    def read_table(self, columns: Sequence[Any], names: tuple[str, ...], faults: Faults, expected: str) -> NDArray[Any]:
        """The numbers (n, C) of columns of text; at once if all are sound, as there may be very many."""
        if (numbers := self.read_at_once(columns)) is not None:
            return numbers
        out = np.empty((len(columns[0]), len(columns)))
        for k, (column, name) in enumerate(zip(columns, names, strict=True)):
            out[:, k] = self.read(column, name, faults, expected)
        return out

    def read_at_once(self, columns: Sequence[Any]) -> NDArray[Any] | None:
        """The same if every text is a number as a program writes it; else None."""
        if self.decimal_mark == "," or (numbers := _cast(pa.concat_arrays(columns), pa.float64())) is None:
            return None
        self.decimal_mark = self.decimal_mark or ("." if _fractions(numbers) else "")
        return np.ascontiguousarray(numbers.reshape(len(columns), -1).T)

    def refuse_ambiguous(self) -> None:
        """After the last block: refuses commas of which no number says whether they are decimal ones."""
        if self._ambiguous_row is not None and not self._commas_are_decimal:
            raise FileProblem(
                say(
                    "Every comma is followed by three digits, so it could be a decimal comma or a thousands separator. Write "
                    "decimals with a point and thousands without a separator:"
                ),
                [self._ambiguous_row],
            )

    def _parse(self, column: Any, name: str, faults: Faults, expected: str) -> NDArray[Any]:
        if self.decimal_mark != ",":
            for kind in (pa.int64(), pa.float64()):
                array = _cast(column, kind)
                if array is None:
                    continue
                if not self.decimal_mark and kind == pa.float64() and _fractions(array):
                    self.decimal_mark = "."
                return array
        return self._parse_slowly(column, name, faults, expected)

    def _parse_slowly(self, column: Any, name: str, faults: Faults, expected: str) -> NDArray[Any]:
        """The slow way, for a block with blanks, decimal commas, typographic signs or what is no number at all."""
        text = pc.replace_substring(pc.utf8_trim_whitespace(column), MINUS, "-")
        self._learn_decimal_mark(text)
        grouped = _as_mask(pc.match_substring_regex(text, GROUPED))
        if self.decimal_mark == ",":
            self._note_ambiguous(column, text, name, faults)
            # A point among decimal commas could be one for thousands: it is not guessed at.
            dotted = pc.match_substring(text, ".")
            text = pc.if_else(dotted, "?", pc.replace_substring(text, ",", "."))
        good = pc.fill_null(pc.match_substring_regex(text, NUMBER), False)
        bad = ~good.to_numpy(zero_copy_only=False)
        empty = bad & _as_mask(pc.equal(text, ""), True)
        faults.add(empty, (name,), lambda *_: None, say("missing; {expected}", expected=expected))
        commas = _as_mask(pc.match_substring(text, ","))
        with_commas, without = _not_numbers(self.decimal_mark, expected)
        reasons = (
            (
                bad & grouped,
                say("commas as thousands separators: write it without them; {expected}", expected=expected),
            ),
            (bad & commas, with_commas),
            (bad & ~commas, without),
        )
        for rows, reason in reasons:
            faults.add(rows, (name,), lambda i, _: column[i].as_py(), reason)
        filled = pc.if_else(good, text, "0")
        integers = _cast(filled, pa.int64())
        return pc.cast(filled, pa.float64()).to_numpy() if integers is None else integers

    def _learn_decimal_mark(self, text: Any) -> None:
        """Whether commas or points stand before the decimals, by what most have."""
        if self.decimal_mark:
            return
        commas = _as_mask(pc.match_substring(text, ","))
        points = _as_mask(pc.match_substring(text, ".")) & ~commas
        if commas.any() or points.any():
            self.decimal_mark = "," if commas.sum() > points.sum() else "."

    def _note_ambiguous(self, column: Any, text: Any, name: str, faults: Faults) -> None:
        thousands = _as_mask(pc.match_substring_regex(text, THOUSANDS))
        self._commas_are_decimal |= bool((_as_mask(pc.match_substring(text, ",")) & ~thousands).any())
        if self._ambiguous_row is None and thousands.any():
            i = int(thousands.argmax())
            value = text[i].as_py()
            could = say("{decimal} or {whole}?", decimal=value.replace(",", "."), whole=value.replace(",", ""))
            self._ambiguous_row = BadRow(faults.start + i + 1, None, name, format_value(column[i].as_py()), could)


def _not_numbers(decimal_mark: str, expected: str) -> tuple[str, str]:
    """What is wrong with a text that has commas, and with one that has none."""
    plain = say("not a number; {expected}", expected=expected)
    if decimal_mark == ".":
        return say("a comma where others have a decimal point; {expected}", expected=expected), plain
    if decimal_mark == ",":
        return (say("not a number with a decimal comma; {expected}", expected=expected),) * 2
    return plain, plain


def _cast(column: Any, kind: Any) -> NDArray[Any] | None:
    """The numbers of a column of text, if all are such."""
    try:
        return pc.cast(column, kind).to_numpy()  # type: ignore[no-any-return]
    except pa.ArrowInvalid:
        return None


def _fractions(numbers: NDArray[Any]) -> bool:
    return bool((np.floor(numbers) < numbers).any())


def _as_mask(condition: Any, missing: bool = False) -> NDArray[np.bool_]:
    return pc.fill_null(condition, missing).to_numpy(zero_copy_only=False)  # type: ignore[no-any-return]


def simplify(column: Any, name: str) -> Any:
    """A column as one of integers, floats or large strings where it can be one; else as it is."""
    kind = column.type
    if isinstance(kind, pa.BaseExtensionType):
        return simplify(column.storage, name)
    if pa.types.is_dictionary(kind):
        return simplify(_decode_dictionary(column, name), name)
    if pa.types.is_run_end_encoded(kind):
        return simplify(pc.run_end_decode(column), name)
    if pa.types.is_boolean(kind):
        return column.cast(pa.int8())
    if pa.types.is_decimal(kind):  # by way of the text, which becomes the nearest number
        return column.cast(pa.large_string()).cast(pa.float64())
    if pa.types.is_string(kind) or pa.types.is_string_view(kind):
        return column.cast(pa.large_string())
    return column


def _decode_dictionary(column: Any, name: str) -> Any:
    """A value for each row: what a short dictionary may blow up without end."""
    words = column.dictionary
    if pa.types.is_string_view(words.type) or pa.types.is_binary_view(words.type):
        words = words.cast(pa.large_string() if pa.types.is_string_view(words.type) else pa.large_binary())
        column = pa.DictionaryArray.from_arrays(column.indices, words)
    if pa.types.is_nested(words.type):
        raise _WrongContent(name, say("{type}; expected single values", type=column.type))
    if not pa.types.is_primitive(words.type) and not pa.types.is_null(words.type):
        lengths = pc.fill_null(pc.binary_length(words), 0).cast(pa.int64())
        size = pc.sum(pc.take(lengths, column.indices)).as_py() or 0
        if size > TEXT:
            raise FileProblem(
                say(
                    "The texts in column {name!r} are too long: {size:,} bytes in {rows:,} rows; at most {most:,} are read at "
                    "once. Map a column of shorter names, or leave it out.",
                    name=name,
                    size=size,
                    rows=len(column),
                    most=TEXT,
                )
            )
    return column.dictionary_decode()


def is_valid(column: Any, present: bool = True) -> NDArray[np.bool_]:
    """Where a column has a value, or has none."""
    mask: NDArray[np.bool_] = (pc.is_valid(column) if present else pc.is_null(column)).to_numpy(zero_copy_only=False)
    return mask


def as_text(column: Any, name: str) -> Any:
    """Any column of single values as a column of strings."""
    exact = column if pa.types.is_decimal(column.type) or pa.types.is_boolean(column.type) else simplify(column, name)
    if pa.types.is_floating(exact.type):
        exact = pc.if_else(pc.is_nan(exact), None, exact)
    try:
        return exact.cast(pa.large_string())
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        kind = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
        content = (
            say("bytes that are not UTF-8 text")
            if pa.types.is_binary(kind)
            else say("{type}, which cannot be read as text", type=kind)
        )
        raise _WrongContent(name, content) from error


NAMELESS = say("missing; expected a name in every row")


def _names(column: Any, name: str, faults: Faults) -> Any:
    """Text without gaps; rows without a name are added to the faults."""
    text = as_text(column, name)
    empty = pc.fill_null(pc.equal(text, ""), True).to_numpy(zero_copy_only=False)
    faults.add(empty, (name,), lambda *_: None, NAMELESS)
    return text.fill_null("")


def read_ids(column: Any, name: str, faults: Faults) -> NDArray[Any]:
    """Names of rows: int64 if they are numbers, or uint64 where the file says so, else strings."""
    if pa.types.is_dictionary(column.type) and pa.types.is_integer(column.type.value_type):
        column = column.dictionary_decode()
    if pa.types.is_integer(column.type):
        faults.add(is_valid(column, False), (name,), lambda *_: None, NAMELESS)
        kind = pa.uint64() if pa.types.is_uint64(column.type) else pa.int64()
        numbers: NDArray[Any] = column.fill_null(0).cast(kind).to_numpy()
        return numbers
    text = _names(column, name, faults)
    return np.asarray(text.to_numpy(zero_copy_only=False), dtype=np.dtypes.StringDType())


def read_groups(column: Any, name: str, faults: Faults) -> Groups:
    """The names in a column, and the number of each row's."""
    coded = _names(column, name, faults).dictionary_encode()
    return tuple(coded.dictionary.to_pylist()), coded.indices.to_numpy()


def read_flags(column: Any, name: str, faults: Faults) -> NDArray[np.bool_]:
    """True and false, 1 and 0."""
    text = pc.utf8_lower(pc.utf8_trim_whitespace(as_text(column, name)))
    yes, no = (pc.is_in(text, pa.array(words, pa.large_string())).to_numpy(zero_copy_only=False) for words in (YES, NO))
    faults.add(~(yes | no), (name,), lambda i, _: column[i].as_py(), say("expected true or false, 1 or 0"))
    mask: NDArray[np.bool_] = yes
    return mask


def metadata_columns(batch: Any, mapping: ColumnMapping, faults: Faults) -> tuple[Any, Any, Any]:
    """Ids, groups and suspects of a record batch, as far as they are mapped."""
    id, group, suspect = (None if x is None else batch[x] for x in (mapping.id, mapping.group, mapping.suspect))
    return read_metadata((id, group, suspect), mapping, faults)


def read_metadata(columns: tuple[Any, Any, Any], mapping: ColumnMapping, faults: Faults) -> tuple[Any, Any, Any]:
    """Ids, groups and suspects of their columns. One mapped by its name only that holds something else is left out."""
    id, group, suspect = columns
    return (
        _read_optional(read_ids, id, mapping.id, mapping, faults),
        _read_optional(read_groups, group, mapping.group, mapping, faults),
        None if mapping.suspect is None else read_flags(suspect, mapping.suspect, faults),
    )


def _read_optional(
    read: Callable[[Any, str, Faults], Any], column: Any, name: str | None, mapping: ColumnMapping, faults: Faults
) -> Any:
    if column is None or name is None or name in faults.unusable_columns:
        return None
    if name not in mapping.by_name:
        return read(column, name, faults)
    own_faults = Faults().align_with(faults)
    try:
        values = read(column, name, own_faults)
    except _WrongContent as problem:
        faults.unusable_columns[name] = say("it holds {content}", content=problem.content)
        return None
    except FileProblem as problem:
        faults.unusable_columns[name] = then(problem.message, _without_stop)
        return None
    if own_faults.count:  # names that are missing are all that can be wrong
        row = own_faults.rows[0].row
        faults.unusable_columns[name] = say("row {row} holds nothing; expected a name in every row", row=row)
        return None
    return values


def _without_stop(sentence: str) -> str:
    return sentence.rstrip(".。")
