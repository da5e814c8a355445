"""Doubtful labels, on labels that are known because they were changed on purpose."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.special import expit, softmax

from lossviz import evaluate, loss
from lossviz.analysis.batch import pruning
from lossviz.analysis.batch.label_probabilities import label_probabilities
from lossviz.analysis.batch.pruning import doubtful_labels
from lossviz.analysis.batch.suspects import (
    Suspects,
    detection,
    gamma_reorders,
    judging_activation,
    one_order,
    ranked,
    suspects,
    unavailable,
)
from lossviz.data import digits
from lossviz.data.noise import noisy
from lossviz.data.predictions import Batch

from ... import specs
from . import made


def reference(p: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray, float, set[int]]:
    """Thresholds, confident joint, estimate and the errors by prune by noise rate, a row and a class at a time."""
    n, classes = p.shape
    t = [p[y == j, j].mean() if (y == j).any() else math.inf for j in range(classes)]
    joint = np.zeros((classes, classes), int)
    for i in range(n):
        reached = [j for j in range(classes) if p[i, j] >= t[j] - 1e-6]
        if reached:
            joint[y[i], max(reached, key=lambda j: p[i, j])] += 1
    estimate, errors = 0.0, set()
    for i in range(classes):
        rows = np.flatnonzero(y == i)
        if not len(rows):
            continue
        q = joint[i] / joint[i].sum() * len(rows)
        estimate += q.sum() - q[i]
        whole = np.floor(q + 1e-6).astype(int)
        for j in sorted(range(classes), key=lambda j: (-(q[j] - whole[j]), j))[: round(len(rows) - whole.sum())]:
            whole[j] += 1
        for j in set(range(classes)) - {i}:
            first = sorted(rows, key=lambda r: (p[r, i] - p[r, j], r))[: whole[j]]
            errors |= {int(r) for r in first if p[r, j] > p[r, i]}
    return np.array(t), joint, estimate, errors


def cut(batch: Batch, *before: int) -> made.Cut:
    return made.Cut(batch.survey, batch.rows, before)


def called(judgement: Suspects) -> np.ndarray:
    return np.unique(judgement.errors.row)


NOISE = [("uniform", 0.05, None), ("uniform", 0.1, None), ("uniform", 0.3, None), ("pair", 0.2, (3, 8)), ("pair", 0.4, (3, 8))]
noise = pytest.mark.parametrize(("kind", "rate", "classes"), NOISE)


@noise
def test_the_digits_with_planted_errors_against_the_definition(kind: str, rate: float, classes: tuple[int, int] | None) -> None:
    batch = noisy(digits.batch(), kind, rate, 3, classes)
    judgement = suspects(cut(batch, 1, 700, 701), "softmax")
    y = batch.rows.targets
    t, joint, estimate, errors = reference(softmax(batch.rows.logits.astype(float), 1), y)
    np.testing.assert_allclose(judgement.threshold[0], t, rtol=1e-12)
    np.testing.assert_array_equal(judgement.joint[0], joint)
    assert judgement.estimate == pytest.approx(estimate, rel=1e-12)
    assert set(judgement.errors.row.tolist()) == errors
    assert judgement.total == 1797
    assert judgement.counts.tolist() == [np.bincount(y, minlength=10).tolist()]


@noise
@pytest.mark.parametrize("seed", range(3))
def test_planted_errors_are_detected(kind: str, rate: float, classes: tuple[int, int] | None, seed: int) -> None:
    clean = digits.batch()
    batch = noisy(clean, kind, rate, seed, classes)
    wrong = batch.rows.targets != clean.rows.targets
    judgement = suspects(batch, "softmax")
    marked = detection(judgement, batch.survey)
    assert marked is not None
    rows = called(judgement)
    assert (marked.called, marked.marked, marked.both) == (len(rows), wrong.sum(), wrong[rows].sum())
    assert marked.precision == wrong[rows].mean() >= 0.8
    assert marked.recall == wrong[rows].sum() / wrong.sum() >= 0.85
    assert judgement.estimate == pytest.approx(wrong.sum(), rel=0.25)


def test_the_digits_as_they_are_have_few() -> None:
    batch = digits.batch()
    judgement = suspects(batch, "softmax")
    assert len(judgement.errors.row) <= judgement.estimate < 10
    assert detection(judgement, batch.survey) is None
    guess = batch.rows.logits.argmax(1)
    assert (guess != batch.rows.targets)[judgement.errors.row].all()
    assert (judgement.errors.guess == guess[judgement.errors.row]).all()


def test_by_hand() -> None:
    """Thresholds .7 and .6; row 2 is labelled 0 and confidently 1, row 5 the other way round, row 3 reaches neither."""
    p = np.array([[0.9, 0.1], [0.85, 0.15], [0.35, 0.65], [0.7, 0.3], [0.1, 0.9], [0.85, 0.15], [0.25, 0.75]])
    y = np.array([0, 0, 0, 0, 1, 1, 1])
    judgement = suspects(made.plain(np.log(p), y), "softmax")
    np.testing.assert_allclose(judgement.threshold, [[0.7, 0.6]], rtol=1e-12)
    assert judgement.joint.tolist() == [[[3, 1], [1, 2]]]
    assert judgement.estimate == pytest.approx(4 / 4 + 3 / 3)
    assert judgement.errors.row.tolist() == [2, 5]
    np.testing.assert_allclose(judgement.errors.self_confidence, [0.35, 0.15])
    np.testing.assert_allclose(judgement.errors.margin, [-0.3, -0.7])
    np.testing.assert_allclose(judgement.errors.guess_confidence, [0.65, 0.85])
    assert ranked(judgement.errors, "normalized-margin").row.tolist() == [5, 2]


def test_rows_that_are_confident_of_nothing_are_scaled_away() -> None:
    """Of six labelled 0 one is confidently 1 and two are 0: a quarter of the six, which is one and a half, of which
    the half stays where it is."""
    p0 = np.array([0.9, 0.9, 0.2, 0.45, 0.55, 0.6, 0.1, 0.3])
    y = np.array([0, 0, 0, 0, 0, 0, 1, 1])
    judgement = suspects(made.plain(np.log(np.stack((p0, 1 - p0), 1)), y), "softmax")
    np.testing.assert_allclose(judgement.threshold, [[0.6, 0.8]])
    assert judgement.joint.tolist() == [[[3, 1], [0, 1]]]
    assert judgement.estimate == pytest.approx(6 / 4)
    assert judgement.errors.row.tolist() == [2]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("classes", [1, 2, 3, 10])
@pytest.mark.parametrize("size", [0.0, 1.0, 1e4])
def test_of_equals_and_of_the_certain_none_is_wrong(classes: int, size: float, dtype: type) -> None:
    y = np.arange(60) % max(2, classes)
    z = ((2 * y - 1)[:, None] if classes == 1 else np.eye(classes)[y]) * size
    judgement = suspects(cut(made.plain(z.astype(dtype), y), 7), "sigmoid" if classes == 1 else "softmax")
    assert len(judgement.errors.row) == 0
    assert detection(judgement, made.plain(z, y).survey) is None


@pytest.mark.parametrize("before", [(), (4,), (2, 6, 7)])
def test_of_equals_the_earlier_row_is_called_wrong(before: tuple[int, ...]) -> None:
    """One of eight labelled 0 is confidently 1, four are 0: 1.6 of the eight, which is the surest and one of three alike."""
    p0 = np.array([0.9, 0.9, 0.9, 0.9, 0.45, 0.45, 0.45, 0.05, 0.1, 0.1])
    batch = made.plain(np.log(np.stack((p0, 1 - p0), 1)), np.array([0] * 8 + [1] * 2))
    judgement = suspects(cut(batch, *before), "softmax")
    assert judgement.estimate == pytest.approx(1.6)
    assert judgement.errors.row.tolist() == [4, 7]


@pytest.mark.parametrize("classes", [1, 2, 4])
def test_all_that_are_alike_are_called_wrong(classes: int) -> None:
    """Eight rows alike, labelled otherwise than the model says, beside many right ones."""
    y = np.array([0, 1] * 20 + [0] * 8)
    z = np.where(np.arange(48) < 40, np.where(y == 1, 4.0, -4.0), 4.0)
    logits = z[:, None] if classes == 1 else np.stack((-z / 2, z / 2, *[np.full(48, -9.0)] * (classes - 2)), 1)
    judgement = suspects(made.plain(logits, y), "sigmoid" if classes == 1 else "softmax")
    assert judgement.errors.row.tolist() == list(range(40, 48))
    assert judgement.estimate == pytest.approx(8)


@pytest.mark.parametrize("classes", [1, 2, 5])
def test_one_class_only(classes: int) -> None:
    z = specs.seeded("one class", classes).normal(size=(50, classes))
    judgement = suspects(made.plain(z, np.zeros(50)), "sigmoid" if classes == 1 else "softmax")
    assert np.isinf(judgement.threshold[0, 1:]).all()
    assert (judgement.estimate, len(judgement.errors.row), judgement.total) == (0, 0, 50)


def test_a_class_without_labels_is_never_the_right_one() -> None:
    rng = specs.seeded("absent class")
    y = rng.integers(3, size=200)
    z = rng.normal(size=(200, 5)) + 4 * np.eye(5)[np.where(rng.random(200) < 0.2, 4, y)]
    judgement = suspects(made.plain(z, y), "softmax")
    assert np.isinf(judgement.threshold[0, 3:]).all()
    assert judgement.joint[0, :, 3:].sum() == judgement.joint[0, 3:].sum() == 0


@pytest.mark.parametrize("activation", ["softmax", "sigmoid"])
def test_in_any_parts_the_same(activation: str) -> None:
    rng = specs.seeded("parts", activation)
    y = rng.integers(6, size=500)
    batch = made.marked(rng.normal(size=(500, 6)) + 2 * np.eye(6)[np.where(rng.random(500) < 0.2, (y + 1) % 6, y)], y, rng)
    whole, parts = suspects(batch, activation), suspects(cut(batch, *range(3, 500, 11)), activation)
    for a, b in zip((*whole[:4], *whole.errors), (*parts[:4], *parts.errors), strict=True):
        assert np.array_equal(a, b) or np.allclose(a, b, rtol=1e-12)
    p = (softmax(batch.rows.logits, 1) if activation == "softmax" else expit(batch.rows.logits)).astype(float)
    assert set(whole.errors.row.tolist()) == reference(p, y)[3]


def test_candidates_beyond_the_number_of_errors_are_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = specs.seeded("let go")
    y = rng.integers(20, size=1500)
    batch = made.plain(rng.normal(size=(1500, 20)) + np.eye(20)[y], y)
    whole = suspects(batch, "softmax")
    monkeypatch.setattr(pruning, "FEWEST", 0)
    assert suspects(cut(batch, *range(50, 1500, 50)), "softmax").errors.row.tolist() == whole.errors.row.tolist()


def known(z: np.ndarray, t: np.ndarray, wrong: np.ndarray) -> Batch:
    """Predictions whose wrong rows are marked."""
    batch = made.plain(z, t, suspects=wrong)
    return Batch(batch.survey._replace(suspects=int(wrong.sum())), batch.rows)


def several(seed: int, columns: int = 8, n: int = 600, rate: float = 0.02) -> tuple[Batch, np.ndarray]:
    """Several classes a sample, each with a frequency of its own, and some of the entries changed."""
    rng = specs.seeded("several", seed)
    t = (rng.random((n, columns)) < np.linspace(0.05, 0.5, columns)).astype(float)
    z = (2 * t - 1) * rng.normal(3.5, 1.5, t.shape)
    wrong = rng.random(t.shape) < rate
    return known(z, np.where(wrong, 1 - t, t), wrong.any(1)), wrong


@pytest.mark.parametrize("seed", range(3))
def test_several_classes_a_sample_are_judged_one_at_a_time(seed: int) -> None:
    batch, wrong = several(seed)
    judgement = suspects(cut(batch, 100, 101), "sigmoid")
    p, t = expit(batch.rows.logits), batch.rows.targets
    errors, estimate = set(), 0.0
    for c in range(t.shape[1]):
        threshold, joint, part, rows = reference(np.stack((1 - p[:, c], p[:, c]), 1), t[:, c].astype(int))
        np.testing.assert_allclose(judgement.threshold[c], threshold, rtol=1e-9)
        np.testing.assert_array_equal(judgement.joint[c], joint)
        estimate += part
        errors |= {(row, c) for row in rows}
    assert judgement.estimate == pytest.approx(estimate)
    places = list(zip(judgement.errors.row.tolist(), judgement.errors.problem.tolist(), strict=True))
    assert set(places) == errors
    assert len(places) == len(errors)
    assert judgement.total == t.size
    hits = wrong[judgement.errors.row, judgement.errors.problem]
    assert hits.mean() >= 0.7
    assert hits.sum() >= 0.8 * wrong.sum()
    marked = detection(judgement, batch.survey)
    assert marked is not None
    rows = called(judgement)
    assert (marked.called, marked.marked, marked.both) == (len(rows), wrong.any(1).sum(), wrong.any(1)[rows].sum())


@pytest.mark.parametrize("seed", range(3))
def test_an_entry_s_own_probability_finds_more_than_a_sample_s_loss(seed: int) -> None:
    batch, wrong = several(seed, columns=20)
    first = ranked(suspects(batch, "sigmoid").errors, "self-confidence").at(slice(0, 50))
    entries = wrong[first.row, first.problem].mean()
    by_loss = np.argsort(-evaluate(loss("focal", "sigmoid", gamma=5.0), batch.rows.logits, batch.rows.targets).loss.numpy())
    assert entries >= wrong.any(1)[by_loss[:50]].mean()
    assert entries >= 0.9


@pytest.mark.parametrize("gamma", [0.0, 0.5, 2.0, 5.0])
@pytest.mark.parametrize("classes", [1, 2, 10])
def test_gamma_leaves_the_order_of_one_label_alone(classes: int, gamma: float) -> None:
    """The order of the loss is that of self-confidence, so a higher γ says nothing more about a label."""
    rng = specs.seeded("order", classes)
    z, y = rng.normal(0, 3, (400, classes)), rng.integers(max(2, classes), size=400)
    batch, activation = made.plain(z, y), "sigmoid" if classes == 1 else "softmax"
    assert not gamma_reorders(batch.survey, activation)
    p = expit(np.where(y == 1, z[:, 0], -z[:, 0])) if classes == 1 else softmax(z, 1)[np.arange(400), y]
    by_loss = np.argsort(-evaluate(loss("focal", activation, gamma=gamma), z, y).loss.numpy(), kind="stable")
    assert by_loss.tolist() == np.argsort(p, kind="stable").tolist()


@pytest.mark.parametrize("targets", [[1, 0], [[1.0, 1.0], [1.0, 1.0]]])
def test_gamma_reorders_sums(targets: list[object]) -> None:
    """One entry that is quite wrong, against two that are less so."""
    z = np.array([[-2.0, 9.0], [-1.0, -1.0]]) if isinstance(targets[0], list) else np.array([[-9.0, -2.0], [-1.0, 1.0]])
    t = np.array(targets)
    low, high = (evaluate(loss("focal", "sigmoid", gamma=g), z, t).loss.numpy() for g in (0.0, 5.0))
    assert gamma_reorders(made.plain(z, t).survey, "sigmoid")
    assert low[0] < low[1]
    assert high[0] > high[1]
    assert gamma_reorders(several(0)[0].survey, "softmax")


def test_the_margin_puts_a_rival_before_mere_doubt() -> None:
    p = np.array([[0.3, 0.7, 0.0], [0.28, 0.36, 0.36]]) + 1e-9
    rows = made.plain(np.log(p), np.array([0, 0])).rows
    both = doubtful_labels(label_probabilities(rows, "multi-class", "softmax"), rows)
    assert ranked(both, "normalized-margin").row.tolist() == [0, 1]
    assert ranked(both, "self-confidence").row.tolist() == [1, 0]


def average_precision(score: np.ndarray, wrong: np.ndarray) -> float:
    hits = wrong[np.argsort(score, kind="stable")]
    return float((hits.cumsum() / np.arange(1, len(hits) + 1))[hits].mean())


def test_where_one_class_is_taken_for_another_the_margin_finds_more() -> None:
    """A model that learned from labels of which a third of each class is called the next: fifteen nearest neighbours, half of
    the digits judged by the other half."""
    images, y, _ = digits.images()
    x, rng = images.reshape(len(y), -1) / 16, specs.seeded("pairs")
    wrong = rng.random(len(y)) < 0.3
    noisy_labels = np.where(wrong, (y + 1) % 10, y)
    p = np.zeros((len(y), 10))
    for part in (0, 1):
        train, rest = np.arange(len(y)) % 2 == part, np.arange(len(y)) % 2 != part
        near = np.argsort((x[train] ** 2).sum(1) - 2 * x[rest] @ x[train].T, 1)[:, :15]
        p[rest] = (np.eye(10)[noisy_labels[train][near]].sum(1) + 0.1) / 16
    batch = made.plain(np.log(p), noisy_labels)
    judgement = doubtful_labels(label_probabilities(batch.rows, "multi-class", "softmax"), batch.rows)
    margin, own = (average_precision(score, wrong) for score in (judgement.margin, judgement.self_confidence))
    assert margin > own + 0.01


def test_what_has_one_order() -> None:
    y = np.array([0, 1, 1])
    one, two, three = (made.plain(np.zeros((3, c)), y).survey for c in (1, 2, 3))
    assert one_order(one, "sigmoid")
    assert one_order(two, "softmax")
    assert not one_order(two, "sigmoid")
    assert not one_order(three, "softmax")
    assert one_order(several(0)[0].survey, "sigmoid")


def test_entries_are_judged_by_their_sigmoids() -> None:
    several_survey, one = several(0)[0].survey, digits.batch().survey
    assert judging_activation(several_survey, "softmax") == judging_activation(several_survey, "sigmoid") == "sigmoid"
    assert judging_activation(several_survey._replace(activations=("softmax",)), "softmax") == "softmax"
    assert [judging_activation(one, name) for name in ("softmax", "sigmoid", "exp")] == ["softmax", "sigmoid", "exp"]


def test_soft_targets_are_no_labels() -> None:
    soft = made.plain(np.zeros((2, 3)), np.array([[0.5, 0.5, 0], [1, 0, 0]]))
    assert "soft" in unavailable(soft.survey)
    assert unavailable(made.plain(np.zeros((2, 3)), np.eye(3)[:2]).survey) == ""


def test_one_hot_targets_are_labels() -> None:
    batch = noisy(digits.batch(), "uniform", 0.1, 1)
    hot = made.plain(batch.rows.logits, np.eye(10)[batch.rows.targets].astype(np.float32))
    one, other = suspects(batch, "softmax"), suspects(hot, "softmax")
    assert one.errors.row.tolist() == other.errors.row.tolist()
    assert one.estimate == other.estimate


def test_a_thousand_classes() -> None:
    rng = specs.seeded("thousand")
    y = np.tile(np.arange(1000), 2)
    wrong = rng.random(2000) < 0.05
    z = rng.standard_normal((2000, 1000), np.float32)
    z[np.arange(2000), y] += 30
    batch = known(z, np.where(wrong, (y + 7) % 1000, y), wrong)
    marked = detection(suspects(batch, "softmax"), batch.survey)
    assert marked is not None
    assert marked.precision > 0.9
    assert marked.recall > 0.9
