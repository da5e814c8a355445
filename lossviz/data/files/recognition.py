"""Column mappings by name, as evaluation loops, scikit-learn, Hugging Face, timm and Kaggle name their columns."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from shlex import quote
from typing import NamedTuple

from ...texts import joined, say
from .class_columns import called_as_classes, pair_targets, without_stem
from .column_names import CLASSES, LOGITS, NO_CLASS, NO_NAMES, OTHERS, PROBABILITIES, SCORES, TARGETS
from .columns import ColumnMapping, check_mapping, check_shared, match_columns, name_list, trailing_number
from .problems import FileProblem, Remedy

EXPECTED = say(
    "recognized are logits or logit_0, logit_1, … (for two classes also logit or score), probs or prob_0, prob_1, …, "
    "and for labels label, target or y"
)


class OutputColumns(NamedTuple):
    """The columns of a model's outputs, what they hold (an output type of `ColumnMapping`), the names of the classes, and the
    number of the first class."""

    columns: tuple[str, ...]
    output_type: str
    classes: tuple[str, ...] = ()
    first: int = 0


class ColumnFlags(NamedTuple):
    """What a person says of a file's columns: names or globs of them, "none" for no id, group or suspects; the rest as in
    ColumnMapping. What is left empty is recognised by name."""

    logits: tuple[str, ...] = ()
    probs: tuple[str, ...] = ()
    label: tuple[str, ...] = ()
    id: str | None = None
    group: str | None = None
    suspect: str | None = None
    classes: tuple[str, ...] = ()
    ignore_label: tuple[str, ...] = ()
    first_label: int | None = None
    background_label: str | None = None
    activation: str | None = None
    renormalize: bool = False


def recognise(
    columns: tuple[str, ...],
    wide: Iterable[str] = (),
    head: Callable[[], Sequence[Sequence[str]]] = tuple,
    flags: ColumnFlags = ColumnFlags(),  # noqa: B008 - it is frozen
) -> ColumnMapping:
    """The mapping that the names of the columns suggest, or a person states; FileProblem where neither says enough.

    wide: columns of many values a row. head: gives the first rows as text, which tell whether labels are names of columns.
    """
    names = _NameIndex(columns, frozenset(wide))
    outputs = _mapped(columns, flags)
    target = match_columns(flags.label, columns) if flags.label else _target(names, outputs)
    outputs = outputs or _outputs(names) or _by_labels_or_single(names, columns, target, head)
    output_columns = frozenset(outputs.columns) if outputs and not flags.label else frozenset()
    target = tuple(name for name in target if name not in output_columns)
    if outputs:
        target = pair_targets(outputs.classes, target or called_as_classes(outputs.classes, columns))
    if not outputs or not target:
        raise FileProblem(_missing(columns, outputs, target), remedies=(_remedy(outputs, target),))
    others = (getattr(flags, role) or names.first_of(words) for role, words in OTHERS.items())
    id, group, suspect = (
        None if name is None or name.casefold() == "none" else match_columns((name,), columns)[0] for name in others
    )
    by_hand = {*flags.label, *(outputs.columns if flags.logits or flags.probs else ()), flags.id, flags.group, flags.suspect}
    mapping = ColumnMapping(
        outputs.columns,
        target,
        id,
        group,
        suspect,
        outputs.output_type,
        flags.classes or outputs.classes,
        outputs.first if flags.first_label is None else flags.first_label,
        flags.ignore_label,
        flags.background_label,
        flags.activation,
        flags.renormalize,
    )
    return check_mapping(replace(mapping, by_name=frozenset(set(mapping.names) - by_hand)), columns)


def _mapped(columns: tuple[str, ...], flags: ColumnFlags) -> OutputColumns | None:
    """The outputs that a person has named."""
    if flags.logits and flags.probs:
        raise FileProblem(say("A file holds logits or probabilities: map one of them, not both."))
    patterns = flags.logits or flags.probs
    if not patterns:
        return None
    chosen = match_columns(patterns, columns)
    output_type = "logits" if flags.logits else "probabilities"
    numbers = [trailing_number(name) for name in chosen]
    if len(chosen) == 1 or min(numbers) >= 0:
        from_one = len(numbers) > 1 and numbers == list(range(1, len(numbers) + 1))
        return OutputColumns(chosen, output_type, (), int(from_one))
    return OutputColumns(chosen, output_type, without_stem(chosen))


class _NameIndex:
    """The columns by what they are called: a word, a word with a number behind it, a word with a name behind it."""

    def __init__(self, columns: tuple[str, ...], wide: frozenset[str]) -> None:
        self.wide = wide
        self.plain: dict[str, list[str]] = {}
        self.numbered: dict[str, dict[int, list[str]]] = {}
        self.named: dict[str, dict[str, str]] = {}
        words = sorted((*LOGITS, *PROBABILITIES, *SCORES, *CLASSES, *TARGETS), key=len, reverse=True)
        named = re.compile(rf"({'|'.join(words)})(?:[_.\-: ]|[\[(])(.+?)[\])]?", re.I)
        # R's tidymodels begins its own columns with a point.
        for column in columns:
            name = column.strip().lstrip("#").strip().casefold()
            self.plain.setdefault(name, []).append(column)
            if match := re.fullmatch(r"(.*?)[ _.\-\[(]?([0-9]{1,6})[\])]?", name):
                self.numbered.setdefault(match[1], {}).setdefault(int(match[2]), []).append(column)
            match = named.fullmatch(column.strip().removeprefix("."))
            if match and not match[2].isdigit() and match[2].casefold() not in NO_CLASS:
                self.named.setdefault(match[1].casefold(), {})[match[2]] = column

    def first_of(self, words: tuple[str, ...]) -> str | None:
        """The column called by the first of these words that is there."""
        return next((_only(self.plain[word]) for word in words if word in self.plain), None)

    def per_class(self, words: tuple[str, ...], output_type: str) -> OutputColumns | None:
        """One column of many values, or a column for each class."""
        for word in words:
            if (same := self.plain.get(word)) and set(same) & self.wide:
                return OutputColumns((_only(same),), output_type)
        for word in words:
            if (numbered := self.numbered.get(word)) and len(numbered) > 1:
                first = min(min(numbered), 1)
                return OutputColumns(_in_order(word, numbered, first), output_type, (), first)
        for word in words:
            if (named := self.named.get(word)) and len(named) > 1:
                return OutputColumns(tuple(named.values()), output_type, tuple(named))
        return None

    def single(self, words: tuple[str, ...], output_type: str) -> OutputColumns | None:
        """One column of single values; that of class 1 may say so."""
        if (name := self.first_of(words)) is not None:
            return OutputColumns((name,), output_type)
        for word in words:
            if numbered := self.numbered.get(word):
                return OutputColumns(_in_order(word, numbered, min(min(numbered), 1)), output_type)
        for word in words:
            if len(named := self.named.get(word, {})) == 1:
                return OutputColumns(tuple(named.values()), output_type)
        return None


RANKED = (((*LOGITS, "z"), "logits"), (PROBABILITIES, "probabilities"), (SCORES, "scores"), (CLASSES, "outputs"))
"""A name that says what it holds comes before one that leaves it open."""


def _outputs(names: _NameIndex) -> OutputColumns | None:
    """A column per class, which comes before one word."""
    several = (names.per_class(words, output_type) for words, output_type in RANKED)
    return next((outputs for outputs in several if outputs), None)


def _single(names: _NameIndex) -> OutputColumns | None:
    """One column of single values."""
    candidates = (names.single(words, output_type) for words, output_type in ((LOGITS, "logits"), *RANKED[1:3]))
    chosen = next((outputs for outputs in candidates if outputs), None)
    is_z = chosen and chosen.columns[0].strip().casefold() == "z" and chosen.columns[0] not in names.wide
    if is_z and len(names.plain) > _recognised_count(names) + 1:
        return None  # beside columns of which nothing is known it is a feature rather than a logit
    return chosen


def _by_labels_or_single(
    names: _NameIndex, columns: tuple[str, ...], target: tuple[str, ...], head: Callable[[], Sequence[Sequence[str]]]
) -> OutputColumns | None:
    """Columns that labels name come before one word, unless they are only numbered, as features are too."""
    single = _single(names)
    called = None if single and _all_numbered(columns, single) else _called_as_labels(columns, target, head)
    return called if called and not (single and called.classes[0].isdigit()) else single


def _all_numbered(columns: tuple[str, ...], single: OutputColumns) -> bool:
    """Whether no other column could be called by a class, so that no row need be read."""
    return sum(not _is_other(name) and not name.strip().isdigit() for name in columns if name not in single.columns) < 2


def _recognised_count(names: _NameIndex) -> int:
    """How many columns have a name that says what they are."""
    return sum(word in (*TARGETS[:-1], *(word for words in OTHERS.values() for word in words)) for word in names.plain) or 1


def _target(names: _NameIndex, outputs: OutputColumns | None) -> tuple[str, ...]:
    """The label; else a target per class."""
    if name := names.first_of(
        tuple(w for w in TARGETS if not outputs or not set(names.plain.get(w, ())) & set(outputs.columns))
    ):
        return (name,)
    several = names.per_class(TARGETS[:-1], "targets") or names.per_class(("y",), "targets")
    return several.columns if several else ()


def _called_as_labels(
    columns: tuple[str, ...], target: tuple[str, ...], head: Callable[[], Sequence[Sequence[str]]]
) -> OutputColumns | None:
    """Columns that have the names of the classes, if the labels of the first rows are among them."""
    if len(target) != 1:
        return None
    rows, place = head(), columns.index(target[0])
    if not rows or len(rows[0]) < len(columns):  # more columns than a look at the file shows
        return None
    labels = {row[place].strip() for row in rows} - {""}
    run = _run(columns, labels, rows, place)
    return OutputColumns(run, "outputs", tuple(name.strip() for name in run)) if len(run) > 1 else None


def _run(columns: tuple[str, ...], labels: set[str], head: Sequence[Sequence[str]], target: int) -> tuple[str, ...]:
    """The neighbouring columns of numbers around those that labels name; none if some labels name no column."""
    places = [k for k, name in enumerate(columns) if name.strip() in labels]
    if not places or {columns[k].strip() for k in places} != labels:
        return ()
    numeric = [k != target and all(_is_number(row[k]) for row in head) for k in range(len(columns))]
    low, high = places[0], places[-1]
    if not all(numeric[low : high + 1]):
        return ()
    while low > 0 and numeric[low - 1] and not _is_other(columns[low - 1]):
        low -= 1
    while high + 1 < len(columns) and numeric[high + 1] and not _is_other(columns[high + 1]):
        high += 1
    return columns[low : high + 1]


def _is_other(column: str) -> bool:
    return column.strip().casefold() in NO_NAMES


def _is_number(text: str) -> bool:
    return re.fullmatch(r"\s*[-+]?(\d+\.?\d*|\.\d+|inf|nan)(e[-+]?\d+)?\s*", text, re.I) is not None


def _only(same: list[str]) -> str:
    check_shared(same[:1], tuple(same))
    if len(same) > 1:
        raise FileProblem(say("{names} could both be meant; say which.", names=joined(map(repr, same[:6]), " and ")))
    return same[0]


def _in_order(word: str, numbered: dict[int, list[str]], first: int = 0) -> tuple[str, ...]:
    gap = next((k for k in range(first, max(numbered) + 1) if k not in numbered), None)
    if gap is not None:
        present = ", ".join(_only(numbered[k]) for k in sorted(numbered)[:6])
        names = [numbered[k][0] for k in sorted(numbered)]
        numbers = [str(k) for k in sorted(numbered)]
        more = " …" if len(numbers) > 4 else ""
        flag = f"--probs {' '.join(map(quote, names[:4]))}{more} --classes {' '.join(numbers[:4])}{more}"
        changes = (("logits", tuple(names)), ("classes", tuple(numbers)))
        remedy = Remedy(say("These numbers are the labels of the classes."), flag, changes)
        raise FileProblem(_gap(f"{word}_{gap}", first, present), remedies=(remedy,))
    return tuple(_only(numbered[k]) for k in sorted(numbered))


def _gap(column: str, first: int, present: str) -> str:
    if first < 2:
        return say(
            "{column} is missing: the columns of the classes are numbered from 0 (or 1) without gaps; found {present}.",
            column=column,
            present=present,
        )
    return say(
        "{column} is missing: the columns of the classes are numbered from 0 without gaps; found {present}.",
        column=column,
        present=present,
    )


def _remedy(outputs: OutputColumns | None, target: tuple[str, ...]) -> Remedy:
    flags = ([] if outputs else ["--logits COLUMNS (or --probs COLUMNS)"]) + ([] if target else ["--label COLUMN"])
    return Remedy(say("Map the columns yourself."), " ".join(flags))


def _missing(columns: tuple[str, ...], outputs: OutputColumns | None, target: tuple[str, ...]) -> str:
    if outputs:
        missing = say("No column of labels or targets found by name.")
    elif target:
        missing = say("No columns of logits or probabilities found by name.")
    else:
        missing = say("No columns of logits or probabilities, nor of labels found by name.")
    numbers = columns and all(re.fullmatch(r"\s*[-+]?[0-9.,]+(e[-+]?[0-9]+)?\s*", c, re.I) for c in columns)
    header = [say("The first line holds numbers: it should hold the column names.")] if numbers else []
    return joined(
        [missing, *header, say("The columns are {names}; {expected}.", names=name_list(columns), expected=EXPECTED)], " "
    )
