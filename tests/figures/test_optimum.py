"""Figures of what minimises a loss: the analysis's numbers, and where a loss decides."""

from typing import Any

import numpy as np
import pytest

from lossviz import loss
from lossviz.analysis.optimum import drawn as line_of
from lossviz.analysis.optimum import threshold
from lossviz.figures import optimum as drawing
from lossviz.figures.line_looks import looks
from lossviz.state.pins import Pin, series, series_of
from lossviz.state.plots import scrub, scrubbed_view
from lossviz.state.sample import resolve

from ..plotted import by_uid, check_frames, model, moving, numbers, played

PINS = (Pin(loss("cross-entropy")), Pin(loss("focal", gamma=5.0)), Pin(loss("cross-entropy", "sigmoid", pos_weight=3.0)))
VALUES = [
    {"sample": "own numbers", "logits": "2 1 0"},
    {"sample": "own numbers", "logits": "2 1 0", "activation": "sigmoid", "alpha": 0.25},
    {"task": "two-logit", "loss": "cross-entropy", "activation": "softmax"},
    {"sample": "own numbers", "loss": "quality-focal", "activation": "sigmoid", "logits": "1 2"},
]


def frames_of(values: dict[str, Any], points: int = 5) -> tuple[list[drawing.OptimumFrame], int]:
    view = resolve(values)
    assert not view.problems
    pinned = series(view, PINS)[0][1:]
    moves = scrub(values, view, points)
    frames = []
    for value in moves.values:
        shown = (series_of(scrubbed_view(view, moves.control, value).setting), *pinned)
        settings = [one.setting for one in shown]
        frames.append(
            drawing.OptimumFrame(shown, tuple(line_of(s, 0) for s in settings), tuple(threshold(s, 0) for s in settings))
        )
    return frames, moves.at


@pytest.mark.parametrize("values", VALUES, ids=lambda v: str(v.get("loss", v.get("activation", "focal"))))
@pytest.mark.parametrize("inverse", [False, True], ids=["optimum", "recovery"])
def test_a_figure_is_its_numbers(values: dict[str, Any], inverse: bool) -> None:
    frames, at = frames_of(values)
    figure = model(drawing.figure(frames, at, 0, inverse))
    check_frames(figure, len(frames))
    shown = played(figure)
    assert len(shown) == len(frames) > 3
    for traces, frame in zip(shown, frames, strict=True):
        result = by_uid(traces)
        rows = zip(frame.series, frame.optima, frame.thresholds, looks(frame.series), strict=True)
        for one, best, decides, look in rows:
            trace, mark = result[f"optimum-{one.slot}"], result[f"threshold-{one.slot}"]
            assert trace["name"] == one.label
            axes = ("y", "x") if inverse else ("x", "y")
            np.testing.assert_array_equal(numbers(trace, axes[0]), best.eta.astype(np.float32))
            np.testing.assert_array_equal(numbers(trace, axes[1]), best.p.astype(np.float32))
            np.testing.assert_array_equal(numbers(mark, axes[0]), np.float32([decides]))
            assert numbers(mark, axes[1])[0] == 0.5
            assert (trace["line"]["color"], trace["meta"]["dark"]["line.color"]) == (look.light, look.dark)
        labels = {text.strip() for trace in traces if trace["uid"].startswith("threshold") for text in trace["text"] if text}
        assert labels == {f"decides at η = {decides:.4g}" for decides in frame.thresholds if np.isfinite(decides)}
    same = zip(figure["data"], shown[at], strict=True)
    assert all(np.array_equal(numbers(a, "y"), numbers(b, "y"), equal_nan=True) for a, b in same), (
        "the figure is its present frame"
    )


def test_axes_are_probabilities_and_say_whose() -> None:
    frames, at = frames_of(VALUES[0])
    for inverse in (False, True):
        layout = model(drawing.figure(frames, at, 2, inverse))["layout"]
        true, predicted = ("yaxis", "xaxis") if inverse else ("xaxis", "yaxis")
        assert layout[true]["title"]["text"] == "true probability η of class 2"
        assert layout[predicted]["title"]["text"] == "probability p* that minimizes the expected loss"
        assert layout["xaxis"]["range"] == layout["yaxis"]["range"] == [0, 1]


def test_cross_entropy_lies_on_the_honest_line_and_focal_loss_does_not() -> None:
    frames, at = frames_of(VALUES[0])
    result = by_uid(model(drawing.figure(frames, at, 0, False))["data"])
    honest = result["honest"]
    assert numbers(honest, "x").tolist() == numbers(honest, "y").tolist() == [0, 1]
    plain, focal = result["optimum-1"], result["optimum-2"]
    np.testing.assert_allclose(numbers(plain, "x"), numbers(plain, "y"), atol=1e-6)
    assert np.nanmax(np.abs(numbers(focal, "x") - numbers(focal, "y"))) > 0.15


def test_settings_that_decide_alike_are_told_once() -> None:
    frames, at = frames_of(VALUES[0])
    texts = [
        trace["text"][0] for trace in model(drawing.figure(frames, at, 0, False))["data"] if trace["uid"].startswith("thr")
    ]
    assert texts.count("  decides at η = 0.5") == 1
    assert texts[1:3] == ["", ""]
    assert len({text for text in texts if text}) == 2


def test_pins_stand_still_while_the_present_moves() -> None:
    frames, at = frames_of(VALUES[0])
    figure = model(drawing.figure(frames, at, 0, False))
    moved = {figure["data"][i]["uid"] for i in figure["frames"][0]["traces"]}
    assert "optimum-0" in moved
    assert "honest" not in moved
    pins = {name for uid, names in moving(figure).items() if uid in ("optimum-1", "optimum-2", "optimum-3") for name in names}
    assert pins <= {"opacity", "hoverinfo", "showlegend"}


def test_lines_that_differ_are_called_differently() -> None:
    """At hard targets all soft-label forms are one loss with one name; here they are given η as a soft target, and differ."""
    view = resolve(VALUES[0])
    forms = [Pin(loss("focal", soft_form=form)) for form in ("per-term", "mixed", "exp-ce", "quality")]
    shown, _ = series(view, forms)
    lines = {one.label: [] for one in shown[1:]}
    for one in shown[1:]:
        lines[one.label].append(np.round(np.interp([0.3, 0.7], *line_of(one.setting, 0)[:2]), 3).tolist())
    for label, result in lines.items():
        assert all(line == result[0] for line in result), f"{label} is the legend of lines that differ"
