"""Losses against the first one, seed by seed: as the experiment is, as its counterpart is, and what lies between.

A claim of the kind "noise makes focal loss hurt" is about the last: the difference that a loss makes with the noise, minus the
difference that it makes without, of the same seed.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ...evaluation.setting import Array
from ..quantiles import student
from .intervals import distinct_values, simultaneous
from .measures import measure_values
from .record import Record

OUTER, INNER = 0.95, 0.90
"""Levels of the intervals: of a difference, and of the two one-sided 5 % tests that there is none of any size that matters."""


class Estimate(NamedTuple):
    """Means (…, K) of K differences over so many seeds, in percentage points.

    low, high: what contains all K at once in 95 % of such experiments; inner_low, inner_high: in 90 %. nan where there is no
    interval; distinct: how many different values each difference took.
    """

    seeds: int
    distinct: Array
    mean: Array
    low: Array
    high: Array
    inner_low: Array
    inner_high: Array

    def at(self, place: int) -> Estimate:
        """Those of one epoch, or whatever the first axis is."""
        return Estimate(self.seeds, *(x[place] for x in self[1:]))


class Contrast(NamedTuple):
    """Differences (E, K, S) of K losses to the first one, in percentage points, after E epochs and for S seeds.

    differences: as the experiment is. counterpart: without its noise, or without its rare class; None where it has no
    counterpart.
    """

    differences: Array
    counterpart: Array | None = None

    @property
    def effect(self) -> Array:
        """What a claim is about: what noise or rarity changes, or without a counterpart the differences themselves."""
        return self.differences if self.counterpart is None else self.differences - self.counterpart

    @property
    def parts(self) -> tuple[Array, ...]:
        """Everything that is shown: differences, counterpart and their effect, or the differences alone."""
        return (self.differences,) if self.counterpart is None else (self.differences, self.counterpart, self.effect)


def contrast(record: Record, counterpart: Record | None, measure: str) -> Contrast:
    """The differences of a measure to the first loss, as the experiment is and as its counterpart is.

    Args:
        record: of the experiment, L losses and S seeds.
        counterpart: the record of the same seeds without the noise or the rare class; None where there is none.
        measure: a key of `MEASURES`.

    Returns:
        Differences (E, L − 1, S) in percentage points, of the epochs that both have been measured after. Without a
        counterpart where that one has nothing to measure: no label is wrong that it could memorise.
    """
    differences = paired_differences(measure_values(record, measure))
    absent = None if counterpart is None else paired_differences(measure_values(counterpart, measure))
    if absent is None or np.isnan(absent).all():
        return Contrast(differences)
    epochs = min(len(differences), len(absent))
    return Contrast(differences[:epochs], absent[:epochs])


def paired_differences(values: Array) -> Array:
    """Each loss minus the first, (…, L − 1, S), of values (…, L, S)."""
    return values[..., 1:, :] - values[..., :1, :]


def estimate(differences: Array) -> Estimate:
    """Means of paired differences over their seeds, with intervals for all of them at once.

    Seeds are data, noise, initial weights and batches anew: the intervals tell what other seeds would give on these settings,
    and nothing about other data.

    Args:
        differences: (…, K, S), of K losses to the first one for S seeds, in percentage points.

    Returns:
        Means and the ends of 95 % and 90 % intervals, (…, K) each; nan where there is no interval.

    Reference:
        Westfall and Young 1993, Resampling-Based Multiple Testing, section 2.3, as `simultaneous` has it.

    Example:
        >>> estimate(np.array([[1.0, 2.0, 3.0, 4.0, 5.0]])).mean
        array([3.])
    """
    seeds = differences.shape[-1]
    ends = [end for level in (OUTER, INNER) for end in simultaneous(differences, level, _student_t(seeds, level))]
    return Estimate(seeds, distinct_values(differences), differences.mean(-1), *ends)


def _student_t(seeds: int, level: float) -> float:
    return student(seeds - 1, level) if seeds > 1 else np.inf
