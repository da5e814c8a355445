"""What a file leaves open: decided where a person who knows would not hesitate, and asked for where one would."""

from __future__ import annotations

from .checks import FileProblem, Remedy
from .columns import Mapping, listed
from .facts import Facts

MANY = 10
"""So many rows on one side of ½ are hardly chance."""


def decided(facts: Facts) -> tuple[str, str]:
    """Whether the numbers are "logits" or "probabilities", and what to say of it; FileProblem where only a person knows."""
    mapping, C = facts.mapping, facts.shape.classes
    by_name = mapping.logits[0] in mapping.by_name
    if mapping.given == "probabilities" and C == 1 and by_name:
        _not_of_the_guess(facts)
    if mapping.given in ("logits", "probabilities"):
        return mapping.given, ""
    if C == 1 and facts.whole:
        what = "holds whole numbers only: classes that a model predicted are no scores, and have no loss"
        raise FileProblem(f"{_columns(mapping)} {what}.", (), 0, _both(mapping))
    if not facts.unit:
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
    if several or facts.mapping.activation == "sigmoid":
        return bool(off.count) or (several and facts.mapping.activation != "softmax")
    if not off.count or facts.mapping.activation == "softmax":
        return False
    if off.count > facts.samples / 2:
        return True
    remedy = Remedy(
        "Each class has a sigmoid of its own.", "--activation sigmoid", (("activation", "sigmoid"), ("given", "probabilities"))
    )
    off.refuse("of probabilities do not sum to 1, though each sample has one class", (remedy,))
    return False


def label_remedies(facts: Facts) -> tuple[Remedy, ...]:
    """What labels that name no class may mean."""
    mapping, C = facts.mapping, facts.shape.classes
    if facts.faults.words and not mapping.classes:
        names = list(facts.faults.words)
        order = "NEGATIVE POSITIVE" if C == 1 else " ".join(names[:6]) + (" …" if len(names) > 6 else "")
        about = "first the negative class" if C == 1 else "in the order of the columns"
        return (Remedy(f"Name the classes, {about}.", f"--classes {order}"),)
    if facts.faults.rows and facts.faults.rows[0].column == mapping.suspect:
        return (Remedy("Leave the column of suspects out.", "--suspect none", (("suspect", None),)),)
    if facts.faults.rows and not any(row.column == mapping.target[0] for row in facts.faults.rows):
        return ()
    odd = sorted(facts.odd)
    if C == 1 and facts.minus.count and facts.zero:
        odd = [*odd, -1.0]
    remedies = []
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
        (Remedy("It is the probability of class 1.", f"--probs {column}", (("by_name", frozenset()),)),),
    )


def _both(mapping: Mapping) -> tuple[Remedy, ...]:
    names = " ".join(mapping.logits[:4]) + (" …" if len(mapping.logits) > 4 else "")
    return tuple(
        Remedy(f"These are {given}.", f"--{flag} {names}", (("given", given), ("by_name", frozenset())))
        for given, flag in (("probabilities", "probs"), ("logits", "logits"))
    )


def _starting_at(label: int) -> Remedy:
    return Remedy(f"Labels start at {label}.", f"--first-label {label}", (("first_label", label),))


def _ignore(mapping: Mapping, label: str) -> Remedy:
    changes = (("ignored", (*mapping.ignored, label)),)
    return Remedy(f"Rows with label {label} have no label: ignore them.", f"--ignore-label {label}", changes)


def _columns(mapping: Mapping) -> str:
    names = mapping.logits
    return f"Column {listed(names)}" if len(names) == 1 else f"Columns {listed(names[:1])} to {listed(names[-1:])}"
