"""What was changed or left out on the way in, in sentences."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..predictions import Rounding
from .columns import name_list
from .row_statistics import RowStatistics

SEEN = 1e-6
"""Sums of rows that are nearer to 1 are not worth a word."""


def import_notes(
    stats: RowStatistics, output_type: str, signs: bool, activations: tuple[str, ...], rounding: Rounding | None
) -> tuple[str, ...]:
    """All of them, in the order of reading."""
    return (
        *_of_rows(stats),
        *(_of_probabilities(stats, activations, rounding) if rounding else ()),
        *_of_logits(stats, output_type),
        *_of_labels(stats, signs),
        *(f"Column {name_list([column])} was left out: {reason}." for column, reason in stats.faults.unusable_columns.items()),
    )


def _of_rows(stats: RowStatistics) -> Iterator[str]:
    ignored = sum(stats.ignored.values())
    if ignored:
        yield f"{stats.rows:,} rows = {stats.samples:,} used + {ignored:,} ignored ({ignored_labels(stats.ignored)})."
    if stats.background_rows:
        yield f"{stats.background_rows:,} rows are background: they have no target of 1."


def ignored_labels(ignored: dict[str, int]) -> str:
    """What stood in the place of labels that are ignored."""
    words = [(f"label {word.replace('-', '−')}" if word else "no label", count) for word, count in ignored.items()]
    return words[0][0] if len(words) == 1 else ", ".join(f"{count:,} × {word}" for word, count in words)


def _of_probabilities(stats: RowStatistics, activations: tuple[str, ...], rounding: Rounding) -> Iterator[str]:
    softmax = activations == ("softmax",)
    yield f"Logits were computed from the probabilities: {'log p' if softmax else 'log p − log(1 − p)'}."
    moved = stats.zeros + (0 if softmax else stats.ones)
    if moved:
        ends = "0" if softmax else "0 or 1"
        were = "1 probability was" if moved == 1 else f"{moved:,} probabilities were"
        yield f"{were} exactly {ends}; {_floor(stats, rounding)}."
    if rounding.zeros and rounding.min_cross_entropy is not None:
        share = f"{rounding.zeros:,} of {stats.samples:,} rows ({100 * rounding.zeros / stats.samples:.2g}%)"
        yield (
            f"In {share} the true class has probability 0 as written, which says only that it is below {rounding.bound:.3g}: "
            f"the cross-entropy of each is at least {-np.log(rounding.bound):.3g}, and the mean is at least "
            f"{rounding.min_cross_entropy:.4g}."
        )
    if stats.outside:
        were = "1 probability lies" if stats.outside == 1 else f"{stats.outside:,} probabilities lie"
        yield f"{were} outside [0, 1] by at most {stats.excess:.2g}, which is rounding; they were read as 0 or 1."
    if softmax and stats.sums.largest_deviation > SEEN:
        low, high = stats.sums.lowest, stats.sums.highest
        off = stats.sums.violations(stats.resolution).count
        of_rows = f"in {off:,} of {stats.samples:,} rows further from it than rounding explains"
        reason = of_rows if off else f"as rounding explains ({rounding.resolution})"
        yield f"Rows sum to between {low:.6g} and {high:.6g} rather than 1, {reason}; each row was divided by its sum."
    if not softmax and stats.shape.classes > 1 and not stats.is_multi_label:
        yield (
            f"Rows sum to between {stats.sums.lowest:.4g} and {stats.sums.highest:.4g}: each class has its own sigmoid, "
            "one against the rest."
        )


def _floor(stats: RowStatistics, rounding: Rounding) -> str:
    """What is taken in the place of a written 0, and why."""
    if rounding.bound == stats.excess:
        return f"read as at most {rounding.bound:.2g} away from that, since rounding errors are that large"
    if rounding.places is None:
        return f"read as {rounding.bound:.2g} away from that, where {rounding.resolution} ends"
    return f"read as at most {rounding.bound:.3g} away from that, half of the last digit ({rounding.resolution})"


def _of_logits(stats: RowStatistics, output_type: str) -> Iterator[str]:
    if output_type == "logits" and stats.masked:
        were = "1 logit is" if stats.masked == 1 else f"{stats.masked:,} logits are"
        yield f"{were} −inf: masked classes, with probability 0."


def _of_labels(stats: RowStatistics, signs: bool) -> Iterator[str]:
    mapping, C = stats.mapping, stats.shape.classes
    if signs:
        yield "Labels −1 and +1 were read as 0 and 1."
    if C == 1 and mapping.classes:
        negative, positive = (name_list([name]) for name in mapping.classes)
        yield f"Label {negative} is the negative class, and {positive} the positive."
    if mapping.first_label:
        yield f"Labels count from {mapping.first_label}."
    if stats.one_hot:
        yield "Targets with a single 1 in each row were read as labels."
    if stats.has_soft and stats.shape.targets == 1:
        yield "Labels between 0 and 1 were read as soft targets."
    elif stats.labels_are_floats:
        yield "Labels written with a decimal point are whole, and were read as such."
    present = np.flatnonzero(stats.counts)
    if (
        len(present) == 1
        and not stats.is_multi_label
        and not stats.has_soft
        and stats.samples > 1
        and not stats.background_rows
    ):
        number = int(present[0])
        yield f"All samples are of one class: {mapping.classes[number] if mapping.classes else number + mapping.first_label}."
