"""The Bayes rule's ceilings, against formulas of two Gaussians and scikit-learn; no model is above them but by luck."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm
from sklearn.metrics import accuracy_score, average_precision_score

from lossviz.analysis.training import measure_values
from lossviz.analysis.training.ceiling import ceilings
from lossviz.data.toy_datasets import DatasetSpec, bayes_accuracy, log_densities, make_dataset

from .small_trainings import DIGITS, PLANES, trained

RARE = DatasetSpec("gaussians", 1010, ratio=100.0)
SPECS = (RARE, RARE._replace(rare=0), *PLANES, PLANES[1]._replace(ratio=9.0, rare=0))
each = pytest.mark.parametrize(
    "dataset_spec", SPECS, ids=lambda dataset_spec: f"{dataset_spec.shape} {dataset_spec.ratio:g} {dataset_spec.rare}"
)


@each
def test_ceilings_are_the_posteriors_accuracy_and_average_precision(dataset_spec: DatasetSpec) -> None:
    best = ceilings(dataset_spec, range(3, 5))
    assert best is not None and best.accuracy.shape == best.precision.shape == (2,)
    for at, seed in enumerate((3, 4)):
        one = make_dataset(dataset_spec, seed)
        joint = np.exp(log_densities(dataset_spec, one.test_x)) * one.prior
        posterior = joint / joint.sum(1, keepdims=True)
        weight, rare = one.prior[one.test_labels], one.test_labels == dataset_spec.rare
        accuracy = accuracy_score(one.test_labels, posterior.argmax(1), sample_weight=weight)
        assert best.accuracy[at] == pytest.approx(accuracy, abs=1e-12)
        assert best.accuracy[at] == pytest.approx(
            bayes_accuracy(dataset_spec, one.test_x, one.test_labels, one.prior), abs=1e-12
        )
        precision = average_precision_score(rare, posterior[:, dataset_spec.rare], sample_weight=weight)
        assert best.precision[at] == pytest.approx(precision, rel=1e-6)


def test_two_equal_gaussians_are_told_apart_by_their_distance() -> None:
    """Φ(s) of samples at ±s, of as many of both."""
    best = ceilings(DatasetSpec("gaussians", 600), range(12))
    assert best is not None
    assert best.accuracy.mean() == pytest.approx(norm.cdf(1.1), abs=0.002)


def test_a_model_that_has_learned_comes_near_and_not_above() -> None:
    dataset_spec = DatasetSpec("gaussians", 2000, ratio=4.0)
    runs = trained(dataset_spec, seeds=3, epochs=12)
    best = ceilings(dataset_spec, runs.experiment.seed_numbers)
    assert best is not None
    for key, values in zip(("accuracy", "precision"), best, strict=True):
        gap = 100 * values - measure_values(runs, key)[-1, 0]
        assert -0.2 < gap.mean() < 0.5, key


def test_digits_have_no_ceiling() -> None:
    assert ceilings(DIGITS, range(2)) is None
