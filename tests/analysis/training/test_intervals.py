"""Simultaneous intervals against a bootstrap written as a loop, SciPy's Student, and by how often they hold the truth."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from lossviz.analysis.quantiles import student
from lossviz.analysis.training.intervals import FEWEST, distinct_values, simultaneous


def ends(paired_differences: np.ndarray, level: float = 0.95) -> tuple[np.ndarray, np.ndarray]:
    return simultaneous(paired_differences, level, student(paired_differences.shape[-1] - 1, level))


@pytest.mark.parametrize("level", [0.9, 0.95])
@pytest.mark.parametrize("freedom", [1, 2, 3, 4, 7, 11, 29, 99])
def test_students_quantiles(freedom: int, level: float) -> None:
    assert student(freedom, level) == pytest.approx(stats.t.ppf((1 + level) / 2, freedom), rel=1e-10)


def looped(paired_differences: np.ndarray, level: float, draws: int = 4000) -> tuple[np.ndarray, np.ndarray]:
    """The same by resampling seed numbers, one resample after the other."""
    rng, n = np.random.default_rng(9), paired_differences.shape[1]
    mean, error = paired_differences.mean(1), paired_differences.std(1, ddof=1) / n**0.5
    largest, smallest = [], []
    for _ in range(draws):
        one = paired_differences[:, rng.integers(0, n, n)]
        t = (one.mean(1) - mean) / (one.std(1, ddof=1) / n**0.5)
        largest.append(t.max())
        smallest.append(t.min())
    up = max(np.quantile(largest, (1 + level) / 2), stats.t.ppf((1 + level) / 2, n - 1))
    down = min(np.quantile(smallest, (1 - level) / 2), stats.t.ppf((1 - level) / 2, n - 1))
    return mean - up * error, mean - down * error


@pytest.mark.parametrize(("losses", "seeds"), [(1, 12), (3, 10)])
def test_it_is_the_studentised_bootstrap_of_all_at_once(losses: int, seeds: int) -> None:
    rng = np.random.default_rng(losses)
    paired_differences = rng.exponential(1, (losses, seeds)) * np.arange(1, losses + 1)[:, None] + rng.normal(0, 0.3, seeds)
    actual, expected = np.array(ends(paired_differences)), np.array(looped(paired_differences, 0.95))
    wide = expected[1] - expected[0]
    np.testing.assert_allclose(actual / wide, expected / wide, atol=0.06)


def test_no_end_is_nearer_than_students() -> None:
    for paired_differences in np.random.default_rng(2).normal(0, 1, (20, 1, 8)):
        student = stats.ttest_1samp(paired_differences[0], 0).confidence_interval(0.95)
        (low,), (high,) = ends(paired_differences)
        assert low <= student.low + 1e-12 and high >= student.high - 1e-12


def covered(paired_differences: np.ndarray, truth: np.ndarray | float) -> float:
    """In which share of experiments (R, K, S) all K truths are inside."""
    low, high = ends(paired_differences)
    return float(((low <= truth) & (truth <= high)).all(-1).mean())


@pytest.mark.parametrize("losses", [1, 4])
def test_all_truths_are_inside_95_times_of_a_hundred(losses: int) -> None:
    rng = np.random.default_rng(3)
    of_seed = rng.normal(0, 1, (400, 1, 12))
    assert 0.92 <= covered(of_seed + rng.normal(0, 1, (400, losses, 12)), 0.0) <= 0.985


def test_skewed_differences_are_held_better_than_by_student() -> None:
    paired_differences = np.random.default_rng(4).exponential(1, (600, 1, 12))
    t = stats.t.ppf(0.975, 11)
    mean, reach = paired_differences.mean(-1), t * stats.sem(paired_differences, axis=-1)
    student = float((np.abs(mean - 1) <= reach).mean())
    assert student < 0.915 and covered(paired_differences, 1.0) > 0.925


def test_fewer_than_five_distinct_differences_have_no_interval() -> None:
    few, enough = np.array([0.0, 0, 0, 1, 2, 3, 3, 3]), np.array([0.0, 0, 0, 1, 2, 3, 4, 4])
    assert distinct_values(np.stack((few, enough, few + 1e-13))).tolist() == [4, 5, 4]
    low, high = ends(np.stack((few, enough)))
    assert np.isnan(low[0]) and np.isnan(high[0]) and low[1] < high[1]
    np.testing.assert_array_equal(ends(enough[None])[0], low[1:], "what has no interval is no comparison")


@pytest.mark.parametrize("seeds", range(2, FEWEST))
def test_few_seeds_have_no_interval(seeds: int) -> None:
    low, high = ends(np.random.default_rng(0).normal(0, 1, (2, 3, seeds)))
    assert np.isnan(low).all() and np.isnan(high).all() and low.shape == (2, 3)


def test_equal_differences_are_no_certainty() -> None:
    assert np.isnan(ends(np.full((1, 12), 3.0))[0]).all()


def test_what_is_missing_has_no_interval() -> None:
    paired_differences = np.random.default_rng(0).normal(0, 1, (2, 2, 8))
    paired_differences[0, 1, 3] = np.nan
    low, _ = ends(paired_differences)
    assert np.isnan(low).tolist() == [[False, True], [False, False]]


def test_five_seeds_are_wide_and_finite() -> None:
    low, high = ends(np.array([[1.0, 2.0, 4.0, 7.0, 11.0]]))
    assert np.isfinite([low, high]).all() and low < 0 and high > 10
