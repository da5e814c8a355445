"""Every class by itself, against scikit-learn and masks over all samples."""

from __future__ import annotations

from functools import reduce
from itertools import pairwise

import numpy as np
import pytest
from scipy.special import expit, softmax
from sklearn.metrics import confusion_matrix, precision_recall_fscore_support

from lossviz import loss
from lossviz.analysis.batch.classes import BINS, class_names, class_sums, classes, decision_names, merge, pairs, total
from lossviz.analysis.batch.sample_filter import SampleFilter, chosen
from lossviz.data.predictions import Batch, Predictions
from lossviz.losses import LossSpec

from ... import specs
from . import made
from .made import Kind

KINDS = (
    *made.KINDS,
    Kind("focal", "softmax", 40, "labels", made.GAMMA),
    Kind("cross-entropy", "sigmoid", 7, "multi-hot"),
)
each_kind = pytest.mark.parametrize("kind", KINDS, ids=str)


def probabilities(kind: Kind, batch: Batch) -> np.ndarray:
    """Of each class; of no and yes for one sigmoid."""
    z = batch.rows.logits.astype(np.float64)
    p = expit(z) if kind.activation == "sigmoid" else softmax(z, axis=1)
    return np.concatenate((1 - p, p), 1) if p.shape[1] == 1 else p


def dense(batch: Batch) -> np.ndarray:
    """Targets of each class; of no and yes for one sigmoid."""
    t = made.one_hot(batch.rows.targets, batch.survey.classes)
    return np.concatenate((1 - t, t), 1) if t.shape[1] == 1 else t


def decided(kind: Kind, batch: Batch) -> tuple[np.ndarray, np.ndarray]:
    """Labels and guesses as scikit-learn takes them: of each row, or 0 and 1 of each entry."""
    p, t = probabilities(kind, batch), dense(batch)
    if batch.survey.task != "multi-label":
        return t.argmax(1), p.argmax(1)
    guess = p > 0.5 if kind.activation == "sigmoid" else p == p.max(1, keepdims=True)
    return (t > 0.5).astype(int), guess.astype(int)


def ece(p: np.ndarray, t: np.ndarray) -> float:
    """As it is written."""
    result, edges = 0.0, np.linspace(0, 1, BINS + 1)
    for low, high in pairwise(edges):
        mask = (p >= low) & ((p < high) | (high == 1))
        result += abs(p[mask].sum() - t[mask].sum()) / len(p)
    return result


@each_kind
def test_each_class_against_scikit_learn(kind: Kind) -> None:
    batch = made.batch(kind, 400)
    result = classes(total(made.Cut(batch.survey, batch.rows, (1, 150)), kind.spec))
    label, guess = decided(kind, batch)
    p, t = probabilities(kind, batch), dense(batch)
    numbers = np.arange(p.shape[1])
    precision, recall, _, support = precision_recall_fscore_support(label, guess, labels=numbers, zero_division=np.nan)
    np.testing.assert_array_equal(result.support, support)
    np.testing.assert_allclose(result.recall, recall, rtol=1e-12)
    np.testing.assert_allclose(result.precision, precision, rtol=1e-12)
    np.testing.assert_allclose(result.ece, [ece(p[:, k], t[:, k]) for k in numbers], rtol=1e-9)
    one = made.counted(kind.spec, batch)
    part = one.stratum // 2 if batch.survey.task == "multi-label" else one.stratum
    for k in numbers:
        mask = part == k
        if mask.any():
            assert result.mean_loss[k] == pytest.approx(one.loss[mask].mean(), rel=1e-9)
        assert result.loss_share[k] == pytest.approx(one.loss[mask].sum() / one.loss.sum(), rel=1e-9)
        assert result.norm_share[k] == pytest.approx(one.norm[mask].sum() / one.norm.sum(), rel=1e-9)
        guessed = guess[:, k] == 1 if guess.ndim == 2 else guess == k
        if guessed.any():
            assert result.confidence[k] == pytest.approx(p[guessed, k].mean(), rel=1e-9)
    assert result.loss_share.sum() == pytest.approx(1)


@each_kind
def test_confusions_against_scikit_learn(kind: Kind) -> None:
    batch = made.batch(kind, 400)
    sums = total(made.Cut(batch.survey, batch.rows, (3, 200)), kind.spec)
    result, one = pairs(sums, batch.survey), made.counted(kind.spec, batch)
    label, guess = decided(kind, batch)
    if batch.survey.task == "multi-label":
        number = 2 * np.arange(label.shape[1])
        label, guess = (label + number).reshape(-1), (guess + number).reshape(-1)
    matrix = confusion_matrix(label, guess, labels=np.arange(label.max() + 2))
    wrong = matrix - np.diag(np.diag(matrix))
    assert result.size.sum() == wrong.sum() > 0
    assert len(result.size) == (wrong > 0).sum()
    for a, b, n, share, lost in zip(*result, strict=True):
        mask = (label == a) & (guess == b)
        assert n == wrong[a, b] == mask.sum()
        assert share == pytest.approx(n / (label == a).sum())
        assert lost == pytest.approx(one.loss[mask].sum() / one.loss.sum(), rel=1e-9)
    assert (np.diff(result.loss_share) <= 0).all()
    assert max(result.label.max(), result.guess.max()) < len(decision_names(batch.survey))


@pytest.mark.parametrize("kind", [KINDS[0], KINDS[8], KINDS[15]], ids=str)
def test_one_group_is_the_batch_of_its_rows_with_shares_of_the_whole(kind: Kind) -> None:
    batch = made.batch(kind, 300)
    assert batch.rows.groups is not None
    kept = batch.rows.groups == 1
    alone = made.plain(batch.rows.logits[kept], batch.rows.targets[kept])
    one, other = classes(total(batch, kind.spec, 1)), classes(total(alone, kind.spec))
    for name in ("support", "mean_loss", "recall", "precision", "confidence", "ece"):
        np.testing.assert_allclose(getattr(one, name), getattr(other, name), rtol=1e-12)
    parts = [classes(total(batch, kind.spec, code)) for code in range(len(made.GROUPS))]
    assert sum(part.loss_share.sum() for part in parts) == pytest.approx(1)
    assert sum(part.norm_share.sum() for part in parts) == pytest.approx(1)
    assert 0 < one.loss_share.sum() < 1


@each_kind
def test_parts_add_up(kind: Kind) -> None:
    batch = made.batch(kind, 200)
    blocks = made.Cut(batch.survey, batch.rows, (1, 2, 90, 199)).blocks()
    parts = reduce(merge, (class_sums(block, batch.survey, kind.spec) for block in blocks))
    whole = class_sums(batch.rows, batch.survey, kind.spec)
    for a, b in zip((*parts[:-1], *parts.confusions), (*whole[:-1], *whole.confusions), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-12, atol=1e-12)


def test_a_thousand_classes_take_little_memory() -> None:
    rng = specs.seeded("thousand classes")
    z = rng.normal(size=(3000, 1000)).astype(np.float32)
    batch = made.plain(z, rng.integers(1000, size=3000))
    sums = total(batch, loss("focal"))
    arrays = (*sums[:-1], *sums.confusions)
    assert sum(x.nbytes for x in arrays) < 1_000_000
    result = classes(sums)
    assert len(result.support) == 1000
    assert np.isnan(result.precision[sums.guessed == 0]).all()
    assert result.loss_share.sum() == pytest.approx(1)


def narrowed(batch: Batch, spec: LossSpec, selection: SampleFilter) -> list[tuple[str, str]]:
    names = decision_names(batch.survey)
    result = pairs(total(batch, spec), batch.survey, selection)
    return [(names[a], names[b]) for a, b in zip(result.label, result.guess, strict=True)]


def test_pairs_of_a_class_a_label_a_guess() -> None:
    z = np.eye(3)[[0, 1, 2, 1, 2, 0, 1]] * 3.0
    batch = made.plain(z, [0, 0, 0, 1, 1, 2, 2])
    named = Batch(batch.survey._replace(class_names=("cat", "dog", "=cow")), batch.rows)
    spec = loss("cross-entropy")
    assert set(narrowed(named, spec, SampleFilter())) == {
        ("cat", "dog"),
        ("cat", "=cow"),
        ("dog", "=cow"),
        ("=cow", "cat"),
        ("=cow", "dog"),
    }
    assert set(narrowed(named, spec, SampleFilter(of_class=0))) == {("cat", "dog"), ("cat", "=cow"), ("=cow", "cat")}
    assert set(narrowed(named, spec, SampleFilter(label=0))) == {("cat", "dog"), ("cat", "=cow")}
    assert narrowed(named, spec, SampleFilter(label=0, guess=1)) == [("cat", "dog")]


def test_pairs_of_entries_are_misses_and_false_alarms() -> None:
    batch = made.plain(np.array([[5.0, -5.0], [-4.0, 4.0], [3.0, 3.0]]), np.array([[0.0, 1.0], [1.0, 1.0], [1.0, 1.0]]))
    spec = loss("cross-entropy", "sigmoid")
    assert narrowed(batch, spec, SampleFilter()) == [
        ("not class 0", "class 0"),
        ("class 1", "not class 1"),
        ("class 0", "not class 0"),
    ]
    assert narrowed(batch, spec, SampleFilter(label=1)) == [("class 1", "not class 1")]
    assert narrowed(batch, spec, SampleFilter(guess=0)) == [("not class 0", "class 0")]
    both = narrowed(batch, spec, SampleFilter(label=1, guess=0))
    assert both == [("not class 0", "class 0"), ("class 1", "not class 1")], "missed, or a false alarm"


@pytest.mark.parametrize("names", [(), ("healthy", "ill")])
def test_a_single_sigmoid_has_two_classes(names: tuple[str, ...]) -> None:
    batch = made.plain(np.array([[2.0], [-1.0], [1.0]]), np.array([1, 1, 0]))
    survey = batch.survey._replace(class_names=names)
    assert class_names(survey) == (names or ("negative", "positive"))
    result = classes(total(Batch(survey, batch.rows), loss("focal", "sigmoid")))
    assert result.support.tolist() == [1, 2]
    assert result.recall.tolist() == [0, 0.5]


@pytest.mark.parametrize("n", [1, 2])
def test_one_or_two_samples(n: int) -> None:
    for targets in ([0, 1][:n], np.eye(2)[:n] * 0 + 1.0):
        batch = made.plain(np.array([[3.0, 1.0], [0.0, 1.0]])[:n], targets)
        result = classes(total(batch, loss("focal", "sigmoid")))
        assert result.loss_share.sum() == pytest.approx(1)
        assert result.support.sum() in (n, 2 * n)


def test_no_loss_at_all_has_shares_of_nothing() -> None:
    batch = made.plain(np.array([[2000.0, 0.0]] * 3), [0] * 3)
    result = classes(total(batch, loss("focal")))
    assert result.loss_share.tolist() == [0, 0]
    assert result.recall[0] == result.precision[0] == 1


@each_kind
@pytest.mark.parametrize(
    "selection",
    [
        SampleFilter(),
        SampleFilter(label=1),
        SampleFilter(guess=0),
        SampleFilter(of_class=1),
        SampleFilter(label=0, guess=1, group=2),
    ],
    ids=str,
)
def test_which_rows_are_chosen(kind: Kind, selection: SampleFilter) -> None:
    batch = made.batch(kind, 200)
    label, guess = decided(kind, batch)
    if label.ndim == 1:
        label, guess = (np.eye(max(2, kind.classes))[x] for x in (label, guess))
    assert batch.rows.groups is not None
    wanted = np.ones(200, bool)
    for number, kept in ((selection.label, label), (selection.guess, guess), (selection.of_class, np.maximum(label, guess))):
        if number is not None:
            wanted &= kept[:, number] == 1
    if selection.group is not None:
        wanted &= batch.rows.groups == selection.group
    several = batch.survey.task == "multi-label"
    np.testing.assert_array_equal(chosen(batch.rows, kind.activation, several, selection), wanted)
    bare = Predictions(batch.rows.logits, batch.rows.targets)
    if selection.group is not None:
        assert not chosen(bare, kind.activation, several, selection).any()
