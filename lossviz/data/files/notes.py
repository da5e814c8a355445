"""What was changed or left out on the way in, in sentences."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..predictions import Rounding
from .columns import listed
from .row_statistics import Facts

SEEN = 1e-6
"""Sums of rows that are nearer to 1 are not worth a word."""


def notes_on(facts: Facts, given: str, signs: bool, activations: tuple[str, ...], rounding: Rounding | None) -> tuple[str, ...]:
    """All of them, in the order of reading."""
    return (
        *_of_rows(facts),
        *(_of_probabilities(facts, activations, rounding) if rounding else ()),
        *_of_logits(facts, given),
        *_of_labels(facts, signs),
        *(f"Column {listed([column])} was left out: {why}." for column, why in facts.faults.unusable.items()),
    )


def _of_rows(facts: Facts) -> Iterator[str]:
    ignored = sum(facts.ignored.values())
    if ignored:
        yield f"{facts.rows:,} rows = {facts.samples:,} used + {ignored:,} ignored ({ignored_labels(facts.ignored)})."
    if facts.background:
        yield f"{facts.background:,} rows are background: none of their targets is 1."


def ignored_labels(ignored: dict[str, int]) -> str:
    """What stood in the place of labels that are ignored."""
    words = [(f"label {word.replace('-', '−')}" if word else "no label", count) for word, count in ignored.items()]
    return words[0][0] if len(words) == 1 else ", ".join(f"{count:,} × {word}" for word, count in words)


def _of_probabilities(facts: Facts, activations: tuple[str, ...], rounding: Rounding) -> Iterator[str]:
    softmax = activations == ("softmax",)
    yield f"Logits were made of the probabilities: {'log p' if softmax else 'log p − log(1 − p)'}."
    moved = facts.zeros + (0 if softmax else facts.ones)
    if moved:
        ends = "0" if softmax else "0 or 1"
        were = "1 probability was" if moved == 1 else f"{moved:,} probabilities were"
        yield f"{were} exactly {ends}; {_floor(facts, rounding)}."
    if rounding.zeros and rounding.at_least is not None:
        share = f"{rounding.zeros:,} of {facts.samples:,} rows ({100 * rounding.zeros / facts.samples:.2g}%)"
        yield (
            f"In {share} the true class has probability 0 as written, which says only that it is below {rounding.bound:.3g}: "
            f"the cross-entropy of each is at least {-np.log(rounding.bound):.3g}, and the mean is at least "
            f"{rounding.at_least:.4g}."
        )
    if facts.outside:
        were = "1 probability lies" if facts.outside == 1 else f"{facts.outside:,} probabilities lie"
        yield f"{were} outside [0, 1] by at most {facts.excess:.2g}, which is rounding; read as 0 and 1."
    if softmax and facts.sums.far > SEEN:
        low, high = facts.sums.lowest, facts.sums.highest
        off = facts.sums.off(facts.resolution).count
        of_rows = f"in {off:,} of {facts.samples:,} rows further from it than rounding explains"
        why = of_rows if off else f"as rounding explains ({rounding.written})"
        yield f"Rows sum to between {low:.6g} and {high:.6g} rather than 1, {why}; each row is divided by its sum."
    if not softmax and facts.shape.classes > 1 and not facts.several:
        yield (
            f"Rows sum to between {facts.sums.lowest:.4g} and {facts.sums.highest:.4g}: each class has a sigmoid of its own, "
            "one against the rest."
        )


def _floor(facts: Facts, rounding: Rounding) -> str:
    """What is taken in the place of a written 0, and why."""
    if rounding.bound == facts.excess:
        return f"taken to be {rounding.bound:.2g} at most from there, since rounding errors are as large as that"
    if rounding.places is None:
        return f"taken to be {rounding.bound:.2g} from there, where {rounding.written} ends"
    return f"taken to be {rounding.bound:.3g} at most from there, half of the last digit ({rounding.written})"


def _of_logits(facts: Facts, given: str) -> Iterator[str]:
    if given == "logits" and facts.infinite:
        were = "1 logit is" if facts.infinite == 1 else f"{facts.infinite:,} logits are"
        yield f"{were} −inf: masked classes, with probability 0."


def _of_labels(facts: Facts, signs: bool) -> Iterator[str]:
    mapping, C = facts.mapping, facts.shape.classes
    if signs:
        yield "Labels −1 and +1 were read as 0 and 1."
    if C == 1 and mapping.classes:
        negative, positive = (listed([name]) for name in mapping.classes)
        yield f"Label {negative} is the negative class, and {positive} the positive."
    if mapping.first_label:
        yield f"Labels count from {mapping.first_label}."
    if facts.one_hot:
        yield "Targets with a single 1 in each row were read as labels."
    if facts.between and facts.shape.targets == 1:
        yield "Labels between 0 and 1 were read as soft targets."
    elif facts.written_as_float:
        yield "Labels written with a decimal point are whole, and were read as such."
    present = np.flatnonzero(facts.counts)
    if len(present) == 1 and not facts.several and not facts.between and facts.samples > 1 and not facts.background:
        number = int(present[0])
        yield f"All samples are of one class: {mapping.classes[number] if mapping.classes else number + mapping.first_label}."
