"""Steps beside the first loss's: ratios of means over seeds, and the largest in the title."""

from __future__ import annotations

import numpy as np

from lossviz.analysis.training import Record
from lossviz.figures.training import step_length

from ...analysis.training.random_records import CE, CLEAN, PAIR, THREE, random_record
from ...plotted import numbers
from .frames import every, lines, notes, titles


def of(values: list[list[float]], losses=THREE) -> Record:
    """A record in whose epochs after the beginning two seeds' steps of each loss are around these."""
    record = random_record(CLEAN, losses, seeds=2, epochs=tuple(range(len(values) + 1)))
    rows = np.array([[np.nan] * len(losses), *values])
    return record._replace(runs=record.runs._replace(step_length=rows[..., None] * [0.5, 1.5]))


def test_lines_are_ratios_of_means() -> None:
    record = of([[0.2, 0.1, 1.4], [0.1, 0.1, 0.3]])
    figure = step_length.figure(lines(record), record, 1)
    drawn = every(figure, record)
    for n, wanted in enumerate(([np.nan, 1, 1], [np.nan, 0.5, 1], [np.nan, 7, 3])):
        np.testing.assert_allclose(numbers(drawn[0][f"mean-{n}"], "y"), wanted, rtol=1e-5)
        for e in (1, 2):
            np.testing.assert_allclose(numbers(drawn[e][f"here-{n}"], "y"), wanted[e], rtol=1e-5)
    axis = figure.layout["yaxis"]
    assert axis["type"] == "log"
    low, high = axis["range"]
    assert 10**low < 0.5 < 7 < 10**high
    assert titles(figure) == [
        "Epoch 0: no step has been taken yet",
        "Epoch 1: step length relative to A, the largest is 7 × with C",
        "Epoch 2: step length relative to A, the largest is 3 × with C",
    ]


def test_of_two_losses_the_other_ones() -> None:
    record = of([[0.2, 0.1]], PAIR)
    title = titles(step_length.figure(lines(record), record, 1))[1]
    assert title == "Epoch 1: step length relative to A, it is 0.5 × with B"


def test_alone_there_is_nothing_to_compare() -> None:
    record = of([[0.2]], (CE,))
    assert titles(step_length.figure(lines(record), record, 1))[1] == "Epoch 1: no other steps to compare with A"


def test_what_does_not_move_has_no_ratio() -> None:
    record = of([[0.0, 0.1, 0.0]])
    figure = step_length.figure(lines(record), record, 1)
    every(figure, record)
    assert titles(figure)[1] == "Epoch 1: nothing moves"
    assert notes(figure) == ["No step has been taken yet."]
    record = of([[0.1, 0.1, 0.0]])
    assert titles(step_length.figure(lines(record), record, 1))[1].endswith("it is 1 × with B")
