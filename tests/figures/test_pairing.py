"""The 2×2 drawn: the analysis's numbers in every frame."""

from __future__ import annotations

import numpy as np

from lossviz.analysis.pairing import trajectories
from lossviz.figures import pairing as drawing

from ..plotted import by_uid, check_frames, model, numbers, played


def test_bars_are_the_probabilities_after_so_many_steps() -> None:
    targets = np.array([0.0, 1.0, 0.0])
    trajectory = trajectories(np.array([2.0, -1.0, 0.0]), targets, 1.0, 10)[3]
    positions = [0, 1, 5, 10]
    figure = model(drawing.figure("some", trajectory, targets, positions, 2))
    check_frames(figure, len(positions))
    assert figure["layout"]["title"]["text"] == f"some: loss {trajectory.loss[5]:.4g} after 5 steps"
    assert figure["frames"][1]["layout"]["title"]["text"].endswith("after 1 step")
    for n, frame in zip(positions, played(figure), strict=True):
        traces = by_uid(frame)
        np.testing.assert_allclose(numbers(traces["probs"], "y"), trajectory.probs[n], rtol=1e-6)
        np.testing.assert_allclose(numbers(traces["limit"], "y"), trajectory.limit, rtol=1e-6)
        np.testing.assert_allclose(numbers(traces["targets"], "y"), targets)
