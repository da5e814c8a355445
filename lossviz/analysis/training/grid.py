"""Focal loss against the first loss over γ and the noise rate: which trainings that takes, and what came out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...data.toy_datasets import DatasetSpec
from ...errors import InputError
from ...evaluation.setting import Array
from ...losses import LossSpec
from ...texts import say
from .contrasts import OUTER, estimate, paired_differences
from .counterparts import without_noise
from .experiment import MAX_LOSSES, Experiment
from .measures import measure_values
from .percentage_points import NOTHING
from .record import Record


class Grid(NamedTuple):
    """G values of γ and R noise rates; paired differences of a measure to the first loss, (R, G), in percentage points.

    mean over seeds; low and high: 95 % intervals that hold for all cells at once, nan where there is none; alone_low and
    alone_high: those of each cell by itself.
    """

    gammas: tuple[float, ...]
    rates: tuple[float, ...]
    seeds: int
    mean: Array
    low: Array
    high: Array
    cell_low: Array
    cell_high: Array

    def beyond(self, margin: float) -> NDArray[np.bool_]:
        """Which differences have an interval beyond ± margin, for all cells at once."""
        least = max(margin, NOTHING)
        cells: NDArray[np.bool_] = (self.low > least) | (self.high < -least)
        return cells

    @property
    def cells(self) -> int:
        """How many cells have an interval."""
        return int(np.isfinite(self.low).sum())

    @property
    def by_chance(self) -> float:
        """So many cells would look different by chance if each were taken by itself, at 95 %, and nothing differed."""
        return (1 - OUTER) * self.cells


def experiments(experiment: Experiment, gammas: Sequence[float], rates: Sequence[float]) -> list[Experiment]:
    """For each noise rate an experiment: its first loss, and that loss's focal one at every γ.

    Raises InputError for more values of γ than an experiment has room for, and for rates of no noise.
    """
    if not 1 <= len(gammas) < MAX_LOSSES:
        raise InputError("gammas", f"{len(gammas)}", say("1 to {most} values of γ", most=MAX_LOSSES - 1))
    if experiment.dataset_spec.noise == "none" and any(rates):
        raise InputError("noise", "none", say("a kind of noise, whose rate the grid is over"))
    first = experiment.losses[0]
    losses = (first, *(focal(first, gamma) for gamma in gammas))
    grid_experiments = [
        replace(experiment, losses=losses, dataset_spec=_at_rate(experiment.dataset_spec, rate)) for rate in rates
    ]
    for one in grid_experiments:
        one.check()
    return grid_experiments


def _at_rate(dataset_spec: DatasetSpec, rate: float) -> DatasetSpec:
    return dataset_spec._replace(rate=rate) if rate else without_noise(dataset_spec)


def focal(spec: LossSpec, gamma: float) -> LossSpec:
    """Focal loss with a loss's activation, and with those of its parameters that focal loss has as well."""
    return spec.convert("focal", gamma=gamma)


def grid(records: Sequence[Record], measure: str) -> Grid:
    """What trainings of `experiments` came to after their last epoch; `measure`: a key of `MEASURES`.

    The same seeds are in all cells, so that one resample of them goes for all.
    """
    differences = np.stack([paired_differences(measure_values(record, measure)[-1]) for record in records])
    simultaneous = estimate(differences.reshape(-1, differences.shape[-1]))
    per_cell = estimate(differences[..., None, :])
    first = records[0].experiment
    return Grid(
        tuple(spec.gamma for spec in first.losses[1:]),
        tuple(record.experiment.dataset_spec.rate for record in records),
        simultaneous.seeds,
        *(
            x.reshape(differences.shape[:-1])
            for x in (simultaneous.mean, simultaneous.low, simultaneous.high, per_cell.low, per_cell.high)
        ),
    )
