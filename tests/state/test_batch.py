"""Which loss goes with which batch, what it is compared with, and where the scrubber stands."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from lossviz import LOSSES, loss
from lossviz.data.predictions import Predictions, Survey, task_of
from lossviz.evaluation.setting import baseline
from lossviz.state.batch import (
    HALVES,
    PAPER,
    TENTHS,
    at_gamma,
    batch_activations,
    batch_loss,
    batch_losses,
    compared,
    focal_of,
    gammas,
    splits,
    unit,
)
from lossviz.state.pins import Pin

BOTH = ("softmax", "sigmoid")


def survey(task: str, classes: int, activations: tuple[str, ...] = BOTH, soft: bool = False, samples: int = 100) -> Survey:
    return Survey("a file", samples, classes, task, soft, activations, "logits", "", (1.0,) * max(2, classes))


BATCHES = {
    "binary": survey("binary", 1, ("sigmoid",)),
    "two-logit": survey("two-logit", 2),
    "multi-class": survey("multi-class", 5),
    "soft": survey("multi-class", 5, soft=True),
    "multi-label": survey("multi-label", 4),
    "probabilities": survey("multi-class", 3, ("softmax",)),
    "independent probabilities": survey("multi-label", 3, ("sigmoid",)),
}
ROBUST = {"generalized-cross-entropy", "symmetric-cross-entropy"}
OFFERED = {
    "binary": {"cross-entropy", "focal", "logistic", "quality-focal", *ROBUST},
    "two-logit": {"cross-entropy", "focal", "nll", "quality-focal", *ROBUST},
    "multi-class": {"cross-entropy", "focal", "nll", "quality-focal", *ROBUST},
    "soft": {"cross-entropy", "focal", "quality-focal", *ROBUST},
    "multi-label": {"cross-entropy", "focal", "quality-focal", *ROBUST},
    "probabilities": {"cross-entropy", "focal", "nll", *ROBUST},
    "independent probabilities": {"cross-entropy", "focal", "quality-focal", *ROBUST},
}


@pytest.mark.parametrize("name", BATCHES)
def test_only_losses_that_can_be_asked_are_offered(name: str) -> None:
    assert set(batch_losses(BATCHES[name])) == OFFERED[name]
    assert set(BATCHES) == set(OFFERED)


def test_probabilities_keep_the_activation_that_made_them() -> None:
    assert batch_activations("focal", BATCHES["probabilities"]) == ("softmax",)
    assert batch_activations("focal", BATCHES["multi-class"]) == BOTH
    spec, problems = batch_loss({"loss": "focal", "activation": "sigmoid"}, BATCHES["probabilities"])
    assert (spec.activation, problems) == ("softmax", ())


def test_a_loss_that_does_not_fit_is_replaced_and_told() -> None:
    spec, problems = batch_loss({"loss": "logistic"}, BATCHES["multi-class"])
    assert spec.key == "cross-entropy"
    (problem,) = problems
    assert "logistic" in problem and "a file" in problem


def test_parameters_of_the_words_are_those_of_the_loss() -> None:
    spec, problems = batch_loss({"loss": "focal", "gamma": 3.5, "weight": "1 2 3 4 5"}, BATCHES["multi-class"])
    assert (spec.gamma, spec.weight, problems) == (3.5, (1.0, 2.0, 3.0, 4.0, 5.0), ())
    spec, problems = batch_loss({"weight": "1 2"}, BATCHES["multi-class"])
    assert spec.weight is None
    assert "expected 5" in problems[0]
    assert batch_loss({"alpha": 0.25}, BATCHES["binary"])[0].alpha == 0.25


@pytest.mark.parametrize("values", [{"gamma": "x"}, {"ask": "nothing"}, {"row": -1}, {"noise_rate": 2.0}], ids=str)
def test_a_wrong_value_is_told(values: dict[str, Any]) -> None:
    problems = batch_loss(values, BATCHES["multi-class"])[1]
    assert len(problems) == 1
    assert next(iter(values)) in problems[0]


def test_the_scrubber_has_the_present_gamma_among_its_positions() -> None:
    moves = gammas(loss("focal", gamma=1.25), BATCHES["multi-class"])
    assert moves.values[moves.at] == 1.25
    assert set(moves.values) == {*TENTHS, 1.25}
    assert list(moves.values) == sorted(moves.values)
    for logits, values in ((300_000, TENTHS), (300_010, HALVES), (3_000_000, HALVES), (3_000_010, PAPER)):
        assert gammas(loss("focal", gamma=2.0), survey("multi-class", 10, samples=logits // 10)).values == values
    assert gammas(loss("cross-entropy"), BATCHES["multi-class"]).control == ""


def test_another_gamma_changes_nothing_else() -> None:
    spec = loss("focal", "sigmoid", gamma=2.0, alpha=0.25, label_smoothing=0.1)
    other = at_gamma(spec, 5.0)
    assert dict(other.parameters) == dict(spec.parameters) | {"gamma": 5.0}
    assert at_gamma(loss("cross-entropy"), 5.0) == loss("cross-entropy")


def test_the_loss_whose_gamma_is_asked_for_shares_what_it_can() -> None:
    ce = loss("cross-entropy", "sigmoid", alpha=0.25, label_smoothing=0.1)
    result = focal_of(ce)
    assert (result.key, result.activation, result.alpha, result.label_smoothing, result.gamma) == (
        "focal",
        "sigmoid",
        0.25,
        0.1,
        0.0,
    )
    assert focal_of(loss("nll")).activation == "softmax"
    assert focal_of(loss("quality-focal")).key == "quality-focal"


def rows(classes: int = 5) -> Predictions:
    rng = np.random.default_rng(0)
    return Predictions(rng.normal(size=(20, classes)), rng.integers(0, classes, 20))


def test_without_pins_the_paper_is_compared_with() -> None:
    lines, problems = compared(loss("focal", gamma=2.0), (), BATCHES["multi-class"], rows())
    assert problems == ()
    assert [(line.spec.key, line.spec.gamma) for line in lines] == [
        ("focal", 2.0),
        ("cross-entropy", 0.0),
        ("focal", 0.5),
        ("focal", 1.0),
        ("focal", 5.0),
    ]
    assert [line.slot for line in lines] == list(range(5))
    assert len({line.label for line in lines}) == 5


def test_pins_take_the_papers_place_if_they_fit() -> None:
    pins = (Pin(loss("focal", gamma=3.0)), Pin(loss("logistic")), Pin(loss("focal", weight=(1.0, 2.0))))
    lines, problems = compared(loss("cross-entropy"), pins, BATCHES["multi-class"], rows())
    assert [(line.spec.key, line.spec.gamma) for line in lines] == [("cross-entropy", 0.0), ("focal", 3.0)]
    assert len(problems) == 2
    assert problems[0].startswith("Pin 2") and "logistic" in problems[0]
    assert problems[1].startswith("Pin 3") and "2 values of weight" in problems[1]


def test_a_loss_without_gamma_is_not_taken_for_its_baseline() -> None:
    odd = next(key for key in LOSSES if baseline(loss(key)) != loss(key) and "gamma" not in LOSSES[key].own_parameters)
    lines, _ = compared(loss(odd), (Pin(loss("focal", gamma=3.0)),), BATCHES["multi-class"], rows())
    assert [line.spec.key for line in lines] == [odd, "cross-entropy", "focal"]
    lines, _ = compared(loss("focal"), (Pin(loss(odd)),), BATCHES["multi-class"], rows())
    assert [line.spec.key for line in lines] == ["focal", "cross-entropy", odd]


def test_what_is_counted_and_how_it_is_divided() -> None:
    assert unit(BATCHES["multi-label"]) == "entries"
    assert unit(BATCHES["multi-class"]) == unit(BATCHES["binary"]) == "samples"
    assert splits(BATCHES["binary"]) == ("side",)
    assert splits(BATCHES["multi-label"]) == ("side", "class")
    assert splits(BATCHES["multi-class"]._replace(groups=("a", "b"))) == ("class", "group")


@pytest.mark.parametrize(
    ("classes", "targets", "task"),
    [
        (1, np.array([0, 1]), "binary"),
        (2, np.array([0, 1]), "two-logit"),
        (3, np.array([0, 2]), "multi-class"),
        (3, np.array([[0.2, 0.3, 0.5], [1, 0, 0]]), "multi-class"),
        (3, np.array([[1.0, 1.0, 0.0], [1, 0, 0]]), "multi-label"),
    ],
)
def test_targets_say_what_the_task_is(classes: int, targets: np.ndarray, task: str) -> None:
    assert task_of(classes, targets) == task
