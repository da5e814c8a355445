"""What was changed or left out on the way in, in sentences."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ...numbers import minus
from ...texts import joined, say
from ..predictions import Rounding
from .columns import name_list
from .repeated_ids import RepeatedIds
from .row_statistics import RowStatistics

SEEN = 1e-6
"""Sums of rows that are nearer to 1 are not worth a word."""


def import_notes(
    stats: RowStatistics, output_type: str, signs: bool, activations: tuple[str, ...], rounding: Rounding | None
) -> tuple[str, ...]:
    """All of them, in the order of reading."""
    return (
        *_of_rows(stats),
        *_of_ids(stats.repeated_ids),
        *(_of_probabilities(stats, activations, rounding) if rounding else ()),
        *_of_logits(stats, output_type),
        *_of_labels(stats, signs),
        *(
            say("Column {column} was left out: {reason}.", column=name_list([column]), reason=reason)
            for column, reason in stats.faults.unusable_columns.items()
        ),
    )


def _of_rows(stats: RowStatistics) -> Iterator[str]:
    ignored = sum(stats.ignored.values())
    if ignored:
        yield say(
            "{rows:,} rows = {used:,} used + {ignored:,} ignored ({labels}).",
            rows=stats.rows,
            used=stats.samples,
            ignored=ignored,
            labels=ignored_labels(stats.ignored),
        )
    if stats.background_rows:
        yield say("{rows:,} rows are background: they have no target of 1.", rows=stats.background_rows)


def _of_ids(ids: RepeatedIds) -> Iterator[str]:
    if count := ids.count:
        yield say(
            "{count:,} of {rows:,} rows have an id that an earlier row has, too. If a distributed sampler repeated them, they "
            "count twice.",
            count=count,
            rows=ids.seen,
        )


def ignored_labels(ignored: dict[str, int]) -> str:
    """What stood in the place of labels that are ignored."""
    words = [(say("label {label}", label=minus(word)) if word else say("no label"), count) for word, count in ignored.items()]
    if len(words) == 1:
        return words[0][0]
    return joined(say("{count:,} × {label}", count=count, label=word) for word, count in words)


def _of_probabilities(stats: RowStatistics, activations: tuple[str, ...], rounding: Rounding) -> Iterator[str]:
    softmax = activations == ("softmax",)
    log = "log p" if softmax else "log p − log(1 − p)"
    yield say("Logits were computed from the probabilities: {formula}.", formula=log)
    if moved := stats.zeros + (0 if softmax else stats.ones):
        yield _moved(moved, softmax, _floor(stats, rounding))
    if rounding.zeros and rounding.min_cross_entropy is not None:
        yield say(
            "In {zeros:,} of {samples:,} rows ({share:.2g}%) the true class has probability 0 as written, which says only that "
            "it is below {bound:.3g}: the cross-entropy of each is at least {each:.3g}, and the mean is at least {mean:.4g}.",
            zeros=rounding.zeros,
            samples=stats.samples,
            share=100 * rounding.zeros / stats.samples,
            bound=rounding.bound,
            each=-np.log(rounding.bound),
            mean=rounding.min_cross_entropy,
        )
    if stats.outside == 1:
        yield say(
            "1 probability lies outside [0, 1] by at most {excess:.2g}, which is rounding; they were read as 0 or 1.",
            excess=stats.excess,
        )
    elif stats.outside:
        yield say(
            "{number:,} probabilities lie outside [0, 1] by at most {excess:.2g}, which is rounding; they were read as 0 or 1.",
            number=stats.outside,
            excess=stats.excess,
        )
    if softmax and stats.sums.largest_deviation > SEEN:
        yield _divided(stats, rounding)
    if not softmax and stats.shape.classes > 1 and not stats.is_multi_label:
        yield say(
            "Rows sum to between {low:.4g} and {high:.4g}: each class has its own sigmoid, one against the rest.",
            low=stats.sums.lowest,
            high=stats.sums.highest,
        )


def _moved(number: int, softmax: bool, floor: str) -> str:
    """How many probabilities have no logarithm as they are written."""
    if number == 1:
        one = say("1 probability was exactly 0; {floor}.", floor=floor)
        return one if softmax else say("1 probability was exactly 0 or 1; {floor}.", floor=floor)
    if softmax:
        return say("{number:,} probabilities were exactly 0; {floor}.", number=number, floor=floor)
    return say("{number:,} probabilities were exactly 0 or 1; {floor}.", number=number, floor=floor)


def _divided(stats: RowStatistics, rounding: Rounding) -> str:
    """By what rows were divided."""
    sums = {"low": stats.sums.lowest, "high": stats.sums.highest}
    if off := stats.sums.violations(stats.resolution).count:
        return say(
            "Rows sum to between {low:.6g} and {high:.6g} rather than 1, in {off:,} of {samples:,} rows further from it than "
            "rounding explains; each row was divided by its sum.",
            off=off,
            samples=stats.samples,
            **sums,
        )
    return say(
        "Rows sum to between {low:.6g} and {high:.6g} rather than 1, as rounding explains ({resolution}); each row was divided "
        "by its sum.",
        resolution=rounding.resolution,
        **sums,
    )


def _floor(stats: RowStatistics, rounding: Rounding) -> str:
    """What is taken in the place of a written 0, and why."""
    values = {"bound": rounding.bound, "resolution": rounding.resolution}
    if rounding.bound == stats.excess:
        return say("read as at most {bound:.2g} away from that, since rounding errors are that large", **values)
    if rounding.places is None:
        return say("read as {bound:.2g} away from that, where {resolution} ends", **values)
    return say("read as at most {bound:.3g} away from that, half of the last digit ({resolution})", **values)


def _of_logits(stats: RowStatistics, output_type: str) -> Iterator[str]:
    if output_type == "logits" and stats.masked:
        if stats.masked == 1:
            yield say("1 logit is −inf: masked classes, with probability 0.")
        else:
            yield say("{number:,} logits are −inf: masked classes, with probability 0.", number=stats.masked)


def _of_labels(stats: RowStatistics, signs: bool) -> Iterator[str]:
    mapping, C = stats.mapping, stats.shape.classes
    if signs:
        yield say("Labels −1 and +1 were read as 0 and 1.")
    if C == 1 and mapping.classes:
        negative, positive = (name_list([name]) for name in mapping.classes)
        yield say("Label {negative} is the negative class, and {positive} the positive.", negative=negative, positive=positive)
    if mapping.first_label:
        yield say("Labels count from {first}.", first=mapping.first_label)
    if stats.one_hot:
        yield say("Targets with a single 1 in each row were read as labels.")
    if stats.has_soft and stats.shape.targets == 1:
        yield say("Labels between 0 and 1 were read as soft targets.")
    elif stats.labels_are_floats:
        yield say("Labels written with a decimal point are whole, and were read as such.")
    present = np.flatnonzero(stats.counts)
    if (
        len(present) == 1
        and not stats.is_multi_label
        and not stats.has_soft
        and stats.samples > 1
        and not stats.background_rows
    ):
        number = int(present[0])
        name = mapping.classes[number] if mapping.classes else number + mapping.first_label
        yield say("All samples are of one class: {name}.", name=name)
