"""Differences by seed: as the experiment is, without what the claim is about, and what lies between."""

from __future__ import annotations

import numpy as np
import pytest

from lossviz.analysis.training import contrast, estimate, measure_values, paired_differences
from lossviz.analysis.training.contrasts import Contrast

from .random_records import CLEAN, NOISY, THREE, made


def test_pairing_takes_out_what_seeds_have_in_common() -> None:
    """Seeds differ by tens of points and losses by one: paired, the interval is narrow; shuffled, it is not."""
    rng = np.random.default_rng(0)
    of_seed = rng.normal(0, 20, 12)
    values = np.stack((of_seed, of_seed + 1 + rng.normal(0, 0.1, 12)))
    found = estimate(paired_differences(values))
    assert found.low[0] > 0.9 and found.high[0] < 1.1
    shuffled = estimate(paired_differences(np.stack((values[0], np.roll(values[1], 1)))))
    assert shuffled.low[0] < -5 and shuffled.high[0] > 5


def test_the_change_is_taken_seed_by_seed() -> None:
    noisy, clean = made(NOISY, THREE, 6), made(CLEAN, THREE, 6)
    found = contrast(noisy, clean, "accuracy")
    a, b = (measure_values(one, "accuracy") for one in (noisy, clean))
    for loss in (1, 2):
        expected = (a[:, loss] - a[:, 0]) - (b[:, loss] - b[:, 0])
        np.testing.assert_allclose(found.judged[:, loss - 1], expected)
        np.testing.assert_allclose(found.parts[2][:, loss - 1], expected)
    assert [part.shape for part in found.parts] == [(3, 2, 6)] * 3


def test_without_a_twin_the_difference_itself_is_judged() -> None:
    found = contrast(made(), None, "balanced")
    assert found.counterpart is None and len(found.parts) == 1
    np.testing.assert_array_equal(found.judged, found.here)


def test_epochs_that_only_one_has_are_left_out() -> None:
    found = contrast(made(epochs=(0, 1, 4)), made(epochs=(0, 1)), "accuracy")
    assert len(found.here) == len(found.judged) == 2


def test_a_change_without_a_difference_and_a_difference_without_a_change() -> None:
    """An interaction with no simple effect where it was looked for, and a simple effect that noise has nothing to do with."""
    rng = np.random.default_rng(1)
    still, moved = rng.normal(0, 0.2, (1, 1, 12)), rng.normal(1.5, 0.2, (1, 1, 12))
    hidden = Contrast(still, moved)
    assert abs(estimate(hidden.here).mean[0, 0]) < 0.2 and estimate(hidden.judged).high[0, 0] < -1
    same = Contrast(moved, moved + rng.normal(0, 0.05, (1, 1, 12)))
    found = estimate(same.judged)
    assert estimate(same.here).low[0, 0] > 1 and found.low[0, 0] < 0 < found.high[0, 0]


def test_an_estimate_has_both_levels_and_counts_what_differs() -> None:
    found = estimate(np.random.default_rng(0).normal(0, 1, (4, 3, 9)))
    assert found.seeds == 9 and (found.distinct == 9).all() and found.at(2).mean.shape == (3,)
    assert (found.low < found.inner_low).all() and (found.inner_high < found.high).all()
    np.testing.assert_array_equal(found.at(1).low, found.low[1])


@pytest.mark.parametrize("seeds", [1, 4])
def test_few_seeds_have_a_mean_alone(seeds: int) -> None:
    found = estimate(np.ones((2, 1, seeds)))
    assert found.mean.tolist() == [[1.0], [1.0]] and np.isnan(found.low).all()


def test_one_loss_differs_from_nothing() -> None:
    assert estimate(paired_differences(np.zeros((5, 1, 4)))).mean.shape == (5, 0)
