"""What an experiment is held against: one thing less, and all else the same."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest

from lossviz.analysis.training import Experiment
from lossviz.analysis.training.counterparts import counterpart
from lossviz.analysis.training.scenes import SCENES
from lossviz.data.toy_datasets import DatasetSpec, make_dataset
from lossviz.losses import loss

CLEAN = Experiment(DatasetSpec("gaussians"), (loss("cross-entropy"), loss("focal", gamma=2.0)), 3, epochs=2)


def of(**dataset_spec: object) -> Experiment:
    return replace(CLEAN, dataset_spec=CLEAN.dataset_spec._replace(**dataset_spec))


def test_nothing_to_take_away() -> None:
    assert counterpart(CLEAN) is None
    assert counterpart(of(noise="uniform", rate=0.0)) is None


@pytest.mark.parametrize(
    ("hard", "wanted"),
    [
        ({"noise": "uniform", "rate": 0.1}, {}),
        ({"noise": "one class", "rate": 0.2, "pair": (1, 0)}, {}),
        ({"ratio": 50.0}, {}),
        ({"ratio": 50.0, "noise": "uniform", "rate": 0.1}, {"ratio": 50.0}),
        ({"ratio": 50.0, "noise": "none", "rate": 0.3}, {"noise": "none", "rate": 0.3}),
    ],
)
def test_wrong_labels_are_taken_away_and_else_the_ratio(hard: dict[str, object], wanted: dict[str, object]) -> None:
    assert counterpart(of(**hard)) == of(**wanted)


@pytest.mark.parametrize("key", SCENES)
def test_every_scene_has_a_twin_which_has_none(key: str) -> None:
    experiment = SCENES[key].experiment
    absent = counterpart(experiment)
    assert absent is not None and counterpart(absent) is None
    absent.check()
    same = [field.name for field in fields(Experiment) if field.name != "dataset_spec"]
    assert all(getattr(absent, name) == getattr(experiment, name) for name in same)


def test_a_clean_twin_has_the_same_samples_and_the_same_test_set() -> None:
    noisy = SCENES["gaussians-near"].experiment
    clean = counterpart(noisy)
    assert clean is not None
    with_noise, without = make_dataset(noisy.dataset_spec, 5), make_dataset(clean.dataset_spec, 5)
    for name in ("x", "truth", "test_x", "test_labels", "prior"):
        np.testing.assert_array_equal(getattr(with_noise, name), getattr(without, name))
    assert with_noise.wrong.any() and not without.wrong.any()
