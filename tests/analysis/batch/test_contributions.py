"""The samples that contribute most: the same as sorting everything, and words for what they are."""

from __future__ import annotations

import numpy as np
import pytest

from lossviz import evaluate, loss
from lossviz.analysis.batch.batch_stats import plan, total
from lossviz.analysis.batch.contributions import Pair, contributions, guesses, labels
from lossviz.data.predictions import Batch
from lossviz.losses import LossSpec

from ... import specs
from ...drawn import alternating
from . import made
from .made import KINDS, Kind

each_kind = pytest.mark.parametrize("kind", KINDS, ids=str)


def pair(spec: LossSpec, batch: Batch, *before: int) -> Pair:
    cut = made.Cut(batch.survey, batch.rows, before)
    base = spec if spec.activation == "exp" else loss("cross-entropy", spec.activation)
    return Pair(spec, total(plan(spec, batch.survey), cut), base, total(plan(base, batch.survey), cut))


@pytest.mark.parametrize(
    ("kind", "by", "under"), alternating(KINDS, ["loss", "gradient"], ["chosen", "cross-entropy"]), ids=str
)
def test_against_sorting_everything(kind: Kind, by: str, under: str) -> None:
    batch = made.batch(kind, 250)
    pair_ = pair(kind.spec, batch, 3, 100, 101)
    result = contributions(pair_, by, under)
    ours, base = (made.truth(spec, batch.rows) for spec in (pair_.spec, pair_.ce_spec))
    columns = ours.terms.sum(1), made.norms(ours.grad), base.terms.sum(1), made.norms(base.grad)
    ranking = columns[(0 if under == "chosen" else 2) + (by == "gradient")]
    if len(np.unique(ranking.round(9))) > 1:
        np.testing.assert_array_equal(result.row, np.argsort(-ranking, kind="stable")[:20])
    for value, share, expected in zip(
        (result.loss, result.norm, result.ce_loss, result.ce_norm),
        (result.loss_share, result.norm_share, result.ce_loss_share, result.ce_norm_share),
        columns,
        strict=True,
    ):
        np.testing.assert_allclose(value, expected[result.row], rtol=1e-10, atol=1e-14)
        np.testing.assert_allclose(share, expected[result.row] / expected.sum(), rtol=1e-10, atol=1e-14)
    assert result.name == tuple(f"row-{i}" for i in result.row)
    np.testing.assert_array_equal(result.logits, batch.rows.logits[result.row])
    np.testing.assert_array_equal(result.targets, batch.rows.targets[result.row])
    assert batch.rows.groups is not None
    assert batch.rows.suspects is not None
    np.testing.assert_array_equal(result.group, batch.rows.groups[result.row])
    np.testing.assert_array_equal(result.suspect, batch.rows.suspects[result.row])
    assert len(result.label) == len(result.guess) == 20


@each_kind
def test_p_t_is_what_is_given_to_the_truth(kind: Kind) -> None:
    batch = made.batch(kind, 60)
    result = contributions(pair(kind.spec, batch))
    t = made.one_hot(batch.rows.targets, kind.classes)[result.row]
    p = made.truth(kind.spec, batch.rows).probs[result.row]
    expected = (t * p + (1 - t) * (1 - p)).min(1) if kind.activation == "sigmoid" else (t * p).sum(1)
    np.testing.assert_allclose(result.p_t, expected, rtol=1e-10)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("most", [1, 20, 100, 500])
def test_the_digits(dtype: type, most: int) -> None:
    rows = made.digits().rows
    batch = made.plain(rows.logits.astype(dtype), rows.targets)
    spec = loss("focal", gamma=2.0)
    result = contributions(pair(spec, batch, 1000), most=most)
    ev = evaluate(spec, batch.rows.logits.astype(np.float64), batch.rows.targets)
    expected = np.argsort(-ev.loss.numpy(), kind="stable")[: min(most, 100)]
    np.testing.assert_array_equal(result.row, expected)
    np.testing.assert_allclose(result.loss_share, (ev.loss / ev.loss.sum()).numpy()[expected], rtol=1e-5)
    assert result.label == tuple(f"class {y}" for y in rows.targets[expected])
    assert [g.split(" (")[0] for g in result.guess] == [f"class {c}" for c in rows.logits[expected].argmax(1)]
    assert (result.group == -1).all()


def test_what_weights_the_loss_has_are_seen() -> None:
    """A weight of 100 on one class puts its samples first, and cross-entropy's columns tell what they would have."""
    batch = made.batch(KINDS[8], 200)
    weight = (1.0,) * 6 + (100.0,)
    result = contributions(pair(loss("focal", gamma=0.0, weight=weight), batch), most=10)
    assert set(result.label) == {"class 6"}
    np.testing.assert_allclose(result.loss / result.ce_loss, 100, rtol=1e-12)
    assert (result.loss_share > result.ce_loss_share).all()


def test_no_loss_at_all() -> None:
    batch = made.plain(np.full((10, 1), -1e4), np.zeros(10))
    result = contributions(pair(loss("focal", "sigmoid"), batch))
    assert result.row.tolist() == list(range(10))
    assert result.loss_share.tolist() == [0] * 10


@pytest.mark.parametrize(
    ("targets", "classes", "words"),
    [
        ([0, 1], 1, ("negative", "positive")),
        ([[0.0], [1.0], [0.25]], 1, ("negative", "positive", "0.25 positive")),
        ([3, 0], 5, ("class 3", "class 0")),
        ([[0.0, 1.0, 0.0], [1.0, 1.0, 0.0], [0.0, 0.0, 0.0]], 3, ("class 1", "classes 0, 1", "no class")),
        ([[0.2, 0.7, 0.1], [0.0, 0.5, 0.5]], 3, ("classes 1 (0.7), 0 (0.2), 2 (0.1)", "classes 1 (0.5), 2 (0.5)")),
        (np.ones((1, 7)), 7, ("classes 0, 1, 2, 3, 4 …",)),
    ],
)
def test_labels_in_words(targets: object, classes: int, words: tuple[str, ...]) -> None:
    targets = np.array(targets)
    assert labels(targets, classes) == words
    if targets.dtype == np.float64:
        assert labels(targets.astype(np.float32), classes) == words


@pytest.mark.parametrize(
    ("probs", "activation", "words"),
    [
        ([[0.9], [0.25]], "sigmoid", ("positive (0.9)", "negative (0.75)")),
        ([[0.1, 0.625, 0.275]], "softmax", ("class 1 (0.625)",)),
        ([[0.1, 0.9]], "exp", ("class 1 (0.9)",)),
        ([[0.6, 0.9, 0.5], [0.1, 0.2, 0.3], [0.1, 1.0, 0.3]], "sigmoid", ("classes 1 (0.9), 0 (0.6)", "no class", "class 1")),
    ],
)
def test_guesses_in_words(probs: object, activation: str, words: tuple[str, ...]) -> None:
    assert guesses(np.array(probs), activation) == words


def test_words_of_whole_batches() -> None:
    for kind in KINDS:
        result = contributions(pair(kind.spec, made.batch(kind, 30)))
        assert len({len(result.label), len(result.guess), len(result.row)}) == 1
        assert all(result.label)
        assert all(result.guess)


@pytest.mark.parametrize("n", [1, 5])
def test_fewer_than_are_asked_for(n: int) -> None:
    z = specs.seeded("few", n).normal(size=(n, 3))
    assert len(contributions(pair(loss("focal"), made.plain(z, np.arange(n) % 3)), most=20).row) == n
