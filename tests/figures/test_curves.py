"""Figures of curves: the numbers of the analysis, with what a reader needs to read them."""

import math
import re
from functools import cache
from typing import Any

import numpy as np
import pytest

from lossviz import loss
from lossviz.analysis.curves import QUANTITIES, axes, curve
from lossviz.evaluation.setting import Setting
from lossviz.figures import curves as drawing
from lossviz.figures.curve_axes import Y_NAMES, Axes
from lossviz.figures.line_looks import looks
from lossviz.state.pins import Pin, papers_losses, parse_pins, series, series_of
from lossviz.state.plots import scrub, scrubbed_view
from lossviz.state.sample import resolve

from ..drawn import alternating, thinned
from ..plotted import by_uid, check_frames, model, moving, numbers, played

SETTINGS: dict[str, dict[str, Any]] = {
    "focal": {"sample": "own numbers", "logits": "2 1 0"},
    "sigmoid": {"sample": "own numbers", "logits": "2 1 -3", "activation": "sigmoid", "gamma": 3.0},
    "binary": {"task": "binary", "loss": "quality-focal", "activation": "sigmoid", "logits": "-2", "targets": "0"},
    "soft": {"sample": "own numbers", "logits": "2 1 0", "targets": "0.6 0.3 0.1", "target": "soft", "loss": "cross-entropy"},
    "nll": {"sample": "own numbers", "loss": "nll", "logits": "-1 -2 -3"},
    "far": {"sample": "own numbers", "logits": "inf 1 0"},
}
PINS = (Pin(loss("focal", gamma=0.5)), Pin(loss("cross-entropy")), Pin(loss("focal", "sigmoid", gamma=5.0)))
CASES = [
    (name, quantity, axis, log)
    for name in SETTINGS
    for quantity in QUANTITIES
    for axis in ("p_t", "logit", "margin")
    for log in (False, True)
]


def lines_and_axes(
    name: str, quantity: str, axis: str, log: bool, k: int = 0, points: int = 5
) -> tuple[list[drawing.CurveFrame], int]:
    """Real frames of a scrubber, and which is the present."""
    values = SETTINGS[name]
    view = resolve(values)
    assert not view.problems
    pinned = series(view, PINS)[0][1:]
    moves = scrub(values, view, points)
    shown = [(series_of(scrubbed_view(view, moves.control, value).setting), *pinned) for value in moves.values]
    return [
        drawing.CurveFrame(all_, tuple(curve(one.setting, k, axis, quantity, True, 61, log) for one in all_)) for all_ in shown
    ], moves.at


@cache
def drawn(name: str, quantity: str, axis: str, log: bool) -> tuple[dict[str, Any], list[drawing.CurveFrame], int]:
    frames, at = lines_and_axes(name, quantity, axis, log)
    return model(drawing.figure(frames, at, Axes(axis, quantity, log, 0, True))), frames, at


def has_axis(name: str, axis: str) -> bool:
    return axis in axes(resolve(SETTINGS[name]).setting, 0)


@pytest.mark.parametrize(
    ("name", "quantity", "axis", "log"),
    thinned(
        [case for case in CASES if has_axis(case[0], case[2]) and (not case[3] or case[2] == "logit")],
        (0, 1),
        (0, 2),
        (1, 2, 3),
    ),
)
def test_a_figure_is_its_numbers(name: str, quantity: str, axis: str, log: bool) -> None:
    figure, frames, at = drawn(name, quantity, axis, log)
    low, high = ends(figure, log)
    assert low < high
    assert all(math.isfinite(end) for end in (low, high, *figure["layout"]["xaxis"]["range"]))
    check_frames(figure, len(frames))
    shown = played(figure)
    assert len(shown) in (1, len(frames))
    if len(shown) > 1:
        assert all(same_traces(a, b) for a, b in zip(figure["data"], shown[at], strict=True))
    for traces, frame in zip(shown, frames, strict=False):
        result = by_uid(traces)
        for one, line in zip(frame.series, frame.curves, strict=True):
            check_line(result, one, line, log, (low, high))
        check_infinities(result, frame, log)
        check_present(result["present"], frame.curves[0], log, (low, high))
        check_region(result, frame.curves[0], (low, high), log)
        for trace in traces:
            assert name == "far" or not np.isinf(numbers(trace, "x")).any(), trace["uid"]
            assert not np.isinf(numbers(trace, "y")).any(), trace["uid"]


@pytest.mark.parametrize("axis", ["logit", "margin"])
def test_a_sample_at_infinity_is_no_number_of_the_figure(axis: str) -> None:
    """Plotly draws packed arrays as they are, and a line to infinity is none."""
    figure, _, _ = drawn("far", "loss", axis, False)
    infinite = [trace["uid"] for traces in played(figure) for trace in traces if np.isinf(numbers(trace, "x")).any()]
    assert set(infinite) == set()


def ends(figure: dict[str, Any], log: bool) -> tuple[float, float]:
    low, high = figure["layout"]["yaxis"]["range"]
    assert figure["layout"]["yaxis"]["type"] == ("log" if log else "linear")
    return (10**low, 10**high) if log else (low, high)


def same_traces(a: dict[str, Any], b: dict[str, Any]) -> bool:
    return all(np.array_equal(numbers(a, name), numbers(b, name), equal_nan=True) for name in ("x", "y"))


def check_infinities(result: dict[str, Any], frame: drawing.CurveFrame, log: bool) -> None:
    """Wherever a line is infinite there is one mark, whose ever it is."""
    infinite = [line.x[np.isinf(np.abs(line.y) if log else line.y)].astype(np.float32).tolist() for line in frame.curves]
    marked = [numbers(result[f"infinite-{one.slot}"], "x").tolist() for one in frame.series]
    assert sorted(x for marks in marked for x in marks) == sorted({x for places in infinite for x in places})
    assert all(set(marks) <= set(places) for marks, places in zip(marked, infinite, strict=True))


def check_line(result: dict[str, Any], one: Any, line: Any, log: bool, reach: tuple[float, float]) -> None:
    trace = result[f"line-{one.slot}"]
    assert trace["name"] == one.label
    height = np.abs(line.y) if log else line.y
    has_axis = np.isfinite(height) & ((height > 0) if log else True)
    wanted = np.where(has_axis, height, np.nan).astype(np.float32)
    np.testing.assert_array_equal(numbers(trace, "y"), wanted.astype(np.float64))
    finite = np.isfinite(line.x)
    np.testing.assert_array_equal(numbers(trace, "x")[finite], line.x[finite].astype(np.float32))
    marks = result[f"infinite-{one.slot}"]
    heights = numbers(marks, "y")
    assert np.all((reach[0] * (1 - 1e-6) <= heights) & (heights <= reach[1] * (1 + 1e-6))), "a mark within the picture"
    detached = result[f"detached-{one.slot}"]
    assert detached["showlegend"] is (line.detached is not None)
    if line.detached is not None and not log:
        np.testing.assert_array_equal(
            numbers(detached, "y"), np.where(np.isfinite(line.detached), line.detached, np.nan).astype(np.float32)
        )


def check_present(trace: dict[str, Any], line: Any, log: bool, reach: tuple[float, float]) -> None:
    x, y = float(numbers(trace, "x")[0]), float(numbers(trace, "y")[0])
    if math.isfinite(line.x[line.at]):
        assert x == np.float32(line.x[line.at])
    height = abs(line.y[line.at]) if log else line.y[line.at]
    if math.isfinite(height) and reach[0] <= height <= reach[1]:
        assert y == np.float32(height)
    assert np.float32(reach[0]) <= y <= np.float32(reach[1])


def check_region(result: dict[str, Any], line: Any, reach: tuple[float, float], log: bool) -> None:
    band = result["region"]
    x, y = numbers(band, "x"), numbers(band, "y")
    assert len(x) == 6 * len(line.raised)
    assert band["showlegend"] is bool(len(line.raised))
    for n, (low, high) in enumerate(line.raised):
        part = slice(6 * n, 6 * n + 5)
        assert (x[part].min(), x[part].max()) == (np.float32(low), np.float32(high))
        np.testing.assert_allclose([y[part].min(), y[part].max()], reach, rtol=1e-6, atol=1e-30 if log else 1e-7)
    inner = [edge for edge in line.raised.ravel() if line.x[0] < edge < line.x[-1]]
    places = [re.findall(r"= (\S+)$", label)[0].replace("−", "-") for label in result["border"]["text"]]
    assert list(map(float, places)) == pytest.approx(inner, rel=1e-3)
    np.testing.assert_array_equal(numbers(result["border"], "x"), np.array(inner, np.float32))


@pytest.mark.parametrize(("name", "quantity", "axis"), alternating(["focal", "sigmoid", "nll"], QUANTITIES, ["p_t", "logit"]))
def test_a_logarithmic_height_has_no_hole_down_to_1e_12(name: str, quantity: str, axis: str) -> None:
    figure, frames, at = drawn(name, quantity, axis, log=True)
    result = by_uid(figure["data"])
    for one, line in zip(frames[at].series, frames[at].curves, strict=True):
        heights = numbers(result[f"line-{one.slot}"], "y")
        big = (np.abs(line.y) >= 1e-12) & np.isfinite(line.y)
        assert big.sum() > 20 or (one.setting.spec.key, quantity) == ("nll", "curvature")
        np.testing.assert_allclose(heights[big], np.abs(line.y[big]), rtol=1e-6)
        assert (heights[np.isfinite(heights)] >= 0).all()


def test_titles_name_units() -> None:
    layouts = {q: drawn("focal", q, "p_t", False)[0]["layout"] for q in QUANTITIES}
    names = {q: one["title"]["text"].split(" along ")[0] for q, one in layouts.items()}
    assert names == {q: Y_NAMES[q] for q in QUANTITIES} and len(set(names.values())) == len(QUANTITIES)
    y_titles = {q: one["yaxis"]["title"]["text"] for q, one in layouts.items()}
    assert y_titles["loss"] == "loss ℓ (nats)"
    assert "(nats per unit of logit)" in y_titles["gradient"]
    assert "÷ cross-entropy" in y_titles["multiplier"]
    assert "(nats per squared unit of logit)" in y_titles["curvature"]
    assert drawn("focal", "gradient", "p_t", True)[0]["layout"]["yaxis"]["title"]["text"].startswith("|gradient ∂ℓ/∂z| (")
    x_titles = {x: drawn("focal", "loss", x, False)[0]["layout"]["xaxis"]["title"]["text"] for x in ("p_t", "logit", "margin")}
    assert x_titles["p_t"].startswith("p<sub>t</sub>, the probability of the true class")
    assert "class 0" in x_titles["logit"]
    assert "best other" in x_titles["margin"]


def test_colours_are_those_of_the_losses_on_both_pages() -> None:
    figure, frames, at = drawn("focal", "loss", "p_t", False)
    result = by_uid(figure["data"])
    for one, look in zip(frames[at].series, looks(frames[at].series), strict=True):
        line = result[f"line-{one.slot}"]
        assert (line["line"]["color"], line["meta"]["dark"]["line.color"]) == (look.light, look.dark)
        assert (line["line"]["dash"], line["line"]["width"]) == (look.dash, look.width)
    assert result["infinite-0"]["marker"]["color"] == result["present"]["marker"]["color"] == looks(frames[at].series)[0].light
    assert len({(result[f"line-{n}"]["line"]["color"], result[f"line-{n}"]["line"]["dash"]) for n in range(4)}) == 4


def test_uids_stay_whatever_is_shown() -> None:
    all_of_them = [
        [t["uid"] for t in drawn("focal", q, x, log)[0]["data"]]
        for q, x, log in (("loss", "p_t", False), ("gradient", "logit", True))
    ]
    assert all_of_them[0] == all_of_them[1]
    figure, frames, _ = drawn("focal", "loss", "p_t", False)
    marker, line = drawing.marker(frames)
    assert figure["data"][marker]["uid"] == "present"
    assert figure["data"][line]["uid"] == "line-0"
    fewer = [drawing.CurveFrame(frame.series[:2], frame.curves[:2]) for frame in frames]
    marker, line = drawing.marker(fewer)
    short = model(drawing.figure(fewer, 0, Axes("p_t", "loss", False, 0, True)))
    assert short["data"][marker]["uid"] == "present"
    assert short["data"][line]["uid"] == "line-0"


SEEN = {"opacity", "hoverinfo", "showlegend"}


def test_what_does_not_move_is_not_sent_again() -> None:
    figure, frames, _ = drawn("focal", "loss", "p_t", False)
    moved = {figure["data"][i]["uid"] for i in figure["frames"][0]["traces"]}
    assert {"line-0", "present"} <= moved
    pins = {name for uid, names in moving(figure).items() if uid.endswith(("-1", "-2", "-3")) for name in names}
    assert pins <= SEEN, "pins stand still, and are out of sight where the current setting is the same"
    still = [frames[0], frames[0]]
    assert not model(drawing.figure(still, 0, Axes("p_t", "loss", False, 0, True))).get("frames")


def test_minima_are_marked_where_targets_are_soft() -> None:
    figure, frames, at = drawn("soft", "loss", "p_t", False)
    line, mark = frames[at].curves[0], by_uid(figure["data"])["minimum-0"]
    assert line.minimum is not None
    np.testing.assert_array_equal([numbers(mark, "x")[0], numbers(mark, "y")[0]], np.array(line.minimum, np.float32))
    assert mark["text"] == ["min at 0.6"]
    mark = by_uid(drawn("focal", "loss", "p_t", False)[0]["data"])["minimum-0"]
    assert np.isnan(numbers(mark, "x")).all()
    assert mark["text"] == [""]
    mark = by_uid(drawn("soft", "gradient", "p_t", False)[0]["data"])["minimum-0"]
    assert np.isnan(numbers(mark, "x")).all()


def test_lines_that_are_infinite_at_one_place_have_one_mark_there() -> None:
    result = by_uid(drawn("focal", "loss", "p_t", False)[0]["data"])
    assert [len(numbers(result[f"infinite-{slot}"], "y")) for slot in range(4)] == [1, 0, 0, 0]


def family(at: float, quantity: str = "loss") -> dict[str, Any]:
    """The paper's family beside a present γ, as a figure whose scrubber moves γ."""
    values = {"gamma": at, "y": quantity}
    view = resolve(values)
    pinned = series(view, papers_losses(view))[0][1:]
    moves = scrub(values, view, 11)
    shown = [(series_of(scrubbed_view(view, moves.control, value).setting), *pinned) for value in moves.values]
    frames = [drawing.CurveFrame(all_, tuple(curve(one.setting, 2, "p_t", quantity) for one in all_)) for all_ in shown]
    return model(drawing.figure(frames, moves.at, Axes("p_t", quantity, False, 2, True)))


def test_a_family_is_named_in_its_lines_and_in_no_legend() -> None:
    figure = family(2.0)
    traces = by_uid(figure["data"])
    names = traces["labels"]
    assert names["text"] == ["CE, γ = 0", "γ = 0.5", "γ = 1", "γ = 2", "γ = 5"]
    assert names["meta"]["narrow"]["text"] == ["CE", "½", "1", "2", "5"]
    for n, (x, y) in enumerate(zip(names["x"], names["y"], strict=True)):
        line = traces[f"line-{n + 1}"]
        assert np.interp(x, numbers(line, "x"), numbers(line, "y")) == pytest.approx(y, abs=0.02), "it stands in its line"
    assert not any(trace.get("showlegend") for uid, trace in traces.items() if uid.startswith("line"))
    assert figure["layout"]["yaxis"]["range"] == [0, 4]


def test_the_twin_of_the_present_gamma_is_neither_drawn_nor_named_twice() -> None:
    for frame in played(family(2.0)):
        traces = by_uid(frame)
        hidden_lines = [n for n in range(1, 6) if traces[f"line-{n}"]["opacity"] == 0]
        twins = [n for n in range(1, 6) if traces[f"line-{n}"]["name"].split("γ")[1] == traces["line-0"]["name"].split("γ")[1]]
        assert hidden_lines == twins
        assert not (twins and traces["label-0"]["text"]), "the pin's label names both"


def test_a_present_gamma_between_pins_has_a_label_of_its_own() -> None:
    traces = by_uid(family(3.5)["data"])
    assert traces["label-0"]["text"] == ["γ = 3.5"]
    assert all(traces[f"line-{n}"]["opacity"] == 1 for n in range(1, 6))


def test_lines_that_lie_too_close_for_names_have_a_legend() -> None:
    values = {"pins": "focal gamma 2.01 vs focal gamma 2.02 vs focal gamma 2.03"}
    view = resolve(values)
    shown = series(view, parse_pins(values["pins"])[0])[0]
    frame = drawing.CurveFrame(shown, tuple(curve(one.setting, 2, "p_t", "loss") for one in shown))
    traces = by_uid(model(drawing.figure([frame], 0, Axes("p_t", "loss", False, 2, True)))["data"])
    assert traces["labels"]["text"] == []
    assert all(traces[f"line-{n}"]["showlegend"] for n in range(4))


def test_a_very_large_loss_is_still_a_figure() -> None:
    setting = Setting(loss("cross-entropy", "sigmoid", weight=(1e5, 1.0), pos_weight=1e5), (-1e30, 0.0), (1.0, 0.0))
    result = series_of(setting)
    line = curve(setting, 0, "logit", "loss", False, 61)
    figure = model(drawing.figure([drawing.CurveFrame((result,), (line,))], 0, Axes("logit", "loss", False, 0, True)))
    for trace in figure["data"]:
        assert not np.isinf(numbers(trace, "y")).any(), trace["uid"]
