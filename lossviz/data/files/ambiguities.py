"""What a file leaves open: decided where an expert would not hesitate, and refused with remedies where one would."""

from __future__ import annotations

import re
from collections.abc import Sequence
from shlex import quote
from typing import Any

from ...texts import Message, joined, say
from .columns import ColumnMapping, name_list
from .label_parser import is_negative, positive_first
from .problems import FileProblem, Remedy
from .resolution import INSIDE
from .row_statistics import MAX_INVALID, RowStatistics

Changes = tuple[tuple[str, Any], ...]

ENOUGH = 10
"""This many rows on one side of ½ are hardly chance."""


def resolve_output_type(stats: RowStatistics) -> tuple[str, str]:
    """Whether the numbers are "logits" or "probabilities", and a sentence about it; FileProblem where only a person knows."""
    mapping, C = stats.mapping, stats.shape.classes
    by_name = mapping.logits[0] in mapping.by_name
    if mapping.output_type == "probabilities" and C == 1 and by_name:
        _check_not_of_negative_class(stats)
        _check_not_of_predicted_class(stats)
    if C == 2 and by_name:
        _check_class_order(stats)
    if mapping.output_type in ("logits", "probabilities"):
        return mapping.output_type, ""
    if C == 1 and stats.all_integers:
        whole = say(
            "{columns} holds only whole numbers: predicted classes are not scores, and have no loss.",
            columns=_quoted_columns(mapping),
        )
        raise FileProblem(whole, (), 0, _output_type_remedies(mapping))
    if not stats.in_unit_interval:
        _check_unlabelled_quoted_columns(stats)
        return "logits", say("They were read as logits, since not all lie in [0, 1].")
    normalised = C > 1 and not stats.sums.violations(stats.resolution).count
    if normalised and mapping.output_type == "outputs":
        return "probabilities", say("They were read as probabilities, since all lie in [0, 1] and each row sums to 1.")
    raise FileProblem(_either(_quoted_columns(mapping), normalised), (), 0, _output_type_remedies(mapping))


def _either(columns: str, normalised: bool) -> str:
    if normalised:
        return say(
            "{columns} may hold logits or probabilities: all numbers lie in [0, 1] and each row sums to 1. Which are they?",
            columns=columns,
        )
    return say("{columns} may hold logits or probabilities: all numbers lie in [0, 1]. Which are they?", columns=columns)


def have_sigmoids(stats: RowStatistics, several: bool) -> bool:
    """Whether probabilities of several classes are each a sigmoid's."""
    off = stats.sums.violations(stats.resolution)
    if stats.background_rows and not off.count:
        label = stats.mapping.background
        raise FileProblem(
            say(
                "Background rows (label {label}) have no true class, but these probabilities sum to 1, which means that one "
                "class is always true.",
                label=label,
            ),
            (),
            0,
            (_ignore(stats.mapping, str(label)),),
        )
    activation = stats.mapping.activation
    if stats.mapping.renormalize:
        return False
    if several or activation == "sigmoid":
        return bool(off.count) or (several and activation != "softmax")
    if not off.count:
        return False
    if activation != "softmax" and off.count > stats.samples / 2:
        return True
    changes: Changes = (("renormalize", True), ("output_type", "probabilities"))
    divided = Remedy(say("Divide each row by its sum."), "--renormalize", changes)
    own = (("activation", "sigmoid"), ("output_type", "probabilities"))
    sigmoid = Remedy(say("Each class has its own sigmoid."), "--activation sigmoid", own)
    off.raise_if_any(
        say(
            "{rows} of probabilities do not sum to 1, though each sample has one class (all sums: {low:.6g} to {high:.6g}):",
            rows=off.counted,
            low=stats.sums.lowest,
            high=stats.sums.highest,
        ),
        (divided,) if activation else (divided, sigmoid),
    )
    return False


def check_renormalize(stats: RowStatistics, output_type: str) -> None:
    """Refuses to divide rows by their sums where they have none."""
    if not stats.mapping.renormalize or (output_type == "probabilities" and stats.shape.classes > 1):
        return
    remedy = Remedy(say("Do not divide them."), "without --renormalize", (("renormalize", False),))
    if output_type == "probabilities":
        content = say(
            "Rows can be divided by their sums only if they hold a probability for each class; this file has one probability "
            "per row."
        )
    else:
        content = say("Rows can be divided by their sums only if they hold a probability for each class; this file has logits.")
    raise FileProblem(content, (), 0, (remedy,))


def label_remedies(stats: RowStatistics) -> tuple[Remedy, ...]:
    """What labels that name no class may mean, or what else would help."""
    mapping, faults = stats.mapping, stats.faults
    if faults.unknown_labels:
        return _word_remedies(stats)
    if faults.rows and faults.rows[0].column == mapping.suspect:
        return (Remedy(say("Leave out the suspect column."), "--suspect none", (("suspect", None),)),)
    if faults.rows and not any(row.column == mapping.target[0] for row in faults.rows):
        negative = mapping.output_type == "probabilities" and stats.lowest < -INSIDE and 2 * faults.count >= stats.samples
        return _output_type_remedies(mapping)[1:] if negative else ()
    return _number_remedies(stats)


def _word_remedies(stats: RowStatistics) -> tuple[Remedy, ...]:
    """Labels that are names of unknown classes, or of none of those that are known."""
    mapping, C, words = stats.mapping, stats.shape.classes, list(stats.faults.unknown_labels)
    if mapping.classes or 2 * stats.faults.count < stats.samples:
        return tuple(_ignore(mapping, word) for word in words) if len(words) <= 3 else ()
    if C == 1 and len(words) == 2:
        return tuple(_positive(negative, positive) for negative, positive in (words, words[::-1]))
    named = (
        say("Name the classes, first the negative class.") if C == 1 else say("Name the classes, in the order of the columns.")
    )
    return (Remedy(named, _flag("classes", words[:6]) + (" …" if len(words) > 6 else "")),)


def _number_remedies(stats: RowStatistics) -> tuple[Remedy, ...]:
    """Numbers that are those of no class."""
    mapping, C = stats.mapping, stats.shape.classes
    invalid = sorted(stats.invalid_labels)
    if C == 1 and stats.minus_ones.count and stats.has_zero:
        invalid = [*invalid, -1.0]
    remedies = []
    if C == 1 and len(invalid) == 1 and invalid != [-1.0] and stats.counts[0] and not stats.counts[1]:
        remedies.append(_positive("0", f"{invalid[0]:g}"))
    if C == 2 and invalid == [-1.0] and not stats.counts[0]:
        order = ("-1", "1")
        remedies.append(
            Remedy(say("Labels −1 and 1 are the first and the second class."), _flag("classes", order), (("classes", order),))
        )
    if invalid == [max(2, C)] and not stats.counts[0]:
        remedies.append(_starting_at(1))
    if invalid == [0.0] and mapping.first_label == 1:
        remedies.append(_starting_at(0))
    for label in invalid[:3] if len(invalid) <= 3 else ():
        remedies.append(_ignore(mapping, f"{label:g}"))
        if C > 1:
            changes = (("background", f"{label:g}"),)
            background = say("Label {label:g} is background: no class is true.", label=label)
            remedies.append(Remedy(background, f"--background-label {label:g}", changes))
    return tuple(remedies)


def unusable(stats: RowStatistics) -> str:
    """That rows cannot be used, and why, if labels are those of several classes, and there is one number a row."""
    rows = stats.faults.counted
    largest = max(stats.invalid_labels, default=0)
    one_or_two = largest < 2 or (largest == 2 and not stats.counts[0])
    if stats.shape.classes > 1 or one_or_two or len(stats.invalid_labels) < min(largest - 1, MAX_INVALID):
        return say("{rows} cannot be used:", rows=rows)
    if stats.mapping.output_type == "probabilities":
        return say(
            "{rows} cannot be used, since there is one probability per row and labels go up to {largest:g}: several classes "
            "need a column each, and the probability of the class that the model chose says nothing about the others:",
            rows=rows,
            largest=largest,
        )
    return say(
        "{rows} cannot be used, since there is one score per row and labels go up to {largest:g}: several classes need a "
        "column each, and the score of the class that the model chose says nothing about the others:",
        rows=rows,
        largest=largest,
    )


def refuse_all_ignored(stats: RowStatistics) -> None:
    """Refuses a file in which no row is left."""
    missing = stats.without_label
    none = say("No row has a label: all {rows:,} are ignored.", rows=stats.rows)
    raise FileProblem(none, missing.rows, missing.count - len(missing.rows))


def _check_not_of_predicted_class(stats: RowStatistics) -> None:
    """Refuses one probability per row that seems to be that of the class a model chose."""
    negatives = stats.counts[0]
    if stats.samples < ENOUGH or not negatives or stats.lowest < 0.5 or stats.has_soft:
        return
    column = stats.mapping.logits[0]
    raise FileProblem(
        say(
            "{columns} is never below 0.5, though {negatives:,.0f} labels are negative: it may be the probability of the class "
            "that the model chose, which says nothing about the others. Is it the probability of class 1?",
            columns=_quoted_columns(stats.mapping),
            negatives=negatives,
        ),
        (),
        0,
        (Remedy(say("It is the probability of class 1."), _flag("probs", [column]), (("by_name", frozenset()),)),),
    )


def _check_not_of_negative_class(stats: RowStatistics) -> None:
    """Refuses one probability per row that is called that of class 0, where labels are numbers."""
    mapping = stats.mapping
    (column,) = mapping.logits if len(mapping.logits) == 1 else ("",)
    words = re.split(r"[_.\-\s(\[]", column.strip().rstrip(")]"))
    if len(words) < 2 or not is_negative(words[-1]) or mapping.classes or not stats.faults.labels_are_numbers:
        return
    start = mapping.first_label
    order = (str(start + 1), str(start))
    called = [say("It is the probability of class {number}.", number=number) for number in (start, start + 1)]
    first = Remedy(called[0], _flag("classes", order), (("classes", order),))
    second = Remedy(called[1], _flag("probs", [column]), (("by_name", frozenset()),))
    raise FileProblem(
        say(
            "{columns} looks like the probability of the negative class. Is it that of class {first} or of class {second}?",
            columns=_quoted_columns(mapping),
            first=start,
            second=start + 1,
        ),
        (),
        0,
        (first, second),
    )


def _check_class_order(stats: RowStatistics) -> None:
    """Refuses labels 0 and 1 where the first column is called positive and the second negative."""
    mapping = stats.mapping
    if not (positive_first(mapping.classes) and stats.faults.labels_are_numbers and len(mapping.logits) == 2):
        return
    flag = "probs" if mapping.output_type == "probabilities" else "logits"
    positive, negative = mapping.classes
    remedies = []
    for label, logits, classes in (
        (1, mapping.logits[::-1], mapping.classes[::-1]),
        (0, mapping.logits, mapping.classes),
    ):
        changes: Changes = (("logits", logits), ("classes", classes), ("by_name", frozenset()))
        called = say("Label {label} is {name!r}.", label=label, name=positive)
        remedies.append(Remedy(called, _flag(flag, logits), changes))
    raise FileProblem(
        say(
            "{columns} are named {positive!r} and {negative!r}, in this order, and labels are numbers. Which label is "
            "{positive!r}?",
            columns=_quoted_columns(mapping),
            positive=positive,
            negative=negative,
        ),
        (),
        0,
        remedies,
    )


def _check_unlabelled_quoted_columns(stats: RowStatistics) -> None:
    """Refuses columns that stand beside those of the classes, if no label names them: they may be features."""
    mapping = stats.mapping
    if mapping.classes != tuple(name.strip() for name in mapping.logits) or not mapping.by_name:
        return
    unused = [name for name, count in zip(mapping.logits, stats.counts, strict=True) if not count]
    if not unused:
        return
    rest = tuple(name for name in mapping.logits if name not in unused)
    classes = tuple(name.strip() for name in rest)
    without: Changes = (("logits", rest), ("classes", classes), ("output_type", "logits"), ("by_name", frozenset()))
    all_columns: Changes = (("output_type", "logits"), ("by_name", frozenset()))
    raise FileProblem(
        say("No row has a label {labels}: is that a class, or a feature?", labels=joined(map(repr, unused[:6]), " or ")),
        (),
        0,
        (
            Remedy(say("A feature: leave it out."), _flag("logits", rest), without),
            Remedy(say("A class."), _flag("logits", mapping.logits), all_columns),
        ),
    )


def _flag(name: str, words: Sequence[str]) -> str:
    """A flag as one types it in a shell."""
    return f"--{name} {' '.join(map(quote, words))}"


def _output_type_remedies(mapping: ColumnMapping) -> tuple[Remedy, ...]:
    more = " …" if len(mapping.logits) > 4 else ""
    return tuple(
        Remedy(
            says,
            _flag(flag, mapping.logits[:4]) + more,
            (("output_type", output_type), ("by_name", frozenset())),
        )
        for output_type, flag, says in (
            ("probabilities", "probs", say("These are probabilities.")),
            ("logits", "logits", say("These are logits.")),
        )
    )


def _positive(negative: str, positive: str) -> Remedy:
    order = (negative, positive)
    return Remedy(say("{name!r} is the positive class.", name=positive), _flag("classes", order), (("classes", order),))


def _starting_at(label: int) -> Remedy:
    return Remedy(say("Labels start at {label}.", label=label), f"--first-label {label}", (("first_label", label),))


def _ignore(mapping: ColumnMapping, label: str) -> Remedy:
    changes = (("ignored", (*mapping.ignored, label)),)
    says = say("Rows with label {label} have no label: ignore them.", label=label)
    return Remedy(says, _flag("ignore-label", [label]), changes)


def _quoted_columns(mapping: ColumnMapping) -> Message:
    names = mapping.logits
    if len(names) == 1:
        return say("Column {name}", name=name_list(names))
    return say("Columns {first} to {last}", first=name_list(names[:1]), last=name_list(names[-1:]))
