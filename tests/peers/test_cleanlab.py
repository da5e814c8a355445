"""Doubtful labels beside cleanlab, the library of those who wrote the paper: the same counts, the same order.

It differs from the paper in one place: where several classes reach their threshold it takes the likeliest of all classes, the
paper (equation 1) the likeliest of those that reach theirs. On these predictions the two agree.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

import numpy as np
import pytest

from lossviz.analysis.batch.confident_learning import calibrated, whole
from lossviz.analysis.batch.label_probabilities import label_probabilities
from lossviz.analysis.batch.pruning import doubtful_labels
from lossviz.analysis.batch.suspects import ranked, suspects
from lossviz.data import digits
from lossviz.data.noise import noisy
from lossviz.data.predictions import Batch, Predictions

pytestmark = pytest.mark.peers

NOISE = [("none", 0.0, None), ("uniform", 0.05, None), ("uniform", 0.2, None), ("pair", 0.2, (3, 8)), ("pair", 0.4, (3, 8))]
noise = pytest.mark.parametrize(("kind", "rate", "classes"), NOISE)


def cleanlab(module: str) -> Any:
    return import_module(f"cleanlab.{module}")


def probs(batch: Batch) -> np.ndarray:
    z = batch.rows.logits.astype(np.float64)
    p = np.exp(z - z.max(1, keepdims=True))
    normalised: np.ndarray = p / p.sum(1, keepdims=True)
    return normalised


@noise
def test_the_confident_joint(kind: str, rate: float, classes: tuple[int, int] | None) -> None:
    batch = noisy(digits.batch(), kind, rate, 0, classes)
    y, p, ours = batch.rows.targets, probs(batch), suspects(batch, "softmax")
    np.testing.assert_allclose(ours.threshold[0], cleanlab("count").get_confident_thresholds(y, p), rtol=1e-9)
    np.testing.assert_array_equal(ours.joint[0], cleanlab("count").compute_confident_joint(y, p, calibrate=False))
    joint = cleanlab("count").compute_confident_joint(y, p, calibrate=True)
    counts = whole(calibrated(ours.joint, ours.counts))[0]
    np.testing.assert_array_equal(counts.sum(1), joint.sum(1))
    assert np.abs(counts - joint).max() <= 1  # which of equal fractions are rounded up is its own choice
    number = cleanlab("count").num_label_issues(y, p, estimation_method="off_diagonal_calibrated")
    assert number == joint.sum() - np.trace(joint) == pytest.approx(ours.estimate, abs=5)


@noise
def test_the_errors(kind: str, rate: float, classes: tuple[int, int] | None) -> None:
    batch = noisy(digits.batch(), kind, rate, 0, classes)
    ours = suspects(batch, "softmax").errors.row
    theirs = cleanlab("filter").find_label_issues(batch.rows.targets, probs(batch), filter_by="prune_by_noise_rate", n_jobs=1)
    assert len(np.setxor1d(ours, np.flatnonzero(theirs))) <= 0.07 * theirs.sum()


@noise
@pytest.mark.parametrize(
    ("score", "method"), [("normalized-margin", "normalized_margin"), ("self-confidence", "self_confidence")]
)
def test_the_order(kind: str, rate: float, classes: tuple[int, int] | None, score: str, method: str) -> None:
    batch = noisy(digits.batch(), kind, rate, 0, classes)
    rows = batch.rows
    every = ranked(doubtful_labels(label_probabilities(rows, "multi-class", "softmax"), rows), score)
    theirs = cleanlab("rank").get_label_quality_scores(rows.targets, probs(batch), method=method)
    ours = 0.5 * (every.score(score) + 1) if score == "normalized-margin" else every.score(score)
    np.testing.assert_allclose(ours, theirs[every.row], atol=1e-12)
    np.testing.assert_allclose(theirs[every.row], np.sort(theirs), atol=1e-12)


def test_several_classes_a_sample() -> None:
    rng = np.random.default_rng(0)
    t = (rng.random((500, 4)) < np.array([0.1, 0.2, 0.4, 0.6])).astype(float)
    z = (2 * t - 1) * rng.normal(3, 1.5, t.shape)
    t = np.where(rng.random(t.shape) < 0.03, 1 - t, t)
    t[t.sum(1) == 0, 3] = 1
    survey = digits.batch().survey._replace(samples=500, classes=4, task="multi-label", counts=tuple(t.sum(0).tolist()))
    ours = suspects(Batch(survey, Predictions(z, t)), "sigmoid")
    labels, p = [np.flatnonzero(row).tolist() for row in t], 1 / (1 + np.exp(-z))
    theirs = cleanlab("count").compute_confident_joint(labels, p, multi_label=True, calibrate=False)
    np.testing.assert_array_equal(ours.joint, theirs)
    masks = cleanlab("multilabel_classification.filter").find_label_issues(labels, p, filter_by="prune_by_noise_rate", n_jobs=1)
    assert len(np.setxor1d(np.unique(ours.errors.row), np.flatnonzero(masks))) <= 0.05 * masks.sum() + 1
