"""Focal loss against the first loss over γ and the noise rate: which trainings that takes, and what came out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...errors import InputError
from ...losses import LOSSES, LossSpec, loss
from ..sample import Array
from .experiment import MOST_LOSSES, Experiment
from .paired import differences
from .points import clear
from .record import Record, measured


class Grid(NamedTuple):
    """G values of γ and R noise rates; paired differences of a measure to the first loss, (R, G), in percentage points.

    mean over seeds and its 95 % interval, as `paired.differences` has them; low and high are nan for a single seed, all three
    where there is nothing to compare.
    """

    gammas: tuple[float, ...]
    rates: tuple[float, ...]
    mean: Array
    low: Array
    high: Array

    @property
    def clear(self) -> NDArray[np.bool_]:
        """Which differences have an interval that excludes 0."""
        return clear(self.low, self.high)


def experiments(experiment: Experiment, gammas: Sequence[float], rates: Sequence[float]) -> list[Experiment]:
    """For each noise rate an experiment: its first loss, and that loss's focal one at every γ.

    Raises InputError for more values of γ than an experiment has room for, and for rates of no noise.
    """
    if not 1 <= len(gammas) < MOST_LOSSES:
        raise InputError("gammas", f"{len(gammas)}", f"1 to {MOST_LOSSES - 1} values of γ")
    if experiment.recipe.noise == "none" and any(rates):
        raise InputError("noise", "none", "a kind of noise, whose rate the grid is over")
    first = experiment.losses[0]
    losses = (first, *(focal(first, gamma) for gamma in gammas))
    found = [replace(experiment, losses=losses, recipe=experiment.recipe._replace(rate=rate)) for rate in rates]
    for one in found:
        one.check()
    return found


def focal(spec: LossSpec, gamma: float) -> LossSpec:
    """Focal loss with a loss's activation, and with those of its parameters that focal loss has as well."""
    known = {p.name for p in LOSSES["focal"].parameters if p.activations is None or spec.activation in p.activations}
    kept = {name: value for name, value in spec.parameters if name in known}
    return loss("focal", spec.activation, **kept | {"gamma": gamma})


def grid(records: Sequence[Record], measure: str) -> Grid:
    """What trainings of `experiments` came to after their last epoch; `measure`: a key of `MEASURES`."""
    found = [differences(measured(record, measure)[-1]) for record in records]
    first = records[0].experiment
    return Grid(
        tuple(spec.gamma for spec in first.losses[1:]),
        tuple(record.experiment.recipe.rate for record in records),
        *(np.stack([getattr(one, name) for one in found]) for name in ("mean", "low", "high")),
    )
