"""Anchors from a seed: the numbers of Lin et al. 2017, and the model that they are drawn from."""

from __future__ import annotations

import math

import numpy as np
import pytest

from lossviz import InputError, evaluate, loss
from lossviz.data.detector import detector
from lossviz.data.predictions import Batch, task_of
from lossviz.losses import LossSpec


def of_negatives(batch: Batch, spec: LossSpec) -> tuple[float, float]:
    """The negatives' share of the loss, and the whole loss per positive."""
    losses = evaluate(spec, batch.rows.logits, batch.rows.targets).loss.double().numpy()
    negative = batch.rows.targets == 0
    return losses[negative].sum() / losses.sum(), losses.sum() / (~negative).sum()


@pytest.mark.parametrize(
    ("prior", "spec", "share", "per_positive"),
    [
        (0.5, loss("cross-entropy", "sigmoid"), 0.9990, 693.1),
        (0.01, loss("cross-entropy", "sigmoid"), 0.6856, 14.65),
        (0.01, loss("focal", "sigmoid", gamma=2.0, alpha=0.25), 0.0007, 1.13),
    ],
)
def test_published_numbers_of_an_untrained_head(prior: float, spec: LossSpec, share: float, per_positive: float) -> None:
    losses = of_negatives(detector(separation=0.0, prior=prior, spread=0.0), spec)
    assert losses[0] == pytest.approx(share, abs=5e-5)
    assert losses[1] == pytest.approx(per_positive, abs=0.05 if per_positive > 100 else 5e-3)


@pytest.mark.parametrize("prior", [1e-6, 0.01, 0.3, 0.5, 0.999])
def test_without_separation_and_spread_all_logits_are_the_bias(prior: float) -> None:
    z = detector(3, 50, separation=0.0, prior=prior, spread=0.0).rows.logits
    np.testing.assert_allclose(z, -math.log((1 - prior) / prior), rtol=1e-6, atol=1e-7)
    assert len(np.unique(z)) == 1
    np.testing.assert_allclose(1 / (1 + np.exp(-z.astype(np.float64))), prior, rtol=1e-5)


@pytest.mark.parametrize(("separation", "spread", "seed"), [(4.0, 1.0, 0), (0.5, 2.0, 1), (12.0, 0.1, 2)])
def test_the_model(separation: float, spread: float, seed: int) -> None:
    made = detector(20_000, 80_000, separation, 0.01, seed, spread)
    z, positive = made.rows.logits[:, 0].astype(np.float64), made.rows.targets == 1
    bias = -math.log(99)
    for anchors, mean in ((positive, bias + 0.9 * separation), (~positive, bias - 0.1 * separation)):
        assert z[anchors].mean() == pytest.approx(mean, abs=5 * spread / math.sqrt(anchors.sum()))
        assert z[anchors].std() == pytest.approx(spread, rel=0.03)
        assert ((z[anchors] - mean) / spread < 1).mean() == pytest.approx(0.8413, abs=0.015)


def test_what_is_said_of_it() -> None:
    made = detector(7, 93, seed=3)
    rows, survey = made.rows, made.survey
    assert (rows.logits.shape, rows.logits.dtype, rows.targets.dtype) == ((100, 1), np.float32, np.int64)
    assert np.bincount(rows.targets).tolist() == [93, 7]
    assert survey.counts == (93, 7)
    assert (survey.samples, survey.classes, survey.task, survey.soft) == (100, 1, task_of(1, rows.targets), False)
    assert (survey.dtype, survey.ids, survey.groups, survey.suspects) == ("float32", False, (), None)
    assert sum(map(len, made.blocks())) == 100
    default = detector()
    assert default.survey.counts == (99_900, 100)
    assert of_negatives(default, loss("cross-entropy", "sigmoid"))[0] > 0.5


def test_labels_are_in_no_order() -> None:
    labels = detector(500, 500).rows.targets
    assert 400 < (np.diff(labels) != 0).sum() < 600
    assert abs(labels[:500].sum() - 250) < 60


def test_seeds_and_nothing_else_decide() -> None:
    state = np.random.get_state()[1].copy()  # type: ignore[index,union-attr]  # noqa: NPY002
    a, b, other = detector(50, 450, seed=1), detector(50, 450, seed=1), detector(50, 450, seed=2)
    np.testing.assert_array_equal(np.random.get_state()[1], state)  # noqa: NPY002
    np.testing.assert_array_equal(a.rows.logits, b.rows.logits)
    np.testing.assert_array_equal(a.rows.targets, b.rows.targets)
    assert (a.rows.targets != other.rows.targets).any()
    # The noise stays when the rest moves, so that what is seen of a change is the change.
    shifted = detector(50, 450, separation=6.0, prior=0.1, seed=1)
    np.testing.assert_array_equal(a.rows.targets, shifted.rows.targets)
    moved = shifted.rows.logits - a.rows.logits
    for label in (0, 1):
        assert np.ptp(moved[a.rows.targets == label]) < 1e-5


@pytest.mark.parametrize(("positives", "negatives"), [(1, 0), (0, 1), (1, 1)])
def test_few(positives: int, negatives: int) -> None:
    made = detector(positives, negatives)
    assert made.survey.counts == (negatives, positives)
    assert len(made.rows) == positives + negatives


@pytest.mark.parametrize(
    ("argument", "value"),
    [
        ("positives", -1),
        ("negatives", -1),
        ("seed", -1),
        ("prior", 0.0),
        ("prior", 1.0),
        ("prior", math.nan),
        ("spread", -0.1),
        ("spread", math.inf),
        ("separation", math.inf),
        ("separation", math.nan),
    ],
)
def test_what_makes_no_sense_is_refused(argument: str, value: float) -> None:
    with pytest.raises(InputError, match=f"^{argument}: found"):
        detector(**{argument: value})  # type: ignore[arg-type]
    with pytest.raises(InputError, match="at least one anchor"):
        detector(0, 0)
