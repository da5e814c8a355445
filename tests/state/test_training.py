"""The words of the page Training: what they mean, and what is said of those that cannot be."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lossviz import loss
from lossviz.analysis.training import Experiment
from lossviz.data.toy_datasets import DatasetSpec, class_counts
from lossviz.state.fields import FIELDS, TRAINING
from lossviz.state.training import field_values, presets, training_query

FOCAL = tuple(loss("focal", gamma=gamma) for gamma in (0.0, 2.0))
EXPERIMENTS = [
    Experiment(DatasetSpec("gaussians", 600, noise="uniform", rate=0.1), FOCAL, seeds=3),
    Experiment(
        DatasetSpec("moons", 500, 10.0, 0, 2.0, (-1.0, 0.5, 1.0, 0.25), "near boundary", 0.3, (0, 1)), FOCAL[1:], prior=0.01
    ),
    Experiment(
        DatasetSpec("digits", 1200, noise="pair", rate=0.4, pair=(3, 8), rare=9),
        (loss("cross-entropy", "sigmoid"), loss("focal", "sigmoid", gamma=0.5, alpha=0.25)),
        width=32,
        optimiser="sgd",
        learning_rate=0.3,
        epochs=7,
        batch=50,
        equal_gradient=True,
    ),
    Experiment(DatasetSpec("rings", 60), (loss("cross-entropy", label_smoothing=0.1, weight=(1.0, 2.5)), *FOCAL)),
]


@pytest.mark.parametrize("experiment", EXPERIMENTS, ids=lambda e: e.dataset_spec.shape)
def test_words_are_read_back(experiment: Experiment) -> None:
    words = field_values(experiment)
    assert set(words) == {field.name for field in TRAINING}
    query, problems = training_query(words)
    assert (query.experiment, problems) == (experiment, ())
    experiment.check()


def test_the_default_can_be_trained_and_has_names() -> None:
    query, problems = training_query({})
    query.experiment.check()
    assert problems == ()
    assert query.labels == ("categorical cross-entropy", "softmax focal loss, γ = 2", "softmax focal loss, γ = 5")
    assert training_query(field_values(query.experiment))[0] == query


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"rare": "7"}, "rare: found 7; expected a class from 0 to 1. Using 1 instead."),
        ({"means": "1 2"}, "means: found 2 numbers; expected 4"),
        ({"losses": "nll vs focal gamma 2"}, "losses, number 1: losses: found negative log-likelihood"),
        ({"losses": "focal sigmoid weight 1 2 3"}, "losses, number 1: losses: found focal loss with 3 values of weight"),
        ({"losses": "hinge"}, "losses, number 1: loss: found 'hinge'"),
        ({"examples": 3}, "examples: found 3; expected a whole number ≥ 10"),
        ({"flips": "some"}, "flips: found 'some'"),
        ({"learning_rate": 0.0}, "learning_rate: found 0.0"),
    ],
)
def test_what_cannot_be_is_said_and_replaced(values: dict[str, object], says: str) -> None:
    query, problems = training_query(values)
    assert any(says in problem for problem in problems), problems
    query.experiment.check()


def test_losses_are_compared_once_each_and_in_order() -> None:
    query, _ = training_query({"losses": "focal gamma 2 vs cross-entropy vs focal gamma 2"})
    assert [spec.key for spec in query.experiment.losses] == ["focal", "cross-entropy"]


def test_a_rate_of_zero_is_no_noise() -> None:
    a, b = (training_query(values)[0].experiment for values in ({"flip_rate": 0.0}, {"flips": "none"}))
    assert a == b and a.dataset_spec.noise == "none" and a.dataset_spec.rate == 0


@pytest.mark.parametrize("activation", ["softmax", "sigmoid"])
@pytest.mark.parametrize("shape", ["gaussians", "digits"])
def test_presets_can_be_trained(activation: str, shape: str) -> None:
    dataset_spec = DatasetSpec(shape, 600, ratio=10.0)
    texts = presets(dataset_spec, loss("cross-entropy", activation))
    assert len(texts) == 5
    for text in texts.values():
        experiment, problems = training_query({"losses": text, "world": shape, "flips": "none"})
        assert problems == () and len(experiment.experiment.losses) >= 2
        experiment.experiment.check()


def test_class_weights_are_those_of_the_counts() -> None:
    dataset_spec = DatasetSpec("gaussians", 1100, ratio=10.0)
    experiment, _ = training_query({"losses": presets(dataset_spec, FOCAL[0])["Class weights"], "flips": "none"})
    common, rare = class_counts(dataset_spec)
    assert experiment.experiment.losses[1].weight == pytest.approx((1100 / (2 * common), 1100 / (2 * rare)), abs=0.005)


def test_experiments_differ_by_every_word() -> None:
    """No word is without effect: each changes what is trained."""
    idle = {"look", "measure", "epoch"}
    base = field_values(replace(EXPERIMENTS[2], dataset_spec=EXPERIMENTS[1].dataset_spec._replace(noise="pair")))
    other = {
        "world": "rings", "examples": 700, "ratio": 5.0, "rare": "1", "apart": 1.0, "means": "0 0 1 1", "flips": "one-class",
        "flip_rate": 0.9, "flip_from": "1", "flip_to": "0", "model": "linear", "width": 8, "optimiser": "adam",
        "learning_rate": 0.2, "epochs": 9, "batch_size": 9, "bias_prior": 0.3, "seeds": 2, "equal": "epochs",
        "first_seed": 7, "margin": 0.5, "losses": "cross-entropy",
    }  # fmt: skip
    assert set(other) | idle == {field.name for field in TRAINING} and set(other) <= set(FIELDS)
    for name, value in other.items():
        assert training_query(base | {name: value})[0] != training_query(base)[0], name
