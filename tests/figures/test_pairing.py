"""The 2×2 drawn: the analysis's numbers in every frame."""

from __future__ import annotations

import numpy as np

from lossviz.analysis.pairing import PAIRS, trajectories
from lossviz.figures import pairing as drawing

from ..plotted import by_uid, check_frames, model, numbers, played


def test_bars_are_the_probabilities_after_so_many_steps() -> None:
    targets = np.array([0.0, 1.0, 0.0])
    four = trajectories(np.array([2.0, -1.0, 0.0]), targets, 1.0, 10)
    positions = [0, 1, 5, 10]
    figure = model(drawing.figure(PAIRS, four, targets, positions, 2))
    check_frames(figure, len(positions))
    assert "after 5 steps of" in figure["layout"]["title"]["text"]
    assert "after 1 step of" in figure["frames"][1]["layout"]["title"]["text"]
    for corner, ((activation, terms), trajectory) in enumerate(zip(PAIRS, four, strict=True)):
        head = figure["layout"]["annotations"][corner]["text"]
        assert head == f"{activation}, {terms} terms<br>loss <b>{trajectory.loss[5] + 0.0:.4g}</b>"
        end = f"-{corner + 1}" if corner else ""
        for n, frame in zip(positions, played(figure), strict=True):
            traces = by_uid(frame)
            np.testing.assert_allclose(numbers(traces[f"probs{end}"], "y"), trajectory.probs[n], rtol=1e-6)
            np.testing.assert_allclose(numbers(traces[f"limit{end}"], "y"), trajectory.limit, rtol=1e-6)
            np.testing.assert_allclose(numbers(traces[f"targets{end}"], "y"), targets)


def test_rows_are_activations_and_columns_are_terms() -> None:
    targets = np.array([1.0, 0.0])
    look = drawing.figure(PAIRS, trajectories(np.array([1.0, 0.0]), targets, 1.0, 1), targets, [0, 1], 0).layout
    places = {
        pair: (look[f"xaxis{n}"]["domain"], look[f"yaxis{n}"]["domain"]) for n, pair in zip(("", 2, 3, 4), PAIRS, strict=True)
    }
    assert places["softmax", "binary"][0][0] > places["softmax", "categorical"][0][1]
    assert places["softmax", "binary"][1] == places["softmax", "categorical"][1]
    assert places["softmax", "binary"][1][0] > places["sigmoid", "binary"][1][1]
