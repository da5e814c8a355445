"""Wrong labels on purpose: how many, which, what they become, and that they are marked."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from lossviz import InputError
from lossviz.data import digits
from lossviz.data.detector import detector
from lossviz.data.noise import KINDS, noisy
from lossviz.data.predictions import Batch, Predictions, Survey, task_of

from .. import specs

CHANGING = KINDS[1:]


def batch(logits: Any, targets: Any, suspects: Any = None, dtype: type = np.float32) -> Batch:
    z, t = np.asarray(logits, dtype), np.asarray(targets)
    t = t.astype(np.int64 if t.ndim == 1 else dtype)
    n, classes = z.shape
    soft = bool(((t != 0) & (t != 1)).any()) if t.ndim == 2 else False
    counts = np.bincount(t.reshape(-1).astype(int), minlength=2) if classes == 1 or t.ndim == 1 else t.sum(0)
    survey = Survey("made", n, classes, task_of(classes, t), soft, ("softmax", "sigmoid"), "logits", "", tuple(counts.tolist()))
    return Batch(survey, Predictions(z, t, np.arange(n), None, suspects, 5))


def made(classes: int, form: str = "labels", n: int = 2000, seed: int = 0) -> Batch:
    rng = specs.seeded("noise", classes, form, n, seed)
    z = rng.normal(0, 3, (n, classes))
    if form == "multi-hot":
        return batch(z, rng.integers(2, size=(n, classes)))
    # Many of the first two classes, of which there would be next to none among a thousand.
    labels = np.where(rng.random(n) < 0.3, rng.integers(2, size=n), rng.integers(max(2, classes), size=n))
    return batch(z, labels if form == "labels" else labels[:, None] if classes == 1 else np.eye(classes)[labels])


BATCHES = [(1, "labels"), (1, "column"), (2, "labels"), (7, "labels"), (7, "one-hot"), (1000, "labels"), (5, "multi-hot")]
each_batch = pytest.mark.parametrize(("classes", "form"), BATCHES)
each_kind = pytest.mark.parametrize("kind", CHANGING)


def labels(targets: NDArray[Any]) -> NDArray[np.int64]:
    if targets.ndim == 2 and targets.shape[1] > 1:
        return targets.argmax(1)
    return targets.reshape(-1).astype(np.int64)


def changed(old: Batch, new: Batch) -> NDArray[np.bool_]:
    return (old.rows.targets != new.rows.targets).reshape(len(old.rows), -1).any(1)


@each_batch
@each_kind
def test_changed_rows_are_marked_and_the_rest_is_left_alone(classes: int, form: str, kind: str) -> None:
    old = made(classes, form)
    before = old.rows.targets.copy()
    new = noisy(old, kind, 0.1, 3, (0, 1))
    np.testing.assert_array_equal(old.rows.targets, before)
    assert (old.rows.suspects, old.survey.suspects, old.survey.notes) == (None, None, ())
    differs = changed(old, new)
    assert 0 < differs.sum() < len(differs)
    np.testing.assert_array_equal(new.rows.suspects, differs)
    t = new.rows.targets
    assert (t.dtype, t.shape) == (before.dtype, before.shape)
    assert set(np.unique(t)) <= set(range(max(2, classes)))
    if form == "one-hot":
        assert (t.sum(1) == 1).all()
    assert new.rows.logits is old.rows.logits
    assert (new.rows.ids is old.rows.ids, new.rows.start) == (True, 5)
    counts = np.bincount(labels(t), minlength=max(2, classes)) if form != "multi-hot" else t.sum(0)
    assert new.survey.counts == tuple(counts.astype(float))
    assert new.survey.suspects == differs.sum()
    number = int((t != before).sum()) if form == "multi-hot" else int(differs.sum())
    assert len(new.survey.notes) == 1
    assert new.survey.notes[0].startswith(f"{number:,} of ")
    assert f"“{kind}”, rate 0.1, seed 3" in new.survey.notes[0]
    same = ("name", "samples", "classes", "task", "soft", "output_type", "dtype")
    assert [getattr(new.survey, name) for name in same] == [getattr(old.survey, name) for name in same]


@each_batch
@each_kind
def test_the_seed_decides_and_higher_rates_change_more_of_the_same(classes: int, form: str, kind: str) -> None:
    old = made(classes, form)
    a, again, other, more = (noisy(old, kind, *x, (0, 1)) for x in ((0.1, 1), (0.1, 1), (0.1, 2), (0.3, 1)))
    np.testing.assert_array_equal(a.rows.targets, again.rows.targets)
    if not kind.endswith("boundary"):
        assert (a.rows.targets != other.rows.targets).any()
    flipped = a.rows.targets != old.rows.targets
    np.testing.assert_array_equal(more.rows.targets[flipped], a.rows.targets[flipped])
    assert changed(old, more).sum() > changed(old, a).sum()


@pytest.mark.parametrize("rate", [0.0, 0.03, 0.4, 1.0])
@pytest.mark.parametrize("classes", [1, 3, 10])
def test_uniform(classes: int, rate: float) -> None:
    old = made(classes, n=20_000)
    new = noisy(old, "uniform", rate, 7)
    k = max(2, classes)
    was, now = old.rows.targets, new.rows.targets
    assert changed(old, new).mean() == pytest.approx(rate, abs=0.015 if 0 < rate < 1 else 0)
    if rate >= 0.4:
        table = np.zeros((k, k))
        np.add.at(table, (was, now), 1)
        table /= table.sum(1, keepdims=True)
        np.testing.assert_allclose(table[~np.eye(k, dtype=bool)], rate / (k - 1), atol=0.035)


@pytest.mark.parametrize(("classes", "a"), [(1, 1), (1, 0), (4, 2), (10, 9)])
def test_one_class(classes: int, a: int) -> None:
    old = made(classes, n=10_000)
    new = noisy(old, "one class", 0.3, 0, (a, a))
    was, now = old.rows.targets, new.rows.targets
    differs = was != now
    assert set(was[differs]) == {a}
    assert differs[was == a].mean() == pytest.approx(0.3, abs=0.06)
    assert set(now[differs]) == set(range(max(2, classes))) - {a}


@pytest.mark.parametrize(("classes", "pair"), [(1, (0, 1)), (1, (1, 0)), (10, (3, 8)), (10, (8, 3))])
def test_pair(classes: int, pair: tuple[int, int]) -> None:
    old = made(classes, n=10_000)
    new = noisy(old, "pair", 0.2, 0, pair)
    was, now = old.rows.targets, new.rows.targets
    differs = was != now
    assert (set(was[differs]), set(now[differs])) == ({pair[0]}, {pair[1]})
    assert differs[was == pair[0]].mean() == pytest.approx(0.2, abs=0.06)
    everything = noisy(old, "pair", 1.0, 0, pair)
    assert pair[0] not in everything.rows.targets


def distances(old: Batch) -> tuple[list[float], list[int]]:
    """How far each label's logit is from the best other, and which that is; one row after the other."""
    far, best = [], []
    for z, y in zip(old.rows.logits.astype(np.float64).tolist(), labels(old.rows.targets).tolist(), strict=True):
        z = [0.0, *z] if len(z) == 1 else z
        others = [(v, k) for k, v in enumerate(z) if k != y]
        top, k = max(others)
        far.append(abs(z[y] - top))
        best.append(k)
    return far, best


@pytest.mark.parametrize(("classes", "form"), [(1, "labels"), (2, "labels"), (7, "labels"), (7, "one-hot")])
@pytest.mark.parametrize("rate", [0.0, 0.0123, 0.25, 1.0])
def test_near_and_far(classes: int, form: str, rate: float) -> None:
    old = made(classes, form, 400)
    far, rival = distances(old)
    order = sorted(range(400), key=far.__getitem__)
    count = round(rate * 400)
    for kind, rows in (("near boundary", order[:count]), ("far from boundary", order[400 - count :])):
        new = noisy(old, kind, rate)
        assert set(np.flatnonzero(changed(old, new))) == set(rows)
        assert labels(new.rows.targets)[rows].tolist() == [rival[i] for i in rows]


@pytest.mark.parametrize(("classes", "form", "a"), [(1, "labels", 1), (2, "labels", 0), (7, "labels", 1), (7, "one-hot", 0)])
@pytest.mark.parametrize("rate", [0.0, 0.0123, 0.25, 1.0])
def test_near_and_far_of_one_class(classes: int, form: str, a: int, rate: float) -> None:
    """Given classes, the boundary's noise keeps to labels of the first, and `rate` is a share of those."""
    old = made(classes, form, 400)
    far, rival = distances(old)
    eligible = np.flatnonzero(labels(old.rows.targets) == a).tolist()
    order = sorted(eligible, key=far.__getitem__)
    count = round(rate * len(eligible))
    for kind, rows in (("near boundary", order[:count]), ("far from boundary", order[len(eligible) - count :])):
        new = noisy(old, kind, rate, 0, (a, a))
        assert set(np.flatnonzero(changed(old, new))) == set(rows)
        assert labels(new.rows.targets)[rows].tolist() == [rival[i] for i in rows]
        elsewhere = noisy(old, kind, rate, 0, (a, 1 - a))
        np.testing.assert_array_equal(elsewhere.rows.targets, new.rows.targets)


def test_near_and_far_of_one_column() -> None:
    old = made(5, "multi-hot", 1000)
    was, z = old.rows.targets, np.abs(old.rows.logits[:, 3])
    for kind, sign in (("near boundary", 1), ("far from boundary", -1)):
        differs = noisy(old, kind, 0.1, 0, (3, 3)).rows.targets != was
        assert not differs[:, [0, 1, 2, 4]].any()
        assert set(np.flatnonzero(differs[:, 3])) == set(np.argsort(sign * z)[:100])


def test_noise_of_a_class_that_no_label_names() -> None:
    old = batch(np.eye(3), [0, 1, 1])
    for kind in ("one class", "near boundary", "far from boundary"):
        assert not changed(old, noisy(old, kind, 1.0, 0, (2, 2))).any()


def test_near_and_far_on_real_digits() -> None:
    old = digits.batch()
    right = old.rows.logits.argmax(1) == old.rows.targets
    near, far = (noisy(old, kind, 0.02) for kind in ("near boundary", "far from boundary"))
    assert near.survey.suspects == far.survey.suspects == round(0.02 * 1797)
    # Far away nearly all were right and are now contradicted; near, about as many were wrong as were right.
    assert right[changed(old, far)].mean() > 0.95
    assert 0.2 < right[changed(old, near)].mean() < 0.9


def test_equals_are_drawn_by_the_seed() -> None:
    old = detector(50, 450, separation=0.0, spread=0.0)
    chosen = [np.flatnonzero(changed(old, noisy(old, "near boundary", 0.1, seed))) for seed in range(3)]
    assert all(len(rows) == 50 for rows in chosen)
    assert len(set(map(tuple, chosen))) == 3


def test_several_classes_by_entry() -> None:
    old = made(5, "multi-hot", 4000)
    was, z = old.rows.targets, np.abs(old.rows.logits)
    uniform = noisy(old, "uniform", 0.1).rows.targets != was
    np.testing.assert_allclose(uniform.mean(0), 0.1, atol=0.03)
    column = noisy(old, "one class", 0.1, 0, (2, 2)).rows.targets != was
    assert column[:, 2].mean() == pytest.approx(0.1, abs=0.03)
    assert not column[:, [0, 1, 3, 4]].any()
    moved = noisy(old, "pair", 0.5, 0, (3, 1)).rows.targets
    differs = (moved != was).any(1)
    assert (was[differs][:, [3, 1]] == [1, 0]).all()
    assert (moved[differs][:, [3, 1]] == [0, 1]).all()
    np.testing.assert_array_equal(moved.sum(1), was.sum(1))
    assert differs[(was[:, 3] == 1) & (was[:, 1] == 0)].mean() == pytest.approx(0.5, abs=0.08)
    near = noisy(old, "near boundary", 0.05).rows.targets != was
    assert near.sum() == 1000
    assert z[near].max() <= z[~near].min()
    far = noisy(old, "far from boundary", 0.05).rows.targets != was
    assert z[far].min() >= z[~far].max()


def test_suspects_of_before_stay() -> None:
    marks = np.zeros(100, bool)
    marks[:7] = True
    old = batch(np.zeros((100, 3)), np.arange(100) % 3, marks)
    new = noisy(old, "uniform", 0.3)
    np.testing.assert_array_equal(new.rows.suspects, marks | changed(old, new))
    assert new.survey.suspects == new.rows.suspects.sum() > changed(old, new).sum()  # type: ignore[union-attr]
    assert marks.sum() == 7
    twice = noisy(new, "pair", 0.5, 1, (0, 1))
    assert len(twice.survey.notes) == 2
    assert twice.rows.suspects[new.rows.suspects].all()  # type: ignore[index]


def test_none_is_the_batch_itself() -> None:
    for old in (made(3), batch([[0.0, 1.0]], [[0.4, 0.6]])):
        assert noisy(old, "none", 0.5) is old


@each_kind
def test_one_row(kind: str) -> None:
    for old in (batch([[2.0]], [1]), batch([[2.0, 1.0, 0.0]], [1]), batch([[2.0, -1.0]], [[1, 1]])):
        new = noisy(old, kind, 1.0, 0, (1, 0))
        assert changed(old, new).tolist() == [True] or (kind == "pair" and old.survey.task == "multi-label")


REFUSED: Sequence[tuple[str, tuple[Any, ...], str]] = [
    ("unifrom", (0.1,), "kind: .*did you mean 'uniform'"),
    ("uniform", (-0.1,), "rate"),
    ("uniform", (1.1,), "rate"),
    ("uniform", (float("nan"),), "rate"),
    ("uniform", (0.1, -1), "seed"),
    ("one class", (0.1,), "classes: found none"),
    ("pair", (0.1, 0), "classes: found none"),
    ("pair", (0.1, 0, (2, 2)), "classes: found 2 twice"),
    ("one class", (0.1, 0, (3, 3)), "classes: found 3; expected a class from 0 to 2"),
    ("pair", (0.1, 0, (0, 3)), "classes: found 3"),
    ("pair", (0.1, 0, (-1, 0)), "classes: found -1"),
    ("near boundary", (0.1, 0, (3, 3)), "classes: found 3; expected a class from 0 to 2"),
    ("far from boundary", (0.1, 0, (-1, 0)), "classes: found -1"),
]


@pytest.mark.parametrize(("kind", "arguments", "message"), REFUSED)
def test_what_makes_no_sense_is_refused(kind: str, arguments: tuple[Any, ...], message: str) -> None:
    with pytest.raises(InputError, match=message):
        noisy(made(3), kind, *arguments)


@each_kind
def test_soft_targets_are_refused(kind: str) -> None:
    for old in (batch([[0.0, 1.0]], [[0.4, 0.6]]), batch([[0.0]], [[0.4]])):
        with pytest.raises(InputError, match=r"targets: found soft targets; expected labels"):
            noisy(old, kind, 0.1, 0, (0, 1))


def test_the_digits_as_a_batch() -> None:
    old = digits.batch()
    rows, survey = old.rows, old.survey
    assert old is digits.batch()
    assert (rows.logits.shape, rows.logits.dtype, rows.targets.dtype) == ((1797, 10), np.float32, np.int64)
    assert survey.counts == tuple(np.bincount(rows.targets).astype(float))
    assert (sum(survey.counts), survey.samples, survey.classes, survey.task) == (1797, 1797, 10, "multi-class")
    assert (rows.logits.argmax(1) != rows.targets).sum() == 52
    for n in (0, 5, 1796):
        single = digits.digit(n)
        assert (single.label, rows.ids[n]) == (rows.targets[n], n)  # type: ignore[index]
        np.testing.assert_allclose(rows.logits[n], single.logits, atol=6e-4)
    assert dataclasses.is_dataclass(old)
