"""One loss on a whole batch, as sums, histograms and the largest few: tallies of any parts of the rows add up."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...data.predictions import Predictions, Source, Survey
from ...losses import LossSpec
from . import counting_unit as units
from . import top_samples as leaders
from .counting_unit import Units, evaluated, parties
from .histogram import Spread, spread
from .reductions import Sums, sums
from .top_samples import Leaders

CELLS = 50
"""Cells of p_t from 0 to 1."""


class Plan(NamedTuple):
    """What is tallied: a loss on a batch of this task, of so many classes and groups; the same for all its parts."""

    spec: LossSpec
    task: str
    parties: int
    groups: int
    device: str = "cpu"


class Mass(NamedTuple):
    """How many units, their loss and their gradient's length: three arrays of one shape, or three numbers."""

    counts: Any
    loss: Any
    norm: Any


class Tally(NamedTuple):
    """One loss on some rows. Units are samples or entries (`units`).

    loss, norm: spreads of all units; loss_by, norm_by: by party. cells: mass by party and cell of p_t, (P, 50); group_cells:
    by group, (G, 50). suspects: mass of the suspects by party, (P,). samples: mass of all samples, whatever the units are.
    by_loss, by_norm: the samples with the largest. sums: what reductions need.
    """

    loss: Spread
    norm: Spread
    loss_by: Spread
    norm_by: Spread
    cells: Mass
    group_cells: Mass
    suspects: Mass
    samples: Mass
    by_loss: Leaders
    by_norm: Leaders
    sums: Sums


def plan(spec: LossSpec, survey: Survey, device: str = "cpu") -> Plan:
    """The plan of a loss on a batch."""
    return Plan(spec, survey.task, len(parties(survey)), len(survey.groups), device)


def tally(plan: Plan, block: Predictions) -> Tally:
    """The tally of some rows."""
    ev = evaluated(plan.spec, block, plan.device)
    found = units.units(ev, block, plan.task)
    loss, norm = (found.loss, found.norm) if found.samples is None else units.of_samples(ev)
    doubted = np.flatnonzero(_of_units(block.suspects, found))
    cell = np.minimum((found.p_t * CELLS).astype(np.int64), CELLS - 1)
    return Tally(
        spread(found.loss),
        spread(found.norm),
        spread(found.loss, found.party, plan.parties),
        spread(found.norm, found.party, plan.parties),
        _mass(found, found.party * CELLS + cell, (plan.parties, CELLS)),
        _mass(found, _of_units(block.groups, found) * CELLS + cell, (plan.groups, CELLS)),
        _mass(found, found.party[doubted], (plan.parties,), doubted),
        Mass(*(np.float64(x) for x in (len(loss), loss.sum(dtype=np.float64), norm.sum(dtype=np.float64)))),
        leaders.leaders(loss, loss, norm, block),
        leaders.leaders(norm, loss, norm, block),
        sums(ev),
    )


def merged(a: Tally, b: Tally) -> Tally:
    """The tally of the rows of both."""
    added: Tally = _added(a, b)
    return added


def totals(plans: Sequence[Plan], source: Source, progress: Callable[[int], None] | None = None) -> list[Tally]:
    """The tallies of several losses on all rows, which are read once; `progress` hears how many rows there were so far."""
    found: dict[int, Tally] = {}
    done = 0
    for block in source.blocks():
        for i, asked in enumerate(plans):  # one after the other, so that few tallies are in memory at once
            part = tally(asked, block)
            found[i] = merged(found[i], part) if i in found else part
        done += len(block)
        if progress:
            progress(done)
    return [found[i] for i in range(len(plans))]


def total(plan: Plan, source: Source, progress: Callable[[int], None] | None = None) -> Tally:
    """The tally of one loss on all rows."""
    return totals([plan], source, progress)[0]


def _added(a: Any, b: Any) -> Any:
    if isinstance(a, Leaders):
        return leaders.merged(a, b)
    return type(a)(*map(_added, a, b)) if isinstance(a, tuple) else a + b


def _of_units(x: NDArray[Any] | None, found: Units) -> NDArray[Any]:
    """What samples have, for each unit of theirs; zeros where they have it not."""
    if x is None:
        return np.zeros(len(found.loss), np.int64)
    return x if found.samples is None else x[found.samples]


def _mass(found: Units, place: NDArray[np.int64], shape: tuple[int, ...], some: NDArray[np.int64] | None = None) -> Mass:
    """The mass in each place of a table; of some units only, where they are given."""
    size = int(np.prod(shape))
    if size == 0:
        return Mass(*(np.zeros(shape) for _ in Mass._fields))
    loss, norm = (x if some is None else x[some] for x in (found.loss, found.norm))
    counted = (np.bincount(place, weight, size).reshape(shape) for weight in (None, loss, norm))
    return Mass(*(x.astype(np.float64) for x in counted))
