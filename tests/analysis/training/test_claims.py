"""What an experiment is about, and that nothing is claimed where nothing is tested."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from lossviz import loss
from lossviz.analysis.training import CLAIMS, MEASURES, Experiment, claim, counterpart
from lossviz.data.toy_datasets import DatasetSpec
from lossviz.losses import LossSpec

CE, FOCAL = loss("cross-entropy"), loss("focal", gamma=2.0)

IMBALANCE = {"ratio": 10.0}
EVEN = {"noise": "uniform", "rate": 0.1}
UNEVEN = {"noise": "one class", "rate": 0.1, "pair": (1, 0)}


@pytest.mark.parametrize(
    ("world", "expected"),
    [
        ({}, None),
        ({"noise": "uniform", "rate": 0.0}, None),
        ({"rate": 0.3}, None),
        (IMBALANCE, "imbalance"),
        ({**IMBALANCE, "noise": "uniform"}, "imbalance"),
        (EVEN, "even"),
        ({**EVEN, **IMBALANCE}, "even"),
        (UNEVEN, "uneven"),
        ({**UNEVEN, "noise": "pair"}, "uneven"),
        ({"noise": "near boundary", "rate": 0.1}, "uneven"),
        ({"noise": "far from boundary", "rate": 0.1}, "uneven"),
    ],
)
def test_what_an_experiment_is_about(world: dict[str, Any], expected: str | None) -> None:
    experiment = Experiment(DatasetSpec("gaussians", **world), (CE, FOCAL))
    assert claim(experiment) == (CLAIMS[expected] if expected else None)
    assert (counterpart(experiment) is not None) == (expected is not None)


def test_each_claim_has_one_endpoint_and_a_direction() -> None:
    assert {key: (one.endpoint, one.sign) for key, one in CLAIMS.items()} == {
        "imbalance": ("precision", 1),
        "even": ("accuracy", 0),
        "uneven": ("accuracy", -1),
    }
    assert all(
        one.endpoint in MEASURES and MEASURES[one.endpoint].more and one.sentence.endswith(".") for one in CLAIMS.values()
    )


@pytest.mark.parametrize("world", [IMBALANCE, EVEN, UNEVEN])
@pytest.mark.parametrize(
    "losses",
    [
        (CE,),
        (CE, CE),
        (CE, loss("cross-entropy", label_smoothing=0.1)),
        (CE, loss("cross-entropy", alpha=(0.3, 0.7))),
        (CE, loss("focal", gamma=0.0)),
        (CE, loss("quality-focal", "sigmoid", gamma=2.0)),
        # Two things differ, so nobody knows which it was.
        (CE, loss("focal", "sigmoid", gamma=2.0)),
        (CE, loss("focal", gamma=2.0, alpha=(0.3, 0.7))),
        (loss("cross-entropy", label_smoothing=0.1), FOCAL),
        # Not compared with cross-entropy.
        (FOCAL, loss("focal", gamma=5.0)),
        (loss("focal", gamma=5.0), FOCAL),
        (loss("quality-focal", "sigmoid", gamma=0.0), loss("focal", "sigmoid", gamma=2.0)),
    ],
    ids=str,
)
def test_no_claim_is_judged_that_was_not_tested(world: dict[str, Any], losses: tuple[LossSpec, ...]) -> None:
    assert claim(Experiment(DatasetSpec("gaussians", **world), losses)) is None


@pytest.mark.parametrize(
    "losses",
    [
        (loss("focal", gamma=0.0), FOCAL),
        (loss("cross-entropy", "sigmoid", alpha=0.25), loss("focal", "sigmoid", gamma=0.5, alpha=0.25)),
        (CE, loss("cross-entropy", label_smoothing=0.1), FOCAL),
    ],
    ids=str,
)
def test_the_claim_is_judged_where_only_gamma_differs(losses: tuple[LossSpec, ...]) -> None:
    assert claim(Experiment(DatasetSpec("gaussians", **IMBALANCE), losses)) is CLAIMS["imbalance"]


@pytest.mark.parametrize(
    ("world", "without"),
    [
        (UNEVEN, {}),
        (EVEN, {}),
        ({**EVEN, **IMBALANCE}, IMBALANCE),
        (IMBALANCE, {}),
    ],
)
def test_the_twin_lacks_what_the_claim_is_about_and_nothing_else(world: dict[str, Any], without: dict[str, Any]) -> None:
    experiment = Experiment(DatasetSpec("gaussians", 300, **world), (CE, FOCAL), seeds=7, epochs=3)
    absent = counterpart(experiment)
    assert absent is not None and absent == replace(experiment, dataset_spec=DatasetSpec("gaussians", 300, **without))
    assert absent.dataset_spec.rate == 0 or absent.dataset_spec.ratio == 1
