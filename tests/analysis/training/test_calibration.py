"""Calibration error: SciPy's folded normal, the equation it solves, and simulated models of which the error is known."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from scipy.stats import foldnorm

from lossviz.analysis.folded_normal import folded
from lossviz.analysis.training.calibration import BINS, calibration, reliability
from lossviz.data.toy_datasets import TEST_PER_CLASS

SEEDS = 120


def simulated(sharper: float, rare: float = 0.5, separation: float = 1.1, size: int = TEST_PER_CLASS) -> np.ndarray:
    """Bins (SEEDS, BINS, 4) of a model that says `sharper` times the true log-odds of two Gaussians, `size` of each."""
    rng = np.random.default_rng([int(100 * sharper), int(1000 * rare)])
    labels = np.repeat([0, 1], size)
    x = rng.normal((2 * labels - 1) * separation, 1, (SEEDS, 2 * size))
    odds = sharper * (2 * separation * x + np.log(rare / (1 - rare)))
    right, sure = (odds > 0) == labels, 1 / (1 + np.exp(-np.abs(odds)))
    prior = torch.tensor([[1 - rare, rare]]).double().expand(SEEDS, 2)
    labels = np.broadcast_to(labels, x.shape)
    return reliability(*(torch.tensor(a)[None] for a in (right, sure)), torch.tensor(labels), prior)[0].numpy()


def true_error(bins: np.ndarray) -> float:
    """Of all seeds' samples together, so many that chance hardly matters."""
    return float(calibration(bins.sum(0)).plugin)


def test_the_true_posterior_scores_nothing_on_average() -> None:
    """Where the plugin says 0.69 points, which is also what perfect calibration is said to show."""
    errors = calibration(simulated(1.0))
    assert 100 * errors.plugin.mean() == pytest.approx(0.69, abs=0.03)
    assert 100 * errors.chance.mean() == pytest.approx(0.69, abs=0.03)
    assert abs(100 * errors.error.mean()) < 0.1
    assert (errors.error < 0).any()


@pytest.mark.parametrize(("rare", "size"), [(0.5, 500), (0.1, TEST_PER_CLASS)])
def test_neither_do_smaller_sets_or_rare_classes(rare: float, size: int) -> None:
    errors = calibration(simulated(1.0, rare, size=size))
    assert errors.chance.mean() == pytest.approx(errors.plugin.mean(), rel=0.1)
    assert abs(errors.error.mean()) < 0.15 * errors.plugin.mean()


@pytest.mark.parametrize("rare", [0.5, 0.1])
@pytest.mark.parametrize("sharper", [0.7, 0.9, 1.1, 1.5])
def test_a_known_error_is_met(sharper: float, rare: float) -> None:
    bins = simulated(sharper, rare)
    errors, wanted = calibration(bins), true_error(bins)
    assert errors.error.mean() == pytest.approx(wanted, rel=0.1)
    assert np.median(errors.error) == pytest.approx(wanted, rel=0.1)


def test_the_variance_is_that_of_fresh_test_sets() -> None:
    """Class by class: at 10:1 the rare class's samples weigh little, and there are as many of them in each set."""
    bins = simulated(1.2, 0.1)
    gaps, populated = bins[..., 2] - bins[..., 1], bins[..., 0].mean(0) > 100
    np.testing.assert_allclose(bins[..., 3].mean(0)[populated], gaps.var(0, ddof=1)[populated], rtol=0.35)
    assert populated.sum() > 5


def test_the_folded_normal() -> None:
    mean, deviation = np.array([0.0, 0.3, 2.0, 50.0]), np.array([1.0, 0.4, 0.5, 0.1])
    errors, slope = folded(mean, deviation)
    np.testing.assert_allclose(errors, foldnorm.mean(mean / deviation, scale=deviation), rtol=1e-12)
    ahead, behind = (foldnorm.mean((mean + h) / deviation, scale=deviation) for h in (1e-6, 0))
    np.testing.assert_allclose(slope, (ahead - behind) / 1e-6, atol=2e-6)


@pytest.mark.parametrize("sharper", [0.9, 1.0, 1.05])
def test_gaps_scaled_show_what_was_seen(sharper: float) -> None:
    """The equation itself, with SciPy's means; below what chance shows, mirrored."""
    bins = simulated(sharper)
    errors, total = calibration(bins), bins[..., 0].sum(-1, keepdims=True)
    gaps, deviation = np.abs(bins[..., 2] - bins[..., 1]) / total, np.sqrt(bins[..., 3]) / total
    gaps, deviation = gaps[:, BINS // 2 :], deviation[:, BINS // 2 :]
    scaled = np.abs(errors.error / errors.plugin)[:, None] * gaps
    shown = foldnorm.mean(scaled / deviation, scale=deviation).sum(-1)
    np.testing.assert_allclose(shown - errors.chance, np.abs(errors.plugin - errors.chance), rtol=1e-6, atol=1e-12)


def test_without_chance_the_plugin_is_the_error() -> None:
    bins = np.zeros((2, BINS, 4))
    bins[:, 4:, 0], bins[:, 4:, 1], bins[0, 4:, 2] = 10, 7, 7
    errors = calibration(bins)
    np.testing.assert_allclose(errors.error, [0, 0.7], rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(errors.plugin, [0, 0.7], rtol=1e-12)
    np.testing.assert_array_equal(errors.chance, 0)
