"""What a whole training came to: its snapshots put together, and the numbers by which losses are compared."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from ...evaluation.setting import Array
from .calibration import calibration
from .experiment import Experiment
from .snapshots import Snapshot


class Record(NamedTuple):
    """An experiment and its snapshots; `runs` has each field of `Snapshot` with an axis of epochs (E, …) in front."""

    experiment: Experiment
    runs: Snapshot

    @property
    def epochs(self) -> tuple[int, ...]:
        """After which epochs was measured."""
        return tuple(int(e) for e in np.atleast_1d(self.runs.epoch))


def make_record(experiment: Experiment, snapshots: Sequence[Snapshot]) -> Record:
    """A record of at least one snapshot, in the order of epochs."""
    return Record(experiment, Snapshot._make(np.stack(values) for values in zip(*snapshots, strict=True)))


class Measure(NamedTuple):
    """A share (E, L, S) by which losses are compared; `more`: more is better."""

    key: str
    title: str
    of: Callable[[Record], Array]
    more: bool = True


MEASURES: dict[str, Measure] = {
    one.key: one
    for one in (
        Measure("accuracy", "clean accuracy", lambda record: record.runs.accuracy),
        Measure("balanced", "balanced accuracy", lambda record: record.runs.recall.mean(-1)),
        Measure(
            "rare", "recall of the rare class", lambda record: record.runs.recall[..., record.experiment.dataset_spec.rare]
        ),
        Measure("precision", "average precision of the rare class", lambda record: record.runs.precision),
        Measure(
            "calibration",
            "calibration error (ECE, debiased)",
            lambda record: calibration(record.runs.reliability).error,
            more=False,
        ),
        Measure("memorised", "wrong labels memorised", lambda record: record.runs.memorised, more=False),
    )
}
"""All measures by key, in screen order."""


def measure_values(record: Record, key: str) -> Array:
    """A measure of every epoch, loss and seed, (E, L, S), in percentage points."""
    return 100 * MEASURES[key].of(record)
