"""The plane: the truth is where densities say, borders are where models change their mind, and the drawn samples are told."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from lossviz import InputError
from lossviz.analysis.training.plane import MAX_SAMPLES, decision_regions, plane, plane_samples
from lossviz.analysis.training.snapshots import GRID, plane_grid
from lossviz.data.toy_datasets import DatasetSpec, log_densities, make_dataset

from .small_trainings import PLANES, trained


def nearest(x: np.ndarray, y: np.ndarray, axes: tuple[np.ndarray, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Row and column of the grid's point below and left of each place."""
    return tuple(np.clip(np.searchsorted(axis, at) - 1, 0, GRID - 2) for axis, at in zip(axes[::-1], (y, x), strict=True))


@pytest.mark.parametrize("dataset_spec", PLANES, ids=lambda dataset_spec: dataset_spec.shape)
def test_the_best_boundary_is_where_both_classes_are_as_likely(dataset_spec: DatasetSpec) -> None:
    result = plane(dataset_spec)
    x, y = (at[np.isfinite(at)] for at in result.bayes_boundary)
    assert len(x) > 10
    densities = log_densities(dataset_spec, np.stack((x, y), 1)) + np.log(make_dataset(dataset_spec, 0).prior)
    # Off by what a straight piece within a cell is: there the log-odds are nearly linear.
    assert np.abs(densities[:, 1] - densities[:, 0]).max() < 0.35
    across, up = np.meshgrid(result.x, result.y)
    expected = log_densities(dataset_spec, np.stack((across.ravel(), up.ravel()), 1)) + np.log(
        make_dataset(dataset_spec, 0).prior
    )
    wanted = torch.softmax(torch.tensor(expected), 1)[:, 1].numpy().reshape(GRID, GRID)
    np.testing.assert_allclose(result.truth, wanted, atol=1e-12)


def test_a_rare_class_moves_the_best_boundary_of_two_gaussians() -> None:
    """At N(±s, 1) it is at x = log(ratio)/(2s)."""
    dataset_spec = DatasetSpec("gaussians", 1010, ratio=100.0)
    x = plane(dataset_spec).bayes_boundary[0]
    share = make_dataset(dataset_spec, 0).prior
    np.testing.assert_allclose(x, np.log(share[0] / share[1]) / (2 * dataset_spec.separation), atol=1e-9)


@pytest.mark.parametrize("dataset_spec", PLANES, ids=lambda dataset_spec: dataset_spec.shape)
def test_borders_lie_between_places_of_which_a_model_thinks_otherwise(dataset_spec: DatasetSpec) -> None:
    made = trained(dataset_spec, width=8)
    result = decision_regions(made)
    assert result.probability.shape == (len(made.epochs), 2, GRID, GRID)
    np.testing.assert_array_equal(result.accuracy, made.runs.accuracy[:, :, 0])
    for shares, borders in zip(result.probability, result.boundaries, strict=True):
        for share, (x, y) in zip(shares, borders, strict=True):
            assert bool(len(x)) == bool((share > 0.5).any() and (share <= 0.5).any())
            expected = np.isfinite(x)
            row, column = nearest(x[expected], y[expected], (result.plane.x, result.plane.y))
            # An edge of the grid may belong to the cell above or to the left of it as well.
            around = np.stack([share[row + i, column + j] for i in (0, 1) for j in (0, 1)])
            assert (around.min(0) <= 0.5 + 1e-9).all()
            assert (around.max(0) >= 0.5 - 1e-9).all()


def test_the_border_of_a_linear_model_is_straight() -> None:
    result = decision_regions(trained(PLANES[0]))
    for x, y in result.boundaries[-1]:
        places = np.stack((x, y), 1)
        assert np.isfinite(places).all()
        spread = np.linalg.svd(places - places.mean(0), compute_uv=False)
        assert spread[1] < 1e-9 * spread[0]


def test_of_many_samples_the_rare_and_the_wrong_are_drawn_first_and_counted() -> None:
    dataset_spec = DatasetSpec("gaussians", 20_020, ratio=1000.0, noise="uniform", rate=0.05)
    first = make_dataset(dataset_spec, 0)
    result = plane_samples(dataset_spec, first)
    assert len(result.labels) == len(result.x) == MAX_SAMPLES
    assert (result.total, result.total_wrong) == (20_020, int(first.wrong.sum()))
    drawn = {tuple(place) for place in result.x}
    assert all(tuple(place) in drawn for place in first.x[first.truth == 1])
    assert MAX_SAMPLES // 3 <= result.wrong.sum() < 0.5 * MAX_SAMPLES
    np.testing.assert_array_equal(result.x, plane_samples(dataset_spec, first).x)
    where = {tuple(place): n for n, place in enumerate(first.x)}
    expected = [where[tuple(place)] for place in result.x]
    np.testing.assert_array_equal(result.labels, first.labels[expected])
    np.testing.assert_array_equal(result.wrong, first.wrong[expected])


def test_of_few_samples_all_are_drawn() -> None:
    result = plane(PLANES[0]).samples
    np.testing.assert_array_equal(result.x, make_dataset(PLANES[0], 0).x)


def test_the_first_seed_is_the_experiments() -> None:
    result, expected = decision_regions(trained(PLANES[0], first_seed=6)), make_dataset(PLANES[0], 6)
    np.testing.assert_array_equal(result.plane.samples.x, expected.x)
    corner = plane_grid(expected)[-1]
    assert (result.plane.x[-1], result.plane.y[-1]) == tuple(corner)


def test_digits_are_in_no_plane() -> None:
    with pytest.raises(InputError, match="plane"):
        plane(DatasetSpec("digits"))
