"""Reliability, calibration error and the best temperature, against sums row by row, scikit-learn and SciPy."""

from __future__ import annotations

from functools import reduce
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.special import expit, log_softmax, softmax
from scipy.stats import norm
from sklearn.calibration import calibration_curve
from sklearn.metrics import accuracy_score

from lossviz import InputError
from lossviz.analysis.batch.calibration import (
    CELLS,
    TEMPERATURES,
    Z95,
    Tempered,
    best_temperature,
    calibration,
    merge,
    reliability,
    tempered,
)
from lossviz.analysis.batch.calibration_sentences import calibrated
from lossviz.data import digits
from lossviz.data.predictions import Predictions

from ... import specs

Floats = NDArray[np.float64]

CASES = [
    ("softmax", 2, "labels"),
    ("softmax", 10, "labels"),
    ("softmax", 1000, "labels"),
    ("softmax", 4, "distribution"),
    ("softmax", 4, "one-hot"),
    ("exp", 5, "labels"),
    ("sigmoid", 1, "labels"),
    ("sigmoid", 1, "soft"),
    ("sigmoid", 6, "labels"),
    ("sigmoid", 6, "multi-hot"),
    ("sigmoid", 6, "soft"),
]
each = pytest.mark.parametrize(("activation", "classes", "form"), CASES)


def rows(activation: str, classes: int, form: str, n: int = 300, seed: int = 0, dtype: type = np.float64) -> Predictions:
    """Logits that know something of the targets, and believe more."""
    rng = specs.seeded("calibration", activation, classes, form, n, seed)
    t = rng.integers(2, size=n) if classes == 1 and form == "labels" else specs.targets(form, n, classes, rng)
    sure = one_hot(t, classes) + rng.normal(0, 0.7, (n, classes)) - 0.5
    z = 3 * sure if activation != "exp" else log_softmax(3 * sure, axis=1)
    return Predictions(z.astype(dtype), t if t.ndim == 1 else t.astype(dtype))


def one_hot(t: NDArray[Any], classes: int) -> Floats:
    if t.ndim == 2:
        return t.astype(np.float64)
    return t[:, None].astype(np.float64) if classes == 1 else np.eye(classes)[t]


def predictions(block: Predictions, activation: str) -> tuple[Floats, Floats]:
    """Confidence and what came true, one by one."""
    z, t = block.logits.astype(np.float64), one_hot(block.targets, block.logits.shape[1])
    if activation == "sigmoid":
        return expit(z).reshape(-1), t.reshape(-1)
    p = softmax(z, axis=1)
    best = z.argmax(1)
    here = np.arange(len(z))
    return p[here, best], t[here, best]


def decided(block: Predictions, activation: str) -> tuple[float, float]:
    """Accuracy of the decisions and mean confidence in them; for sigmoids by scikit-learn, where targets are hard."""
    confidence, true = predictions(block, activation)
    if activation != "sigmoid":
        return float(true.mean()), float(confidence.mean())
    yes = block.logits.reshape(-1) > 0
    hard = bool(np.isin(true, (0, 1)).all())
    right = accuracy_score(true, yes) if hard else np.where(yes, true, 1 - true).mean()
    return float(right), float(np.maximum(confidence, 1 - confidence).mean())


def nll(block: Predictions, activation: str, temperature: float) -> float:
    """Mean negative log-likelihood of a sample."""
    z, t = block.logits.astype(np.float64) / temperature, one_hot(block.targets, block.logits.shape[1])
    if activation == "sigmoid":
        return float((t * np.logaddexp(0, -z) + (1 - t) * np.logaddexp(0, z)).sum(1).mean())
    return float(-(t * log_softmax(z, axis=1)).sum(1).mean())


def ece_of(confidence: Floats, true: Floats, bins: int) -> tuple[float, float]:
    """ECE and MCE as they are written."""
    gaps, total = [], 0.0
    for b in range(bins):
        low, high = b / bins, (b + 1) / bins
        here = (confidence >= low) & ((confidence < high) | (b == bins - 1))
        if here.any():
            gaps.append(abs(true[here].mean() - confidence[here].mean()))
            total += here.sum() / len(true) * gaps[-1]
    return total, max(gaps)


@each
@pytest.mark.parametrize("bins", [1, 10, 15, 100])
def test_errors_against_their_definition(activation: str, classes: int, form: str, bins: int) -> None:
    block = rows(activation, classes, form)
    confidence, true = predictions(block, activation)
    found = calibration(reliability(block, activation), bins, draws=10)
    ece, mce = ece_of(confidence, true, bins)
    assert found.ece == pytest.approx(ece, rel=1e-9)
    assert found.mce == pytest.approx(mce, rel=1e-9)
    assert 0 < found.ece <= found.mce + 1e-12 <= 1
    assert found.base_rate == pytest.approx(true.mean(), rel=1e-12)
    assert found.mean == pytest.approx(confidence.mean(), rel=1e-12)
    accuracy, certainty = decided(block, activation)
    assert found.accuracy == pytest.approx(accuracy, rel=1e-12)
    assert found.certainty == pytest.approx(certainty, rel=1e-12)
    assert found.counts.sum() == pytest.approx(len(true), rel=1e-12)
    np.testing.assert_allclose(found.counts, np.histogram(confidence, found.edges)[0], atol=1e-9)


@pytest.mark.parametrize("bins", [5, 10, 15])
@pytest.mark.parametrize("seed", range(3))
def test_binary_against_scikit_learn(bins: int, seed: int) -> None:
    block = rows("sigmoid", 1, "labels", 2000, seed)
    found = calibration(reliability(block, "sigmoid"), bins, draws=10)
    frequency, confidence = calibration_curve(block.targets, expit(block.logits[:, 0]), n_bins=bins)
    there = found.counts > 0
    np.testing.assert_allclose(found.frequency[there], frequency, rtol=1e-12)
    np.testing.assert_allclose(found.confidence[there], confidence, rtol=1e-12)
    assert np.isnan(found.frequency[~there]).all()
    assert np.isnan(found.low[~there]).all()


@each
@pytest.mark.parametrize("cuts", [(1,), (150,), (1, 2, 299), tuple(range(20, 300, 20))])
def test_parts_add_up(activation: str, classes: int, form: str, cuts: tuple[int, ...]) -> None:
    block = rows(activation, classes, form)
    ends = [0, *cuts, len(block)]
    parts = [block.rows(slice(a, b)) for a, b in pairwise(ends)]
    whole = reliability(block, activation)
    for x, y in zip(reduce(merge, (reliability(part, activation) for part in parts)), whole, strict=True):
        np.testing.assert_allclose(x, y, rtol=1e-12, atol=1e-13)
    if classes < 1000:
        apart, together = reduce(merge, (tempered(part, activation) for part in parts)), tempered(block, activation)
        assert apart.samples == together.samples == 300
        np.testing.assert_allclose(apart.nll, together.nll, rtol=1e-12)
        # A slope is a difference, and near its zero as exact as what it is a difference of.
        np.testing.assert_allclose(apart.slope, together.slope, rtol=1e-12, atol=1e-12 * np.abs(together.slope).max())
    other = merge(whole, reliability(rows(activation, classes, form, 50, 9), activation))
    assert other.counts.sum() == pytest.approx(whole.counts.sum() * 350 / 300)


def test_soft_targets_count_in_both_rows() -> None:
    found = reliability(Predictions(np.array([[0.0, 1.0]]), np.array([[0.3, 0.7]])), "softmax")
    p = float(expit(1.0))
    cell = int(p * CELLS)
    np.testing.assert_allclose(found.counts[:, cell], [0.3, 0.7])
    np.testing.assert_allclose(found.confidence[:, cell], [0.3 * p, 0.7 * p])
    assert found.counts.sum() == 1


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("activation", ["softmax", "sigmoid"])
def test_one_row_and_certainty(activation: str, dtype: type) -> None:
    """p = 1 and p = 0 belong to the last cell and the first."""
    z = np.array([[200.0, -200.0]], dtype)
    cells = reliability(Predictions(z, np.array([0])), activation)
    assert cells.counts.sum(0)[[0, 1, -2, -1]].tolist() == [activation == "sigmoid", 0, 0, 1]
    found = calibration(cells)
    assert (found.ece, found.mce) == pytest.approx((0, 0), abs=1e-80)
    assert found.counts[-1] == 1
    assert found.counts[0] == (activation == "sigmoid")
    wrong = calibration(reliability(Predictions(z, np.array([1])), activation))
    assert (wrong.ece, wrong.mce, wrong.ece_low, wrong.ece_high) == (1, 1, 1, 1)


def test_frequencies_have_wilsons_interval() -> None:
    """Its ends are the probabilities from which the frequency is just Z95 deviations away."""
    assert norm.cdf(Z95) == pytest.approx(0.975, abs=1e-14)
    found = calibration(reliability(rows("softmax", 3, "labels", 500), "softmax"), 10, draws=10)
    there = found.counts > 0
    f, n = found.frequency[there], found.counts[there]
    for end in (found.low[there], found.high[there]):
        inner = (end > 1e-9) & (end < 1 - 1e-9)
        np.testing.assert_allclose((np.abs(f - end) / np.sqrt(end * (1 - end) / n))[inner], Z95, rtol=1e-9)
        assert inner.sum() >= 5
    assert ((found.low[there] <= f) & (f <= found.high[there])).all()
    sure = calibration(reliability(Predictions(np.full((20, 1), 3.0), np.ones(20, np.int64)), "sigmoid"), 10)
    assert sure.high[-1] == 1
    assert sure.low[-1] == pytest.approx(20 / (20 + Z95**2))


@pytest.mark.parametrize(("activation", "classes"), [("softmax", 3), ("sigmoid", 1)])
def test_the_bootstrap_redraws_rows(activation: str, classes: int) -> None:
    """Against rows redrawn one by one, which may only differ by chance."""
    block = rows(activation, classes, "labels", 400)
    confidence, true = predictions(block, activation)
    rng = specs.seeded("bootstrap", activation)
    drawn = [ece_of(confidence[i], true[i], 15)[0] for i in (rng.integers(400, size=400) for _ in range(2000))]
    cells = reliability(block, activation)
    found = calibration(cells, draws=4000)
    np.testing.assert_allclose((found.ece_low, found.ece_high), np.quantile(drawn, (0.025, 0.975)), atol=0.004)
    assert found.ece_high - found.ece_low > 0.03
    assert calibration(cells)[8:10] == calibration(cells)[8:10] != calibration(cells, seed=1)[8:10]


def test_more_rows_more_certainty() -> None:
    widths = []
    for n in (100, 1000, 10_000):
        found = calibration(reliability(rows("softmax", 4, "labels", n), "softmax"))
        assert found.ece_low < found.ece < found.ece_high
        widths.append(found.ece_high - found.ece_low)
    assert widths[0] > 2 * widths[1] > 4 * widths[2]


@pytest.mark.parametrize("classes", [1, 6])
@pytest.mark.parametrize("planted", [0.5, 3.0])
def test_the_gap_of_sigmoids_says_what_the_temperature_says(classes: int, planted: float) -> None:
    """Few positives: a mean probability above their share is no overconfidence."""
    rng = specs.seeded("leaning", classes, planted)
    z = rng.normal(-1.5, 2, (6000, classes))
    t = (rng.random(z.shape) < expit(z)).astype(np.int64)
    block = Predictions(z * planted, t[:, 0] if classes == 1 else t.astype(np.float64))
    found, best = calibration(reliability(block, "sigmoid"), draws=20), best_temperature(tempered(block, "sigmoid"))
    assert best.t == pytest.approx(planted, rel=0.05)
    accuracy, certainty = decided(block, "sigmoid")
    word = "overconfident" if planted > 1 else "underconfident"
    said = " ".join(calibrated(found, best, True))
    assert f"{word} by {abs(certainty - accuracy):.4f}" in said
    assert "opposite" not in said
    bias = expit(z * planted).mean() - t.mean()
    assert f"a bias of {bias:+.4f}".replace("-", "−") in said
    assert (bias > 0) != (planted > 1), "else nothing is tested"
    assert "fitted and judged on the same rows" in said


def test_a_temperature_that_says_the_opposite_of_the_gap_is_explained() -> None:
    """Most decisions are a little too modest; a few far too certain ones are what the NLL looks at."""
    z = np.concatenate((np.full(900, 0.2), np.full(100, 12.0)))[:, None]
    t = np.concatenate((np.arange(900) % 10 > 1, np.arange(100) % 10 > 1)).astype(np.int64)
    found = calibration(reliability(Predictions(z, t), "sigmoid"), draws=5)
    best = best_temperature(tempered(Predictions(z, t), "sigmoid"))
    said = " ".join(calibrated(found, best, True))
    assert (found.certainty < found.accuracy, best.t > 1) == (True, True)
    assert "underconfident" in said and "T above 1 says the opposite" in said


def test_even_odds_are_no_decision_for_yes() -> None:
    found = calibration(reliability(Predictions(np.zeros((4, 1)), np.array([0, 0, 0, 1])), "sigmoid"), draws=1)
    assert (found.accuracy, found.certainty, found.base_rate) == (0.75, 0.5, 0.25)


@pytest.mark.parametrize(("bins", "draws", "message"), [(0, 9, "bins"), (7, 9, "bins"), (3000, 9, "bins"), (15, 0, "draws")])
def test_what_makes_no_sense_is_refused(bins: int, draws: int, message: str) -> None:
    with pytest.raises(InputError, match=f"^{message}: found"):
        calibration(reliability(rows("sigmoid", 1, "labels"), "sigmoid"), bins, draws=draws)


def test_temperatures_go_both_ways_from_1() -> None:
    assert (len(TEMPERATURES), TEMPERATURES[16]) == (33, 1)
    np.testing.assert_allclose(TEMPERATURES[[0, -1]], [0.05, 20])
    np.testing.assert_allclose(np.diff(np.log(TEMPERATURES)), np.log(400) / 32)


@each
def test_losses_and_slopes_at_all_temperatures(activation: str, classes: int, form: str) -> None:
    block = rows(activation, classes, form, 50)
    found = tempered(block, activation)
    np.testing.assert_allclose(found.nll / 50, [nll(block, activation, t) for t in TEMPERATURES], rtol=1e-11)
    beta, h = 1 / TEMPERATURES, 1e-6
    ahead, behind = (np.array([nll(block, activation, 1 / b) for b in beta * (1 + s)]) for s in (h, -h))
    slope = (ahead - behind) / (2 * h * beta)
    np.testing.assert_allclose(found.slope / 50, slope, rtol=1e-5, atol=1e-8 * found.nll.max())


def best_by_search(block: Predictions, activation: str) -> tuple[float, float]:
    found = minimize_scalar(
        lambda u: nll(block, activation, np.exp(u)), bounds=(-3.1, 3.1), method="bounded", options={"xatol": 1e-10}
    )
    return float(np.exp(found.x)), float(found.fun)


@each
@pytest.mark.parametrize("seed", range(3))
def test_the_best_temperature_against_a_search(activation: str, classes: int, form: str, seed: int) -> None:
    scale = (0.3, 1.0, 5.0)[seed]
    made = rows(activation, classes, form, 200, seed)
    block = Predictions(made.logits * scale, made.targets)
    found = best_temperature(tempered(block, activation))
    t, lowest = best_by_search(block, activation)
    if found.end:
        assert t == pytest.approx(found.t, rel=0.11) or found.nll_best < 1e-6
    else:
        assert found.t == pytest.approx(t, rel=1e-4)
        assert found.nll_best == pytest.approx(lowest, rel=1e-6)
    assert found.nll_at_1 == pytest.approx(nll(block, activation, 1.0), rel=1e-11)
    assert found.nll_best <= found.nll_at_1
    np.testing.assert_array_equal(found.curve_t, TEMPERATURES)
    assert found.curve_nll.min() >= found.nll_best - 1e-9


@pytest.mark.parametrize("seed", range(60))
def test_the_best_temperature_of_few_and_of_uneven_rows(seed: int) -> None:
    rng = specs.seeded("uneven", seed)
    n, classes = int(rng.choice([2, 3, 5, 20, 200])), int(rng.choice([2, 3, 10]))
    z = rng.normal(0, 1, (n, classes)) * 10 ** rng.uniform(-1, 1.5, (n, 1))
    y = np.where(rng.random(n) < rng.uniform(0.1, 0.5), rng.integers(classes, size=n), z.argmax(1))
    block = Predictions(z, y)
    found = best_temperature(tempered(block, "softmax"))
    if not found.end:
        assert found.t == pytest.approx(best_by_search(block, "softmax")[0], rel=1e-4)
    else:
        made_mistakes = bool((y != z.argmax(1)).any())
        assert found.end == "highest" or not made_mistakes or best_by_search(block, "softmax")[0] < 0.05


@pytest.mark.parametrize("planted", [0.06, 0.5, 1.0, 1.7, 15.0])
def test_a_planted_temperature_is_found(planted: float) -> None:
    rng = specs.seeded("planted", planted)
    z = rng.normal(0, 1.5, (2000, 3))
    block = Predictions((z * planted).astype(np.float32), softmax(z, axis=1).astype(np.float32))
    found = best_temperature(tempered(block, "softmax"))
    assert found.t == pytest.approx(planted, rel=1e-3)


def test_ends() -> None:
    rng = specs.seeded("ends")
    z = rng.normal(0, 5, (50, 4)).astype(np.float32)
    never_wrong = best_temperature(tempered(Predictions(z, z.argmax(1)), "softmax"))
    assert (never_wrong.end, never_wrong.t) == ("lowest", pytest.approx(0.05))
    always_wrong = best_temperature(tempered(Predictions(z, z.argmin(1)), "softmax"))
    assert (always_wrong.end, always_wrong.t) == ("highest", pytest.approx(20))
    one = best_temperature(tempered(Predictions(np.array([[40.0]]), np.array([1])), "sigmoid"))
    assert (one.end, one.nll_best) == ("lowest", pytest.approx(0, abs=1e-300))
    flat = best_temperature(tempered(Predictions(np.zeros((5, 3)), np.arange(5) % 3), "softmax"))
    assert (flat.end, flat.t) == ("", 1)
    assert flat.nll_best == flat.nll_at_1 == pytest.approx(np.log(3))


def test_a_slope_of_nothing_is_the_minimum() -> None:
    slope = np.linspace(1.5, -1.5, 33)
    slope[20:], slope[:20] = -1, 1
    slope[20] = 0
    found = best_temperature(Tempered(2.0, np.full(33, 4.0), slope))
    assert (found.t, found.nll_best, found.end) == (TEMPERATURES[20], 2, "")


def test_digits() -> None:
    block = digits.batch().rows
    cells, sums = reliability(block, "softmax"), tempered(block, "softmax")
    found, warmth = calibration(cells), best_temperature(sums)
    assert found.accuracy == pytest.approx(1 - 52 / 1797)
    assert warmth.nll_at_1 == pytest.approx(0.1130, abs=5e-5)
    assert found.ece == pytest.approx(ece_of(*predictions(block, "softmax"), 15)[0], abs=1e-6)
    assert warmth.t == pytest.approx(best_by_search(block, "softmax")[0], rel=1e-5)
