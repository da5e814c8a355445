"""What is measured, against scikit-learn and plain loops over predictions of models that a plain loop of torch has trained."""

from __future__ import annotations

import math
from functools import cache
from typing import NamedTuple

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from sklearn.calibration import calibration_curve
from sklearn.metrics import accuracy_score, average_precision_score, recall_score, roc_auc_score

from lossviz import evaluate, loss
from lossviz.analysis.training import Experiment, Snapshot
from lossviz.analysis.training.calibration import BINS, calibration
from lossviz.analysis.training.models import MAX_HIDDEN_UNITS, Models
from lossviz.analysis.training.snapshots import CELLS, GRID, GROUPS, REACH, extent, plane_grid
from lossviz.data import toy_datasets
from lossviz.data.toy_datasets import DatasetSpec, make_dataset

from .torch_loop import CE, DIGITS, FOCAL, MOONS, NOISY, SIGMOID, PlainModel, small, train_plain, trained

pytestmark = pytest.mark.usefixtures("few_test_samples")

WARM = loss("focal", gamma=1.0, temperature=3.0)

CASES: dict[str, Experiment] = {
    "plane": small(NOISY._replace(ratio=4.0), (CE, SIGMOID)),
    "rare 0": small(MOONS._replace(rare=0), (FOCAL, WARM), width=8, epochs=6),
    "digits": small(DIGITS, (CE, SIGMOID, WARM), width=6, epochs=6),
    "100:1": small(DatasetSpec("gaussians", 606, 100.0, separation=1.5), (CE, FOCAL), epochs=10, prior=0.01),
    "even": small(MOONS._replace(ratio=1.0), (CE,), width=4),
}


@cache
def last(name: str) -> Snapshot:
    return trained(CASES[name])[-1]


class Case(NamedTuple):
    """One loss and seed of an experiment, trained again by hand: logits and probabilities of test and training samples."""

    experiment: Experiment
    loss: int
    seed: int
    made: PlainModel
    z: NDArray[np.float64]
    p: NDArray[np.float64]
    train_z: NDArray[np.float64]

    @property
    def labels(self) -> NDArray[np.int64]:
        return self.made.dataset.test_labels

    @property
    def weight(self) -> NDArray[np.float64]:
        """What each test sample counts, so that classes are as frequent as among the true classes of the training set."""
        truth, labels = self.made.dataset.truth.tolist(), self.labels.tolist()
        return np.array([truth.count(y) / len(truth) / labels.count(y) for y in range(self.experiment.classes)])[self.labels]


@cache
def case(name: str, n: int, seed: int) -> Case:
    experiment = CASES[name]
    spec = experiment.losses[n]
    made = train_plain(experiment, spec, seed)
    z, train_z = (made.logits(x) for x in (made.dataset.test_x, made.dataset.x))
    scaled = z / spec.temperature
    p = scaled.softmax(1) if spec.activation == "softmax" else scaled.sigmoid()
    return Case(experiment, n, seed, made, z.numpy(), p.numpy(), train_z.numpy())


each = pytest.mark.parametrize(
    ("name", "n", "seed"),
    [
        (name, n, seed)
        for name, experiment in CASES.items()
        for n in range(len(experiment.losses))
        for seed in (0, 2)[n % 2 :][:1]
    ],
)


@each
def test_recall_and_accuracy(name: str, n: int, seed: int) -> None:
    one, snapshot = case(name, n, seed), last(name)
    guess = one.z.argmax(1)
    expected = recall_score(one.labels, guess, average=None, labels=range(one.experiment.classes))
    np.testing.assert_allclose(snapshot.recall[n, seed], expected, rtol=1e-12)
    expected = accuracy_score(one.labels, guess, sample_weight=one.weight)
    assert snapshot.accuracy[n, seed] == pytest.approx(expected, rel=1e-12)


@each
def test_reliability_and_its_error(name: str, n: int, seed: int) -> None:
    one, snapshot = case(name, n, seed), last(name)
    sure, right = one.p.max(1), one.p.argmax(1) == one.labels
    weight = one.weight * len(one.labels)
    which = np.minimum((sure * BINS).astype(int), BINS - 1)
    expected = [[np.sum(weight[which == b] * x[which == b]) for x in (np.ones_like(sure), sure, right)] for b in range(BINS)]
    np.testing.assert_allclose(snapshot.reliability[n, seed, :, :3], expected, rtol=1e-9, atol=1e-7)
    assert snapshot.reliability[n, seed, :, 0].sum() == pytest.approx(len(one.labels), rel=1e-9)
    if name == "even":
        # Without weights these are the points of scikit-learn's curve.
        bins = snapshot.reliability[n, seed][snapshot.reliability[n, seed, :, 0] > 0]
        share, confidence = calibration_curve(right, sure, n_bins=BINS)
        np.testing.assert_allclose(bins[:, 2] / bins[:, 0], share, rtol=1e-9)
        np.testing.assert_allclose(bins[:, 1] / bins[:, 0], confidence, rtol=1e-9)
    error = 0.0
    for b in range(BINS):
        in_bin = which == b
        if in_bin.any():
            gap = abs(np.average(right[in_bin], weights=weight[in_bin]) - np.average(sure[in_bin], weights=weight[in_bin]))
            error += weight[in_bin].sum() / weight.sum() * gap
    assert calibration(snapshot.reliability).plugin[n, seed] == pytest.approx(error, rel=1e-9)


@each
def test_the_variance_of_a_bin_s_gap(name: str, n: int, seed: int) -> None:
    """Class by class, n times the sample variance of what its samples add to the bin."""
    one, snapshot = case(name, n, seed), last(name)
    sure, right = one.p.max(1), one.p.argmax(1) == one.labels
    which = np.minimum((sure * BINS).astype(int), BINS - 1)
    weight = one.weight * len(one.labels)
    for b in range(BINS):
        adds = np.where(which == b, weight * (right - sure), 0.0)
        parts = [adds[one.labels == c] for c in range(one.experiment.classes)]
        expected = sum(len(part) * part.var(ddof=1) for part in parts)
        assert snapshot.reliability[n, seed, b, 3] == pytest.approx(expected, rel=1e-7, abs=1e-12)


def odds(one: Case) -> NDArray[np.float64]:
    """The rare class's log-odds, from its probability."""
    p = one.p[:, one.experiment.dataset_spec.rare]
    return np.log(p) - np.log1p(-p)


@each
def test_average_precision(name: str, n: int, seed: int) -> None:
    """At the training set's prior, and of the odds themselves: cells would tell a loss of small odds less precise."""
    one, snapshot = case(name, n, seed), last(name)
    rare = one.labels == one.experiment.dataset_spec.rare
    # All other classes together as frequent as they are, each test sample of them alike.
    prior = one.made.dataset.prior[one.experiment.dataset_spec.rare]
    weight = np.where(rare, prior / rare.sum(), (1 - prior) / (~rare).sum())
    assert snapshot.precision[n, seed] == pytest.approx(
        average_precision_score(rare, odds(one), sample_weight=weight), rel=1e-6
    )


def test_the_precision_of_equal_odds_is_the_prior(monkeypatch: pytest.MonkeyPatch) -> None:
    original = Models.outputs
    monkeypatch.setattr(Models, "outputs", lambda self, x: original(self, x) * 0)
    snapshot = trained(small(DatasetSpec("gaussians", 110, 10.0), (CE, SIGMOID), epochs=1))[0]
    np.testing.assert_allclose(snapshot.precision, 10 / 110, rtol=1e-12)


def test_precision_does_not_depend_on_how_sure_a_model_is(monkeypatch: pytest.MonkeyPatch) -> None:
    original, factor = Models.outputs, [1.0]
    monkeypatch.setattr(Models, "outputs", lambda self, x: original(self, x) * factor[0])
    usual = trained(small(epochs=1))[0].precision
    for factor[0] in (1e-6, 1e3):
        np.testing.assert_allclose(trained(small(epochs=1))[0].precision, usual, rtol=1e-9)


@pytest.mark.parametrize("name", CASES)
def test_ranks_are_of_all_test_samples_of_all_seeds(name: str) -> None:
    snapshot, experiment = last(name), CASES[name]
    for n in range(len(experiment.losses)):
        ones = [case(name, n, seed) for seed in range(experiment.seeds)]
        labels, z = (np.concatenate(x) for x in ([one.labels for one in ones], [odds(one) for one in ones]))
        rare = labels == experiment.dataset_spec.rare
        assert snapshot.odds_histogram[n].sum(1).tolist() == [(~rare).sum(), rare.sum()]
        edges = np.array([-np.inf, *np.linspace(-REACH, REACH, CELLS + 1), np.inf])
        for row, of in enumerate((~rare, rare)):
            # At the edge of two cells rounding decides.
            assert np.abs(snapshot.odds_histogram[n, row] - np.histogram(z[of], edges)[0]).sum() <= 4
        # Cells from the lowest to the highest: the area under their ROC is that of the odds themselves.
        yes, no = snapshot.odds_histogram[n, 1], snapshot.odds_histogram[n, 0]
        area = sum(yes[k] * (no[:k].sum() + no[k] / 2) for k in range(CELLS + 2)) / yes.sum() / no.sum()
        assert area == pytest.approx(roc_auc_score(rare, z), abs=2e-3)


def test_odds_of_any_size_have_a_cell(monkeypatch: pytest.MonkeyPatch) -> None:
    """Logits so large that they have no whole number are at the ends, and at the right ones."""
    original = Models.outputs
    monkeypatch.setattr(Models, "outputs", lambda self, x: original(self, x) * 1e200)
    snapshot = trained(small(DatasetSpec("gaussians", 100, separation=6.0), (CE,), learning_rate=1e-9, epochs=1))[0]
    usual = last_of(
        small(DatasetSpec("gaussians", 100, separation=6.0), (CE,), learning_rate=1e-9, epochs=1), monkeypatch, original
    )
    assert snapshot.odds_histogram[0, :, 1:-1].sum() == 0
    middle = CELLS // 2 + 1
    np.testing.assert_array_equal(snapshot.odds_histogram[0, :, -1], usual.odds_histogram[0, :, middle:].sum(1))


def last_of(experiment: Experiment, monkeypatch: pytest.MonkeyPatch, outputs: object) -> Snapshot:
    monkeypatch.setattr(Models, "outputs", outputs)
    return trained(experiment)[0]


@each
def test_whom_a_loss_listens_to(name: str, n: int, seed: int) -> None:
    """Sample by sample: whose it is, what its loss is, and how long its gradient by central differences."""
    one, snapshot = case(name, n, seed), last(name)
    made, spec = one.made.dataset, one.experiment.losses[n]
    dataset_spec = one.experiment.dataset_spec
    losses, lengths = np.zeros(3), np.zeros(3)
    repeated = []
    for z, label, truth in zip(one.train_z, made.labels.tolist(), made.truth.tolist(), strict=True):
        group = 0 if label != truth else 1 if truth == dataset_spec.rare and dataset_spec.ratio > 1 else 2
        steps = np.eye(len(z)) * 1e-5
        around = evaluate(spec, np.concatenate((z[None], z + steps, z - steps)), [label] * (2 * len(z) + 1)).loss.numpy()
        losses[group] += around[0]
        lengths[group] += math.hypot(*((around[1 : len(z) + 1] - around[len(z) + 1 :]) / 2e-5))
        if label != truth:
            repeated.append(max(range(len(z)), key=z.__getitem__) == label)
    np.testing.assert_allclose(snapshot.loss_share[n, seed], losses / losses.sum(), rtol=1e-7)
    np.testing.assert_allclose(snapshot.grad_share[n, seed], lengths / lengths.sum(), rtol=1e-5, atol=1e-12)
    assert snapshot.loss[n, seed] == pytest.approx(losses.sum() / len(made.labels), rel=1e-9)
    expected = np.mean(repeated) if repeated else np.nan
    np.testing.assert_allclose(snapshot.memorised[n, seed], expected, rtol=1e-12)


def test_groups_are_all_samples() -> None:
    assert GROUPS == ("mislabelled", "rare class", "others")
    for name in CASES:
        for shares in (last(name).loss_share, last(name).grad_share):
            assert shares.shape == (len(CASES[name].losses), 3, 3)
            np.testing.assert_allclose(shares.sum(-1), 1, rtol=1e-12)
    assert (last("even").loss_share[..., 1] == 0).all()
    assert (last("100:1").loss_share[..., 0] == 0).all()
    assert (last("plane").loss_share > 0).all()


def test_accuracy_is_of_classes_as_frequent_as_in_training() -> None:
    """The test set has as many of both; at 100:1 a model that never says rare is right 600 times of 606."""
    first = trained(small(DatasetSpec("gaussians", 606, 100.0), (CE,), prior=1e-9, learning_rate=1e-9, epochs=1))[0]
    np.testing.assert_array_equal(first.recall[0], [[1, 0]] * 3)
    np.testing.assert_allclose(first.accuracy, 600 / 606, rtol=1e-12)
    n = 2 * toy_datasets.TEST_PER_CLASS
    np.testing.assert_allclose(first.reliability[0, :, -1, :3], [[n, n, n * 600 / 606]] * 3, rtol=1e-6)
    snapshot = last("100:1")
    np.testing.assert_allclose(snapshot.accuracy, snapshot.recall @ [600 / 606, 6 / 606], rtol=1e-12)


def test_a_prior_counts_the_truth_and_not_the_labels() -> None:
    """One class's labels turned into the other's do not make it rarer in the clean test set."""
    experiment = small(DatasetSpec("gaussians", 400, noise="one class", rate=0.5, pair=(1, 0)))
    snapshot = trained(experiment)[-1]
    np.testing.assert_allclose(snapshot.accuracy, snapshot.recall.mean(-1), rtol=1e-12)


@pytest.mark.parametrize("name", ["plane", "rare 0"])
def test_regions_are_class_1_on_the_grid_for_the_first_seed(name: str) -> None:
    experiment, snapshot = CASES[name], last(name)
    assert snapshot.region_probability.shape == (len(experiment.losses), GRID**2)
    first = make_dataset(experiment.dataset_spec, 0)
    points = plane_grid(first)
    left, right, bottom, top = extent(first)
    x = first.x
    assert left < x[:, 0].min() < x[:, 0].max() < right
    assert bottom < x[:, 1].min() < x[:, 1].max() < top
    assert points[0].tolist() == [left, bottom]
    assert points[GRID - 1] == pytest.approx([right, bottom])
    assert points[-1] == pytest.approx([right, top])
    for n, spec in enumerate(experiment.losses):
        z = case(name, n, 0).made.logits(points) / spec.temperature
        p = z.softmax(1) if spec.activation == "softmax" else z.sigmoid() / z.sigmoid().sum(1, keepdim=True)
        np.testing.assert_allclose(snapshot.region_probability[n], p[:, 1], rtol=1e-7)


def test_digits_have_no_regions() -> None:
    assert last("digits").region_probability.shape == (3, 0)


def test_shapes() -> None:
    snapshot = last("digits")
    assert snapshot.recall.shape == (3, 3, 10)
    assert snapshot.accuracy.shape == snapshot.precision.shape == snapshot.loss.shape == snapshot.memorised.shape == (3, 3)
    assert snapshot.reliability.shape == (3, 3, BINS, 4)
    assert snapshot.odds_histogram.shape == (3, 2, CELLS + 2)


def test_many_samples_are_computed_part_by_part() -> None:
    experiment = small(NOISY, (CE, FOCAL), width=512, seeds=3)
    models = Models(experiment, range(3), torch.device("cpu"), torch.float64)
    x = torch.tensor(np.random.default_rng(0).normal(0, 1, (3, 2900, 2)))
    assert x.shape[:2].numel() * 512 > 2 * MAX_HIDDEN_UNITS
    snapshot = models.outputs(x)
    assert not snapshot.requires_grad
    torch.testing.assert_close(snapshot, models.logits(x).detach(), rtol=1e-12, atol=1e-14)
    w1, b1, w2, b2 = (w.detach()[1, 2].numpy() for w in models.weights)
    np.testing.assert_allclose(snapshot[1, 2], np.maximum(x[2].numpy() @ w1 + b1, 0) @ w2 + b2, rtol=1e-9)
