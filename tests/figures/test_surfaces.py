"""Figures of surfaces: heights as computed, one scale for what is compared, and all that lies on them."""

from typing import Any

import numpy as np
import pytest

from lossviz.analysis.descent import descents
from lossviz.analysis.surfaces import arrows, surface, triangle
from lossviz.figures import surfaces as drawing
from lossviz.figures.descent import Descent, steps
from lossviz.figures.map import FIELD, MARKER, contour
from lossviz.figures.solid import surface as solid
from lossviz.figures.theme import DIVERGING, INK, PAPER, SEQUENTIAL, loss_colour
from lossviz.state.pins import series_of
from lossviz.state.plots import SurfaceView, scrub, scrubbed_view, surface_view
from lossviz.state.sample import resolve

from ..plotted import by_uid, check_frames, model, numbers, played

BASE = {"sample": "own numbers", "logits": "2 1 0"}
CASES: dict[str, dict[str, Any]] = {
    "logits": {},
    "norm": {"height": "norm"},
    "component": {"height": "component"},
    "gamma": {"over": "p_t-gamma"},
    "gamma-component": {"over": "p_t-gamma", "height": "component", "scrub": "z1"},
    "simplex": {"over": "simplex"},
    "sigmoid": {"activation": "sigmoid", "alpha": 0.25},
    "nll": {"loss": "nll", "logits": "-0.3 -2 -3", "scrub": "z0"},
}


class Case:
    """Real views of a scrubber, drawn both ways."""

    def __init__(self, more: dict[str, Any]) -> None:
        values = BASE | more
        view = resolve(values)
        assert not view.problems
        picture = surface_view(values, view)
        assert picture is not None
        self.picture: SurfaceView = picture
        moves = scrub(values, view, 5)
        self.at, settings = moves.at, [scrubbed_view(view, moves.control, value).setting for value in moves.values]
        plane, kind = picture.plane, picture.plane.kind
        self.paths = descents(settings, plane, 1.0, 6) if kind == "logits" else [None] * len(settings)
        self.views = [
            drawing.SurfaceFrame(
                surface(setting, plane, picture.height, 21),
                (triangle if kind == "simplex" else surface)(setting, plane, picture.height, 21),
                arrows(setting, plane) if kind == "logits" else None,
                path,
                path if picture.height == "loss" else None,
            )
            for setting, path in zip(settings, self.paths, strict=True)
        ]
        self.titles = [series_of(setting).label for setting in settings]
        self.key = settings[0].spec.key
        corners = tuple(f"p<sub>{i}</sub>" for i in plane.classes) if kind == "simplex" else None
        self.signed = picture.height == "component"
        self.words = drawing.Words("across", "up", "height (nats)", self.signed, corners)  # type: ignore[arg-type]
        self.scale = drawing.scale(self.views, self.signed)
        common = (self.views, self.at, self.words, self.titles, self.key, self.scale)
        self.map, self.solid = model(contour(*common)), model(solid(*common))


@pytest.fixture(scope="module", params=CASES)
def case(request: pytest.FixtureRequest) -> Case:
    return Case(CASES[request.param])


def test_maps_and_solids_are_their_numbers(case: Case) -> None:
    for figure, uid, part in ((case.map, "field", "flat"), (case.solid, "sheet", "solid")):
        check_frames(figure, len(case.views))
        shown = played(figure)
        assert len(shown) == len(case.views) > 3
        for traces, view in zip(shown, case.views, strict=True):
            trace, sheet = by_uid(traces)[uid], getattr(view, part)
            wanted = np.where(np.isfinite(sheet.values), sheet.values, np.nan).astype(np.float32)
            np.testing.assert_array_equal(numbers(trace, "z"), wanted)
            np.testing.assert_array_equal(numbers(trace, "x"), sheet.x.astype(np.float32))
            np.testing.assert_array_equal(numbers(trace, "y"), sheet.y.astype(np.float32))
            for one in traces:
                for name in ("x", "y", "z"):
                    assert not np.isinf(numbers(one, name)).any(), (one["uid"], name)
        drawn = by_uid(figure["data"])[uid]
        np.testing.assert_array_equal(numbers(drawn, "z"), numbers(by_uid(shown[case.at])[uid], "z"))


def test_every_frame_has_its_title_and_the_same_axes(case: Case) -> None:
    for figure in (case.map, case.solid):
        assert figure["layout"]["title"]["text"] == case.titles[case.at]
        assert [frame["layout"]["title"]["text"] for frame in figure["frames"]] == case.titles
        assert all(set(frame["layout"]) == {"title"} for frame in figure["frames"])
    for view in case.views:
        first = case.views[0].flat
        np.testing.assert_array_equal(view.flat.x, first.x)
        np.testing.assert_array_equal(view.flat.y, first.y)
    axes = case.map["layout"]
    if case.words.corners:
        assert [note["text"] for note in axes["annotations"]] == list(case.words.corners)
    else:
        assert (axes["xaxis"]["title"]["text"], axes["yaxis"]["title"]["text"]) == ("across", "up")
        assert axes["xaxis"]["range"] == [first.x[0], first.x[-1]]
        assert axes["yaxis"]["range"] == [first.y[0], first.y[-1]]
    assert case.solid["layout"]["scene"]["zaxis"]["title"]["text"] == "height (nats)"
    assert case.solid["layout"]["scene"]["zaxis"]["range"] == list(case.scale)


def test_colours_span_one_range_in_all_frames(case: Case) -> None:
    field, sheet = by_uid(case.map["data"])["field"], by_uid(case.solid["data"])["sheet"]
    assert (field["zmin"], field["zmax"]) == (sheet["cmin"], sheet["cmax"]) == case.scale
    assert field["colorbar"]["title"]["text"] == sheet["colorbar"]["title"]["text"] == "height (nats)"
    wanted = DIVERGING if case.signed else SEQUENTIAL
    assert [list(stop) for stop in field["colorscale"]] == [list(stop) for stop in sheet["colorscale"]] == wanted
    assert field["meta"]["dark"]["colorscale"] != field["colorscale"]
    if case.signed:
        assert field["zmin"] == -field["zmax"]
    else:
        assert field["zmin"] <= 0
    assert not any({"zmin", "zmax", "colorscale"} & set(trace) for frame in case.map["frames"] for trace in frame["data"])


def test_the_present_sample_path_and_arrows_lie_where_they_are(case: Case) -> None:
    for traces, view in zip(played(case.map), case.views, strict=True):
        result = by_uid(traces)
        x, y, height = view.flat.present
        assert (numbers(result["present"], "x")[0], numbers(result["present"], "y")[0]) == (np.float32(x), np.float32(y))
        assert result["present"]["text"] == [f"{height:.6g}"]
        assert result["present"]["marker"]["color"] == loss_colour(case.key)
        wanted = (view.path.x, view.path.y) if view.path is not None else ([], [])
        for name, place in zip("xy", wanted, strict=True):
            np.testing.assert_array_equal(numbers(result["path"], name), np.asarray(place, np.float32))
        check_arrows(result["arrows"], view)
    assert [trace["uid"] for trace in case.map["data"]].index(MARKER) == len(case.map["data"]) - 1
    assert case.map["data"][FIELD]["uid"] == "field"


def check_arrows(trace: dict[str, Any], view: drawing.SurfaceFrame) -> None:
    x = numbers(trace, "x")
    if view.arrows is None:
        assert len(x) == 0
        return
    shafts = x.reshape(-1, 6)
    assert np.isnan(shafts[:, 5]).all()
    tips = {(np.float32(a), np.float32(b)) for a, b in zip(view.arrows.x, view.arrows.x + view.arrows.dx, strict=True)}
    assert {tuple(pair) for pair in shafts[:, :2].astype(np.float32).tolist()} <= {tuple(map(float, pair)) for pair in tips}


def test_the_dot_and_the_way_stand_on_the_surface(case: Case) -> None:
    lift = 0.03 * (case.scale.high - case.scale.low)
    for traces, view in zip(played(case.solid), case.views, strict=True):
        result = by_uid(traces)
        x, y, height = view.solid.present
        assert (numbers(result["dot"], "x")[0], numbers(result["dot"], "y")[0]) == (np.float32(x), np.float32(y))
        assert abs(numbers(result["dot"], "z")[0] - np.clip(height, *case.scale)) <= lift
        if view.way is None:
            assert len(numbers(result["way"], "x")) == 0
        else:
            np.testing.assert_allclose(numbers(result["way"], "z"), np.clip(view.way.loss, *case.scale), atol=lift)


def test_the_dot_has_a_rim_in_the_colour_of_the_text(case: Case) -> None:
    for traces in played(case.solid):
        result, order = by_uid(traces), [trace["uid"] for trace in traces]
        dot, rim = result["dot"], result["rim"]
        assert order.index("rim") + 1 == order.index("dot"), "drawn first, and so behind"
        assert dot["marker"]["color"] == loss_colour(case.key)
        assert (rim["marker"]["color"], rim["meta"]["dark"]) == (INK, {"marker.color": PAPER})
        assert rim["marker"]["size"] > dot["marker"]["size"]
        for name in "xyz":
            np.testing.assert_array_equal(numbers(rim, name), numbers(dot, name))


def test_infinite_heights_are_marked(case: Case) -> None:
    for traces, view in zip(played(case.map), case.views, strict=True):
        marks = by_uid(traces)["infinite"]
        assert len(marks["text"]) == len(numbers(marks, "x"))
        assert bool(len(numbers(marks, "x"))) is bool(np.isinf(view.flat.values).any())


def test_some_heights_are_infinite() -> None:
    assert np.isinf(Case(CASES["gamma"]).views[0].flat.values).any()


def test_the_scale_is_shared_and_mirrors_where_signed() -> None:
    one, other = Case({}), Case({"logits": "3 -2 0", "loss": "cross-entropy"})
    both = drawing.scale([*one.views, *other.views], False)
    assert both.low == min(one.scale.low, other.scale.low) == 0
    assert both.high <= max(one.scale.high, other.scale.high) * (1 + 1e-12)
    assert both.high >= min(one.scale.high, other.scale.high)
    signed = drawing.scale([*one.views, *other.views], True)
    assert signed.low == -signed.high < 0
    empty = one.views[0]._replace(solid=one.views[0].solid._replace(values=np.full((3, 3), np.nan)))
    assert drawing.scale([empty], True) == (-1, 1)
    assert drawing.scale([empty], False) == (0, 1)


def test_a_sample_at_infinity_is_still_a_figure() -> None:
    for more in ({"logits": "inf 1 0"}, {"logits": "0 -inf 2", "activation": "sigmoid"}, {"logits": "1e30 0 -1e30"}):
        result = Case(more)
        for figure in (result.map, result.solid):
            for traces in played(figure):
                for trace in traces:
                    for name in ("x", "y", "z"):
                        assert not np.isinf(numbers(trace, name)).any(), (more, trace["uid"], name)


@pytest.mark.parametrize("name", ["logits", "sigmoid", "nll"])
def test_the_way_down_step_by_step(name: str) -> None:
    result = Case(CASES[name])
    frames = [[Descent(title, result.key, 0, path)] for title, path in zip(result.titles, result.paths, strict=True)]
    figure = model(steps(frames, result.at))
    check_frames(figure, len(frames))
    low, high = figure["layout"]["yaxis"]["range"]
    assert figure["layout"]["yaxis"]["title"]["text"] == "loss ℓ (nats)"
    for traces, ((one,), path) in zip(played(figure), zip(frames, result.paths, strict=True), strict=True):
        (trace,) = traces
        assert trace["name"] == one.label
        assert numbers(trace, "x").tolist() == list(range(7))
        np.testing.assert_array_equal(numbers(trace, "y"), path.loss.astype(np.float32))
        assert low <= path.loss.min(), "nothing lies below the picture"
        assert path.loss.max() <= high
