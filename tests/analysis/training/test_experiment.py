"""What cannot be trained is refused with the setting and what would be right; equal experiments are one."""

from __future__ import annotations

import copy
import re
from dataclasses import FrozenInstanceError, replace
from typing import Any

import pytest
import torch

from lossviz import InputError, loss
from lossviz.analysis.training import Experiment
from lossviz.analysis.training.experiment import MAX_ACTIVATIONS, MAX_FIRST_SEED, MAX_LOSSES, MAX_SECONDS, MAX_SEEDS
from lossviz.analysis.training.models import Models
from lossviz.data.toy_datasets import DatasetSpec

CE, FOCAL = loss("cross-entropy"), loss("focal", gamma=2.0)
GOOD = Experiment(DatasetSpec("moons"), (CE, FOCAL))
DIGITS = Experiment(DatasetSpec("digits", 1000), (CE, FOCAL), width=32)


@pytest.mark.parametrize("experiment", [GOOD, DIGITS, replace(GOOD, width=512, prior=0.5, epochs=1000, batch=10_000)])
def test_what_can_be_trained_passes(experiment: Experiment) -> None:
    experiment.check()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"losses": ()}, "losses: found 0; expected 1 to 6."),
        ({"losses": (CE,) * 7}, "losses: found 7; expected 1 to 6."),
        ({"losses": (CE, loss("logistic"))}, "losses: found logistic loss; expected losses of logits and any targets"),
        ({"losses": (loss("nll"),)}, "losses: found "),
        (
            {"losses": (loss("cross-entropy", weight=(1.0, 2.0, 3.0)),)},
            "cross-entropy with 3 values of weight; expected 2, one",
        ),
        ({"losses": (CE, loss("focal", alpha=(0.2,) * 4))}, "losses: found focal loss with 4 values of alpha; expected 2, one"),
        ({"losses": (loss("focal", "sigmoid", pos_weight=(1.0,) * 3),)}, "3 values of pos_weight; expected 2, one per class."),
        ({"seeds": 0}, "seeds: found 0; expected a whole number from 1 to 100."),
        ({"seeds": 101}, "seeds: found 101; expected a whole number from 1 to 100."),
        ({"first_seed": -1}, "first_seed: found -1; expected a whole number from 0 to 1000000."),
        ({"first_seed": 1_000_001}, "first_seed: found 1000001;"),
        ({"width": -1}, "width: found -1; expected a whole number from 0 to 512."),
        ({"width": 513}, "width: found 513;"),
        ({"epochs": 0}, "epochs: found 0; expected a whole number from 1 to 1000."),
        ({"epochs": 1001}, "epochs: found 1001;"),
        ({"batch": 0}, "batch: found 0; expected a whole number from 1 to 1000000."),
        ({"batch": 1_000_001}, "batch: found 1000001;"),
        ({"optimiser": "adamw"}, "optimiser: found 'adamw'; expected one of 'sgd', 'adam' (did you mean 'adam'?)."),
        ({"learning_rate": 0.0}, "learning_rate: found 0; expected a number above 0."),
        ({"learning_rate": -0.1}, "learning_rate: found -0.1;"),
        ({"learning_rate": float("inf")}, "learning_rate: found inf;"),
        ({"learning_rate": float("nan")}, "learning_rate: found nan;"),
        ({"prior": 0.0}, "prior: found 0; expected a probability between 0 and 1, or None."),
        ({"prior": 1.0}, "prior: found 1;"),
        ({"prior": float("nan")}, "prior: found nan;"),
        (
            {"dataset_spec": DatasetSpec("moons", 10, 100.0)},
            "samples: found 10, none of class 1 at 100:1; expected at least 51.",
        ),
        ({"dataset_spec": DatasetSpec("spirals")}, "shape: found 'spirals'"),
    ],
)
def test_what_cannot_is_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=re.escape(message)):
        replace(GOOD, **changes).check()


def test_as_many_values_as_classes() -> None:
    ten = loss("focal", alpha=(0.1,) * 10)
    replace(DIGITS, losses=(ten,)).check()
    with pytest.raises(InputError, match="10 values of alpha; expected 2"):
        replace(GOOD, losses=(ten,)).check()


def test_the_most_is_allowed() -> None:
    assert (MAX_LOSSES, MAX_SEEDS) == (6, 100)
    replace(GOOD, losses=(CE,) * 6, seeds=100, first_seed=MAX_FIRST_SEED).check()


def test_seeds_are_numbered_from_the_first_one() -> None:
    assert GOOD.seed_numbers == range(8)
    assert replace(GOOD, seeds=3, first_seed=40).seed_numbers == range(40, 43)


def test_more_work_than_anyone_waits_for_is_refused() -> None:
    much = replace(DIGITS, width=512, epochs=100, seeds=5)
    assert much.parameter_count == 65 * 512 + 513 * 10
    assert much.seconds == pytest.approx(
        100 * (1000 * much.parameter_count * 10 / 2e9 + 16 * 1.3e-3) + 25 * 1797 * 10 * (1e-6 + 512 * 5e-9)
    )
    much.check()
    too_much = replace(much, epochs=600)
    assert too_much.seconds > MAX_SECONDS
    with pytest.raises(
        InputError, match=r"settings: found about 129 s of training; expected at most 120: fewer epochs, seeds, losses"
    ):
        too_much.check()


def test_a_step_takes_its_time_however_small() -> None:
    """A thousand epochs in batches of one would take minutes, though a linear model has six weights."""
    small_batches = replace(GOOD, batch=1, epochs=1000)
    assert 600 * GOOD.parameter_count * 1000 * 16 / 2e9 < MAX_SECONDS / 100
    with pytest.raises(InputError, match="or a larger batch"):
        small_batches.check()
    replace(GOOD, batch=8, epochs=1000).check()


def test_data_that_would_not_fit_are_refused_before_they_are_drawn() -> None:
    many = Experiment(DatasetSpec("gaussians", 50_000), (loss("cross-entropy"),), seeds=100, epochs=1, batch=5000)
    many.check()
    assert many.memory_bytes > 100 * 50_000 * (2 + 2 + 1) * 8, "two copies of the data at least"
    digits = Experiment(DatasetSpec("digits", 1600), (loss("cross-entropy"),) * 6, seeds=100, width=512, epochs=1, batch=60)
    with pytest.raises(InputError, match="MB"):
        replace(digits, batch=64).check()


def test_what_does_not_fit_is_refused() -> None:
    wide = replace(GOOD, dataset_spec=DatasetSpec("moons", 20_000), width=256, batch=20_000, epochs=1, seeds=30)
    assert wide.seconds < MAX_SECONDS
    assert wide.activations_per_step == 20_000 * 256 * 60 > MAX_ACTIVATIONS
    with pytest.raises(
        InputError, match=r"settings: found 3\.1e\+08 hidden units .*; expected at most 2e\+07: a smaller batch"
    ):
        wide.check()
    replace(wide, batch=256).check()
    replace(wide, width=0).check()


def test_a_batch_larger_than_all_samples_is_all_samples() -> None:
    assert (
        replace(GOOD, width=8, batch=600).activations_per_step == replace(GOOD, width=8, batch=1_000_000).activations_per_step
    )
    assert replace(GOOD, batch=600).seconds == replace(GOOD, batch=1_000_000).seconds


@pytest.mark.parametrize("experiment", [GOOD, DIGITS, replace(GOOD, width=7)])
def test_sizes(experiment: Experiment) -> None:
    models = Models(experiment, range(2), torch.device("cpu"), torch.float64)
    assert experiment.parameter_count * 2 * len(experiment.losses) == sum(w.numel() for w in models.weights)
    assert models.weights[0].shape[2] == experiment.inputs
    assert models.weights[-1].shape[-1] == experiment.classes


def test_equal_settings_are_one_experiment() -> None:
    again = Experiment(DatasetSpec("moons"), (loss("cross-entropy"), loss("focal", gamma=2.0)))
    assert again == GOOD
    assert hash(again) == hash(GOOD)
    assert len({GOOD, again, copy.deepcopy(GOOD)}) == 1


def test_settings_that_matter_tell_experiments_apart() -> None:
    changes: list[dict[str, Any]] = [
        {"dataset_spec": DatasetSpec("moons", 601)},
        {"dataset_spec": DatasetSpec("moons", means=(0.0, 0.0, 1.0, 1.0))},
        {"losses": (FOCAL, CE)},
        {"losses": (CE, loss("focal", gamma=2.5))},
        {"seeds": 9},
        {"width": 1},
        {"optimiser": "sgd"},
        {"learning_rate": 0.011},
        {"epochs": 61},
        {"batch": 65},
        {"prior": 0.01},
        {"equal_gradient": True},
        {"first_seed": 1},
    ]
    assert len({GOOD, *(replace(GOOD, **change) for change in changes)}) == 1 + len(changes)
    with pytest.raises(FrozenInstanceError):
        GOOD.seeds = 3  # type: ignore[misc]
