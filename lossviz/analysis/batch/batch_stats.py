"""One loss on a whole batch, as sums, histograms and the largest few: those of any parts of the rows add up."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...data.predictions import Predictions, Source, Survey
from ...evaluation.result import Evaluation
from ...losses import LossSpec
from .counting_unit import CountingUnits, counting_units, evaluated, evaluated_each, of_samples, strata_count
from .histogram import Histogram, histogram
from .histogram import merged as merged_histograms
from .reductions import ReductionSums, reduction_sums
from .top_samples import TopSamples, top_samples
from .top_samples import merged as merged_top_samples

CELLS = 50
"""Cells of p_t from 0 to 1."""


class Plan(NamedTuple):
    """What is counted: a loss on a batch of this task, of so many classes and groups; the same for all its parts."""

    spec: LossSpec
    task: str
    strata: int
    groups: int
    device: str = "cpu"


class Mass(NamedTuple):
    """How many units, their loss and their gradient's length: three arrays of one shape, or three numbers."""

    counts: Any
    loss: Any
    norm: Any


class BatchStats(NamedTuple):
    """One loss on some rows. Units are samples or entries (`counting_unit`).

    loss, norm: histograms of all units; loss_by, norm_by: by stratum. cells: mass by stratum and cell of p_t, (P, 50);
    group_cells: by group, (G, 50). suspects: mass of the suspects by stratum, (P,). samples: mass of all samples, whatever is
    counted.
    by_loss, by_norm: the samples with the largest. sums: what reductions need.
    """

    loss: Histogram
    norm: Histogram
    loss_by: Histogram
    norm_by: Histogram
    cells: Mass
    group_cells: Mass
    suspects: Mass
    samples: Mass
    by_loss: TopSamples
    by_norm: TopSamples
    sums: ReductionSums


def plan(spec: LossSpec, survey: Survey, device: str = "cpu") -> Plan:
    """The plan of a loss on a batch."""
    return Plan(spec, survey.task, strata_count(survey), len(survey.groups), device)


def batch_stats(plan: Plan, block: Predictions, ev: Evaluation | None = None) -> BatchStats:
    """The statistics of some rows, which may have been evaluated already."""
    ev = ev or evaluated(plan.spec, block, plan.device)
    units = counting_units(ev, block, plan.task)
    loss, norm = (units.loss, units.norm) if units.samples is None else of_samples(ev)
    suspects = np.flatnonzero(_of_units(block.suspects, units))
    cell = np.minimum((units.p_t * CELLS).astype(np.int64), CELLS - 1)
    return BatchStats(
        histogram(units.loss),
        histogram(units.norm),
        histogram(units.loss, units.stratum, plan.strata),
        histogram(units.norm, units.stratum, plan.strata),
        _mass(units, units.stratum * CELLS + cell, (plan.strata, CELLS)),
        _mass(units, _of_units(block.groups, units) * CELLS + cell, (plan.groups, CELLS)),
        _mass(units, units.stratum[suspects], (plan.strata,), suspects),
        Mass(*(np.float64(x) for x in (len(loss), loss.sum(dtype=np.float64), norm.sum(dtype=np.float64)))),
        top_samples(loss, loss, norm, block),
        top_samples(norm, loss, norm, block),
        reduction_sums(ev, norm),
    )


def merged(a: BatchStats, b: BatchStats) -> BatchStats:
    """The statistics of the rows of both."""
    added: BatchStats = _added(a, b)
    return added


def totals(plans: Sequence[Plan], source: Source, progress: Callable[[int], None] | None = None) -> list[BatchStats]:
    """The statistics of several losses on all rows, which are read once; `progress` hears how many rows there were so far."""
    sums: dict[int, BatchStats] = {}
    done = 0
    for block in source.blocks():
        # one after the other, so that few all_stats are in memory at once
        for i, ev in enumerate(evaluated_each([one.spec for one in plans], block, plans[0].device if plans else "cpu")):
            part = batch_stats(plans[i], block, ev)
            sums[i] = merged(sums[i], part) if i in sums else part
        done += len(block)
        if progress:
            progress(done)
    return [sums[i] for i in range(len(plans))]


def total(plan: Plan, source: Source, progress: Callable[[int], None] | None = None) -> BatchStats:
    """The statistics of one loss on all rows."""
    return totals([plan], source, progress)[0]


def _added(a: Any, b: Any) -> Any:
    if isinstance(a, TopSamples):
        return merged_top_samples(a, b)
    if isinstance(a, Histogram):
        return merged_histograms(a, b)
    return type(a)(*map(_added, a, b)) if isinstance(a, tuple) else a + b


def _of_units(x: NDArray[Any] | None, units: CountingUnits) -> NDArray[Any]:
    """What samples have, for each unit of theirs; zeros where they have it not."""
    if x is None:
        return np.zeros(len(units.loss), np.int64)
    return x if units.samples is None else x[units.samples]


def _mass(
    units: CountingUnits, place: NDArray[np.int64], shape: tuple[int, ...], some: NDArray[np.int64] | None = None
) -> Mass:
    """The mass in each place of a table; of some units only, where they are given."""
    size = int(np.prod(shape))
    if size == 0:
        return Mass(*(np.zeros(shape) for _ in Mass._fields))
    loss, norm = (x if some is None else x[some] for x in (units.loss, units.norm))
    counted = (np.bincount(place, weight, size).reshape(shape) for weight in (None, loss, norm))
    return Mass(*(x.astype(np.float64) for x in counted))
