"""Toy datasets: how many of each class, where they are, whose labels are wrong, and what cannot be."""

from __future__ import annotations

import itertools
import re
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from lossviz import InputError
from lossviz.data import digits
from lossviz.data.toy_datasets import (
    SAMPLE_RANGE,
    SHAPES,
    STD,
    TEST_PER_CLASS,
    Dataset,
    DatasetSpec,
    centres,
    class_counts,
    log_densities,
    make_dataset,
)

PLANE = SHAPES[:3]
each_shape = pytest.mark.parametrize("shape", SHAPES)
in_the_plane = pytest.mark.parametrize("shape", PLANE)


def same(a: Dataset, b: Dataset) -> bool:
    return all(np.array_equal(x, y) for x, y in zip(a, b, strict=True))


def clean(dataset_spec: DatasetSpec) -> DatasetSpec:
    return dataset_spec._replace(noise="none", rate=0.0)


# How many of each class


@pytest.mark.parametrize(
    ("dataset_spec", "expected"),
    [
        (DatasetSpec("gaussians"), (300, 300)),
        (DatasetSpec("gaussians", 601), (301, 300)),
        (DatasetSpec("moons", 1001, 1000.0), (1000, 1)),
        (DatasetSpec("rings", 10_010, 1000.0, rare=0), (10, 10_000)),
        (DatasetSpec("gaussians", 50_000, 999.0), (49_950, 50)),
        (DatasetSpec("gaussians", 110, 10.0, rare=0), (10, 100)),
        (DatasetSpec("gaussians", 6, 5.0), (5, 1)),
        (DatasetSpec("digits", 1500), (150,) * 10),
        (DatasetSpec("digits", 1500, 10.0, rare=3), (150, 150, 150, 15, *(150,) * 6)),
        (DatasetSpec("digits", 1000, 100.0, rare=9), (*(100,) * 9, 1)),
    ],
)
def test_counts(dataset_spec: DatasetSpec, expected: tuple[int, ...]) -> None:
    assert class_counts(dataset_spec) == expected
    dataset = make_dataset(dataset_spec, 3)
    assert np.bincount(dataset.truth).tolist() == list(expected)
    assert len(dataset.x) == len(dataset.labels) == sum(expected)
    np.testing.assert_allclose(dataset.prior, np.array(expected) / sum(expected), rtol=1e-15)


@each_shape
def test_the_seed_decides(shape: str) -> None:
    dataset_spec = DatasetSpec(shape, 200, 4.0, noise="uniform", rate=0.2)
    a, again, other = make_dataset(dataset_spec, 5), make_dataset(dataset_spec, 5), make_dataset(dataset_spec, 6)
    assert same(a, again)
    assert not any(np.array_equal(x, y) for x, y in zip(a[:-1], other[:-1], strict=True) if x.ndim == 2)
    assert not np.array_equal(a.truth, other.truth)
    assert not np.array_equal(np.flatnonzero(a.wrong), np.flatnonzero(other.wrong))


@in_the_plane
def test_classes_come_in_no_order(shape: str) -> None:
    truth = make_dataset(DatasetSpec(shape, 2000, 3.0), 0).truth
    # Of four quarters each has about as many of the rare class: hypergeometric, sd 8.4.
    assert max(abs(part.sum() - 125) for part in np.split(truth, 4)) < 40


# The test set


@each_shape
def test_noise_touches_nothing_but_labels(shape: str) -> None:
    noisy = DatasetSpec(shape, 300, noise="uniform", rate=0.4)
    a, b = make_dataset(noisy, 2), make_dataset(clean(noisy), 2)
    assert a.wrong.sum() > 0
    assert not b.wrong.any()
    for name in ("x", "truth", "test_x", "test_labels", "prior"):
        np.testing.assert_array_equal(getattr(a, name), getattr(b, name))
    np.testing.assert_array_equal(b.labels, b.truth)


@pytest.mark.parametrize("ratio", [1.0, 7.0, 200.0])
def test_no_digit_is_both_trained_on_and_tested(ratio: float) -> None:
    images, labels, _ = digits.images()
    numbers = {row.tobytes(): n for n, row in enumerate(images.reshape(-1, 64) / 16)}
    assert len(numbers) == digits.COUNT  # no two are alike, so pixels tell which one it is
    dataset = make_dataset(DatasetSpec("digits", 1600, ratio, rare=4), 1)
    train, test = ([numbers[row.tobytes()] for row in x] for x in (dataset.x, dataset.test_x))
    assert len(set(train)) == len(train) == sum(class_counts(DatasetSpec("digits", 1600, ratio, rare=4)))
    assert not set(train) & set(test)
    assert len(set(test)) == len(test) == digits.COUNT - 1600
    np.testing.assert_array_equal(labels[train], dataset.truth)
    np.testing.assert_array_equal(labels[test], dataset.test_labels)
    assert np.bincount(dataset.test_labels, minlength=10).min() >= 10


def test_the_digits_tested_do_not_depend_on_the_ratio() -> None:
    a, b = make_dataset(DatasetSpec("digits", 1000), 3), make_dataset(DatasetSpec("digits", 1000, 20.0, rare=7), 3)
    np.testing.assert_array_equal(a.test_x, b.test_x)
    rare_pixels = {row.tobytes() for row in b.x}
    assert rare_pixels < {row.tobytes() for row in a.x}
    assert sum(row.tobytes() in rare_pixels for row in a.x[a.truth != 7]) == 900


@in_the_plane
def test_as_many_of_both_classes_are_tested(shape: str) -> None:
    dataset = make_dataset(DatasetSpec(shape, 2002, 1000.0), 0)
    assert np.bincount(dataset.test_labels).tolist() == [TEST_PER_CLASS, TEST_PER_CLASS]
    assert dataset.test_x.shape == (2 * TEST_PER_CLASS, 2)


# Where the classes are


def test_gaussians_are_as_far_apart_as_asked() -> None:
    dataset = make_dataset(DatasetSpec("gaussians", separation=2.5), 0)
    for c, middle in ((0, -2.5), (1, 2.5)):
        points = dataset.test_x[dataset.test_labels == c]
        np.testing.assert_allclose(points.mean(0), (middle, 0), atol=0.06)
        np.testing.assert_allclose(np.cov(points.T), np.eye(2), atol=0.08)


def test_the_best_accuracy_of_gaussians_is_known() -> None:
    dataset_spec = DatasetSpec("gaussians", separation=1.1)
    rng = np.random.default_rng(0)
    x = rng.normal(0, 1, (400_000, 2)) + np.repeat([[-1.1, 0], [1.1, 0]], 200_000, 0)
    right = log_densities(dataset_spec, x).argmax(1) == np.repeat([0, 1], 200_000)
    assert right.mean() == pytest.approx(stats.norm.cdf(1.1), abs=4 * 0.5 / 400_000**0.5)
    dataset = make_dataset(dataset_spec, 0)
    on_test = (log_densities(dataset_spec, dataset.test_x).argmax(1) == dataset.test_labels).mean()
    assert on_test == pytest.approx(stats.norm.cdf(1.1), abs=0.014)


@in_the_plane
def test_means_move_a_class_and_nothing_else(shape: str) -> None:
    means = (1.0, -2.0, 3.0, 0.5)
    for moved, middle in zip(centres(DatasetSpec(shape, means=means)), ((1.0, -2.0), (3.0, 0.5)), strict=True):
        np.testing.assert_allclose((moved.min(0) + moved.max(0))[0] / 2, middle[0], atol=1e-12)
    own, moved_all = centres(DatasetSpec(shape)), centres(DatasetSpec(shape, means=means))
    for a, b in zip(own, moved_all, strict=True):
        np.testing.assert_allclose(b - b[0], a - a[0], atol=1e-12)


@in_the_plane
def test_more_separation_parts_the_classes(shape: str) -> None:
    best = []
    for separation in (0.5, 1.5, 3.0):
        dataset_spec = DatasetSpec(shape, separation=separation)
        dataset = make_dataset(dataset_spec, 0)
        best.append((log_densities(dataset_spec, dataset.test_x[::4]).argmax(1) == dataset.test_labels[::4]).mean())
    assert best[0] + 0.05 < best[1] < best[2] - 0.01


def test_moons_are_half_circles_and_rings_are_circles() -> None:
    upper, lower = centres(DatasetSpec("moons", separation=2.0))
    np.testing.assert_allclose(np.hypot(*(upper - (-0.75, 0.1)).T), 1.5)
    np.testing.assert_allclose(np.hypot(*(lower - (0.75, -0.1)).T), 1.5)
    assert upper[:, 1].min() >= 0.1 - 1e-12
    assert lower[:, 1].max() <= -0.1 + 1e-12
    inner, outer = centres(DatasetSpec("rings", separation=2.0))
    np.testing.assert_allclose(np.hypot(*inner.T), 0.5)
    np.testing.assert_allclose(np.hypot(*outer.T), 2.5)
    for ring in (inner, outer):
        np.testing.assert_allclose(ring.mean(0), 0, atol=0.02)


@in_the_plane
@pytest.mark.parametrize("separation", [0.3, 1.1, 2.0])
def test_log_densities_are_those_of_a_mixture(shape: str, separation: float) -> None:
    dataset_spec, x = DatasetSpec(shape, separation=separation), np.random.default_rng(1).normal(0, 2, (50, 2))
    step = stats.multivariate_normal((0, 0), STD[shape] ** 2)
    expected = [np.log(np.mean([step.pdf(x - middle) for middle in of], 0)) for of in centres(dataset_spec)]
    densities = log_densities(dataset_spec, x)
    # Up to a constant: that of a Gaussian's density, the same for both classes.
    constant = -np.log(2 * np.pi * STD[shape] ** 2)
    np.testing.assert_allclose(densities + constant, np.stack(expected, 1), rtol=1e-9)


@in_the_plane
def test_samples_are_drawn_from_these_densities(shape: str) -> None:
    """χ² of the test samples of each class over a grid, against the density integrated by the midpoint rule."""
    dataset_spec = DatasetSpec(shape, separation=1.3)
    edges, fine = np.linspace(-4, 4, 9), 8
    middles = (np.arange(8 * fine) + 0.5) / fine - 4
    grid = np.stack(np.meshgrid(middles, middles, indexing="ij"), -1).reshape(-1, 2)
    density = np.exp(log_densities(dataset_spec, grid)) / (2 * np.pi * STD[shape] ** 2)
    dataset = make_dataset(dataset_spec, 4)
    for c in (0, 1):
        share = density[:, c].reshape(8, fine, 8, fine).sum((1, 3)) / fine**2
        expected = np.append(TEST_PER_CLASS * share, TEST_PER_CLASS * (1 - share.sum()))
        cells = np.histogram2d(*dataset.test_x[dataset.test_labels == c].T, (edges, edges))[0]
        observed = np.append(cells, TEST_PER_CLASS - cells.sum())
        enough = expected > 5
        assert enough.sum() > 8
        chi = ((observed - expected)[enough] ** 2 / expected[enough]).sum()
        assert stats.chi2.sf(chi, enough.sum()) > 1e-3


# Whose labels are wrong

each_kind = pytest.mark.parametrize("noise", ["uniform", "one class", "pair", "near boundary", "far from boundary"])


def flipped(shape: str, noise: str, rate: float, pair: tuple[int, int] | None, samples: int = 1500, seed: int = 0) -> Dataset:
    return make_dataset(DatasetSpec(shape, samples, noise=noise, rate=rate, pair=pair), seed)


@each_shape
def test_uniform_noise_has_its_rate_in_every_class(shape: str) -> None:
    shares = np.mean([flipped(shape, "uniform", 0.3, None, seed=seed).wrong.mean() for seed in range(8)])
    assert shares == pytest.approx(0.3, abs=4 * (0.21 / 12_000) ** 0.5)
    dataset = flipped(shape, "uniform", 0.3, None)
    assert set(dataset.truth[dataset.wrong]) == set(dataset.truth)
    assert set(dataset.labels) == set(dataset.truth)


@pytest.mark.parametrize(("shape", "pair"), [("gaussians", (1, 0)), ("moons", (0, 0)), ("digits", (3, 8))])
def test_noise_of_one_class(shape: str, pair: tuple[int, int]) -> None:
    one_class, paired = (
        flipped(shape, "one class", 0.3, pair),
        flipped(shape, "pair", 0.3, (pair[0], 8 if shape == "digits" else 1 - pair[0])),
    )
    for dataset in (one_class, paired):
        assert set(dataset.truth[dataset.wrong]) == {pair[0]}
        eligible = dataset.truth == pair[0]
        assert dataset.wrong[eligible].mean() == pytest.approx(0.3, abs=4 * (0.21 / eligible.sum()) ** 0.5)
    if shape == "digits":
        assert set(paired.labels[paired.wrong]) == {8}
        assert len(set(one_class.labels[one_class.wrong])) > 5
    else:
        np.testing.assert_array_equal(one_class.labels, paired.labels)


def test_noise_of_the_boundary_by_log_odds() -> None:
    """One class only: exactly those of it whose log-odds, along x₀ for Gaussians, are the least or the largest."""
    for noise in ("near boundary", "far from boundary"):
        dataset = flipped("gaussians", noise, 0.1, (1, 0), 600)
        eligible = np.flatnonzero(dataset.truth == 1)
        odds = 2 * 1.1 * dataset.x[eligible, 0]  # log N(x; 1.1) − log N(x; −1.1)
        order = eligible[np.argsort(np.abs(odds))]
        expected = order[:30] if noise == "near boundary" else order[-30:]
        assert set(np.flatnonzero(dataset.wrong)) == set(expected)
        assert (dataset.labels[expected] == 0).all()


@pytest.mark.parametrize("shape", ["moons", "rings"])
def test_noise_of_the_boundary_of_both_classes(shape: str) -> None:
    near, far = (flipped(shape, noise, 0.1, None, 1000) for noise in ("near boundary", "far from boundary"))
    step = stats.multivariate_normal((0, 0), STD[shape] ** 2)
    of = [np.mean([step.pdf(near.x - middle) for middle in c], 0) for c in centres(DatasetSpec(shape))]
    order = np.argsort(np.abs(np.log(of[1] / of[0])))
    assert set(np.flatnonzero(near.wrong)) == set(order[:100])
    assert set(np.flatnonzero(far.wrong)) == set(order[-100:])


def test_noise_of_the_boundary_among_digits() -> None:
    """The runner-up of a model that has not seen the digit, for those of class 8 whose logits are nearest."""
    images, _, logits = digits.images()
    numbers = {row.tobytes(): n for n, row in enumerate(images.reshape(-1, 64) / 16)}
    dataset = flipped("digits", "near boundary", 0.2, (8, 8))
    rows = np.array([numbers[row.tobytes()] for row in dataset.x])
    eligible = np.flatnonzero(dataset.truth == 8)
    others = np.delete(logits[rows[eligible]], 8, 1)
    order = eligible[np.argsort(np.abs(logits[rows[eligible], 8] - others.max(1)))]
    assert set(np.flatnonzero(dataset.wrong)) == set(order[: round(0.2 * len(eligible))])
    runner = np.argmax(np.where(np.arange(10) == 8, -np.inf, logits[rows]), 1)
    np.testing.assert_array_equal(dataset.labels[dataset.wrong], runner[dataset.wrong])


@each_kind
@each_shape
def test_a_higher_rate_changes_all_that_a_lower_one_does(shape: str, noise: str) -> None:
    lower, higher = (flipped(shape, noise, rate, (1, 0), 800) for rate in (0.1, 0.35))
    assert 0 < lower.wrong.sum() < higher.wrong.sum()
    np.testing.assert_array_equal(higher.labels[lower.wrong], lower.labels[lower.wrong])


@each_kind
def test_wrong_labels_are_marked(noise: str) -> None:
    dataset = flipped("digits", noise, 0.3, (1, 0), 800)
    expected = [a != b for a, b in zip(dataset.labels.tolist(), dataset.truth.tolist(), strict=True)]
    assert dataset.wrong.tolist() == expected
    assert any(expected)


# What cannot be


def refusal(dataset_spec: DatasetSpec) -> str:
    with pytest.raises(InputError) as caught:
        make_dataset(dataset_spec, 0)
    return str(caught.value)


NOISY: dict[str, Any] = {"noise": "pair", "rate": 0.1}


@pytest.mark.parametrize(
    ("dataset_spec", "message"),
    [
        (DatasetSpec("moon"), "shape: found 'moon'; expected .*did you mean 'moons'"),
        (DatasetSpec("moons", noise="unifrom"), "noise: found 'unifrom'; expected .*did you mean 'uniform'"),
        (DatasetSpec("moons", rate=1.5), "rate: found 1.5; expected a share from 0 to 1"),
        (DatasetSpec("moons", rate=float("nan")), "rate: found nan"),
        (DatasetSpec("moons", rare=2), "class: found 2; expected a class from 0 to 1"),
        (DatasetSpec("digits", rare=-1), "class: found -1; expected a class from 0 to 9"),
        (DatasetSpec("digits", pair=(1, 10), **NOISY), "class: found 10; expected a class from 0 to 9"),
        (DatasetSpec("digits", pair=(4, 4), **NOISY), r"classes: found \(4, 4\); expected two different classes"),
        (DatasetSpec("moons", **NOISY), "classes: found None; expected two different classes"),
        (DatasetSpec("moons", noise="one class", rate=0.1), "classes: found None; expected the class whose labels are changed"),
        (DatasetSpec("digits", 99), "samples: found 99; expected 100 to 1600: of 1,797 digits the rest is the test set"),
        (DatasetSpec("digits", 1601), "samples: found 1601; expected 100 to 1600"),
        (DatasetSpec("moons", 50_001), "samples: found 50001; expected 2 to 50000"),
        (DatasetSpec("moons", ratio=0.5), "ratio: found 0.5; expected a number, 1 or more"),
        (DatasetSpec("moons", ratio=0.0), "ratio: found 0;"),
        (DatasetSpec("moons", ratio=float("inf")), "ratio: found inf"),
        (DatasetSpec("moons", ratio=float("nan")), "ratio: found nan"),
        (DatasetSpec("moons", separation=float("inf")), "separation: found inf"),
        (DatasetSpec("moons", means=(1.0, 2.0)), r"means: found \(1.0, 2.0\); expected four numbers"),
        (DatasetSpec("moons", means=(1.0, 2.0, float("nan"), 0.0)), "means: .*expected four numbers"),
    ],
)
def test_what_makes_no_sense_is_refused(dataset_spec: DatasetSpec, message: str) -> None:
    assert re.search(message, refusal(dataset_spec))


@pytest.mark.parametrize(
    ("shape", "ratio"),
    [*itertools.product(PLANE, (1.0, 3.0, 10.0, 999.0, 1000.0)), ("digits", 1.0), ("digits", 30.0), ("digits", 319.0)],
)
def test_no_sample_of_a_class(shape: str, ratio: float) -> None:
    """The message says how many samples are enough: that many are, and one less is not."""
    message = refusal(DatasetSpec(shape, 0, ratio))
    assert f"found 0, none of class 1 at {ratio:g}:1; expected at least " in message
    enough = int(message.rstrip(".").split()[-1])
    assert np.bincount(make_dataset(DatasetSpec(shape, enough, ratio), 0).truth)[1] > 0
    message = refusal(DatasetSpec(shape, enough - 1, ratio))
    if enough > SAMPLE_RANGE[shape][0]:
        assert f"found {enough - 1}, none of class 1 at {ratio:g}:1; expected at least {enough}." in message


def test_a_ratio_that_no_number_of_digits_has() -> None:
    assert (
        refusal(DatasetSpec("digits", 1600, 1000.0))
        == "samples: found 1600, none of class 1 at 1000:1; expected a smaller ratio."
    )


@pytest.mark.parametrize(
    ("dataset_spec", "message"),
    [
        (DatasetSpec("moons", noise="uniform", rate=1.0), "rate: found 1: every label is wrong; expected less than 1"),
        (DatasetSpec("moons", noise="near boundary", rate=1.0), "rate: found 1: every label is wrong; expected a lower rate"),
        (
            DatasetSpec("moons", noise="one class", rate=1.0, pair=(1, 0)),
            "labels: found none that says class 1; expected every class",
        ),
        (DatasetSpec("digits", noise="pair", rate=1.0, pair=(7, 1)), "labels: found none that says class 7"),
        (DatasetSpec("moons", 20, noise="far from boundary", rate=1.0, pair=(0, 1)), "labels: found none that says class 0"),
    ],
)
def test_nothing_left_to_learn(dataset_spec: DatasetSpec, message: str) -> None:
    assert re.search(message, refusal(dataset_spec))


def test_the_arrays_have_the_types_they_promise() -> None:
    for shape in SHAPES:
        dataset = flipped(shape, "uniform", 0.2, None, 200)
        floats: list[NDArray[Any]] = [dataset.x, dataset.test_x, dataset.prior]
        assert {x.dtype for x in floats} == {np.dtype(np.float64)}
        assert {x.dtype for x in (dataset.labels, dataset.truth, dataset.test_labels)} == {np.dtype(np.int64)}
