"""The best temperature, its interval and its gain, against SciPy and a loop over folds."""

from __future__ import annotations

from functools import reduce
from itertools import pairwise

import numpy as np
import pytest
from scipy.optimize import brentq, minimize_scalar
from scipy.special import expit, log_softmax, softmax
from scipy.stats import t as student_t

from lossviz.analysis.batch.calibration_sentences import of_temperature
from lossviz.analysis.batch.calibration_sums import merge
from lossviz.analysis.batch.calibration_temperature import (
    FEWEST,
    FOLDS,
    TEMPERATURES,
    TemperatureSums,
    best_temperature,
    folds,
    temperature_sums,
)
from lossviz.analysis.quantiles import Z95, student
from lossviz.data import digits
from lossviz.data.predictions import Predictions

from ... import specs
from ...drawn import alternating
from .confidences import CASES, Floats, each, nll, one_hot, rows


def test_temperatures_go_both_ways_from_1() -> None:
    assert (len(TEMPERATURES), TEMPERATURES[16]) == (33, 1)
    np.testing.assert_allclose(TEMPERATURES[[0, -1]], [0.05, 20])
    np.testing.assert_allclose(np.diff(np.log(TEMPERATURES)), np.log(400) / 32)


def losses(block: Predictions, activation: str, temperature: float) -> Floats:
    """Negative log-likelihood of each sample."""
    z, t = block.logits.astype(np.float64) / temperature, one_hot(block.targets, block.logits.shape[1])
    if activation == "sigmoid":
        return (t * np.logaddexp(0, -z) + (1 - t) * np.logaddexp(0, z)).sum(1)
    return -(t * log_softmax(z, axis=1)).sum(1)


def scores(block: Predictions, activation: str, temperature: float) -> Floats:
    """Their slopes over 1/T."""
    z, t = block.logits.astype(np.float64), one_hot(block.targets, block.logits.shape[1])
    if activation == "sigmoid":
        return ((expit(z / temperature) - t) * z).sum(1)
    return ((softmax(z / temperature, axis=1) * t.sum(1, keepdims=True) - t) * z).sum(1)


@each
def test_sums_at_all_temperatures(activation: str, classes: int, form: str) -> None:
    block = rows(activation, classes, form, 50)
    result = temperature_sums(block, activation)
    member = np.arange(FOLDS)[:, None] == folds(np.arange(50))
    np.testing.assert_array_equal(result.samples, member.sum(1))
    at_1 = losses(block, activation, 1.0)
    for i, t in enumerate(TEMPERATURES):
        own, score = losses(block, activation, t), scores(block, activation, t)
        columns = (own, score, score**2, (at_1 - own) ** 2, (at_1 - own) * score)
        for sums, column in zip(result[1:], columns, strict=True):
            np.testing.assert_allclose(sums[:, i], member @ column, rtol=1e-7, atol=1e-9)


@pytest.mark.parametrize(
    ("case", "cuts"), alternating([case for case in CASES if case[1] < 1000], [(1,), (1, 2, 299), tuple(range(20, 300, 20))])
)
def test_parts_add_up(case: tuple[str, int, str], cuts: tuple[int, ...]) -> None:
    activation, *_ = case
    block = rows(*case)
    parts = [temperature_sums(block.rows(slice(a, b)), activation) for a, b in pairwise([0, *cuts, len(block)])]
    together = temperature_sums(block, activation)
    for x, y in zip(reduce(merge, parts), together, strict=True):
        # A slope is a difference, and near its zero as exact as what it is a difference of.
        np.testing.assert_allclose(x, y, rtol=1e-12, atol=1e-12 * np.abs(y).max())


def test_folds_are_even_and_no_cycle_of_labels_falls_into_one() -> None:
    part = folds(np.arange(10_000))
    assert set(np.bincount(part)) <= set(range(1995, 2006))
    for cycle in (2, 3, 5, 10, 100):
        of_one = np.bincount(part[::cycle], minlength=FOLDS)
        assert of_one.min() > 0.15 * of_one.sum()


def best_by_search(block: Predictions, activation: str) -> tuple[float, float]:
    result = minimize_scalar(
        lambda u: nll(block, activation, np.exp(u)), bounds=(-3.1, 3.1), method="bounded", options={"xatol": 1e-10}
    )
    return float(np.exp(result.x)), float(result.fun)


@pytest.mark.parametrize(("case", "seed"), alternating(CASES, range(3)))
def test_the_best_temperature_against_a_search(case: tuple[str, int, str], seed: int) -> None:
    activation, classes, form = case
    scale = (0.3, 1.0, 5.0)[seed]
    made = rows(activation, classes, form, 200, seed)
    block = Predictions(made.logits * scale, made.targets)
    result = best_temperature(temperature_sums(block, activation))
    t, lowest = best_by_search(block, activation)
    if result.end:
        assert t == pytest.approx(result.t, rel=0.11) or result.nll_best < 1e-6
    else:
        assert result.t == pytest.approx(t, rel=1e-4)
        assert result.nll_best == pytest.approx(lowest, rel=1e-6)
    assert result.nll_at_1 == pytest.approx(nll(block, activation, 1.0), rel=1e-11)
    assert result.nll_best <= result.nll_at_1
    np.testing.assert_array_equal(result.curve_t, TEMPERATURES)
    assert result.curve_nll.min() >= result.nll_best - 1e-9


@pytest.mark.parametrize("seed", range(12))
def test_the_best_temperature_of_few_and_of_uneven_rows(seed: int) -> None:
    rng = specs.seeded("uneven", seed)
    n, classes = int(rng.choice([2, 3, 5, 20, 200])), int(rng.choice([2, 3, 10]))
    z = rng.normal(0, 1, (n, classes)) * 10 ** rng.uniform(-1, 1.5, (n, 1))
    y = np.where(rng.random(n) < rng.uniform(0.1, 0.5), rng.integers(classes, size=n), z.argmax(1))
    block = Predictions(z, y)
    result = best_temperature(temperature_sums(block, "softmax"))
    if not result.end:
        assert result.t == pytest.approx(best_by_search(block, "softmax")[0], rel=1e-4)
    else:
        made_mistakes = bool((y != z.argmax(1)).any())
        assert result.end == "highest" or not made_mistakes or best_by_search(block, "softmax")[0] < 0.05


@pytest.mark.parametrize("planted", [0.06, 0.5, 1.0, 1.7, 15.0])
def test_a_planted_temperature_is_found(planted: float) -> None:
    rng = specs.seeded("planted", planted)
    z = rng.normal(0, 1.5, (2000, 3))
    block = Predictions((z * planted).astype(np.float32), softmax(z, axis=1).astype(np.float32))
    result = best_temperature(temperature_sums(block, "softmax"))
    assert result.t == pytest.approx(planted, rel=1e-3)


def test_ends() -> None:
    rng = specs.seeded("ends")
    z = rng.normal(0, 5, (50, 4)).astype(np.float32)
    never_wrong = best_temperature(temperature_sums(Predictions(z, z.argmax(1)), "softmax"))
    assert (never_wrong.end, never_wrong.t) == ("lowest", pytest.approx(0.05))
    always_wrong = best_temperature(temperature_sums(Predictions(z, z.argmin(1)), "softmax"))
    assert (always_wrong.end, always_wrong.t) == ("highest", pytest.approx(20))
    one = best_temperature(temperature_sums(Predictions(np.array([[40.0]]), np.array([1])), "sigmoid"))
    assert (one.end, one.nll_best) == ("lowest", pytest.approx(0, abs=1e-300))
    flat = best_temperature(temperature_sums(Predictions(np.zeros((5, 3)), np.arange(5) % 3), "softmax"))
    assert (flat.end, flat.t, flat.low, flat.high) == ("", 1, 0, np.inf)
    assert (never_wrong.low, always_wrong.high) == (0, np.inf)
    assert never_wrong.high < 1 < always_wrong.low
    assert flat.nll_best == flat.nll_at_1 == pytest.approx(np.log(3))


def test_a_slope_of_nothing_is_the_minimum() -> None:
    slope = np.full((FOLDS, 33), -1.0)
    slope[:, :20], slope[:, 20] = 1, 0
    ones = np.ones((FOLDS, 33))
    result = best_temperature(TemperatureSums(np.full(FOLDS, 2.0), 4 * ones, slope, ones, ones, ones))
    assert (result.t, result.nll_best, result.end) == (TEMPERATURES[20], 2, "")


def test_digits() -> None:
    block = digits.batch().rows
    result = best_temperature(temperature_sums(block, "softmax"))
    assert result.nll_at_1 == pytest.approx(0.1130, abs=5e-5)
    assert result.t == pytest.approx(best_by_search(block, "softmax")[0], rel=1e-5)
    assert 0 < result.gain_low < result.gain < result.nll_at_1 - result.nll_best < result.gain_high


@pytest.mark.parametrize(("case", "n"), alternating(CASES, [400, 60]))
def test_the_interval_against_the_root_of_the_score_test(case: tuple[str, int, str], n: int) -> None:
    activation, classes, form = case
    block = rows(activation, classes, form, n)

    def statistic(t: float) -> float:
        score, more, less = (scores(block, activation, 1 / beta) for beta in (1 / t, 1.0001 / t, 0.9999 / t))
        information = (more - less).sum() / (0.0002 / t)
        return float(score.sum() / np.sqrt(max((score**2).sum(), information)))

    result = best_temperature(temperature_sums(block, activation))
    for end, level, last in ((result.low, Z95, TEMPERATURES[0]), (result.high, -Z95, TEMPERATURES[-1])):
        if 0 < end < np.inf and not result.end:
            assert end == pytest.approx(brentq(lambda t: statistic(t) - level, last, result.t), rel=5e-3)  # noqa: B023
        else:
            assert abs(statistic(last)) < Z95 or result.end


@pytest.mark.parametrize(("n", "planted"), [(60, 1.0), (100, 1.6)])
def test_nineteen_in_twenty_intervals_hold_the_planted_temperature(n: int, planted: float) -> None:
    batches = 150
    rng = specs.seeded("coverage of a temperature", n, planted)
    z = rng.normal(0, 2, (batches * n, 4))
    labels = (softmax(z, axis=1).cumsum(1) < rng.random((batches * n, 1))).sum(1)
    block = Predictions(z * planted, labels)
    columns = [(losses(block, "softmax", t), scores(block, "softmax", t)) for t in TEMPERATURES]
    nll, score = np.moveaxis(np.array(columns), 0, -1).reshape(2, batches, FOLDS, n // FOLDS, 33)
    samples, none = np.full(FOLDS, n / FOLDS), np.zeros((FOLDS, 33))
    covered = 0
    for one, slope in zip(nll, score, strict=True):
        result = best_temperature(TemperatureSums(samples, one.sum(1), slope.sum(1), (slope**2).sum(1), none, none))
        covered += result.low <= planted <= result.high
    assert 0.93 <= covered / batches <= 0.995


@each
def test_the_gain_against_a_loop_over_folds(activation: str, classes: int, form: str) -> None:
    if classes == 1000:
        return
    block = rows(activation, classes, form, 120)
    part, gains = folds(np.arange(120)), np.empty(120)
    for k in range(FOLDS):
        rest = Predictions(block.logits[part != k], block.targets[part != k])
        t, _ = best_by_search(rest, activation)
        gains[part == k] = (losses(block, activation, 1.0) - losses(block, activation, t))[part == k]
    reach = student_t.ppf(0.975, 119) * gains.std(ddof=1) / np.sqrt(120)
    result = best_temperature(temperature_sums(block, activation))
    assert (result.gain, result.gain_low, result.gain_high) == pytest.approx(
        (gains.mean(), gains.mean() - reach, gains.mean() + reach), rel=1e-3, abs=1e-5
    )


def test_fifty_samples_with_few_mistakes_promise_what_others_do_not_keep() -> None:
    """In the sample a sharp T gains; on other rows it loses twice as much. Cross-fitted no gain is claimed."""
    rng = specs.seeded("fifty", 2.5, 1)
    z = rng.normal(0, 1, (20_000, 3)) + 2.5 * np.eye(3)[rng.integers(3, size=20_000)]
    labels = (softmax(z, axis=1).cumsum(1) < rng.random((20_000, 1))).sum(1)
    whole, fifty = Predictions(z, labels), Predictions(z[:50], labels[:50])
    result = best_temperature(temperature_sums(fifty, "softmax"))
    truth = nll(whole, "softmax", 1.0) - nll(whole, "softmax", result.t)
    assert result.nll_at_1 - result.nll_best > 0.05
    assert truth < -0.1
    assert result.gain_low < 0 < result.gain_high
    warmth = " ".join(of_temperature(result))
    assert "leaves open whether T helps" in warmth and "over 50 samples" in warmth


def test_students_quantile_and_too_few_samples() -> None:
    for freedom in (9, 30, 1796, 10_000_000):
        assert student(freedom, 0.95) == pytest.approx(student_t.ppf(0.975, freedom), rel=1e-9)
    few = best_temperature(temperature_sums(rows("softmax", 3, "labels", FEWEST - 1), "softmax"))
    assert np.isnan(few.gain) and np.isnan(few.gain_low)
