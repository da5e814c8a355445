"""A measure by epoch: the mean over seeds of what was measured."""

from __future__ import annotations

import numpy as np
import pytest

from lossviz.analysis.training import MEASURES, measure_values
from lossviz.figures.training import learning_curves
from lossviz.figures.training.epochs import NONE

from ...analysis.training.random_records import CLEAN, THREE, random_record
from ...plotted import numbers
from .frames import every, lines, notes


@pytest.mark.parametrize("measure", MEASURES)
def test_a_course_is_the_measure_s_mean(measure: str) -> None:
    record = random_record(losses=THREE)
    drawn = every(learning_curves.figure(lines(record), record, measure, 1), record)
    for n in range(3):
        np.testing.assert_allclose(
            numbers(drawn[0][f"mean-{n}"], "y"), measure_values(record, measure)[:, n].mean(-1), rtol=1e-5
        )


def test_the_ceiling_is_the_mean_of_the_seeds_and_in_sight() -> None:
    record = random_record()
    best = np.array([0.98, 0.99, 0.97, 0.96, 0.99])
    figure = learning_curves.figure(lines(record), record, "precision", 1, best)
    for traces in every(figure, record):
        np.testing.assert_allclose(numbers(traces["ceiling"], "y"), 97.8, rtol=1e-6)
        assert traces["ceiling"]["name"] == "best possible (Bayes), 97.8%"
    low, high = figure.layout["yaxis"]["range"]
    assert low < 97.8 < high
    assert "ceiling" not in every(learning_curves.figure(lines(record), record, "precision", 1), record)[0]


def test_nothing_is_memorised_where_no_label_is_wrong() -> None:
    record = random_record(CLEAN)
    figure = learning_curves.figure(lines(record), record, "memorised", 0)
    every(figure, record)
    assert figure.title == "Memorized wrong labels: there are none"
    assert notes(figure) == [NONE]


def test_one_seed_without_a_wrong_label_leaves_no_mean() -> None:
    record = random_record()
    record.runs.memorised[:, :, 2] = np.nan
    figure = learning_curves.figure(lines(record), record, "memorised", 0)
    every(figure, record)
    assert figure.title == "Memorized wrong labels: there are none in some seeds"
    assert notes(figure) == [NONE]
