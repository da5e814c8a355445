"""Differences by seed: as the experiment is, without what the claim is about, and what lies between."""

from __future__ import annotations

import numpy as np
import pytest

from lossviz.analysis.training import contrast, estimate, measure_values, paired_differences
from lossviz.analysis.training.contrasts import Contrast

from .random_records import CLEAN, NOISY, THREE, random_record


def test_pairing_takes_out_what_seeds_have_in_common() -> None:
    """Seeds differ by tens of points and losses by one: paired, the interval is narrow; shuffled, it is not."""
    rng = np.random.default_rng(0)
    of_seed = rng.normal(0, 20, 12)
    values = np.stack((of_seed, of_seed + 1 + rng.normal(0, 0.1, 12)))
    result = estimate(paired_differences(values))
    assert result.low[0] > 0.9 and result.high[0] < 1.1
    shuffled = estimate(paired_differences(np.stack((values[0], np.roll(values[1], 1)))))
    assert shuffled.low[0] < -5 and shuffled.high[0] > 5


def test_the_change_is_taken_seed_by_seed() -> None:
    noisy, clean = random_record(NOISY, THREE, 6), random_record(CLEAN, THREE, 6)
    result = contrast(noisy, clean, "accuracy")
    a, b = (measure_values(one, "accuracy") for one in (noisy, clean))
    for loss in (1, 2):
        expected = (a[:, loss] - a[:, 0]) - (b[:, loss] - b[:, 0])
        np.testing.assert_allclose(result.effect[:, loss - 1], expected)
        np.testing.assert_allclose(result.parts[2][:, loss - 1], expected)
    assert [part.shape for part in result.parts] == [(3, 2, 6)] * 3


def test_without_a_twin_the_difference_itself_is_judged() -> None:
    result = contrast(random_record(), None, "balanced")
    assert result.counterpart is None and len(result.parts) == 1
    np.testing.assert_array_equal(result.effect, result.differences)


def test_epochs_that_only_one_has_are_left_out() -> None:
    result = contrast(random_record(epochs=(0, 1, 4)), random_record(epochs=(0, 1)), "accuracy")
    assert len(result.differences) == len(result.effect) == 2


def test_a_change_without_a_difference_and_a_difference_without_a_change() -> None:
    """An interaction with no simple effect where it was looked for, and a simple effect that noise has nothing to do with."""
    rng = np.random.default_rng(1)
    still, moved = rng.normal(0, 0.2, (1, 1, 12)), rng.normal(1.5, 0.2, (1, 1, 12))
    hidden = Contrast(still, moved)
    assert abs(estimate(hidden.differences).mean[0, 0]) < 0.2 and estimate(hidden.effect).high[0, 0] < -1
    same = Contrast(moved, moved + rng.normal(0, 0.05, (1, 1, 12)))
    result = estimate(same.effect)
    assert estimate(same.differences).low[0, 0] > 1 and result.low[0, 0] < 0 < result.high[0, 0]


def test_an_estimate_has_both_levels_and_counts_what_differs() -> None:
    result = estimate(np.random.default_rng(0).normal(0, 1, (4, 3, 9)))
    assert result.seeds == 9 and (result.distinct == 9).all() and result.at(2).mean.shape == (3,)
    assert (result.low < result.inner_low).all() and (result.inner_high < result.high).all()
    np.testing.assert_array_equal(result.at(1).low, result.low[1])


@pytest.mark.parametrize("seeds", [1, 4])
def test_few_seeds_have_a_mean_alone(seeds: int) -> None:
    result = estimate(np.ones((2, 1, seeds)))
    assert result.mean.tolist() == [[1.0], [1.0]] and np.isnan(result.low).all()


def test_one_loss_differs_from_nothing() -> None:
    assert estimate(paired_differences(np.zeros((5, 1, 4)))).mean.shape == (5, 0)
