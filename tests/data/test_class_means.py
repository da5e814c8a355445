"""The middles of the classes of a plane, moved; and the densities around them, against what is known of Gaussians."""

from __future__ import annotations

import math

import numpy as np
import pytest
from mpmath import mp, mpf, quad

from lossviz import InputError
from lossviz.data.toy_datasets import (
    MEAN_LIMIT,
    STD,
    DatasetSpec,
    bayes_accuracy,
    centres,
    class_means,
    log_densities,
    make_dataset,
    move_mean,
)

PLANES = ("gaussians", "moons", "rings")


@pytest.mark.parametrize("shape", PLANES)
def test_a_moved_middle_moves_its_class_and_no_other(shape: str) -> None:
    dataset_spec = DatasetSpec(shape)
    moved = move_mean(dataset_spec, "mean1", 2.504, -1.247)
    assert moved == dataset_spec._replace(means=(*class_means(dataset_spec)[:2], 2.5, -1.25))
    before, after = make_dataset(dataset_spec, 3), make_dataset(moved, 3)
    step = np.array(moved.means[2:]) - np.array(class_means(dataset_spec)[2:])
    np.testing.assert_allclose(after.x - before.x, np.where(before.truth[:, None] == 1, step, 0.0), atol=1e-12)
    again = move_mean(moved, "mean0", 0.0, -0.001)
    assert again.means == (0.0, 0.0, 2.5, -1.25)
    assert math.copysign(1, again.means[1]) == 1, "no −0 in a link"


@pytest.mark.parametrize("shape", PLANES)
def test_nowhere_is_moved_what_was_moved_to_where_it_is(shape: str) -> None:
    dataset_spec = DatasetSpec(shape, separation=1.5)
    same = move_mean(dataset_spec, "mean0", *class_means(dataset_spec)[:2])
    np.testing.assert_allclose(make_dataset(same, 0).x, make_dataset(dataset_spec, 0).x, atol=1e-12)


def test_a_middle_goes_no_farther_than_there_is_a_picture() -> None:
    dataset_spec = move_mean(DatasetSpec("gaussians"), "mean0", -1e9, math.inf)
    assert dataset_spec.means[:2] == (-MEAN_LIMIT, MEAN_LIMIT)


@pytest.mark.parametrize(
    ("shape", "control", "x", "names"),
    [("gaussians", "mean2", 0.0, "control"), ("moons", "mean0", math.nan, "place"), ("digits", "mean0", 0.0, "means")],
)
def test_what_cannot_be_moved_is_refused(shape: str, control: str, x: float, names: str) -> None:
    with pytest.raises(InputError, match=names):
        move_mean(DatasetSpec(shape), control, x, 0.0)


@pytest.mark.parametrize("shape", PLANES)
def test_densities_are_means_over_centres_also_far_away(shape: str) -> None:
    dataset_spec = DatasetSpec(shape)
    places = np.array([[0.3, -0.4], [2.0, 1.0], [60.0, -45.0]])
    densities = log_densities(dataset_spec, places)
    with mp.workdps(50):
        for n, place in enumerate(places):
            for c, centre in enumerate(centres(dataset_spec)):
                terms = [
                    mp.exp(-((mpf(place[0]) - mpf(a)) ** 2 + (mpf(place[1]) - mpf(b)) ** 2) / (2 * mpf(STD[shape]) ** 2))
                    for a, b in centre
                ]
                assert densities[n, c] == pytest.approx(float(mp.log(mp.fsum(terms) / len(terms))), rel=1e-12)


@pytest.mark.parametrize("ratio", [1.0, 9.0])
def test_the_best_accuracy_is_that_of_two_gaussians(ratio: float) -> None:
    """At N(±s, 1) the best rule cuts where the densities times shares are equal, at log(ratio)/(2s)."""
    dataset_spec = DatasetSpec("gaussians", samples=4000, ratio=ratio)
    made = make_dataset(dataset_spec, 1)
    s, cut = dataset_spec.separation, mp.log(made.prior[0] / made.prior[1]) / (2 * dataset_spec.separation)

    def below(mean: float) -> float:
        return float(quad(lambda z: mp.npdf(z, mean, 1), [-mp.inf, mean, cut]))

    wanted = made.prior[0] * below(-s) + made.prior[1] * (1 - below(s))
    accuracy = bayes_accuracy(dataset_spec, made.test_x, made.test_labels, made.prior)
    assert accuracy == pytest.approx(wanted, abs=0.01)
    assert accuracy > wanted - 0.01
