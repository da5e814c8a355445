"""Shares of classes, groups and sides, and where they lie over p_t, against masks over all units."""

from __future__ import annotations

import numpy as np
import pytest

from lossviz import loss
from lossviz.analysis.batch import difficulty as over_p_t
from lossviz.analysis.batch import parts as by_part
from lossviz.analysis.batch.batch_stats import CELLS, BatchStats, batch_stats, plan
from lossviz.analysis.batch.counting_unit import partitions
from lossviz.analysis.batch.difficulty import difficulty
from lossviz.analysis.batch.parts import divided, largest, parts
from lossviz.data.predictions import Batch

from ... import specs
from . import made
from .made import Kind

KINDS = (
    Kind("focal", "sigmoid", 1, "labels", made.GAMMA),
    Kind("focal", "softmax", 4, "labels", made.GAMMA),
    Kind("focal", "softmax", 16, "labels", made.GAMMA),
    Kind("focal", "softmax", 40, "labels", made.GAMMA),
    Kind("focal", "softmax", 7, "distribution", made.GAMMA),
    Kind("focal", "sigmoid", 20, "multi-hot", made.GAMMA),
)
CASES = [(kind, split) for kind in KINDS for split in partitions(made.batch(kind).survey)]
each_case = pytest.mark.parametrize(("kind", "split"), CASES, ids=str)


def stats_of(kind: Kind, batch: Batch) -> tuple[BatchStats, BatchStats]:
    """Tallies of the loss and of cross-entropy."""
    pair = kind.spec, loss("cross-entropy", kind.activation)
    result = [batch_stats(plan(spec, batch.survey), batch.rows) for spec in pair]
    return result[0], result[1]


def members(split: str, batch: Batch, one: made.Counted) -> np.ndarray:
    """The part of each unit."""
    if split == "group":
        assert batch.rows.groups is not None
        return batch.rows.groups[one.row]
    if batch.survey.task not in ("binary", "multi-label"):
        return one.stratum
    return one.stratum % 2 if split == "side" else one.stratum // 2


def sums(part: np.ndarray, values: np.ndarray, size: int) -> np.ndarray:
    return np.array([values[part == i].sum() for i in range(size)])


def gathered(values: np.ndarray, order: list[int], alone: int) -> np.ndarray:
    """Shares in order, the rest as one."""
    rest = [values[order[alone:]].sum()] if alone < len(order) else []
    return np.array([*values[order[:alone]], *rest]) / values.sum()


@each_case
def test_shares_are_those_of_masks(kind: Kind, split: str) -> None:
    batch = made.batch(kind, 400)
    partition = partitions(batch.survey)[split]
    result = parts(*stats_of(kind, batch), partition)
    one = made.counted(kind.spec, batch)
    base = made.counted(loss("cross-entropy", kind.activation), batch)
    part, size = members(split, batch, one), len(partition.names)
    lengths = sums(part, one.norm, size)
    order = sorted(range(size), key=lambda i: -lengths[i])
    alone = size if size <= by_part.MOST + 1 else by_part.MOST
    assert result.names[:alone] == tuple(partition.names[i] for i in order[:alone])
    assert result.names[alone:] == (() if alone == size else (f"{size - alone} others",))
    for shares, values in (
        (result.counts, np.ones(len(part))),
        (result.loss, one.loss),
        (result.norm, one.norm),
        (result.ce_loss, base.loss),
        (result.ce_norm, base.norm),
    ):
        np.testing.assert_allclose(shares, gathered(sums(part, values, size), order, alone), rtol=1e-10)
        assert shares.sum() == pytest.approx(1, abs=1e-12)


@each_case
def test_where_over_p_t(kind: Kind, split: str) -> None:
    batch = made.batch(kind, 400)
    partition = partitions(batch.survey)[split]
    result = difficulty(stats_of(kind, batch)[0], partition)
    one = made.counted(kind.spec, batch)
    part, size = members(split, batch, one), len(partition.names)
    lengths = sums(part, one.norm, size)
    order = sorted(range(size), key=lambda i: -lengths[i])
    alone = size if size <= over_p_t.MOST + 1 else over_p_t.MOST
    assert result.names == (*(partition.names[i] for i in order[:alone]), *([f"{size - alone} others"] if alone < size else []))
    np.testing.assert_allclose(result.edges, np.arange(CELLS + 1) / CELLS, rtol=1e-14)
    for shares, values in ((result.counts, np.ones(len(part))), (result.loss, one.loss), (result.norm, one.norm)):
        assert shares.shape == (len(result.names), CELLS)
        assert shares.sum() == pytest.approx(1, abs=1e-12)
        for row in range(len(result.names)):
            mask = np.isin(part, order[row : row + 1] if row < alone else order[alone:])
            expected = np.histogram(one.p_t[mask], np.arange(CELLS + 1) / CELLS, weights=values[mask])[0] / values.sum()
            np.testing.assert_allclose(shares[row], expected, rtol=1e-9, atol=1e-15)


@pytest.mark.parametrize("view", [parts, difficulty])
def test_frames_keep_their_order(view: object) -> None:
    """The class that leads under one γ does not under another; with `order` it stays where it was."""
    kind = KINDS[3]
    batch = made.batch(kind, 300)
    partition = partitions(batch.survey)["class"]
    first, last = (batch_stats(plan(loss("focal", gamma=g), batch.survey), batch.rows) for g in (0.0, 5.0))

    def seen(now: BatchStats, order: BatchStats | None = None) -> tuple[tuple[str, ...], np.ndarray]:
        result = parts(now, first, partition, order) if view is parts else difficulty(now, partition, order)
        return result.names, np.atleast_2d(result.norm.T).T.reshape(len(result.names), -1).sum(1)

    assert seen(first)[0] != seen(last)[0]
    names, lengths = seen(last, first)
    assert names == seen(first)[0]
    assert lengths.sum() == pytest.approx(1, abs=1e-12)
    alone = dict(zip(partition.names, divided(last, partition).norm.sum(1) / last.norm.total.sum(), strict=True))
    for name, length in zip(names[:-1], lengths, strict=False):
        assert length == pytest.approx(alone[name], rel=1e-9)
    assert not (np.diff(lengths[:-1]) <= 0).all()


@pytest.mark.parametrize("size", [1, 5, 6, 7, 100])
def test_others_are_exactly_the_rest(size: int) -> None:
    weight = specs.seeded("others", size).uniform(0, 1, size)
    rows, names = largest(weight, tuple(map(str, range(size))), 5)
    assert sorted(np.concatenate(rows).tolist()) == list(range(size))
    assert len(rows) == len(names) == min(size, 6)
    if size > 6:
        assert names[-1] == f"{size - 5} others"
        assert weight[rows[-1]].max() <= min(weight[row].min() for row in rows[:-1])
    assert [weight[row[0]] for row in rows[:5]] == sorted(weight, reverse=True)[:5]


def test_a_batch_without_loss_has_shares_of_nothing() -> None:
    batch = made.plain(np.full((10, 1), -1e4), np.zeros(10))
    stats = batch_stats(plan(loss("focal", "sigmoid"), batch.survey), batch.rows)
    result = parts(stats, stats, partitions(batch.survey)["side"])
    assert sorted(result.counts.tolist()) == [0, 1]
    assert result.loss.tolist() == result.norm.tolist() == [0, 0]
    assert difficulty(stats, partitions(batch.survey)["side"]).loss.sum() == 0


def test_a_part_that_nobody_is_in() -> None:
    batch = made.plain(specs.seeded("empty part").normal(size=(50, 4)), np.arange(50) % 3)
    result = parts(*stats_of(KINDS[1], batch), partitions(batch.survey)["class"])
    assert result.names[-1] == "class 3"
    assert result.counts[-1] == result.norm[-1] == 0
