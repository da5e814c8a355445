"""Lorenz curves from histograms, against sorting and adding up."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import lognorm, norm
from sklearn.metrics import auc

from lossviz import evaluate, loss
from lossviz.analysis.batch.histogram import histogram
from lossviz.analysis.batch.shares import POINTS, carried_by, cumulative, lorenz, part_carrying

from ... import specs
from . import made


def values(name: str) -> np.ndarray:
    rng = specs.seeded("shares", name)
    if name == "digits":
        rows = made.digits().rows
        result: np.ndarray = evaluate(loss("cross-entropy"), rows.logits, rows.targets).loss.numpy()
        return result
    if name == "digits, focal":
        rows = made.digits().rows
        return np.asarray(evaluate(loss("focal", gamma=5.0), rows.logits, rows.targets).loss)
    drawn = {
        "lognormal": lambda: rng.lognormal(-3, 2, 30_000),
        "wide": lambda: rng.lognormal(-3, 5, 30_000),
        "uniform": lambda: rng.uniform(0, 1, 30_000),
        "two": lambda: rng.choice([0.01, 4.6], 5000, p=[0.99, 0.01]),
        "half zeros": lambda: rng.exponential(1, 5000) * rng.integers(2, size=5000),
        "one large": lambda: np.concatenate((np.full(999, 1e-9), [1e3])),
        "few": lambda: rng.uniform(0, 1, 7),
    }
    return drawn[name]()


NAMES = ("lognormal", "wide", "uniform", "two", "half zeros", "one large", "few", "digits", "digits, focal")
named = pytest.mark.parametrize("name", NAMES)


@named
def test_points_are_exact(name: str) -> None:
    x = values(name)
    assert x.std() > 0
    curve = lorenz(histogram(x))
    carried = np.concatenate(([0], np.cumsum(np.sort(x.astype(np.float64))[::-1])))
    rank = curve.part * len(x)
    np.testing.assert_allclose(rank, rank.round(), rtol=0, atol=1e-7)
    np.testing.assert_allclose(curve.carried, carried[rank.round().astype(int)] / carried[-1], rtol=1e-11)


@named
def test_between_points_nothing_is_missed(name: str) -> None:
    x = values(name)
    curve = lorenz(histogram(x))
    for part in (0.0, 1e-3, 0.01, 0.05, 0.1, 0.25, 0.5, 0.9, 0.99, 1.0):
        assert carried_by(curve, part) == pytest.approx(made.hardest(x, part), abs=2e-3), part


@named
def test_curves_rise_bend_down_and_end_in_the_corners(name: str) -> None:
    curve = lorenz(histogram(values(name)))
    assert (curve.part[0], curve.carried[0], curve.part[-1], curve.carried[-1]) == (0, 0, 1, 1)
    assert 2 <= len(curve.part) <= POINTS
    assert (np.diff(curve.part) > 0).all()
    assert (np.diff(curve.carried) >= 0).all()
    slopes = np.diff(curve.carried) / np.diff(curve.part)
    assert (np.diff(slopes) <= 1e-9 * slopes[:-1] + 1e-12).all()


@pytest.mark.parametrize("sigma", [0.5, 1.0, 2.0])
def test_a_lognormal_in_closed_form(sigma: float) -> None:
    """The hardest part q carries 1 − Φ(Φ⁻¹(1 − q) − σ)."""
    x = lognorm.ppf((np.arange(400_000) + 0.5) / 400_000, sigma)
    curve = lorenz(histogram(x))
    for q in (0.01, 0.1, 0.5):
        assert carried_by(curve, q) == pytest.approx(1 - norm.cdf(norm.ppf(1 - q) - sigma), abs=2e-3)


@named
def test_the_area_is_the_gini_coefficient(name: str) -> None:
    x = np.sort(values(name).astype(np.float64))
    rank = np.arange(1, len(x) + 1)
    gini = ((2 * rank - len(x) - 1) * x).sum() / (len(x) * x.sum())
    curve = lorenz(histogram(x))
    assert 2 * auc(curve.part, curve.carried) - 1 == pytest.approx(gini, abs=2e-3)


@named
def test_cumulative_is_the_same_from_the_easiest(name: str) -> None:
    x = values(name)
    curve, back = lorenz(histogram(x)), cumulative(histogram(x))
    np.testing.assert_array_equal(back.part, 1 - curve.part[::-1])
    np.testing.assert_array_equal(back.carried, 1 - curve.carried[::-1])
    carried = np.concatenate(([0], np.cumsum(np.sort(x.astype(np.float64)))))
    rank = (back.part * len(x)).round().astype(int)
    np.testing.assert_allclose(back.carried, carried[rank] / carried[-1], rtol=0, atol=1e-11)


@named
def test_the_part_that_carries_a_share_leads_back(name: str) -> None:
    x = values(name)
    curve = lorenz(histogram(x))
    for share in (0.0, 0.1, 0.5, 0.9, 0.999, 1.0):
        part = part_carrying(curve, share)
        assert carried_by(curve, part) == pytest.approx(share, abs=1e-9)


def test_all_of_the_loss_is_carried_by_those_that_have_some() -> None:
    curve = lorenz(histogram(np.array([0.0, 0.0, 0.0, 2.0])))
    assert part_carrying(curve, 1.0) == 0.25
    assert part_carrying(curve, 0.5) == 0.125


@pytest.mark.parametrize("n", [1, 2, 1000])
def test_equal_values_give_the_diagonal(n: int) -> None:
    curve = lorenz(histogram(np.full(n, 0.3)))
    np.testing.assert_allclose(curve.carried, curve.part, rtol=1e-12)
    assert carried_by(curve, 0.3) == pytest.approx(0.3, abs=1e-12)


def test_a_total_of_nothing_is_told() -> None:
    curve = lorenz(histogram(np.zeros(5)))
    assert np.isnan(curve.carried).all()
    assert curve.part.tolist() == [0, 1]
    assert np.isnan(carried_by(curve, 0.1))
    assert np.isnan(part_carrying(curve, 0.1))
    assert np.isnan(part_carrying(curve, 1.0))


@pytest.mark.parametrize(("strata", "tolerance"), [(2, 2e-3), (10, 2e-3), (100, 2e-3), (2000, 2e-2)])
@pytest.mark.parametrize("seed", range(3))
def test_weights_scale_the_values_of_a_party(seed: int, strata: int, tolerance: float) -> None:
    rng = specs.seeded("weights", seed, strata)
    x, stratum = rng.lognormal(-3, 2, 20_000), rng.integers(strata, size=20_000)
    weights = np.where(np.arange(strata) % 2 == 0, 0.01, rng.uniform(1, 9, strata))
    weights[0] = 0 if strata > 2 else 0.1
    curve = lorenz(histogram(x, stratum, strata), weights)
    for part in (0.01, 0.1, 0.5):
        assert carried_by(curve, part) == pytest.approx(made.hardest(x * weights[stratum], part), abs=tolerance)
    assert abs(made.hardest(x, 0.1) - made.hardest(x * weights[stratum], 0.1)) > 2 * tolerance


def test_equal_weights_change_nothing() -> None:
    rng = specs.seeded("equal weights")
    by = histogram(rng.lognormal(0, 1, 5000), rng.integers(3, size=5000), 3)
    for a, b in zip(lorenz(by), lorenz(by, np.full(3, 7.0)), strict=True):
        np.testing.assert_allclose(a, b, rtol=0, atol=1e-12)


def test_parties_together_are_the_whole() -> None:
    rng = specs.seeded("whole")
    x, stratum = rng.lognormal(0, 1, 5000), rng.integers(3, size=5000)
    apart, whole = (carried_by(lorenz(one), 0.1) for one in (histogram(x, stratum, 3), histogram(x)))
    assert apart == pytest.approx(whole, rel=1e-3)
