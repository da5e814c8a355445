"""Reliability: all seeds' bins, and the mean of their errors."""

from __future__ import annotations

import numpy as np
import pytest

from lossviz.analysis.training import measure_values
from lossviz.analysis.training.calibration import calibration
from lossviz.figures.training import reliability_diagram

from ...analysis.training.random_records import PAIR, SIX, random_record
from ...plotted import numbers
from .frames import every, lines, titles


@pytest.mark.parametrize("losses", [PAIR, SIX])
def test_reliability_pools_seeds_and_says_the_mean_error(losses) -> None:
    record = random_record(losses=losses)
    figure = reliability_diagram.figure(lines(record), record, 0)
    error = measure_values(record, "calibration").mean(-1)
    chance = 100 * calibration(record.runs.reliability).chance.mean(-1)
    for e, traces in enumerate(every(figure, record)):
        for n in range(len(losses)):
            counts, sure, right = record.runs.reliability[e, n, ..., :3].sum(0).T
            populated = counts > 0
            bins, steps = traces[f"bins-{n}"], traces[f"counts-{n}"]
            np.testing.assert_allclose(numbers(bins, "x"), 100 * (sure / counts)[populated], rtol=1e-5)
            np.testing.assert_allclose(numbers(bins, "y"), 100 * (right / counts)[populated], rtol=1e-5)
            np.testing.assert_allclose(numbers(steps, "y")[::2].sum(), 100, rtol=1e-5)
            assert bins["name"].endswith(f"debiased ECE {error[e, n]:.3g}%".replace("-", "−"))
    if len(losses) == 2:
        assert titles(figure)[2] == (
            f"Epoch 4: calibration error (ECE, debiased), {error[2, 0]:.3g}% with A, {error[2, 1]:.3g}% with B; chance "
            f"alone would show {chance[2].min():.3g} to {chance[2].max():.3g}%"
        )


def test_bins_without_predictions_have_no_marker() -> None:
    record = random_record()
    bins = record.runs.reliability.copy()
    bins[:, :, :, :7] = 0
    record = record._replace(runs=record.runs._replace(reliability=bins))
    drawn = every(reliability_diagram.figure(lines(record), record, 0), record)
    assert all(len(numbers(traces["bins-0"], "x")) == 8 for traces in drawn)
