"""Which column is what: recognised by its name, or said by a person."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import Literal, NamedTuple

from .checks import FileProblem

Given = Literal["logits", "probabilities"]

LOGITS = ("logits", "logit", "z", "scores", "score")
PROBABILITIES = ("probabilities", "probability", "probs", "prob", "proba", "p")
TARGETS = ("label", "labels", "target", "targets", "y")
OTHERS = {"id": ("id", "ids"), "group": ("group", "groups"), "suspect": ("suspect", "suspects")}
EXPECTED = (
    "logits are looked for under logits, logit_0, logit_1, … or, for two classes, logit or score; probabilities under probs or "
    "prob_0, prob_1, …; labels under label, target or y"
)


class Mapping(NamedTuple):
    """The names of the columns: of the logits or probabilities, of the target, and of what else there is.

    logits and target have one name of a column of many values a row, or a name for each value; one name of single values is
    one sigmoid logit, and a label.
    """

    logits: tuple[str, ...]
    target: tuple[str, ...]
    id: str | None = None
    group: str | None = None
    suspect: str | None = None
    given: str = "logits"

    @property
    def names(self) -> tuple[str, ...]:
        """Every column that is read, once."""
        others = (name for name in (self.id, self.group, self.suspect) if name is not None)
        return tuple(dict.fromkeys((*self.logits, *self.target, *others)))


def recognised(columns: tuple[str, ...]) -> Mapping:
    """What the names say; FileProblem with the reason if they do not say it."""
    logits, given = _family(columns, LOGITS), "logits"
    if not logits:
        logits, given = _family(columns, PROBABILITIES), "probabilities"
    taken = frozenset(logits)
    target = _family([c for c in columns if c not in taken], TARGETS)
    if not logits or not target:
        raise FileProblem(_missing(columns, logits, target))
    id, group, suspect = (next(iter(_family(columns, names)[:1]), None) for names in OTHERS.values())
    return Mapping(logits, target, id, group, suspect, given)


def checked(mapping: Mapping, columns: tuple[str, ...]) -> Mapping:
    """A person's mapping, if the file has its columns."""
    present = frozenset(columns)
    unknown = [name for name in mapping.names if name not in present]
    if unknown:
        raise FileProblem(f"The file has no column {unknown[0]!r}; its columns are {listed(columns)}.")
    if not mapping.logits or not mapping.target:
        raise FileProblem("A mapping names at least one column of logits and one of targets.")
    if mapping.given not in ("logits", "probabilities"):
        raise FileProblem(f"Given are logits or probabilities, not {mapping.given!r}.")
    twice = set(mapping.logits) & set(mapping.target)
    if twice or len(set(mapping.logits)) < len(mapping.logits) or len(set(mapping.target)) < len(mapping.target):
        raise FileProblem("A mapping names a column twice.")
    return mapping


def distinct(columns: tuple[str, ...]) -> tuple[str, ...]:
    """The names, each of another column: those that several columns share get the place of theirs, counted from 1."""
    times = Counter(columns)
    if len(times) == len(columns):
        return columns
    return tuple(name if times[name] == 1 else f"{name} (column {k})" for k, name in enumerate(columns, 1))


def check_shared(names: tuple[str, ...], columns: tuple[str, ...]) -> None:
    """Refuses a name of which several columns are called."""
    shared = Counter(columns)
    for name in names:
        if shared[name] > 1:
            raise FileProblem(f"{shared[name]} columns are called {name!r}; each needs a name of its own.")


def listed(columns: tuple[str, ...]) -> str:
    """Names for a sentence, the first twelve."""
    more = f" and {len(columns) - 12} more" if len(columns) > 12 else ""
    return ", ".join(map(repr, columns[:12])) + more


def _family(columns: Iterable[str], words: tuple[str, ...]) -> tuple[str, ...]:
    """The column called by the first of these words that is there; else those with a number behind it, from 0 on."""
    plain: dict[str, list[str]] = {}
    numbered: dict[str, dict[int, list[str]]] = {}
    for column in columns:
        name = column.strip().casefold()
        plain.setdefault(name, []).append(column)
        if match := re.fullmatch(r"(.*?)[ _.\-\[(]?([0-9]{1,6})[\])]?", name):
            numbered.setdefault(match[1], {}).setdefault(int(match[2]), []).append(column)
    for word in words:
        if same := plain.get(word):
            return (_only(same),)
    for word in words:
        if of := numbered.get(word):
            return _in_order(word, of)
    return ()


def _only(same: list[str]) -> str:
    check_shared(tuple(same[:1]), tuple(same))
    if len(same) > 1:
        raise FileProblem(f"{' and '.join(map(repr, same))} could both be meant; say which.")
    return same[0]


def _in_order(word: str, of: dict[int, list[str]]) -> tuple[str, ...]:
    gap = next((k for k in range(max(of) + 1) if k not in of), None)
    if gap is not None:
        found = ", ".join(_only(of[k]) for k in sorted(of)[:6])
        raise FileProblem(
            f"{word}_{gap} is missing: the columns of the classes are numbered from 0 without gaps; found {found}."
        )
    return tuple(_only(of[k]) for k in sorted(of))


def _missing(columns: tuple[str, ...], logits: tuple[str, ...], target: tuple[str, ...]) -> str:
    what = "columns of logits or probabilities" if not logits else "column of labels or targets"
    if not logits and not target:
        what += ", nor of labels"
    numbers = columns and all(re.fullmatch(r"\s*[-+]?[0-9.,]+(e[-+]?[0-9]+)?\s*", c, re.I) for c in columns)
    header = " The first line holds numbers: it should hold the names of the columns." if numbers else ""
    return f"No {what} found by name.{header} The columns are {listed(columns)}; {EXPECTED}."
