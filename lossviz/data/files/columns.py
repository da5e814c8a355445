"""The mapping of a file's columns to logits, targets and the rest, by recognition or by hand, and the checks on it."""

from __future__ import annotations

import fnmatch
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from ...texts import joined, say
from .problems import FileProblem

OUTPUT_TYPES = ("logits", "probabilities")
"""What a model's outputs are, where a person says so."""

AMBIGUOUS_TYPES = ("scores", "outputs")
"""What a name leaves open: "scores" that look like probabilities are refused, "outputs" are what they look like."""


@dataclass(frozen=True)
class ColumnMapping:
    """The names of the columns of the logits or probabilities, of the target, and of ids, groups and suspects.

    logits and target have one name of a column of many values a row, or a name for each value; one name of single values is
    one sigmoid logit, and a label. output_type: one of OUTPUT_TYPES or AMBIGUOUS_TYPES.
    classes: what the classes are called, in the order of the logits; for one sigmoid logit the negative, then the positive.
    first_label: the number of the first class. ignored: labels, as they are written, of rows that are left out, beside −100
    and blank ones. background: the label of rows in which no class is true. activation: the one that made probabilities of
    which the sums do not tell. renormalize: rows of probabilities are divided by their sums, however far those are from 1.
    by_name: columns that nobody mapped, but whose names were recognised.
    """

    logits: tuple[str, ...]
    target: tuple[str, ...]
    id: str | None = None
    group: str | None = None
    suspect: str | None = None
    output_type: str = "logits"
    classes: tuple[str, ...] = ()
    first_label: int = 0
    ignored: tuple[str, ...] = ()
    background: str | None = None
    activation: str | None = None
    renormalize: bool = False
    by_name: frozenset[str] = field(default=frozenset(), compare=False)

    @property
    def names(self) -> tuple[str, ...]:
        """Every column that is read, once."""
        others = (name for name in (self.id, self.group, self.suspect) if name is not None)
        return tuple(dict.fromkeys((*self.logits, *self.target, *others)))


def check_mapping(mapping: ColumnMapping, columns: tuple[str, ...]) -> ColumnMapping:
    """A person's mapping, if the file has its columns."""
    present = frozenset(columns)
    unknown = [name for name in mapping.names if name not in present]
    if unknown:
        raise FileProblem(
            say("The file has no column {name!r}; its columns are {names}.", name=unknown[0], names=name_list(columns))
        )
    if not mapping.logits or not mapping.target:
        raise FileProblem(say("A mapping needs at least one column of logits and one of targets."))
    if mapping.output_type not in (*OUTPUT_TYPES, *AMBIGUOUS_TYPES):
        raise FileProblem(say("Outputs are logits or probabilities, not {name!r}.", name=mapping.output_type))
    common = set(mapping.logits) & set(mapping.target)
    if common or len(set(mapping.logits)) < len(mapping.logits) or len(set(mapping.target)) < len(mapping.target):
        raise FileProblem(say("A mapping names a column twice."))
    if len(set(mapping.classes)) < len(mapping.classes):
        raise FileProblem(say("A class is named twice: {names}.", names=name_list(mapping.classes)))
    return mapping


def check_class_names(mapping: ColumnMapping, classes: int) -> ColumnMapping:
    """The mapping, if it names as many classes as a row has logits."""
    names, expected = mapping.classes, max(2, classes)
    if names and len(names) != expected:
        values = {"number": len(names), "names": name_list(names), "expected": expected}
        if classes == 1:
            raise FileProblem(
                say("{number} class names: {names}; expected {expected}, the negative and the positive.", **values)
            )
        raise FileProblem(
            say(
                "{number} class names: {names}; expected {expected}, one for each logit, in the order of the columns.", **values
            )
        )
    return mapping


def match_columns(patterns: Sequence[str], columns: tuple[str, ...]) -> tuple[str, ...]:
    """The columns that names or globs mean, in their order; those of one glob in the order of the numbers in them."""
    matches: dict[str, None] = {}
    present = frozenset(columns)
    for pattern in patterns:
        if pattern in present:
            matches[pattern] = None
            continue
        matched = fnmatch.filter(columns, pattern)
        if not matched:
            raise FileProblem(
                say("No column matches {pattern!r}; the columns are {names}.", pattern=pattern, names=name_list(columns))
            )
        matches |= dict.fromkeys(
            sorted(matched, key=trailing_number) if all(trailing_number(c) >= 0 for c in matched) else matched
        )
    return tuple(matches)


def trailing_number(column: str) -> int:
    """The number at the end of a name, −1 if there is none."""
    digits = column.rstrip(")] ")
    start = len(digits.rstrip("0123456789"))
    return int(digits[start:]) if digits[start:].isascii() and digits[start:].isdigit() else -1


def unique_names(columns: tuple[str, ...]) -> tuple[str, ...]:
    """The names, each of another column: those that several columns share get the place of theirs, counted from 1."""
    times = Counter(columns)
    if len(times) == len(columns):
        return columns
    return tuple(name if times[name] == 1 else f"{name} (column {k})" for k, name in enumerate(columns, 1))


def check_shared(names: Iterable[str], columns: tuple[str, ...]) -> None:
    """Refuses a name of which several columns are called."""
    shared = Counter(columns)
    for name in names:
        if shared[name] > 1:
            raise FileProblem(
                say("{number} columns are called {name!r}; each needs its own name.", number=shared[name], name=name)
            )


def name_list(columns: Iterable[str]) -> str:
    """Names for a sentence, the first twelve, and of long ones the beginning."""
    names = tuple(columns)
    first = joined(repr(name if len(name) <= 60 else name[:59] + "…") for name in names[:12])
    return say("{names} and {more} more", names=first, more=len(names) - 12) if len(names) > 12 else first
