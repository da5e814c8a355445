"""The Bayes rule's ceilings, against formulas of two Gaussians and scikit-learn; no model is above them but by luck."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm
from sklearn.metrics import accuracy_score, average_precision_score

from lossviz.analysis.training import measured
from lossviz.analysis.training.ceiling import ceilings
from lossviz.data.worlds import Recipe, best_accuracy, log_densities, world

from .trained import DIGITS, PLANES, trained

RARE = Recipe("gaussians", 1010, ratio=100.0)
WORLDS = (RARE, RARE._replace(rare=0), *PLANES, PLANES[1]._replace(ratio=9.0, rare=0))
each = pytest.mark.parametrize("recipe", WORLDS, ids=lambda recipe: f"{recipe.shape} {recipe.ratio:g} {recipe.rare}")


@each
def test_ceilings_are_the_posteriors_accuracy_and_average_precision(recipe: Recipe) -> None:
    found = ceilings(recipe, range(3, 5))
    assert found is not None and found.accuracy.shape == found.precision.shape == (2,)
    for at, seed in enumerate((3, 4)):
        one = world(recipe, seed)
        joint = np.exp(log_densities(recipe, one.test_x)) * one.prior
        posterior = joint / joint.sum(1, keepdims=True)
        weight, rare = one.prior[one.test_labels], one.test_labels == recipe.rare
        accuracy = accuracy_score(one.test_labels, posterior.argmax(1), sample_weight=weight)
        assert found.accuracy[at] == pytest.approx(accuracy, abs=1e-12)
        assert found.accuracy[at] == pytest.approx(best_accuracy(recipe, one.test_x, one.test_labels, one.prior), abs=1e-12)
        precision = average_precision_score(rare, posterior[:, recipe.rare], sample_weight=weight)
        assert found.precision[at] == pytest.approx(precision, rel=1e-6)


def test_two_equal_gaussians_are_told_apart_by_their_distance() -> None:
    """Φ(s) of samples at ±s, of as many of both."""
    found = ceilings(Recipe("gaussians", 600), range(12))
    assert found is not None
    assert found.accuracy.mean() == pytest.approx(norm.cdf(1.1), abs=0.002)


def test_a_model_that_has_learned_comes_near_and_not_above() -> None:
    recipe = Recipe("gaussians", 2000, ratio=4.0)
    runs = trained(recipe, seeds=4, epochs=30)
    found = ceilings(recipe, runs.experiment.seed_numbers)
    assert found is not None
    for key, best in zip(("accuracy", "precision"), found, strict=True):
        gap = 100 * best - measured(runs, key)[-1, 0]
        assert -0.2 < gap.mean() < 0.5, key


def test_digits_have_no_ceiling() -> None:
    assert ceilings(DIGITS, range(2)) is None
