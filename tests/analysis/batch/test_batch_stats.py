"""Tallies: against counting unit by unit with autograd's gradients, and parts against the whole."""

from __future__ import annotations

import warnings
from dataclasses import replace
from functools import reduce
from typing import Any

import numpy as np
import pytest

from lossviz import evaluate, loss
from lossviz.analysis.batch import counting_unit
from lossviz.analysis.batch.batch_stats import CELLS, BatchStats, Mass, batch_stats, merged, plan, total, totals
from lossviz.analysis.batch.histogram import Histogram, bits_for
from lossviz.analysis.batch.top_samples import MOST, TopSamples
from lossviz.data.predictions import Batch, Predictions
from lossviz.losses import LossSpec

from ... import specs
from ...drawn import alternating
from . import made
from .made import KINDS, Kind

each_kind = pytest.mark.parametrize("kind", KINDS, ids=str)
each_dtype = pytest.mark.parametrize("dtype", [np.float32, np.float64])
kind_and_dtype = pytest.mark.parametrize(("kind", "dtype"), alternating(KINDS, [np.float32, np.float64]), ids=str)


def whole(kind: Kind, batch: Batch) -> BatchStats:
    return batch_stats(plan(kind.spec, batch.survey), batch.rows)


def mass(some: np.ndarray, result: made.Counted) -> tuple[float, float, float]:
    """How many of the units are there, their loss and their norm."""
    return some.sum(), result.loss[some].sum(), result.norm[some].sum()


def assert_mass(result: Mass, place: tuple[int, ...], expected: tuple[float, float, float]) -> None:
    assert result.counts[place] == expected[0]
    assert result.loss[place] == pytest.approx(expected[1], rel=1e-10, abs=1e-14)
    assert result.norm[place] == pytest.approx(expected[2], rel=1e-10, abs=1e-14)


@each_kind
def test_every_unit_is_counted_where_it_belongs(kind: Kind) -> None:
    batch = made.batch(kind)
    result, one = whole(kind, batch), made.counted(kind.spec, batch)
    names = counting_unit.strata(batch.survey)
    cell = np.minimum(one.p_t * CELLS, CELLS - 1).astype(int)
    assert len(set(cell.tolist())) > 10
    assert batch.rows.groups is not None
    assert batch.rows.suspects is not None
    for stratum in range(len(names)):
        mask = one.stratum == stratum
        assert_mass(result.suspects, (stratum,), mass(mask & batch.rows.suspects[one.row], one))
        for c in range(CELLS):
            assert_mass(result.cells, (stratum, c), mass(mask & (cell == c), one))
    for group in range(len(made.GROUPS)):
        for c in range(CELLS):
            assert_mass(result.group_cells, (group, c), mass((batch.rows.groups[one.row] == group) & (cell == c), one))
    assert result.cells.counts.shape == (len(names), CELLS)


@kind_and_dtype
def test_spreads_hold_the_loss_and_the_length_of_autograds_gradient(kind: Kind, dtype: type) -> None:
    batch = made.batch(kind, 137, dtype)
    result, one = whole(kind, batch), made.counted(kind.spec, batch)
    rtol = 1e-11 if dtype == np.float64 else 2e-6
    strata = len(counting_unit.strata(batch.survey))
    for together, by, values in ((result.loss, result.loss_by, one.loss), (result.norm, result.norm_by, one.norm)):
        assert together.counts.sum() == len(values)
        assert together.total.sum() == pytest.approx(values.sum(), rel=rtol)
        assert (by.strata, by.cells) == (strata, 64 << bits_for(strata))
        np.testing.assert_array_equal(np.bincount(by.stratum, by.counts, strata), np.bincount(one.stratum, minlength=strata))
        np.testing.assert_allclose(by.total_by_stratum, np.bincount(one.stratum, values, strata), rtol=rtol, atol=1e-12)


@kind_and_dtype
def test_samples_and_leaders_are_those_of_evaluate(kind: Kind, dtype: type) -> None:
    batch = made.batch(kind, 137, dtype)
    result, true = whole(kind, batch), made.truth(kind.spec, batch.rows)
    values, lengths = true.terms.sum(1), made.norms(true.grad)
    rtol, atol = (1e-10, 1e-12) if dtype == np.float64 else (1e-5, 1e-6)
    assert result.samples.counts == 137
    assert result.samples.loss == pytest.approx(values.sum(), rel=rtol)
    assert result.samples.norm == pytest.approx(lengths.sum(), rel=rtol)
    for kept, ranking in ((result.by_loss, values), (result.by_norm, lengths)):
        rows = np.argsort(-ranking, kind="stable")[:MOST]
        np.testing.assert_allclose(kept.value, ranking[rows], rtol=10 * rtol, atol=atol)
        np.testing.assert_allclose(kept.loss, values[kept.row], rtol=10 * rtol, atol=atol)
        np.testing.assert_allclose(kept.norm, lengths[kept.row], rtol=10 * rtol, atol=atol)
        assert kept.names.tolist() == [f"row-{i}" for i in kept.row]
        np.testing.assert_array_equal(kept.logits, batch.rows.logits[kept.row])
        np.testing.assert_array_equal(kept.targets, batch.rows.targets[kept.row])
        if dtype == np.float64 and len(np.unique(ranking)) == len(ranking):
            np.testing.assert_array_equal(kept.row, rows)


@kind_and_dtype
def test_the_total_is_that_of_evaluate(kind: Kind, dtype: type) -> None:
    batch = made.batch(kind, 300, dtype)
    z, t = batch.rows.logits, batch.rows.targets
    if kind.key == "nll":
        z = z - np.log(np.exp(z.astype(float)).sum(1, keepdims=True))
        t = t.argmax(1) if t.ndim == 2 else t
    elif kind.key == "logistic":
        t = 2 * t - 1
    ev = evaluate(kind.spec, z, t)
    result = whole(kind, batch)
    rtol = 1e-12 if dtype == np.float64 else 1e-6
    for sum_ in (result.loss.total.sum(), result.loss_by.total.sum(), result.cells.loss.sum(), result.samples.loss):
        assert sum_ == pytest.approx(float(ev.loss.double().sum()), rel=rtol)
    assert result.samples.norm == pytest.approx(made.norms(ev.grad.double()).sum(), rel=rtol)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("kind", [KINDS[0], KINDS[8], KINDS[15]], ids=str)
def test_parameters_of_the_loss_are_in_the_tally(kind: Kind, seed: int) -> None:
    rng = specs.seeded("drawn", kind, seed)
    spec = specs.drawn("focal", kind.activation, kind.classes, rng)
    batch = made.batch(kind, 150)
    ev = evaluate(spec, batch.rows.logits, batch.rows.targets)
    result = batch_stats(plan(spec, batch.survey), batch.rows)
    assert result.loss.total.sum() == pytest.approx(float(ev.loss.sum()), rel=1e-12)
    assert result.samples.norm == pytest.approx(made.norms(ev.grad).sum(), rel=1e-12)
    assert spec != kind.spec


def alike(a: Any, b: Any, exact: bool) -> None:
    """Counts and rows are the same, and sums to rounding. float32 values may round otherwise in another block."""
    assert type(a) is type(b)
    if isinstance(a, TopSamples) and not exact:
        np.testing.assert_allclose(a.value, b.value, rtol=1e-5)
        assert len(set(a.row.tolist()) ^ set(b.row.tolist())) <= 2
    elif isinstance(a, Histogram) and not exact:
        alike(*(Mass(*made.dense(one), 0.0) for one in (a, b)), exact)
    elif isinstance(a, Mass) and not exact:
        assert np.abs(np.asarray(a.counts) - b.counts).sum() <= 6
        for x, y in zip(a[1:], b[1:], strict=True):
            np.testing.assert_allclose(np.sum(x), np.sum(y), rtol=1e-6, atol=1e-9)
    elif isinstance(a, tuple):
        for x, y in zip(a, b, strict=True):
            alike(x, y, exact)
    elif np.asarray(a).dtype.kind == "f":
        np.testing.assert_allclose(a, b, rtol=1e-12 if exact else 1e-5, atol=1e-300 if exact else 1e-9)
    else:
        np.testing.assert_array_equal(a, b)


def cuts(rng: specs.Rng, n: int, how: str) -> tuple[int, ...]:
    if how == "rows":
        return tuple(range(1, n))
    return tuple(sorted(set(rng.integers(1, n, int(rng.integers(1, 12))).tolist())))


@pytest.mark.parametrize(("kind", "dtype", "how"), alternating(KINDS, (np.float32, np.float64), ("rows", "a few")), ids=str)
def test_parts_in_any_order_add_up_to_the_whole(kind: Kind, dtype: type, how: str) -> None:
    n, seen = 25 if how == "rows" else 250, set()
    for seed in range(1 if how == "rows" else 2):
        rng = specs.seeded(kind, how, seed)
        batch = made.batch(kind, n, dtype, seed)
        planned = plan(kind.spec, batch.survey)
        before = cuts(rng, n, how)
        parts = [batch_stats(planned, block) for block in made.Cut(batch.survey, batch.rows, before).blocks()]
        assert len(parts) == len(before) + 1
        expected = batch_stats(planned, batch.rows)
        alike(reduce(merged, (parts[i] for i in rng.permutation(len(parts)))), expected, dtype == np.float64)
        middle = len(parts) // 2
        halves = (reduce(merged, half) for half in (parts[:middle], parts[middle:]) if half)
        alike(reduce(merged, halves), expected, dtype == np.float64)
        seen.add((before, batch.rows.logits[0, 0].item()))
    assert len(seen) == (1 if how == "rows" else 2)


@pytest.mark.parametrize("spec", [loss("cross-entropy", weight=(1.0, 2.0, 6.0)), loss("focal", weight=(1.0, 2.0, 6.0))])
def test_a_block_of_certain_rows_is_read_as_the_uncertain_ones_are(spec: LossSpec) -> None:
    t = np.array([[0.0, 0.0, 1.0], [0.0, 1.0, 0.0], [0.25, 0.5, 0.25]])
    batch = made.plain(specs.seeded("certain").normal(size=(3, 3)), t)
    whole = batch_stats(plan(spec, batch.survey), batch.rows)
    alike(total(plan(spec, batch.survey), made.Cut(batch.survey, batch.rows, (1, 2))), whole, True)


def test_a_total_hears_of_its_progress() -> None:
    kind = KINDS[0]
    batch, heard = made.batch(kind, 100), []
    cut = made.Cut(batch.survey, batch.rows, (10, 11, 60))
    result = total(plan(kind.spec, batch.survey), cut, heard.append)
    assert heard == [10, 11, 60, 100]
    alike(result, whole(kind, batch), True)


def test_several_losses_read_the_rows_once() -> None:
    batch, heard = made.batch(KINDS[8], 100), []
    plans = [plan(loss("focal", gamma=g), batch.survey) for g in (0.0, 1.0, 2.0)]
    cut = made.Cut(batch.survey, batch.rows, (30,))
    for result, planned in zip(totals(plans, cut, heard.append), plans, strict=True):
        alike(result, batch_stats(planned, batch.rows), True)
    assert heard == [30, 100]


@each_kind
def test_an_empty_block_adds_nothing(kind: Kind) -> None:
    batch = made.batch(kind, 40)
    for before in ((40,), (0,), (20, 20)):
        cut = made.Cut(batch.survey, batch.rows, before)
        alike(total(plan(kind.spec, batch.survey), cut), whole(kind, batch), True)


@each_kind
def test_parties_are_the_classes_of_the_survey(kind: Kind) -> None:
    batch = made.batch(kind, 200)
    count = whole(kind, batch).cells.counts.sum(1)
    names, counts = counting_unit.strata(batch.survey), batch.survey.counts
    assert len(names) == len(count) == len(set(names))
    if batch.survey.task == "binary":
        assert count.tolist() == list(counts)
        assert names == ("negatives", "positives")
    elif batch.survey.task == "multi-label":
        assert count.sum() == 200 * kind.classes
        np.testing.assert_array_equal(count[::2] + count[1::2], 200)
        if not batch.survey.soft:
            assert count[1::2].tolist() == list(counts)
    else:
        assert count.sum() == 200
        if not batch.survey.soft:
            assert count.tolist() == list(counts)


@pytest.mark.parametrize(("activation", "classes", "targets"), [("softmax", 7, "labels"), ("sigmoid", 1, "labels")])
@each_dtype
def test_without_gamma_focal_loss_is_cross_entropy(activation: str, classes: int, targets: str, dtype: type) -> None:
    batch = made.batch(Kind("focal", activation, classes, targets), 200, dtype)
    pair = [
        batch_stats(plan(spec, batch.survey), batch.rows)
        for spec in (loss("focal", activation, gamma=0.0), loss("cross-entropy", activation))
    ]
    alike(*pair, exact=dtype == np.float64)


@pytest.mark.parametrize("kind", [KINDS[0], KINDS[8], KINDS[15]], ids=str)
def test_the_layout_of_a_block_does_not_matter(kind: Kind) -> None:
    batch = made.batch(kind, 120)
    rows, planned = batch.rows, plan(kind.spec, batch.survey)
    expected = batch_stats(planned, rows)
    wide = np.zeros((240, 2 * kind.classes))
    wide[::2, ::2] = rows.logits
    for logits in (np.asfortranarray(rows.logits), wide[::2, ::2]):
        alike(batch_stats(planned, replace(rows, logits=logits)), expected, True)
    targets = np.repeat(rows.targets, 2, 0)[::2]
    alike(batch_stats(planned, replace(rows, targets=targets)), expected, True)
    alike(batch_stats(planned, replace(rows, targets=np.asfortranarray(rows.targets))), expected, True)


@each_kind
def test_blocks_that_cannot_be_written_to_are_welcome(kind: Kind) -> None:
    batch = made.batch(kind, 30)
    expected = whole(kind, batch)
    for x in (batch.rows.logits, batch.rows.targets, batch.rows.groups, batch.rows.suspects):
        assert x is not None
        x.setflags(write=False)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        alike(whole(kind, batch), expected, True)


def test_nothing_but_logits_and_targets_is_needed() -> None:
    batch = made.plain(np.zeros((4, 3)), [0, 1, 2, 1])
    result = batch_stats(plan(loss("focal"), batch.survey), batch.rows)
    assert result.group_cells.counts.shape == (0, CELLS)
    assert result.suspects.counts.tolist() == [0, 0, 0]
    assert result.by_loss.names.tolist() == ["0", "1", "2", "3"]
    assert result.by_loss.group.tolist() == [-1] * 4


@pytest.mark.parametrize("classes", [1, 2, 1000])
def test_one_row(classes: int) -> None:
    z = np.linspace(-1, 1, classes)[None]
    batch = made.plain(z, [0])
    key = "sigmoid" if classes == 1 else "softmax"
    result = batch_stats(plan(loss("focal", key), batch.survey), batch.rows)
    true = made.truth(loss("focal", key), batch.rows)
    assert result.samples.counts == result.loss.counts.sum() == 1
    assert result.samples.loss == pytest.approx(true.terms.sum(), rel=1e-12)
    assert result.samples.norm == pytest.approx(made.norms(true.grad)[0], rel=1e-12)


@pytest.mark.parametrize("targets", ["labels", "multi-hot"])
def test_a_thousand_classes(targets: str) -> None:
    kind = Kind("focal", "softmax" if targets == "labels" else "sigmoid", 1000, targets, made.GAMMA)
    batch = made.batch(kind, 300, np.float32)
    result = total(plan(kind.spec, batch.survey), made.Cut(batch.survey, batch.rows, (100, 299)))
    true = made.truth(kind.spec, batch.rows)
    assert result.loss.total.sum() == pytest.approx(true.terms.sum(), rel=1e-6)
    counts = result.cells.counts.sum(1)
    assert (counts if targets == "labels" else counts[1::2]).tolist() == list(batch.survey.counts)
    assert result.loss_by.strata == (1000 if targets == "labels" else 2000)


@each_dtype
@pytest.mark.parametrize("activation", ["softmax", "sigmoid"])
def test_a_batch_that_is_all_right_has_no_loss(activation: str, dtype: type) -> None:
    classes = 1 if activation == "sigmoid" else 3
    z = np.full((50, classes), -1e4 if classes == 1 else 0.0).astype(dtype)
    z[:, 0] += 0 if classes == 1 else 1e4
    batch = made.plain(z, np.zeros(50))
    result = batch_stats(plan(loss("focal", activation), batch.survey), batch.rows)
    assert result.loss.total.sum() == result.norm.total.sum() == result.samples.loss == 0
    assert dict(zip(result.loss.cell, result.loss.counts, strict=True)) == {0: 50}
    assert result.cells.counts[0, -1] == 50
    assert result.by_loss.row.tolist() == list(range(50))


@each_dtype
def test_lengths_of_gradients_that_are_next_to_nothing(dtype: type) -> None:
    """Squares of these vanish; lengths do not: √2·e^{−z} for a softmax of two."""
    margins = np.array([20.0, 40.0, 60.0, 80.0, *([] if dtype == np.float32 else [200.0, 400.0, 700.0])])
    batch = made.plain(np.stack((margins, 0 * margins), 1).astype(dtype), np.zeros(len(margins)))
    result = batch_stats(plan(loss("cross-entropy"), batch.survey), batch.rows)
    np.testing.assert_allclose(result.by_norm.norm, np.sqrt(2) * np.exp(-margins), rtol=1e-6)


def test_p_t_of_each_cell_is_at_its_lower_end() -> None:
    """p = ½ is in the 26th of 50 cells, 1 in the last, 0 in the first."""
    batch = made.plain([[0.0], [800.0], [-800.0]], [1, 1, 1])
    count = batch_stats(plan(loss("focal", "sigmoid"), batch.survey), batch.rows).cells.counts[1]
    assert np.flatnonzero(count).tolist() == [0, 25, 49]


def test_partitions_of_every_task() -> None:
    kinds = {"a": KINDS[0], "b": KINDS[8], "c": KINDS[15]}
    result = {task: counting_unit.partitions(made.batch(kind).survey) for task, kind in kinds.items()}
    assert {task: tuple(p) for task, p in result.items()} == {
        "a": ("side", "group"),
        "b": ("class", "group"),
        "c": ("side", "class", "group"),
    }
    assert result["c"]["side"].names == ("negatives", "positives")
    assert result["c"]["class"].names == tuple(f"class {c}" for c in range(5))
    alone = made.plain(np.zeros((3, 2)), [0, 1, 1])
    assert tuple(counting_unit.partitions(alone.survey)) == ("class",)


def test_predictions_cut_from_predictions_know_their_rows() -> None:
    rows = Predictions(np.zeros((10, 2)), np.zeros(10, int)).rows(slice(3, 9)).rows(slice(2, None))
    assert (rows.start, len(rows)) == (5, 4)
