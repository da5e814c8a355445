"""Paired differences against SciPy's Student, and how often an interval has the truth in it."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from lossviz.analysis.training import differences
from lossviz.analysis.training.paired import LEVEL, quantile


@pytest.mark.parametrize("freedom", range(1, 30))
def test_quantiles(freedom: int) -> None:
    assert quantile(freedom) == pytest.approx(stats.t.ppf((1 + LEVEL) / 2, freedom), rel=1e-10)


@pytest.mark.parametrize("seeds", [2, 3, 8, 12, 30])
def test_the_interval_is_that_of_a_paired_t_test(seeds: int) -> None:
    rng = np.random.default_rng(seeds)
    values = rng.normal(80, 5, (1, 1, seeds)) + rng.normal(0, 1, (7, 4, seeds))
    found = differences(values)
    assert found.seeds == seeds
    assert found.mean.shape == found.low.shape == found.high.shape == (7, 3)
    for epoch in range(7):
        for n in range(3):
            test = stats.ttest_rel(values[epoch, n + 1], values[epoch, 0])
            expected = test.confidence_interval(0.95)
            np.testing.assert_allclose(found.low[epoch, n], expected.low, rtol=1e-10, atol=1e-10)
            np.testing.assert_allclose(found.high[epoch, n], expected.high, rtol=1e-10, atol=1e-10)
            np.testing.assert_allclose(found.mean[epoch, n], (values[epoch, n + 1] - values[epoch, 0]).mean(), atol=1e-12)


def test_pairing_takes_out_what_seeds_have_in_common() -> None:
    """Seeds differ by tens of points and losses by one: paired, the interval is narrow; shuffled, it is not."""
    rng = np.random.default_rng(0)
    of_seed = rng.normal(0, 20, 12)
    values = np.stack((of_seed, of_seed + 1 + rng.normal(0, 0.1, 12)))
    found = differences(values)
    assert found.low[0] > 0.9
    assert found.high[0] < 1.1
    shuffled = differences(np.stack((values[0], np.roll(values[1], 1))))
    assert shuffled.low[0] < -5
    assert shuffled.high[0] > 5


@pytest.mark.parametrize("seeds", [2, 5, 12])
def test_the_interval_has_the_truth_in_it_95_times_of_a_hundred(seeds: int) -> None:
    rng, times = np.random.default_rng(1), 20_000
    values = rng.normal(0, 1, (times, 1, seeds)).repeat(2, 1)
    values[:, 1] += rng.normal(0.7, 2, (times, seeds))
    found = differences(values)
    covered = (found.low[:, 0] <= 0.7) & (found.high[:, 0] >= 0.7)
    assert covered.mean() == pytest.approx(0.95, abs=4 * (0.95 * 0.05 / times) ** 0.5)


def test_one_seed_has_no_interval() -> None:
    found = differences(np.array([[[1.0], [3.0], [0.5]]]))
    assert found.mean.tolist() == [[2.0, -0.5]]
    assert np.isnan(found.low).all()
    assert np.isnan(found.high).all()
    assert found.low.shape == (1, 2)
    assert found.seeds == 1


def test_equal_losses_do_not_differ() -> None:
    found = differences(np.random.default_rng(0).normal(0, 1, (3, 1, 6)).repeat(2, 1))
    for x in found[:3]:
        np.testing.assert_array_equal(x, 0.0)


def test_one_loss_differs_from_nothing() -> None:
    assert differences(np.zeros((5, 1, 4))).mean.shape == (5, 0)


def test_what_is_missing_is_missing() -> None:
    values = np.zeros((2, 2, 4))
    values[1, :, 2] = np.nan
    found = differences(values)
    for x in found[:3]:
        np.testing.assert_array_equal(np.isnan(x), [[False], [True]])
