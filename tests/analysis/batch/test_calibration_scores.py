"""Brier score and log loss, against scikit-learn, and their parts against sums over rows."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import expit, softmax
from scipy.stats import entropy
from sklearn.metrics import brier_score_loss, log_loss

from lossviz.analysis.batch.calibration_result import calibration_result
from lossviz.analysis.batch.calibration_scores import scores
from lossviz.analysis.batch.calibration_sentences import calibrated, of_bins, of_diagram, of_scores
from lossviz.analysis.batch.calibration_sums import reliability
from lossviz.analysis.batch.calibration_table import bins_table, quantities, score_table
from lossviz.analysis.batch.calibration_temperature import temperature_sums
from lossviz.analysis.listing import table
from lossviz.data import digits
from lossviz.data.predictions import Predictions

from .confidences import each, one_hot, predictions, rows


@each
@pytest.mark.parametrize("bins", [1, 15])
def test_scores_and_their_parts(activation: str, classes: int, form: str, bins: int) -> None:
    block = rows(activation, classes, form)
    p, true = predictions(block, activation)
    result = scores(reliability(block, activation), bins)
    # A soft target is a label drawn: both labels, weighted.
    twice, label, weight = np.tile(p, 2), np.repeat((0, 1), len(p)), np.concatenate((1 - true, true))
    assert result.brier.score == pytest.approx(brier_score_loss(label, twice, sample_weight=weight), rel=1e-9)
    assert result.log.score == pytest.approx(log_loss(label, twice, sample_weight=weight), rel=1e-9)
    place, base = np.minimum((p * bins).astype(int), bins - 1), true.mean()
    brier, log, within = np.zeros(2), np.zeros(2), 0.0
    for b in np.unique(place):
        mask, share = place == b, (place == b).mean()
        c, f = p[mask].mean(), true[mask].mean()
        brier += share * np.array([(c - f) ** 2, (f - base) ** 2])
        log += share * np.array([entropy([1 - f, f], [1 - c, c]), entropy([1 - f, f], [1 - base, base])])
        within += ((p[mask] - c) ** 2 - 2 * (true[mask] - f) * (p[mask] - c)).sum() / len(p)
    assert result.brier[1:] == pytest.approx((*brier, base * (1 - base), within), rel=1e-8, abs=1e-12)
    assert result.log[1:4] == pytest.approx((*log, entropy([base, 1 - base])), rel=1e-8, abs=1e-12)
    for parts in (result.brier, result.log):
        whole = parts.reliability - parts.resolution + parts.uncertainty + parts.within
        assert parts.score == pytest.approx(whole, rel=1e-12)


@each
def test_the_brier_score_over_all_classes(activation: str, classes: int, form: str) -> None:
    block = rows(activation, classes, form)
    t = one_hot(block.targets, classes)
    p = expit(block.logits) if activation == "sigmoid" else softmax(block.logits, axis=1)
    expected = (t * (1 - p) ** 2 + (1 - t) * p**2).sum(1).mean()
    assert scores(reliability(block, activation)).classes == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_certain_and_wrong_have_a_finite_loss(dtype: type) -> None:
    """1 − p is no difference: it is right where p is 1 to the last digit."""
    z = np.array([[60.0, 0.0], [60.0, 0.0]], dtype)
    result = scores(reliability(Predictions(z, np.array([0, 1])), "softmax"))
    assert result.log.score == pytest.approx(30)
    assert result.log.reliability == pytest.approx(30 - np.log(2))
    assert result.log.within == pytest.approx(0, abs=1e-6)
    masked = np.array([[0.0, -np.inf], [0.0, 0.5]], dtype)
    assert np.isfinite(scores(reliability(Predictions(masked, np.array([0, 1])), "softmax")).log.score)


def test_the_same_numbers_in_sentences_tables_and_the_file() -> None:
    block = digits.batch().rows
    every = calibration_result(reliability(block, "softmax"), temperature_sums(block, "softmax"), False)
    file = table(quantities(every))
    rows_of = {row["quantity"]: row for row in quantities(every)}
    result = every.calibration
    text = " ".join((*calibrated(every), of_diagram(every), of_bins(every), *of_scores(every)))
    for value in (result.ece_debiased, result.ece_low, result.ece_high, result.ece, result.ece_calibrated, result.ece_most):
        assert f"{value:.4f}" in text and str(float(value)) in file
    for value in (every.temperature.gain, every.temperature.gain_low, every.temperature.gain_high, every.scores.classes):
        assert f"{value:.4f}" in text and str(float(value)) in file
    assert rows_of["ECE debiased"]["95 % low"] == result.ece_low
    assert sum(row["quantity"] == "frequency in a bin" for row in quantities(every)) == 15
    for row in (*bins_table(every), *score_table(every)):
        assert all(str(float(x)) in file for x in row.values() if isinstance(x, float))
    assert text.count("over 1,797 samples") >= 4
    assert "for each bin alone" in text


def test_a_sentence_says_entries_and_samples() -> None:
    block = rows("sigmoid", 6, "multi-hot")
    result = calibration_result(reliability(block, "sigmoid"), temperature_sums(block, "sigmoid"), True)
    text = " ".join(calibrated(result))
    assert "over 1,800 entries of 300 samples, each taken as independent" in text
    assert "an entry is true" in of_scores(result)[0]
