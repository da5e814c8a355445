"""A verdict is a function of two intervals and a margin: at its borders, and by simulation in both directions."""

from __future__ import annotations

import math

import numpy as np
import pytest

from lossviz.analysis.training import Interval, Verdict, decide, estimate
from lossviz.analysis.training.verdict import MAX_SEEDS_NEEDED, POWER, half_width, seeds_needed

NOTHING_CLAIMED = None


def interval(low: float, high: float, inner: float = 0.8) -> Interval:
    """A symmetric one; the 90 % interval is `inner` times as wide."""
    mean, half = (low + high) / 2, (high - low) / 2 * inner
    return Interval(mean, low, high, mean - half, mean + half)


@pytest.mark.parametrize(
    ("low", "high", "margin", "sign", "expected"),
    [
        (0.2, 0.4, 0.1, 1, Verdict.SUPPORTS),
        (0.2, 0.4, 0.1, -1, Verdict.CONTRADICTS),
        (-0.4, -0.2, 0.1, -1, Verdict.SUPPORTS),
        (-0.4, -0.2, 0.1, 1, Verdict.CONTRADICTS),
        (-0.4, -0.2, 0.1, 0, Verdict.CONTRADICTS),
        (0.2, 0.4, 0.1, 0, Verdict.CONTRADICTS),
        (0.2, 0.4, 0.1, NOTHING_CLAIMED, Verdict.BEYOND),
        (-0.05, 0.05, 0.1, 1, Verdict.NONE_THAT_MATTERS),
        (-0.05, 0.05, 0.1, 0, Verdict.SUPPORTS),
        (0.02, 0.08, 0.1, -1, Verdict.NONE_THAT_MATTERS),
        (0.05, 0.3, 0.1, 1, Verdict.SMALL),
        (-0.3, -0.05, 0.1, 1, Verdict.SMALL),
        (0.05, 0.3, 0.1, 0, Verdict.SMALL),
        (-0.2, 0.3, 0.1, 1, Verdict.UNDECIDED),
        (-0.2, 0.3, 0.1, 0, Verdict.UNDECIDED),
        (math.nan, math.nan, 0.1, 1, Verdict.UNKNOWN),
        # Without a margin every difference matters, and none can be ruled out.
        (0.001, 0.3, 0.0, 1, Verdict.SUPPORTS),
        (-0.001, 0.001, 0.0, 0, Verdict.UNDECIDED),
        (1e-14, 2e-14, 0.0, 1, Verdict.UNDECIDED),
    ],
)
def test_every_verdict(low: float, high: float, margin: float, sign: int | None, expected: Verdict) -> None:
    assert decide(interval(low, high), margin, sign) is expected


def test_borders() -> None:
    """Touching the margin is neither beyond it nor within it."""
    assert decide(Interval(0.2, 0.1, 0.3, 0.12, 0.28), 0.1, 1) is Verdict.SMALL
    assert decide(Interval(0.2, 0.1 + 1e-9, 0.3, 0.12, 0.28), 0.1, 1) is Verdict.SUPPORTS
    assert decide(Interval(-0.2, -0.3, -0.1, -0.28, -0.12), 0.1, -1) is Verdict.SMALL
    assert decide(Interval(-0.2, -0.3, -0.1 - 1e-9, -0.28, -0.12), 0.1, -1) is Verdict.SUPPORTS
    assert decide(Interval(0.0, -0.12, 0.12, -0.1, 0.1), 0.1, 0) is Verdict.UNDECIDED
    assert decide(Interval(0.0, -0.12, 0.12, -0.1 + 1e-9, 0.1 - 1e-9), 0.1, 0) is Verdict.SUPPORTS
    assert decide(Interval(0.05, 0.0, 0.3, 0.01, 0.2), 0.1, 1) is Verdict.UNDECIDED
    assert decide(Interval(0.05, 0.001, 0.3, 0.01, 0.2), 0.1, 1) is Verdict.SMALL


def verdicts(truth: float, sign: int | None, margin: float = 0.1, sd: float = 0.12, losses: int = 1) -> list[list[Verdict]]:
    """Of 200 experiments of 12 seeds with normal differences around the truth."""
    rng = np.random.default_rng(5)
    estimates = estimate(rng.normal(truth, sd, (200, losses, 12)))
    rows = [[Interval(*(float(x[r, k]) for x in estimates[2:])) for k in range(losses)] for r in range(200)]
    return [[decide(one, margin, sign) for one in row] for row in rows]


def share(estimates: list[list[Verdict]], *wanted: Verdict) -> float:
    return float(np.mean([any(one in wanted for one in row) for row in estimates]))


def test_a_true_effect_is_found_and_never_contradicted() -> None:
    estimates = verdicts(-0.4, -1)
    assert share(estimates, Verdict.SUPPORTS) > 0.95 and share(estimates, Verdict.CONTRADICTS, Verdict.NONE_THAT_MATTERS) == 0


def test_a_true_null_is_ruled_in_and_hardly_ever_claimed_an_effect() -> None:
    estimates = verdicts(0.0, -1, sd=0.1)
    assert share(estimates, Verdict.NONE_THAT_MATTERS) > 0.7 and share(estimates, Verdict.SUPPORTS, Verdict.CONTRADICTS) < 0.005


def test_at_the_margin_itself_it_errs_in_five_percent_at_most() -> None:
    assert share(verdicts(0.1, 1), Verdict.SUPPORTS) < 0.045
    assert share(verdicts(0.1, 1, sd=0.02), Verdict.NONE_THAT_MATTERS) < 0.07
    assert share(verdicts(0.1, 1, losses=4), Verdict.SUPPORTS) < 0.045, "of four losses, at least one"


def test_too_few_seeds_say_so() -> None:
    assert share(verdicts(0.0, -1, sd=1.0), Verdict.UNDECIDED) > 0.9


def test_how_many_would_be_needed_is_about_enough() -> None:
    one = Interval(0.25, 0.05, 0.45, 0.09, 0.41)
    assert decide(one, 0.1, 1) is Verdict.SMALL and half_width(one) == pytest.approx(0.2)
    assert seeds_needed(one, 0.1, 12) == math.ceil(12 * (0.2 / 0.15) ** 2 * POWER)
    none = Interval(0.02, -0.2, 0.24, -0.16, 0.2)
    m = seeds_needed(none, 0.1, 12)
    assert m is not None
    shrunk = [0.02 + (x - 0.02) * (12 / m) ** 0.5 for x in none[1:]]
    assert decide(Interval(0.02, *shrunk), 0.1, 1) in (Verdict.NONE_THAT_MATTERS,)
    assert seeds_needed(Interval(0.1, -5.0, 5.2, -4.0, 4.2), 0.1, 12) is None
    assert seeds_needed(Interval(0.1001, -5.0, 5.2, -4.0, 4.2), 0.1, 12) is None and MAX_SEEDS_NEEDED == 10_000
    assert seeds_needed(Interval(-0.25, -0.45, -0.05, -0.41, -0.09), 0.1, 12) == seeds_needed(one, 0.1, 12)


def test_so_many_decide_four_times_in_five() -> None:
    """Found by simulation: experiments of that many seeds, around a mean that a first one had."""
    truth, sd = 0.25, 0.35
    first = Interval(truth, truth - 0.222, truth + 0.222, truth - 0.181, truth + 0.181)
    m = seeds_needed(first, 0.1, 12)
    assert m is not None and 40 < m < 80
    estimates = estimate(np.random.default_rng(6).normal(truth, sd, (300, 1, m)))
    assert 0.7 < float((estimates.low[:, 0] > 0.1).mean()) < 0.95
