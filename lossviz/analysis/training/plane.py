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
from .snapshots import GRID, extent, grid

MOST = 1000
"""At most so many samples are drawn: what stands still is drawn anew at every step of the scrubber, too."""


class Points(NamedTuple):
    """Samples that are drawn, x (K, 2), with their labels (K,) and which of these are wrong (K,).

    samples and mislabelled: of how many; all of the first seed, not those drawn only.
    """

    x: Array
    labels: Labels
    wrong: NDArray[np.bool_]
    total: int
    total_wrong: int


class Plane(NamedTuple):
    """What is known of a plane without any model, for one seed.

    x, y (GRID,): the axes; truth (GRID, GRID): the probability that a sample there is of class 1, row by row from below.
    best: the vertices of the best boundary, where that is ½, with nan between two lines. accuracy: what share of the clean
    test set the best rule gets right. middles (2, 2): of the classes.
    """

    x: Array
    y: Array
    truth: Array
    best: tuple[Array, Array]
    accuracy: float
    points: Points
    middles: Array


class DecisionRegions(NamedTuple):
    """What each of L models of the first seed makes of the plane, after each of E epochs.

    share (E, L, GRID, GRID): class 1's probability; borders, E × L: the vertices of the lines where it is ½; accuracy (E, L),
    and beside it the mean over all seeds, of which there are so many.
    """

    plane: Plane
    epochs: tuple[int, ...]
    share: Array
    borders: list[list[tuple[Array, Array]]]
    accuracy: Array
    mean: Array
    seeds: int


@lru_cache(maxsize=32)
def plane(dataset_spec: DatasetSpec, seed: int = 0) -> Plane:
    """The plane of a spec and a seed.

    Raises InputError for what no dataset can be made of, and for digits, which are in no plane.
    """
    check_has_means(dataset_spec)
    there, first = np.array(class_means(dataset_spec)).reshape(2, 2), make_dataset(dataset_spec, seed)
    x, y = axes(first)
    with np.errstate(over="ignore"):
        densities = log_densities(dataset_spec, grid(first)) + np.log(first.prior)
        odds = (densities[:, 1] - densities[:, 0]).reshape(GRID, GRID)
        truth = 1 / (1 + np.exp(-odds))
    accuracy = bayes_accuracy(dataset_spec, first.test_x, first.test_labels, first.prior)
    return Plane(x, y, truth, zeros(x, y, odds), accuracy, points(dataset_spec, first), there)


def axes(first: Dataset) -> tuple[Array, Array]:
    """The axes of the grid over which a model's regions are measured, (GRID,) each."""
    left, right, bottom, top = extent(first)
    return np.linspace(left, right, GRID), np.linspace(bottom, top, GRID)


def points(dataset_spec: DatasetSpec, first: Dataset) -> Points:
    """Up to `MOST` of a dataset's samples, which are in no order: a third of these are kept for the rare class's and for wrong
    labels each, as far as there are so many; the rest are the first."""
    wrong = first.wrong
    rare = (first.truth == dataset_spec.rare) & (dataset_spec.ratio > 1)
    early = np.zeros(len(wrong), bool)
    for group in (rare, wrong):
        early[np.flatnonzero(group)[: MOST // 3]] = True
    drawn = np.sort(np.argsort(~early, kind="stable")[:MOST])
    return Points(first.x[drawn], first.labels[drawn], wrong[drawn], len(wrong), int(wrong.sum()))


def regions(found: Record) -> DecisionRegions:
    """What the models of a record make of the plane."""
    there = plane(found.experiment.dataset_spec, found.experiment.first_seed)
    share = found.runs.region_probability.reshape(*found.runs.region_probability.shape[:2], GRID, GRID)
    borders = [[zeros(there.x, there.y, _log_odds(one)) for one in losses] for losses in share]
    accuracy = found.runs.accuracy
    return DecisionRegions(there, found.epochs, share, borders, accuracy[..., 0], accuracy.mean(-1), accuracy.shape[-1])


def _log_odds(p: Array) -> Array:
    """Linear in the plane where the model is, so that its border is straight; certainty is cut off."""
    sure = np.clip(p, 1e-15, 1 - 1e-15)
    odds: Array = np.log(sure) - np.log1p(-sure)
    return odds
