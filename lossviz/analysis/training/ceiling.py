"""What the best possible rule reaches on test sets whose densities are known: no model beats it but by luck."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from ...data.toy_datasets import Dataset, DatasetSpec, log_densities, make_dataset
from ...evaluation.setting import Array
from .snapshots import average_precision


class Ceilings(NamedTuple):
    """Of each of S seeds, shares (S,): accuracy at the classes' shares in training; the rare class's average precision."""

    accuracy: Array
    precision: Array


@lru_cache(maxsize=32)
def ceilings(dataset_spec: DatasetSpec, seeds: range) -> Ceilings | None:
    """What the Bayes rule reaches on the very test sets that models are tested on; None for digits, whose density nobody knows.

    The rule knows the true posterior: log odds = log density of the rare class − that of the other + the log odds of their
    shares. It gives the class with the larger posterior, and ranks by the rare class's.
    """
    if dataset_spec.shape == "digits":
        return None
    values = [ceiling(dataset_spec, make_dataset(dataset_spec, seed)) for seed in seeds]
    return Ceilings(*np.array(values, np.float64).reshape(-1, 2).T)


def ceiling(dataset_spec: DatasetSpec, dataset: Dataset) -> tuple[float, float]:
    """Accuracy and average precision of the Bayes rule on a dataset's test set."""
    share = float(dataset.prior[dataset_spec.rare])
    density = log_densities(dataset_spec, dataset.test_x)
    odds = density[:, dataset_spec.rare] - density[:, 1 - dataset_spec.rare] + np.log(share) - np.log1p(-share)
    rare = dataset.test_labels == dataset_spec.rare
    accuracy = share * float(np.mean(odds[rare] > 0)) + (1 - share) * float(np.mean(odds[~rare] <= 0))
    return accuracy, average_precision(odds[rare], odds[~rare], share)
