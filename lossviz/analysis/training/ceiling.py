"""What the best possible rule reaches on the test sets of a world whose densities are known: no model beats it but by luck."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from ...data.worlds import Recipe, World, log_densities, world
from ...evaluation.setting import Array
from .measures import average_precision


class Ceilings(NamedTuple):
    """Of each of S seeds, shares (S,): accuracy at the classes' shares in training; the rare class's average precision."""

    accuracy: Array
    precision: Array


@lru_cache(maxsize=32)
def ceilings(recipe: Recipe, seeds: range) -> Ceilings | None:
    """What the Bayes rule reaches on the very test sets that models are tested on; None for digits, whose density nobody knows.

    The rule knows the true posterior: log odds = log density of the rare class − that of the other + the log odds of their
    shares. It gives the class with the larger posterior, and ranks by the rare class's.
    """
    if recipe.shape == "digits":
        return None
    found = [ceiling(recipe, world(recipe, seed)) for seed in seeds]
    return Ceilings(*np.array(found, np.float64).reshape(-1, 2).T)


def ceiling(recipe: Recipe, one: World) -> tuple[float, float]:
    """Accuracy and average precision of the Bayes rule on a world's test set."""
    share = float(one.prior[recipe.rare])
    density = log_densities(recipe, one.test_x)
    odds = density[:, recipe.rare] - density[:, 1 - recipe.rare] + np.log(share) - np.log1p(-share)
    rare = one.test_labels == recipe.rare
    accuracy = share * float(np.mean(odds[rare] > 0)) + (1 - share) * float(np.mean(odds[~rare] <= 0))
    return accuracy, average_precision(odds[rare], odds[~rare], share)
