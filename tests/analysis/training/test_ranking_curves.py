"""Curves from cells against scikit-learn's: of the cells exactly, of the scores themselves within what is said."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import average_precision_score, precision_recall_curve, roc_auc_score, roc_curve

from lossviz.analysis.training.ranking_curves import ranking_curve, ranking_curves, rare_share
from lossviz.analysis.training.snapshots import CELLS, REACH
from lossviz.data.toy_datasets import make_dataset

from .random_records import DIGITS, NOISY, THREE, random_record

PRIOR = 0.03


def scores(seed: int, apart: float, n: int = 900) -> tuple[np.ndarray, np.ndarray]:
    """Log-odds, some of them beyond ±12, and which are the rare class's."""
    rng = np.random.default_rng(seed)
    rare = rng.random(n) < 0.3
    return rng.normal(0, 3, n) + apart * rare, rare


def celled(odds: np.ndarray, rare: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Each score's cell, and the counts of the cells."""
    cell = np.floor((odds + REACH) * CELLS / (2 * REACH)).clip(-1, CELLS).astype(int) + 1
    return cell, np.stack([np.bincount(cell[rare == kind], minlength=CELLS + 2) for kind in (False, True)]).astype(float)


def weights(rare: np.ndarray) -> np.ndarray:
    """As if the rare class had its share in training."""
    return np.where(rare, PRIOR / rare.mean(), (1 - PRIOR) / (1 - rare.mean()))


@pytest.mark.parametrize("apart", [-1.0, 0.0, 2.0, 9.0, 40.0])
def test_curves_are_scikit_learn_s_of_the_cells(apart: float) -> None:
    odds, rare = scores(0, apart)
    cell, ranks = celled(odds, rare)
    result = ranking_curve(ranks, PRIOR)
    fallout, recall, _ = roc_curve(rare, cell, drop_intermediate=False)
    np.testing.assert_allclose(result.fallout, fallout, atol=1e-12)
    np.testing.assert_allclose(result.recall, recall, atol=1e-12)
    precision, *_ = precision_recall_curve(rare, cell, sample_weight=weights(rare))
    np.testing.assert_allclose(result.precision[1:], precision[-2::-1], atol=1e-12)
    assert result.area == pytest.approx(roc_auc_score(rare, cell), abs=1e-12)
    assert result.average_precision == pytest.approx(
        average_precision_score(rare, cell, sample_weight=weights(rare)), abs=1e-12
    )


@pytest.mark.parametrize("apart", [-1.0, 0.0, 2.0, 9.0])
@pytest.mark.parametrize("seed", range(5))
def test_the_area_is_within_what_cells_hide(apart: float, seed: int) -> None:
    odds, rare = scores(seed, apart)
    result = ranking_curve(celled(odds, rare)[1], PRIOR)
    exact = roc_auc_score(rare, odds)
    assert exact != result.area
    assert abs(exact - result.area) <= result.area_error < 0.01
    average = average_precision_score(rare, odds, sample_weight=weights(rare))
    assert result.average_precision == pytest.approx(average, abs=0.02), "a tenth of log-odds hides little"


def test_the_best_and_the_worst() -> None:
    ranks = np.zeros((2, CELLS + 2))
    ranks[0, 3], ranks[1, 9] = 5, 2
    best, worst, blind = (
        ranking_curve(ranks, 0.1),
        ranking_curve(ranks[::-1], 0.1),
        ranking_curve(np.eye(CELLS + 2)[[7, 7]], 0.1),
    )
    assert (best.area, best.average_precision, best.area_error) == (1, 1, 0)
    assert (worst.area, worst.average_precision) == (0, pytest.approx(0.1))
    assert (blind.area, blind.average_precision, blind.area_error) == (0.5, pytest.approx(0.1), 0.5)


def test_a_curve_for_each_epoch_and_loss() -> None:
    result = random_record(losses=THREE)
    all_curves = ranking_curves(result)
    assert [len(row) for row in all_curves] == [3, 3, 3]
    assert (
        all_curves[2][1].average_precision
        == ranking_curve(result.runs.odds_histogram[2, 1], rare_share(result)).average_precision
    )


@pytest.mark.parametrize("dataset_spec", [NOISY, DIGITS])
def test_the_rare_class_has_its_share_in_training(dataset_spec) -> None:
    expected = np.mean([make_dataset(dataset_spec, seed).prior[dataset_spec.rare] for seed in range(20)])
    assert rare_share(random_record(dataset_spec)) == pytest.approx(expected, rel=0.1)
