"""Labels as people write them: numbers, names of classes, true and false; and those of rows that are left out."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from . import cells, lists
from .columns import Mapping
from .ignored_rows import LeftOut
from .label_parser import BACKGROUND, BLANK, IGNORE, IGNORED, NO, NUMBERED, YES, Words, as_numbers, class_range, number_of
from .problems import Faults

ENTRIES = "expected a number in [0, 1]"


class Labels(NamedTuple):
    """Numbers of classes (n,), any number in rows that are left out."""

    numbers: NDArray[Any]
    left_out: LeftOut | None = None


def of_batch(batch: Any, mapping: Mapping, classes: int, numerals: cells.Numerals, faults: Faults) -> Labels:
    """The labels, or the targets (n, K), of a record batch whose columns hold single values."""
    if len(mapping.target) == 1:
        return of_column(batch[mapping.target[0]], mapping, classes, numerals, faults)
    columns = [batch[name] for name in mapping.target]
    targets = numerals.at_once(columns) if all(_is_text(column.type) for column in columns) else None
    if targets is None:
        targets = np.stack([entries(*pair, numerals, faults) for pair in zip(columns, mapping.target, strict=True)], 1)
    return Labels(targets, exempt_targets(targets, mapping, faults))


def of_lists(column: Any, mapping: Mapping, classes: int, width: int, numerals: cells.Numerals, faults: Faults) -> Labels:
    """Labels or targets of which a list stands in each row; a row without one is ignored."""
    name = mapping.target[0]
    if width == 1 and len(column.flatten()) == len(column):
        return of_column(column.flatten(), mapping, classes, numerals, faults)
    missing = cells.valid(column, False)
    faults.exempt = missing if missing.any() else None
    targets = lists.matrix(column, name, width, numerals, faults, ENTRIES)
    if missing.any():
        targets = np.where(missing[:, None], np.nan, targets)
    left_out = exempt_targets(targets, mapping, faults)
    return Labels(targets[:, 0] if width == 1 else targets, left_out)


def of_array(numbers: NDArray[Any], mapping: Mapping, faults: Faults) -> Labels:
    """The labels of an array of numbers."""
    faults.numeric = True
    return _exempted(of_numbers(numbers, mapping), faults)


def of_column(column: Any, mapping: Mapping, classes: int, numerals: cells.Numerals, faults: Faults) -> Labels:
    """The labels of a column of Arrow; what cannot be read is told, and rows that are ignored are exempt from then on."""
    column = _plain(column, mapping.target[0])
    if _is_text(column.type):
        numbers = _written_numbers(column)
        words = column if numbers is not None else pc.utf8_trim_whitespace(column)
        if numbers is None and not _all_numerals(words, numerals):
            return _exempted(_of_words(column, words, mapping, classes, faults), faults)
        if numbers is None:
            words = pc.if_else(_blank(words), "nan", words)
            numbers = numerals.read(words, mapping.target[0], faults, NUMBERED.format(class_range(mapping, classes)))
    else:
        numbers = numerals.read(column, mapping.target[0], faults, "expected a number") if not column.null_count else None
        if numbers is None:
            numbers = column.cast(pa.float64()).fill_null(math.nan).to_numpy(zero_copy_only=False)
    faults.numeric = True
    labels = of_numbers(numbers, mapping)
    gaps = pa.types.is_integer(column.type) or (_is_text(column.type) and _written_whole(words, labels.numbers))
    if gaps and labels.numbers.dtype.kind == "f":  # floats for the gaps only
        labels = labels._replace(numbers=np.nan_to_num(labels.numbers).astype(np.int64))
    return _exempted(labels, faults)


def of_numbers(numbers: NDArray[Any], mapping: Mapping) -> Labels:
    """Labels that are numbers: counted from 0, with background as the number behind the last class."""
    numbers = numbers.astype(np.float64 if numbers.dtype.kind == "f" else np.int64, copy=False)
    left_out = _left_out(numbers, mapping)
    classes = as_numbers(mapping.classes)
    if classes is not None and classes != list(range(len(classes))):
        return Labels(_places(numbers, classes), left_out)
    counted = numbers - mapping.first_label if mapping.first_label else numbers
    background = number_of(mapping.background)
    if background is not None:
        counted = np.where(numbers == background, BACKGROUND, counted)
    return Labels(counted, left_out)


def exempt_targets(targets: NDArray[Any], mapping: Mapping, faults: Faults) -> LeftOut | None:
    """Rows (n, K) of targets that are ignored as a whole: all blank, or all the same ignored number."""
    if targets.dtype.kind not in "iuf" or not len(targets):
        return None
    first = targets[:, 0]
    left_out = _left_out(first, mapping)
    if left_out is None:
        return None
    same = (targets == first[:, None]).all(1) | np.isnan(targets.astype(np.float64)).all(1)
    codes = np.where(same, left_out.codes, -1)
    return _exempted(Labels(first, LeftOut(left_out.words, codes)), faults).left_out


def entries(column: Any, name: str, numerals: cells.Numerals, faults: Faults) -> NDArray[Any]:
    """The numbers of a column of targets; nan where nothing stands."""
    column = cells.plain(column, name)
    if _is_text(column.type):
        if (numbers := _written_numbers(column)) is not None:
            return numbers
        column = _truth(column)
        column = pc.if_else(_blank(pc.utf8_trim_whitespace(column)), "nan", column)
    elif column.null_count:
        column = column.cast(pa.float64()).fill_null(math.nan)
    return numerals.read(column, name, faults, ENTRIES)


def _truth(column: Any) -> Any:
    """Text of which all that is there is true or false, as 1 and 0; other text as it is."""
    words = pc.utf8_lower(pc.utf8_trim_whitespace(column))
    yes, no = (pc.is_in(words, pa.array(some, words.type)) for some in (YES, NO))
    if not pc.all(pc.or_(pc.or_(yes, no), _blank(words))).as_py():
        return column
    return pc.if_else(yes, "1", pc.if_else(no, "0", words))


def _exempted(labels: Labels, faults: Faults) -> Labels:
    if labels.left_out is not None:
        rows = labels.left_out.rows
        if not rows.any():
            return Labels(labels.numbers)
        faults.exempt = rows
    return labels


def _plain(column: Any, name: str) -> Any:
    """A column of numbers or of large strings; booleans as the words for them, which may be names of classes."""
    return column.cast(pa.large_string()) if pa.types.is_boolean(column.type) else cells.plain(column, name)


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


def _all_numerals(words: Any, numerals: cells.Numerals) -> bool:
    """Whether every word that is there is a number."""
    text = pc.replace_substring(words, ",", ".") if numerals.mark != "." else words
    text = pc.replace_substring(text, "\u2212", "-")
    good = pc.or_(pc.fill_null(pc.match_substring_regex(text, cells.NUMBER), False), _blank(words))
    return bool(pc.all(good).as_py())


def _of_words(column: Any, words: Any, mapping: Mapping, classes: int, faults: Faults) -> Labels:
    """Labels of which some are names: each name is looked up once."""
    coded = words.fill_null("").dictionary_encode()
    names = coded.dictionary.to_pylist()
    codes = coded.indices.to_numpy()
    meanings = Words(mapping, classes)
    table = [meanings.number(name) for name in names]
    ignored = [k for k, number in enumerate(table) if number is IGNORE]
    bad = np.array([number is None for number in table], bool)
    known = [number if isinstance(number, int | float) else 0 for number in table]
    whole = all(isinstance(number, int) and abs(number) < 2**62 for number in known)
    numbers = np.array(known, np.int64 if whole else np.float64)[codes]
    place = np.full(len(names), -1)
    place[ignored] = range(len(ignored))
    labels = Labels(numbers, LeftOut(tuple(names[k] for k in ignored), place[codes]) if ignored else None)
    faults.words |= dict.fromkeys(name for name, wrong in zip(names, bad, strict=True) if wrong and len(faults.words) < 1000)
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


def _left_out(numbers: NDArray[Any], mapping: Mapping) -> LeftOut | None:
    """Rows with an ignored number, or none at all."""
    own = as_numbers(mapping.classes) or []
    values = [n for word in (str(IGNORED), *mapping.ignored) if (n := number_of(word)) is not None and n not in own]
    codes = np.full(len(numbers), -1)
    words: list[str] = []
    for value in dict.fromkeys(values):
        codes[numbers == value] = len(words)
        words.append(f"{value:g}")
    if numbers.dtype.kind == "f":
        codes[np.isnan(numbers)] = len(words)
        words.append("")
    return LeftOut(tuple(words), codes) if (codes >= 0).any() else None


def _written_whole(words: Any, numbers: NDArray[Any]) -> bool:
    """Whether texts hold whole numbers without decimals, beside blanks."""
    known = numbers[~np.isnan(numbers)]
    if not (np.abs(known) < 2**53).all() or (known != np.floor(known)).any():
        return False
    return not pc.any(pc.match_substring_regex(words, "[0-9][.,eE]")).as_py()
