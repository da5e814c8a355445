"""What a whole training came to: its snapshots put together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

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
    """The record of an experiment from its snapshots.

    Args:
        experiment: what was trained.
        snapshots: at least one, in the order of epochs, of all seeds (`merge_snapshots`).

    Returns:
        The snapshots with an axis of epochs in front: accuracy (E, L, S) and so on.
    """
    return Record(experiment, Snapshot._make(np.stack(values) for values in zip(*snapshots, strict=True)))
