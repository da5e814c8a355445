"""Labels as people write them: numbers, names of classes, true and false; and those of rows that are left out."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from ...texts import say
from . import cells, lists
from .columns import ColumnMapping
from .ignored_rows import IgnoredRows
from .label_parser import (
    BACKGROUND,
    BLANK,
    IGNORE,
    IGNORED,
    NO,
    YES,
    LabelParser,
    class_numbers,
    expected_number,
    parse_number,
)
from .problems import Faults

ENTRIES = say("expected a number in [0, 1]")


class ParsedLabels(NamedTuple):
    """Numbers of classes (n,), any number in rows that are left out."""

    numbers: NDArray[Any]
    ignored: IgnoredRows | None = None


def of_batch(batch: Any, mapping: ColumnMapping, classes: int, parser: cells.NumberParser, faults: Faults) -> ParsedLabels:
    """The labels, or the targets (n, K), of a record batch whose columns hold single values."""
    if len(mapping.target) == 1:
        return of_column(batch[mapping.target[0]], mapping, classes, parser, faults)
    columns = [batch[name] for name in mapping.target]
    targets = parser.read_at_once(columns) if all(_is_text(column.type) for column in columns) else None
    if targets is None:
        targets = np.stack([entries(*pair, parser, faults) for pair in zip(columns, mapping.target, strict=True)], 1)
    return ParsedLabels(targets, ignored_targets(targets, mapping, faults))


def of_lists(
    column: Any, mapping: ColumnMapping, classes: int, width: int, parser: cells.NumberParser, faults: Faults
) -> ParsedLabels:
    """Labels or targets of which a list stands in each row; a row without one is ignored."""
    name = mapping.target[0]
    if width == 1 and len(column.flatten()) == len(column):
        return of_column(column.flatten(), mapping, classes, parser, faults)
    missing = cells.is_valid(column, False)
    faults.exempt = missing if missing.any() else None
    targets = lists.matrix(column, name, width, parser, faults, ENTRIES)
    if missing.any():
        targets = np.where(missing[:, None], np.nan, targets)
    ignored = ignored_targets(targets, mapping, faults)
    return ParsedLabels(targets[:, 0] if width == 1 else targets, ignored)


def of_array(numbers: NDArray[Any], mapping: ColumnMapping, faults: Faults) -> ParsedLabels:
    """The labels of an array of numbers."""
    faults.labels_are_numbers = True
    return _exempted(of_numbers(numbers, mapping), faults)


def of_column(column: Any, mapping: ColumnMapping, classes: int, parser: cells.NumberParser, faults: Faults) -> ParsedLabels:
    """The labels of a column of Arrow; what cannot be read is a fault, and rows that are ignored are exempt from then on."""
    column = _plain(column, mapping.target[0])
    if _is_text(column.type):
        numbers = _written_numbers(column)
        words = column if numbers is not None else pc.utf8_trim_whitespace(column)
        if numbers is None and not _all_numerals(words, parser):
            return _exempted(_of_words(column, words, mapping, classes, faults), faults)
        if numbers is None:
            words = pc.if_else(_blank(words), "nan", words)
            numbers = parser.read(words, mapping.target[0], faults, expected_number(mapping, classes))
    else:
        numbers = parser.read(column, mapping.target[0], faults) if not column.null_count else None
        if numbers is None:
            numbers = column.cast(pa.float64()).fill_null(math.nan).to_numpy(zero_copy_only=False)
    faults.labels_are_numbers = True
    labels = of_numbers(numbers, mapping)
    gaps = pa.types.is_integer(column.type) or (_is_text(column.type) and _written_whole(words, labels.numbers))
    if gaps and labels.numbers.dtype.kind == "f":  # floats for the gaps only
        labels = labels._replace(numbers=np.nan_to_num(labels.numbers).astype(np.int64))
    return _exempted(labels, faults)


def of_numbers(numbers: NDArray[Any], mapping: ColumnMapping) -> ParsedLabels:
    """Labels that are numbers: counted from 0, with background as the number behind the last class."""
    numbers = numbers.astype(np.float64 if numbers.dtype.kind == "f" else np.int64, copy=False)
    ignored = _ignored_rows(numbers, mapping)
    classes = class_numbers(mapping.classes)
    if classes is not None and classes != list(range(len(classes))):
        return ParsedLabels(_places(numbers, classes), ignored)
    counted = numbers - mapping.first_label if mapping.first_label else numbers
    background = parse_number(mapping.background)
    if background is not None:
        counted = np.where(numbers == background, BACKGROUND, counted)
    return ParsedLabels(counted, ignored)


def ignored_targets(targets: NDArray[Any], mapping: ColumnMapping, faults: Faults) -> IgnoredRows | None:
    """Rows (n, K) of targets that are ignored as a whole: all blank, or all the same ignored number."""
    if targets.dtype.kind not in "iuf" or not len(targets):
        return None
    first = targets[:, 0]
    ignored = _ignored_rows(first, mapping)
    if ignored is None:
        return None
    same = (targets == first[:, None]).all(1) | np.isnan(targets.astype(np.float64)).all(1)
    codes = np.where(same, ignored.codes, -1)
    return _exempted(ParsedLabels(first, IgnoredRows(ignored.words, codes)), faults).ignored


def entries(column: Any, name: str, parser: cells.NumberParser, faults: Faults) -> NDArray[Any]:
    """The numbers of a column of targets; nan where nothing stands."""
    column = cells.simplify(column, name)
    if _is_text(column.type):
        if (numbers := _written_numbers(column)) is not None:
            return numbers
        column = _truth(column)
        column = pc.if_else(_blank(pc.utf8_trim_whitespace(column)), "nan", column)
    elif column.null_count:
        column = column.cast(pa.float64()).fill_null(math.nan)
    return parser.read(column, name, faults, ENTRIES)


def _truth(column: Any) -> Any:
    """Text of which all that is there is true or false, as 1 and 0; other text as it is."""
    words = pc.utf8_lower(pc.utf8_trim_whitespace(column))
    yes, no = (pc.is_in(words, pa.array(spellings, words.type)) for spellings in (YES, NO))
    if not pc.all(pc.or_(pc.or_(yes, no), _blank(words))).as_py():
        return column
    return pc.if_else(yes, "1", pc.if_else(no, "0", words))


def _exempted(labels: ParsedLabels, faults: Faults) -> ParsedLabels:
    if labels.ignored is not None:
        rows = labels.ignored.rows
        if not rows.any():
            return ParsedLabels(labels.numbers)
        faults.exempt = rows
    return labels


def _plain(column: Any, name: str) -> Any:
    """A column of numbers or of large strings; booleans as the words for them, which may be names of classes."""
    return column.cast(pa.large_string()) if pa.types.is_boolean(column.type) else cells.simplify(column, name)


def _is_text(kind: Any) -> bool:
    return bool(pa.types.is_large_string(kind))


def _written_numbers(words: Any) -> NDArray[Any] | None:
    """Whole numbers without a gap, which most files have."""
    try:
        numbers: NDArray[Any] = pc.cast(words, pa.int64()).to_numpy()
    except (pa.ArrowInvalid, ValueError):
        return None
    return numbers if not words.null_count else None


def _blank(words: Any) -> Any:
    return pc.fill_null(pc.is_in(pc.utf8_lower(words), pa.array(BLANK, words.type)), True)


def _all_numerals(words: Any, parser: cells.NumberParser) -> bool:
    """Whether every word that is there is a number."""
    text = pc.replace_substring(words, ",", ".") if parser.decimal_mark != "." else words
    text = pc.replace_substring(text, "\u2212", "-")
    good = pc.or_(pc.fill_null(pc.match_substring_regex(text, cells.NUMBER), False), _blank(words))
    return bool(pc.all(good).as_py())


def _of_words(column: Any, words: Any, mapping: ColumnMapping, classes: int, faults: Faults) -> ParsedLabels:
    """Labels of which some are names: each name is looked up once."""
    coded = words.fill_null("").dictionary_encode()
    names = coded.dictionary.to_pylist()
    codes = coded.indices.to_numpy()
    meanings = LabelParser(mapping, classes)
    table = [meanings.number(name) for name in names]
    unlabelled = [k for k, number in enumerate(table) if number is IGNORE]
    bad = np.array([number is None for number in table], bool)
    by_code = [number if isinstance(number, int | float) else 0 for number in table]
    fits_int64 = all(isinstance(number, int) and abs(number) < 2**62 for number in by_code)
    numbers = np.array(by_code, np.int64 if fits_int64 else np.float64)[codes]
    place = np.full(len(names), -1)
    place[unlabelled] = range(len(unlabelled))
    labels = ParsedLabels(numbers, IgnoredRows(tuple(names[k] for k in unlabelled), place[codes]) if unlabelled else None)
    faults.unknown_labels |= dict.fromkeys(
        name for name, wrong in zip(names, bad, strict=True) if wrong and len(faults.unknown_labels) < 1000
    )
    exempt = faults.exempt
    faults.add(bad[codes], mapping.target[:1], lambda i, _: column[i].as_py(), meanings.expected)
    faults.exempt = exempt
    return labels


def _places(numbers: NDArray[Any], classes: list[int | float]) -> NDArray[Any]:
    """Where each number stands among those of the classes; those that are not there lie outside."""
    order = np.argsort(classes)
    ranked = np.asarray(classes)[order]
    where = np.searchsorted(ranked, numbers).clip(0, len(ranked) - 1)
    return np.where(ranked[where] == numbers, order[where], -1)


def _ignored_rows(numbers: NDArray[Any], mapping: ColumnMapping) -> IgnoredRows | None:
    """Rows with an ignored number, or none at all."""
    own = class_numbers(mapping.classes) or []
    values = [n for word in (str(IGNORED), *mapping.ignored) if (n := parse_number(word)) is not None and n not in own]
    codes = np.full(len(numbers), -1)
    words: list[str] = []
    for value in dict.fromkeys(values):
        codes[numbers == value] = len(words)
        words.append(f"{value:g}")
    if numbers.dtype.kind == "f":
        codes[np.isnan(numbers)] = len(words)
        words.append("")
    return IgnoredRows(tuple(words), codes) if (codes >= 0).any() else None


def _written_whole(words: Any, numbers: NDArray[Any]) -> bool:
    """Whether texts hold whole numbers without decimals, beside blanks."""
    present = numbers[~np.isnan(numbers)]
    if not (np.abs(present) < 2**53).all() or (present != np.floor(present)).any():
        return False
    return not pc.any(pc.match_substring_regex(words, "[0-9][.,eE]")).as_py()
