"""What a file leaves open: decided where a person who knows would not hesitate, and asked for where one would."""

from __future__ import annotations

import re
from collections.abc import Sequence
from shlex import quote
from typing import Any

from .columns import Mapping, listed
from .label_parser import is_negative, positive_first
from .problems import FileProblem, Remedy
from .resolution import INSIDE
from .row_statistics import ODD, Facts

Changes = tuple[tuple[str, Any], ...]

MANY = 10
"""So many rows on one side of ½ are hardly chance."""


def decided(facts: Facts) -> tuple[str, str]:
    """Whether the numbers are "logits" or "probabilities", and what to say of it; FileProblem where only a person knows."""
    mapping, C = facts.mapping, facts.shape.classes
    by_name = mapping.logits[0] in mapping.by_name
    if mapping.given == "probabilities" and C == 1 and by_name:
        _not_of_the_negative(facts)
        _not_of_the_guess(facts)
    if C == 2 and by_name:
        _in_which_order(facts)
    if mapping.given in ("logits", "probabilities"):
        return mapping.given, ""
    if C == 1 and facts.whole:
        what = "holds whole numbers only: classes that a model predicted are no scores, and have no loss"
        raise FileProblem(f"{_columns(mapping)} {what}.", (), 0, _both(mapping))
    if not facts.unit:
        _unlabelled(facts)
        return "logits", " They were taken for logits, since not all lie in [0, 1]."
    sums = C > 1 and not facts.sums.off(facts.resolution).count
    if sums and mapping.given == "outputs":
        return "probabilities", " They were taken for probabilities, since all lie in [0, 1] and each row sums to 1."
    also = " and each row sums to 1" if sums else ""
    raise FileProblem(
        f"{_columns(mapping)} may hold logits or probabilities: all numbers lie in [0, 1]{also}. Which are they?",
        (),
        0,
        _both(mapping),
    )


def sigmoids(facts: Facts, several: bool) -> bool:
    """Whether probabilities of several classes are each a sigmoid's."""
    off = facts.sums.off(facts.resolution)
    if facts.background and not off.count:
        label = facts.mapping.background
        raise FileProblem(
            f"Rows of background, label {label}, have no true class, but these probabilities sum to 1, so that one class "
            "always is true.",
            (),
            0,
            (_ignore(facts.mapping, str(label)),),
        )
    activation = facts.mapping.activation
    if facts.mapping.renormalize:
        return False
    if several or activation == "sigmoid":
        return bool(off.count) or (several and activation != "softmax")
    if not off.count:
        return False
    if activation != "softmax" and off.count > facts.samples / 2:
        return True
    divided = Remedy("Divide each row by its sum.", "--renormalize", (("renormalize", True), ("given", "probabilities")))
    own = (("activation", "sigmoid"), ("given", "probabilities"))
    sigmoid = Remedy("Each class has a sigmoid of its own.", "--activation sigmoid", own)
    low, high = facts.sums.lowest, facts.sums.highest
    off.refuse(
        f"of probabilities do not sum to 1, though each sample has one class (all sums: {low:.6g} to {high:.6g})",
        (divided,) if activation else (divided, sigmoid),
    )
    return False


def check_renormalized(facts: Facts, given: str) -> None:
    """Refuses to divide by sums what has none."""
    if not facts.mapping.renormalize or (given == "probabilities" and facts.shape.classes > 1):
        return
    what = "one probability a row" if given == "probabilities" else "logits"
    raise FileProblem(
        f"Rows can be divided by their sums only if they hold a probability for each class, and this file has {what}.",
        (),
        0,
        (Remedy("Do not divide them.", "without --renormalize", (("renormalize", False),)),),
    )


def label_remedies(facts: Facts) -> tuple[Remedy, ...]:
    """What labels that name no class may mean, or what else would help."""
    mapping, faults = facts.mapping, facts.faults
    if faults.words:
        return _of_words(facts)
    if faults.rows and faults.rows[0].column == mapping.suspect:
        return (Remedy("Leave the column of suspects out.", "--suspect none", (("suspect", None),)),)
    if faults.rows and not any(row.column == mapping.target[0] for row in faults.rows):
        negative = mapping.given == "probabilities" and facts.lowest < -INSIDE and 2 * faults.count >= facts.samples
        return _both(mapping)[1:] if negative else ()
    return _of_numbers(facts)


def _of_words(facts: Facts) -> tuple[Remedy, ...]:
    """Labels that are names of unknown classes, or of none of those that are known."""
    mapping, C, words = facts.mapping, facts.shape.classes, list(facts.faults.words)
    if mapping.classes or 2 * facts.faults.count < facts.samples:
        return tuple(_ignore(mapping, word) for word in words) if len(words) <= 3 else ()
    if C == 1 and len(words) == 2:
        return tuple(_positive(negative, positive) for negative, positive in (words, words[::-1]))
    about = "first the negative class" if C == 1 else "in the order of the columns"
    return (Remedy(f"Name the classes, {about}.", _flag("classes", words[:6]) + (" …" if len(words) > 6 else "")),)


def _of_numbers(facts: Facts) -> tuple[Remedy, ...]:
    """Numbers that are those of no class."""
    mapping, C = facts.mapping, facts.shape.classes
    odd = sorted(facts.odd)
    if C == 1 and facts.minus.count and facts.zero:
        odd = [*odd, -1.0]
    remedies = []
    if C == 1 and len(odd) == 1 and odd != [-1.0] and facts.counts[0] and not facts.counts[1]:
        remedies.append(_positive("0", f"{odd[0]:g}"))
    if C == 2 and odd == [-1.0] and not facts.counts[0]:
        order = ("-1", "1")
        remedies.append(
            Remedy("Labels −1 and 1 are the first and the second class.", _flag("classes", order), (("classes", order),))
        )
    if odd == [max(2, C)] and not facts.counts[0]:
        remedies.append(_starting_at(1))
    if odd == [0.0] and mapping.first_label == 1:
        remedies.append(_starting_at(0))
    for label in odd[:3] if len(odd) <= 3 else ():
        remedies.append(_ignore(mapping, f"{label:g}"))
        if C > 1:
            changes = (("background", f"{label:g}"),)
            remedies.append(
                Remedy(f"Label {label:g} is background: no class is true.", f"--background-label {label:g}", changes)
            )
    return tuple(remedies)


def too_few_columns(facts: Facts) -> str:
    """Says it if labels are those of several classes, and there is one number a row."""
    most = max(facts.odd, default=0)
    if facts.shape.classes > 1 or most < 2 or (most == 2 and not facts.counts[0]) or len(facts.odd) < min(most - 1, ODD):
        return ""
    what = "probability" if facts.mapping.given == "probabilities" else "score"
    return (
        f", since there is one {what} a row and labels go up to {most:g}: several classes need a column for each, and the "
        f"{what} of the class that the model chose says nothing about the others"
    )


def all_ignored(facts: Facts) -> None:
    """Refuses a file in which no row is left."""
    missing = facts.without_label
    raise FileProblem(f"No row has a label: all {facts.rows:,} are ignored.", missing.rows, missing.count - len(missing.rows))


def _not_of_the_guess(facts: Facts) -> None:
    """Refuses one probability a row that seems to be that of the class a model chose."""
    negatives = facts.counts[0]
    if facts.samples < MANY or not negatives or facts.lowest < 0.5 or facts.between:
        return
    column = facts.mapping.logits[0]
    raise FileProblem(
        f"{_columns(facts.mapping)} is never below 0.5, though {negatives:,.0f} labels are negative: it may be the "
        "probability of the class that the model chose, which says nothing about the others. Is it the probability of class 1?",
        (),
        0,
        (Remedy("It is the probability of class 1.", _flag("probs", [column]), (("by_name", frozenset()),)),),
    )


def _not_of_the_negative(facts: Facts) -> None:
    """Refuses one probability a row that is called that of class 0, where labels are numbers."""
    mapping = facts.mapping
    (column,) = mapping.logits if len(mapping.logits) == 1 else ("",)
    words = re.split(r"[_.\-\s(\[]", column.strip().rstrip(")]"))
    if len(words) < 2 or not is_negative(words[-1]) or mapping.classes or not facts.faults.numeric:
        return
    start = mapping.first_label
    order = (str(start + 1), str(start))
    first = Remedy(f"It is the probability of class {start}.", _flag("classes", order), (("classes", order),))
    second = Remedy(f"It is the probability of class {start + 1}.", _flag("probs", [column]), (("by_name", frozenset()),))
    raise FileProblem(
        f"{_columns(mapping)} is called the probability of the negative class. Is it that of class {start} or of class "
        f"{start + 1}?",
        (),
        0,
        (first, second),
    )


def _in_which_order(facts: Facts) -> None:
    """Refuses labels 0 and 1 where the first column is called positive and the second negative."""
    mapping = facts.mapping
    if not (positive_first(mapping.classes) and facts.faults.numeric and len(mapping.logits) == 2):
        return
    flag = "probs" if mapping.given == "probabilities" else "logits"
    positive, negative = mapping.classes
    remedies = []
    for label, logits, classes in (
        (1, mapping.logits[::-1], mapping.classes[::-1]),
        (0, mapping.logits, mapping.classes),
    ):
        changes: Changes = (("logits", logits), ("classes", classes), ("by_name", frozenset()))
        remedies.append(Remedy(f"Label {label} is {positive!r}.", _flag(flag, logits), changes))
    raise FileProblem(
        f"{_columns(mapping)} are called {positive!r} and {negative!r}, in this order, and labels are numbers. Which label is "
        f"{positive!r}?",
        (),
        0,
        remedies,
    )


def _unlabelled(facts: Facts) -> None:
    """Refuses columns that stand beside those of the classes, if no label names them: they may be features."""
    mapping = facts.mapping
    if mapping.classes != tuple(name.strip() for name in mapping.logits) or not mapping.by_name:
        return
    never = [name for name, count in zip(mapping.logits, facts.counts, strict=True) if not count]
    if not never:
        return
    rest = tuple(name for name in mapping.logits if name not in never)
    classes = tuple(name.strip() for name in rest)
    taken: Changes = (("logits", rest), ("classes", classes), ("given", "logits"), ("by_name", frozenset()))
    whole: Changes = (("given", "logits"), ("by_name", frozenset()))
    raise FileProblem(
        f"No row has a label {' or '.join(map(repr, never[:6]))}: is that a class, or a feature?",
        (),
        0,
        (
            Remedy("A feature: leave it out.", _flag("logits", rest), taken),
            Remedy("A class.", _flag("logits", mapping.logits), whole),
        ),
    )


def _flag(name: str, words: Sequence[str]) -> str:
    """A flag as one types it in a shell."""
    return f"--{name} {' '.join(map(quote, words))}"


def _both(mapping: Mapping) -> tuple[Remedy, ...]:
    more = " …" if len(mapping.logits) > 4 else ""
    return tuple(
        Remedy(f"These are {given}.", _flag(flag, mapping.logits[:4]) + more, (("given", given), ("by_name", frozenset())))
        for given, flag in (("probabilities", "probs"), ("logits", "logits"))
    )


def _positive(negative: str, positive: str) -> Remedy:
    order = (negative, positive)
    return Remedy(f"{positive!r} is the positive class.", _flag("classes", order), (("classes", order),))


def _starting_at(label: int) -> Remedy:
    return Remedy(f"Labels start at {label}.", f"--first-label {label}", (("first_label", label),))


def _ignore(mapping: Mapping, label: str) -> Remedy:
    changes = (("ignored", (*mapping.ignored, label)),)
    return Remedy(f"Rows with label {label} have no label: ignore them.", _flag("ignore-label", [label]), changes)


def _columns(mapping: Mapping) -> str:
    names = mapping.logits
    return f"Column {listed(names)}" if len(names) == 1 else f"Columns {listed(names[:1])} to {listed(names[-1:])}"
