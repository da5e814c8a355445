"""The plane that samples are in: who is where, and the boundaries between classes, the best one and those of models."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...data.toy_datasets import (
    Dataset,
    DatasetSpec,
    Labels,
    bayes_accuracy,
    check_has_means,
    class_means,
    log_densities,
    make_dataset,
)
from ...evaluation.setting import Array
from ..contour import zeros
from .record import Record
from .snapshots import GRID, extent, plane_grid

MAX_SAMPLES = 1000
"""At most so many samples are drawn: what stands still is drawn anew at every step of the scrubber, too."""


class PlaneSamples(NamedTuple):
    """Samples that are drawn, x (K, 2), with their labels (K,) and which of these are wrong (K,).

    total, total_wrong: how many samples and wrong labels the first seed has in all, not those drawn only.
    """

    x: Array
    labels: Labels
    wrong: NDArray[np.bool_]
    total: int
    total_wrong: int


class PlaneTruth(NamedTuple):
    """What is known of a plane without any model, for one seed.

    x, y (GRID,): the axes; truth (GRID, GRID): the probability that a sample there is of class 1, row by row from below.
    bayes_boundary: the vertices of the best boundary, where that is ½, with nan between two lines. bayes_accuracy: what share
    of the clean test set the Bayes rule gets right. means (2, 2): of the classes.
    """

    x: Array
    y: Array
    truth: Array
    bayes_boundary: tuple[Array, Array]
    bayes_accuracy: float
    samples: PlaneSamples
    means: Array


class DecisionRegions(NamedTuple):
    """What each of L models of the first seed makes of the plane, after each of E epochs.

    probability (E, L, GRID, GRID): of class 1; boundaries, E × L: the vertices of the lines where it is ½; accuracy and
    mean_accuracy (E, L): of the first seed, and the mean over all `seeds`.
    """

    plane: PlaneTruth
    epochs: tuple[int, ...]
    probability: Array
    boundaries: list[list[tuple[Array, Array]]]
    accuracy: Array
    mean_accuracy: Array
    seeds: int


@lru_cache(maxsize=32)
def plane(dataset_spec: DatasetSpec, seed: int = 0) -> PlaneTruth:
    """The plane of a spec and a seed.

    Raises InputError for what no dataset can be made of, and for digits, which are in no plane.
    """
    check_has_means(dataset_spec)
    means, first = np.array(class_means(dataset_spec)).reshape(2, 2), make_dataset(dataset_spec, seed)
    x, y = axes(first)
    with np.errstate(over="ignore"):
        densities = log_densities(dataset_spec, plane_grid(first)) + np.log(first.prior)
        odds = (densities[:, 1] - densities[:, 0]).reshape(GRID, GRID)
        truth = 1 / (1 + np.exp(-odds))
    accuracy = bayes_accuracy(dataset_spec, first.test_x, first.test_labels, first.prior)
    return PlaneTruth(x, y, truth, zeros(x, y, odds), accuracy, plane_samples(dataset_spec, first), means)


def axes(first: Dataset) -> tuple[Array, Array]:
    """The axes of the grid over which a model's regions are measured, (GRID,) each."""
    left, right, bottom, top = extent(first)
    return np.linspace(left, right, GRID), np.linspace(bottom, top, GRID)


def plane_samples(dataset_spec: DatasetSpec, first: Dataset) -> PlaneSamples:
    """Up to `MAX_SAMPLES` of a dataset's samples, which are in no order.

    A third of these are kept for the rare class's and for wrong labels each, as far as there are so many; the rest are the
    first.
    """
    wrong = first.wrong
    rare = (first.truth == dataset_spec.rare) & (dataset_spec.ratio > 1)
    first_drawn = np.zeros(len(wrong), bool)
    for group in (rare, wrong):
        first_drawn[np.flatnonzero(group)[: MAX_SAMPLES // 3]] = True
    drawn = np.sort(np.argsort(~first_drawn, kind="stable")[:MAX_SAMPLES])
    return PlaneSamples(first.x[drawn], first.labels[drawn], wrong[drawn], len(wrong), int(wrong.sum()))


def decision_regions(record: Record) -> DecisionRegions:
    """What the models of a record make of the plane."""
    first_plane = plane(record.experiment.dataset_spec, record.experiment.first_seed)
    probability = record.runs.region_probability.reshape(*record.runs.region_probability.shape[:2], GRID, GRID)
    boundaries = [[zeros(first_plane.x, first_plane.y, _log_odds(one)) for one in losses] for losses in probability]
    accuracy = record.runs.accuracy
    return DecisionRegions(
        first_plane, record.epochs, probability, boundaries, accuracy[..., 0], accuracy.mean(-1), accuracy.shape[-1]
    )


def _log_odds(p: Array) -> Array:
    """Linear in the plane where the model is, so that its border is straight; certainty is cut off."""
    clipped = np.clip(p, 1e-15, 1 - 1e-15)
    odds: Array = np.log(clipped) - np.log1p(-clipped)
    return odds
