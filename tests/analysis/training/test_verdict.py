"""The sentence follows from the interval, word by word; and nothing is said of a claim where nothing was tested."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from lossviz import loss
from lossviz.analysis.training import CLAIMS, MEASURES, Difference, Experiment, claim, differences, verdict
from lossviz.data.worlds import Recipe
from lossviz.losses import LossSpec

CE, FOCAL = loss("cross-entropy"), loss("focal", gamma=2.0)

NONE: dict[str, Any] = {}
IMBALANCE = {"ratio": 10.0}
EVEN = {"noise": "uniform", "rate": 0.1}
UNEVEN = {"noise": "one class", "rate": 0.1, "pair": (1, 0)}


def said(
    world: dict[str, Any],
    interval: tuple[float, float, float],
    measure: str = "accuracy",
    losses: tuple[LossSpec, ...] = (CE, FOCAL),
    seeds: int = 8,
) -> str:
    experiment = Experiment(Recipe("gaussians", **world), losses)
    found = Difference(*(np.array([x]) for x in interval), seeds)
    return verdict(experiment, found, 0, "focal γ=2", measure)


RAISED, LOWERED, UNSEEN = (1.5, 1.0, 2.0), (-1.5, -2.0, -1.0), (0.1, -0.3, 0.5)

RAISES = "focal γ=2 raises clean accuracy by 1.5 points [1, 2]"
LOWERS = "focal γ=2 lowers clean accuracy by 1.5 points [1, 2]"
NOTHING = "focal γ=2: with 8 seeds no difference in clean accuracy can be seen, +0.1 points [−0.3, +0.5]"
HOLDS, FAILS = "; on these settings the claim holds.", "; on these settings the claim does not hold."
UNSHOWN = ", so nothing is shown for the claim here."


@pytest.mark.parametrize(
    ("world", "interval", "expected"),
    [
        (NONE, RAISED, RAISES + "."),
        (NONE, LOWERED, LOWERS + "."),
        (NONE, UNSEEN, NOTHING + "."),
        (IMBALANCE, RAISED, RAISES + HOLDS),
        (IMBALANCE, LOWERED, LOWERS + FAILS),
        (IMBALANCE, UNSEEN, NOTHING + UNSHOWN),
        (UNEVEN, RAISED, RAISES + FAILS),
        (UNEVEN, LOWERED, LOWERS + HOLDS),
        (UNEVEN, UNSEEN, NOTHING + UNSHOWN),
        (EVEN, RAISED, RAISES + "."),
        (EVEN, LOWERED, LOWERS + ", so the claim does not hold here."),
        (EVEN, UNSEEN, NOTHING + ", as the claim has it."),
    ],
)
def test_every_sentence(world: dict[str, Any], interval: tuple[float, float, float], expected: str) -> None:
    assert said(world, interval) == expected


@pytest.mark.parametrize("measure", ["calibration", "memorised"])
def test_where_less_is_better(measure: str) -> None:
    title = MEASURES[measure].title
    raises, lowers = (f"focal γ=2 {word} {title} by 1.5 points [1, 2]" for word in ("raises", "lowers"))
    assert said(IMBALANCE, RAISED, measure) == raises + FAILS
    assert said(IMBALANCE, LOWERED, measure) == lowers + HOLDS
    assert said(UNEVEN, RAISED, measure) == raises + HOLDS
    assert said(UNEVEN, LOWERED, measure) == lowers + FAILS
    assert said(EVEN, RAISED, measure) == raises + ", so the claim does not hold here."
    assert said(EVEN, LOWERED, measure) == lowers + "."


@pytest.mark.parametrize("measure", list(MEASURES))
def test_every_measure_has_a_title_in_the_sentence(measure: str) -> None:
    assert MEASURES[measure].title in said(NONE, RAISED, measure)
    assert MEASURES[measure].key == measure


def test_an_interval_that_touches_0_shows_nothing() -> None:
    assert "no difference" in said(IMBALANCE, (0.5, 0.0, 1.0))
    assert "no difference" in said(IMBALANCE, (-0.5, -1.0, 0.0))
    assert "raises" in said(IMBALANCE, (0.5, 0.001, 1.0))


def test_rounding_is_no_difference() -> None:
    assert said(IMBALANCE, (2e-14, 1e-14, 3e-14)) == (
        "focal γ=2: with 8 seeds no difference in clean accuracy can be seen, +0 points [+0, +0]" + UNSHOWN
    )
    assert "+0 points [+0, +0]" in said(NONE, (-1e-15, -2e-15, 1e-15))


def test_numbers_are_plain() -> None:
    assert "by 100 points [99, 100]" in said(NONE, (99.7, 99.4, 100.0))
    assert "by 0.012 points [0.01, 0.014]" in said(NONE, (0.012, 0.01, 0.014))
    assert "+5.5 points [−1.2, +12]" in said(NONE, (5.46, -1.23, 12.1))
    assert "e" not in said(NONE, (1e-4, -250.0, 1e5)).split("seen, ")[1]


def test_one_seed_has_no_interval() -> None:
    values = np.array([[80.0], [81.5]])
    found = differences(values)
    experiment = Experiment(Recipe("gaussians", **IMBALANCE), (CE, FOCAL), seeds=1)
    assert verdict(experiment, found, 0, "focal γ=2", "accuracy") == (
        "focal γ=2 changes clean accuracy by +1.5 points for this one seed. One seed has no interval: take more."
    )
    assert "by −1.5 points" in verdict(experiment, differences(values[::-1]), 0, "focal γ=2", "accuracy")


def test_nothing_to_compare() -> None:
    assert said(NONE, (np.nan,) * 3, "memorised") == (
        "focal γ=2: no wrong labels memorised to compare, for not every seed has a wrong label."
    )


def test_the_sentence_is_of_the_loss_asked_for() -> None:
    experiment = Experiment(Recipe("gaussians", **IMBALANCE), (CE, loss("cross-entropy", label_smoothing=0.1), FOCAL))
    found = Difference(np.array([1.0, -3.0]), np.array([0.5, -4.0]), np.array([1.5, -2.0]), 5)
    assert verdict(experiment, found, 0, "smoothed", "accuracy") == "smoothed raises clean accuracy by 1 points [0.5, 1.5]."
    assert verdict(experiment, found, 1, "focal", "accuracy") == "focal lowers clean accuracy by 3 points [2, 4]" + FAILS


@pytest.mark.parametrize("world", [IMBALANCE, EVEN, UNEVEN])
@pytest.mark.parametrize("interval", [RAISED, LOWERED, UNSEEN])
@pytest.mark.parametrize(
    "losses",
    [
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
def test_no_claim_is_judged_that_was_not_tested(
    world: dict[str, Any], interval: tuple[float, float, float], losses: tuple[LossSpec, ...]
) -> None:
    assert "claim" not in said(world, interval, losses=losses)


@pytest.mark.parametrize(
    "losses",
    [
        (loss("focal", gamma=0.0), FOCAL),
        (loss("cross-entropy", "sigmoid", alpha=0.25), loss("focal", "sigmoid", gamma=0.5, alpha=0.25)),
    ],
    ids=str,
)
def test_the_claim_is_judged_where_only_gamma_differs(losses: tuple[LossSpec, ...]) -> None:
    assert said(IMBALANCE, RAISED, losses=losses).endswith(HOLDS)


@pytest.mark.parametrize(
    ("world", "expected"),
    [
        (NONE, "none"),
        ({"noise": "uniform", "rate": 0.0}, "none"),
        ({"rate": 0.3}, "none"),
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
def test_what_an_experiment_is_about(world: dict[str, Any], expected: str) -> None:
    found = claim(Experiment(Recipe("gaussians", **world), (CE, FOCAL)))
    assert found == expected
    assert found in CLAIMS
