"""Reliability and calibration error, against sums row by row and scikit-learn."""

from __future__ import annotations

from functools import reduce
from itertools import pairwise

import numpy as np
import pytest
from scipy.special import expit
from scipy.stats import norm
from sklearn.calibration import calibration_curve

from lossviz import InputError
from lossviz.analysis.batch.calibration import calibration
from lossviz.analysis.batch.calibration_result import calibration_result
from lossviz.analysis.batch.calibration_sentences import calibrated
from lossviz.analysis.batch.calibration_sums import CELLS, merge, reliability
from lossviz.analysis.batch.calibration_temperature import temperature_sums
from lossviz.analysis.quantiles import Z95
from lossviz.data import digits
from lossviz.data.predictions import Predictions

from ... import specs
from ...drawn import alternating
from .confidences import CASES, decided, each, ece_of, predictions, rows


@each
@pytest.mark.parametrize("bins", [1, 10, 15, 100])
def test_errors_against_their_definition(activation: str, classes: int, form: str, bins: int) -> None:
    block = rows(activation, classes, form)
    confidence, true = predictions(block, activation)
    result = calibration(reliability(block, activation), bins, draws=10)
    ece, mce = ece_of(confidence, true, bins)
    assert result.ece == pytest.approx(ece, rel=1e-9)
    assert result.mce == pytest.approx(mce, rel=1e-9)
    assert 0 < result.ece <= result.mce + 1e-12 <= 1
    assert result.base_rate == pytest.approx(true.mean(), rel=1e-12)
    assert result.mean == pytest.approx(confidence.mean(), rel=1e-12)
    accuracy, certainty = decided(block, activation)
    assert result.accuracy == pytest.approx(accuracy, rel=1e-12)
    assert result.certainty == pytest.approx(certainty, rel=1e-12)
    assert result.counts.sum() == pytest.approx(len(true), rel=1e-12)
    np.testing.assert_allclose(result.counts, np.histogram(confidence, result.edges)[0], atol=1e-9)


@pytest.mark.parametrize("bins", [5, 10, 15])
@pytest.mark.parametrize("seed", range(3))
def test_binary_against_scikit_learn(bins: int, seed: int) -> None:
    block = rows("sigmoid", 1, "labels", 2000, seed)
    result = calibration(reliability(block, "sigmoid"), bins, draws=10)
    frequency, confidence = calibration_curve(block.targets, expit(block.logits[:, 0]), n_bins=bins)
    filled = result.counts > 0
    np.testing.assert_allclose(result.frequency[filled], frequency, rtol=1e-12)
    np.testing.assert_allclose(result.confidence[filled], confidence, rtol=1e-12)
    assert np.isnan(result.frequency[~filled]).all()
    assert np.isnan(result.low[~filled]).all()


@pytest.mark.parametrize(("case", "cuts"), alternating(CASES, [(1,), (150,), (1, 2, 299), tuple(range(20, 300, 20))]))
def test_parts_add_up(case: tuple[str, int, str], cuts: tuple[int, ...]) -> None:
    activation, classes, form = case
    block = rows(activation, classes, form)
    ends = [0, *cuts, len(block)]
    parts = [block.rows(slice(a, b)) for a, b in pairwise(ends)]
    whole = reliability(block, activation)
    for x, y in zip(reduce(merge, (reliability(part, activation) for part in parts)), whole, strict=True):
        np.testing.assert_allclose(x, y, rtol=1e-12, atol=1e-13)
    apart = calibration(reduce(merge, (reliability(part, activation) for part in parts)), draws=200)
    assert (apart.ece_low, apart.ece_high) == pytest.approx(calibration(whole, draws=200)[10:12], rel=1e-9)
    other = merge(whole, reliability(rows(activation, classes, form, 50, 9), activation))
    assert other.counts.sum() == pytest.approx(whole.counts.sum() * 350 / 300)


def test_soft_targets_count_in_both_rows() -> None:
    result = reliability(Predictions(np.array([[0.0, 1.0]]), np.array([[0.3, 0.7]])), "softmax")
    p = float(expit(1.0))
    cell = int(p * CELLS)
    np.testing.assert_allclose(result.counts[:, cell], [0.3, 0.7])
    np.testing.assert_allclose(result.confidence[:, cell], [0.3 * p, 0.7 * p])
    assert result.counts.sum() == 1


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("activation", ["softmax", "sigmoid"])
def test_one_row_and_certainty(activation: str, dtype: type) -> None:
    """p = 1 and p = 0 belong to the last cell and the first."""
    z = np.array([[200.0, -200.0]], dtype)
    cells = reliability(Predictions(z, np.array([0])), activation)
    assert cells.counts.sum(0)[[0, 1, -2, -1]].tolist() == [activation == "sigmoid", 0, 0, 1]
    result = calibration(cells)
    assert (result.ece, result.mce) == pytest.approx((0, 0), abs=1e-80)
    assert result.counts[-1] == 1
    assert result.counts[0] == (activation == "sigmoid")
    wrong = calibration(reliability(Predictions(z, np.array([1])), activation))
    assert (wrong.ece, wrong.mce, wrong.ece_high) == (1, 1, 1)
    assert 0 < wrong.ece_low < 0.2 and wrong.gap_low < 1, "what one row or two tell"


def test_frequencies_have_wilsons_interval() -> None:
    """Its ends are the probabilities from which the frequency is just Z95 deviations away."""
    assert norm.cdf(Z95) == pytest.approx(0.975, abs=1e-14)
    result = calibration(reliability(rows("softmax", 3, "labels", 500), "softmax"), 10, draws=10)
    filled = result.counts > 0
    f, n = result.frequency[filled], result.counts[filled]
    for end in (result.low[filled], result.high[filled]):
        inner = (end > 1e-9) & (end < 1 - 1e-9)
        np.testing.assert_allclose((np.abs(f - end) / np.sqrt(end * (1 - end) / n))[inner], Z95, rtol=1e-9)
        assert inner.sum() >= 5
    assert ((result.low[filled] <= f) & (f <= result.high[filled])).all()
    sure = calibration(reliability(Predictions(np.full((20, 1), 3.0), np.ones(20, np.int64)), "sigmoid"), 10)
    assert sure.high[-1] == 1
    assert sure.low[-1] == pytest.approx(20 / (20 + Z95**2))


def test_more_rows_more_certainty() -> None:
    widths = []
    for n in (100, 1000, 10_000):
        result = calibration(reliability(rows("softmax", 4, "labels", n), "softmax"), draws=500)
        assert result.ece_low < result.ece_debiased < result.ece < result.ece_high
        assert result.ece_calibrated < result.ece_most
        widths.append(result.ece_high - result.ece_low)
    assert widths[0] > 2 * widths[1] > 4 * widths[2]


@each
def test_the_gap_of_decisions_has_the_interval_of_a_mean(activation: str, classes: int, form: str) -> None:
    block = rows(activation, classes, form)
    confidence, true = predictions(block, activation)
    yes = (confidence > 0.5) | (activation != "sigmoid")
    sure, right = np.where(yes, confidence, 1 - confidence), np.where(yes, true, 1 - true)
    result = calibration(reliability(block, activation), draws=10)
    # A soft target is a label drawn, right or wrong.
    squares = (right * (sure - 1) ** 2 + (1 - right) * sure**2).mean()
    gap = (sure - right).mean()
    reach = Z95 * np.sqrt(max(squares - gap**2, (sure * (1 - sure)).mean()) / len(sure))
    assert (result.gap_low, result.gap_high) == pytest.approx((gap - reach, gap + reach), rel=1e-8, abs=1e-10)


@pytest.mark.parametrize("classes", [1, 6])
@pytest.mark.parametrize("planted", [0.5, 3.0])
def test_the_gap_of_sigmoids_says_what_the_temperature_says(classes: int, planted: float) -> None:
    """Few positives: a mean probability above their share is no overconfidence."""
    rng = specs.seeded("leaning", classes, planted)
    z = rng.normal(-1.5, 2, (6000, classes))
    t = (rng.random(z.shape) < expit(z)).astype(np.int64)
    block = Predictions(z * planted, t[:, 0] if classes == 1 else t.astype(np.float64))
    calibration = calibration_result(reliability(block, "sigmoid"), temperature_sums(block, "sigmoid"), True)
    best = calibration.temperature
    assert best.t == pytest.approx(planted, rel=0.05)
    accuracy, certainty = decided(block, "sigmoid")
    word = "overconfident" if planted > 1 else "underconfident"
    text = " ".join(calibrated(calibration))
    assert f"{word} by {abs(certainty - accuracy):.4f}" in text
    assert "opposite" not in text
    bias = expit(z * planted).mean() - t.mean()
    assert f"a bias of {bias:+.4f}".replace("-", "−") in text
    assert (bias > 0) != (planted > 1), "else nothing is tested"
    assert "Cross-fitted" in text and f"over {6000 * classes:,}" in text.replace("6,000 samples", "6,000")


def test_a_temperature_that_says_the_opposite_of_the_gap_is_explained() -> None:
    """Most decisions are a little too modest; a few far too certain ones are what the NLL looks at."""
    z = np.concatenate((np.full(900, 0.2), np.full(100, 12.0)))[:, None]
    t = np.concatenate((np.arange(900) % 10 > 1, np.arange(100) % 10 > 1)).astype(np.int64)
    block = Predictions(z, t)
    calibration = calibration_result(reliability(block, "sigmoid"), temperature_sums(block, "sigmoid"), True)
    result, best, text = calibration.calibration, calibration.temperature, " ".join(calibrated(calibration))
    assert (result.certainty < result.accuracy, best.t > 1) == (True, True)
    assert "underconfident" in text and "T above 1 says the opposite" in text


def test_even_odds_are_no_decision_for_yes() -> None:
    result = calibration(reliability(Predictions(np.zeros((4, 1)), np.array([0, 0, 0, 1])), "sigmoid"), draws=1)
    assert (result.accuracy, result.certainty, result.base_rate) == (0.75, 0.5, 0.25)


@pytest.mark.parametrize(("bins", "draws", "message"), [(0, 9, "bins"), (7, 9, "bins"), (3000, 9, "bins"), (15, 0, "draws")])
def test_what_makes_no_sense_is_refused(bins: int, draws: int, message: str) -> None:
    with pytest.raises(InputError, match=f"^{message}: found"):
        calibration(reliability(rows("sigmoid", 1, "labels"), "sigmoid"), bins, draws=draws)


def test_digits() -> None:
    block = digits.batch().rows
    result = calibration(reliability(block, "softmax"), draws=500)
    assert result.accuracy == pytest.approx(1 - 52 / 1797)
    assert result.ece == pytest.approx(ece_of(*predictions(block, "softmax"), 15)[0], abs=1e-6)
    assert 0.02 < result.ece_low < result.ece_debiased < result.ece < result.ece_high < 0.045
    assert (result.samples, result.counts.sum()) == (1797, 1797)
