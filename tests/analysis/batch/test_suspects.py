"""Doubtful labels, on data whose wrong labels are known because they were made wrong."""

from __future__ import annotations

import numpy as np
import pytest

from lossviz import evaluate, loss
from lossviz.analysis.batch.suspects import HIGH, SHOWN, Suspects, suspects
from lossviz.data.predictions import Batch
from lossviz.losses import LossSpec

from ... import specs
from . import made
from .test_contributions import pair


def flipped(seed: int, classes: int, n: int = 2000, wrong: int = 40, known: bool = True) -> tuple[Batch, np.ndarray]:
    """Well-separated classes, and a few labels changed to another."""
    rng = specs.seeded("suspects", seed, classes)
    bad = np.zeros(n, bool)
    bad[rng.choice(n, wrong, replace=False)] = True
    if classes == 1:
        t = rng.integers(2, size=n)
        z = (np.where(t, 1, -1) * rng.normal(6, 1, n))[:, None]
        t = np.where(bad, 1 - t, t)
    else:
        t = rng.integers(classes, size=n)
        z = rng.normal(0, 1, (n, classes)) + 7 * np.eye(classes)[t]
        t = np.where(bad, (t + rng.integers(1, classes, n)) % classes, t)
    return made.plain(z, t, **({"suspects": bad} if known else {})), bad


def found_in(batch: Batch, spec: LossSpec) -> Suspects:
    return suspects(pair(spec, batch, 700, 701))


def high(classes: int) -> LossSpec:
    return loss("focal", "sigmoid" if classes == 1 else "softmax", gamma=HIGH)


@pytest.mark.parametrize("classes", [1, 2, 10])
@pytest.mark.parametrize("seed", range(3))
def test_wrong_labels_are_listed(seed: int, classes: int) -> None:
    batch, bad = flipped(seed, classes)
    found = found_in(batch, high(classes))
    rows = found.samples.row
    assert bad[rows].mean() >= 0.9
    assert bad[rows].sum() >= 0.9 * bad.sum()
    assert found.known == bad.sum() == 40
    assert found.marked == bad[rows].sum() == found.samples.suspect.sum()


@pytest.mark.parametrize("wrong", [0, 5, 40, 300])
@pytest.mark.parametrize("classes", [1, 10])
def test_nothing_below_its_fair_share_is_listed_and_nothing_above_is_missed(classes: int, wrong: int) -> None:
    batch, _ = flipped(0, classes, wrong=wrong)
    found = found_in(batch, high(classes))
    values, base = (evaluate(s, batch.rows.logits, batch.rows.targets).loss.numpy() for s in (high(classes), pair_ce(classes)))
    fair = values / values.mean()
    expected = [i for i in np.argsort(-values, kind="stable") if fair[i] > 1][:SHOWN]
    assert found.samples.row.tolist() == expected
    assert (found.fair > 1).all()
    np.testing.assert_allclose(found.fair, fair[expected], rtol=1e-10)
    np.testing.assert_allclose(found.ce_fair, (base / base.mean())[expected], rtol=1e-10)
    np.testing.assert_allclose(found.raised, (fair / (base / base.mean()))[expected], rtol=1e-9)
    assert len(found.fair) == len(found.samples.name) == len(found.samples.label) == len(found.samples.logits)


def pair_ce(classes: int) -> LossSpec:
    return loss("cross-entropy", "sigmoid" if classes == 1 else "softmax")


def test_what_is_not_known_is_not_counted() -> None:
    found = found_in(flipped(0, 10, known=False)[0], high(10))
    assert found.known is None
    assert found.marked is None
    assert len(found.samples.row) > 30


def test_nobody_is_a_suspect() -> None:
    batch, _ = flipped(0, 10, wrong=0)
    assert found_in(batch, high(10)).known is None


@pytest.mark.parametrize("classes", [2, 5])
def test_with_several_labels_samples_are_counted_not_entries(classes: int) -> None:
    rng = specs.seeded("multi-hot suspects", classes)
    t = rng.integers(2, size=(300, classes)).astype(float)
    z = (2 * t - 1) * rng.normal(5, 1, t.shape)
    bad = np.zeros(300, bool)
    bad[rng.choice(300, 20, replace=False)] = True
    t[bad, 0] = 1 - t[bad, 0]
    found = found_in(made.plain(z, t, suspects=bad), loss("focal", "sigmoid", gamma=HIGH))
    assert found.known == 20
    assert found.marked == bad[found.samples.row].sum() >= 18


@pytest.mark.parametrize("classes", [1, 3])
@pytest.mark.parametrize(("n", "size"), [(10, 1e4), (1, 0.5), (64, 0.0), (1000, 0.1), (77, -3.0)])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_without_loss_or_of_equals_none_has_more_than_its_share(classes: int, n: int, size: float, dtype: type) -> None:
    z = np.zeros((n, classes), dtype)
    z[:, 0] = -size if classes == 1 else size
    found = suspects(pair(high(classes), made.plain(z, np.zeros(n))))
    assert len(found.samples.row) == len(found.fair) == len(found.raised) == 0
    assert found.samples.name == ()


def test_the_digits_that_are_mistaken_come_first() -> None:
    batch = made.digits()
    found = found_in(batch, high(10))
    wrong = batch.rows.logits[found.samples.row].argmax(1) != batch.rows.targets[found.samples.row]
    assert wrong[:30].all()
    assert (np.diff(found.fair) <= 1e-6).all()
    assert found.raised[0] > 1
    assert found.fair.sum() / 1797 <= 1 + 1e-6
