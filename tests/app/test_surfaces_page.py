"""The page "Surfaces": every loss on every task, side by side and subtracted, and a sample put down by hand."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from lossviz import LOSSES, evaluate
from lossviz.analysis.planes import place
from lossviz.evaluation.setting import Setting, as_targets, baseline
from lossviz.state.fields import TASKS
from lossviz.state.pins import series_of
from lossviz.state.plots import SurfaceView, planes_for, scrub, scrubs_for, surface_view
from lossviz.state.sample import activations_for, losses_for, resolve
from lossviz.ui import elements as st
from lossviz.ui.pages import surfaces

from ..drawn import thinned
from ..plotted import by_uid, numbers
from .components import components
from .pages import Downloads, committed, opened, sent, turned, values_of, view_of
from .test_app import choose, warnings, widget
from .test_curves_page import check_one_sample

WORDS: tuple[dict[str, str], ...] = (
    {},
    {"over": "p_t-gamma", "height": "component", "drawn": "contour"},
    {"over": "simplex", "drawn": "3-D"},
    {"beside": "side-by-side", "height": "norm"},
    {"beside": "difference", "scrub": "z0", "steps": "5"},
    {"over": "p_t-gamma", "beside": "side-by-side", "drawn": "contour"},
)
PAGES = thinned(
    [
        (task, key, activation)
        for task in TASKS
        for key in losses_for(task)
        for activation in activations_for(task, key) or ("",)
    ],
    (1, 2),
    (0, 2),
)
"""Every loss with each of its activations, and every task with each of its own."""


def words_of(page: tuple[str, str, str], more: dict[str, str]) -> dict[str, str]:
    """A link that asks for nothing that is not there."""
    task, key, activation = page
    words = {"task": task, "loss": key, **({"activation": activation} if activation else {})}
    view = resolve(words)
    if more.get("over") not in planes_for(view):
        more = {name: word for name, word in more.items() if name != "over"}
    if more.get("scrub") not in scrubs_for(view):
        more = {name: word for name, word in more.items() if name != "scrub"}
    return words | more


@pytest.mark.parametrize(("page", "more"), [(p, WORDS[n % 6]) for n, p in enumerate([*PAGES, *PAGES[::5]])], ids=str)
def test_every_page_draws_what_evaluate_says(page: tuple[str, str, str], more: dict[str, str]) -> None:
    at = opened("surfaces", words_of(page, more))
    assert warnings(at) == []
    view = view_of(at)
    picture = surface_view(values_of(at), view)
    if picture is None:
        assert page[0] == "binary"
        assert "gamma" not in LOSSES[page[1]].own_parameters
        assert [info.value for info in at.info]
        assert not components(at)
        return
    model = sent(at)
    sides = 2 if picture.comparison == "side-by-side" else 1
    kinds = [drawn["figure"]["data"][0]["type"] for drawn in model["pictures"]]
    assert kinds.count("surface") == (sides if picture.drawn in ("3-D", "both") else 0)
    assert kinds.count("contour") == (sides if picture.drawn in ("contour", "both") else 0)
    assert kinds.count("scatter") == (1 if picture.plane.kind == "logits" else 0)
    assert len(model["handles"]) == kinds.count("contour")
    assert [scene for scene, _ in model["linked"]] == [i for i, kind in enumerate(kinds) if kind == "surface"]
    moves = scrub(values_of(at), view, surfaces.STEPS)
    assert model["scrubber"]["values"] == list(moves.values)
    assert model["scrubber"]["at"] == moves.at
    for n, kind in enumerate(kinds):
        figure = model["pictures"][n]["figure"]
        assert figure["layout"]["title"]["text"]
        assert len(figure.get("frames") or []) in (0, len(moves.values))
        if kind == "surface" and picture.comparison != "difference" and n == 0:
            check_heights(figure["data"][0], picture, view.setting)
    if sides == 2:
        fields = [drawn["figure"]["data"][0] for drawn in model["pictures"]]
        for low, high, kind in (("zmin", "zmax", "contour"), ("cmin", "cmax", "surface")):
            ranges = {(one[low], one[high]) for one in fields if one["type"] == kind}
            assert len(ranges) <= 1, "one colour scale for both"
    if picture.comparison == "difference" or picture.height == "component":
        field = model["pictures"][0]["figure"]["data"][0]
        low, high = (field[name] for name in (("cmin", "cmax") if field["type"] == "surface" else ("zmin", "zmax")))
        assert low == -high
        assert picture.comparison != "difference" or " minus " in model["pictures"][0]["alt"]
    else:
        assert series_of(view.setting).label in model["pictures"][0]["alt"]


def check_heights(sheet: dict[str, Any], picture: SurfaceView, setting: Setting) -> None:
    """At places all over, what evaluate says of the sample moved there."""
    if picture.plane.kind != "logits":
        return
    x, y, z = (numbers(sheet, name) for name in "xyz")
    assert z.shape == (len(y), len(x))
    i, j = picture.plane.classes
    targets = as_targets(setting.spec, np.array([setting.targets]))
    for row, column in ((0, 0), (len(y) // 3, len(x) // 2), (len(y) - 1, len(x) // 4)):
        logits = [*setting.logits]
        logits[i], logits[j] = float(x[column]), float(y[row])
        ev = evaluate(setting.spec, [logits], targets)
        grad = ev.grad[0].numpy()
        wanted = {"loss": float(ev.loss[0]), "norm": float(np.linalg.norm(grad)), "component": float(grad[i])}[picture.height]
        assert z[row, column] == pytest.approx(wanted, rel=2e-5, abs=2e-6)
    constant = setting.spec.key == "nll" and picture.height != "loss"  # −1 and 0, wherever the logits are
    assert len({float(v) for v in z.ravel()}) > (0 if constant else 50)


@pytest.mark.parametrize(
    ("page", "comparison"), [(page, ("side-by-side", "difference")[n % 2]) for n, page in enumerate(PAGES)], ids=str
)
def test_cross_entropy_stands_beside_on_every_plane(page: tuple[str, str, str], comparison: str) -> None:
    """The present loss against the comparison that is chosen before any other is."""
    base = words_of(page, {})
    for over in planes_for(resolve(base)):
        if over != "logits" or page[1] == "nll":
            at = opened("surfaces", base | {"over": over, "beside": comparison, "drawn": "contour", "steps": "0"})
            assert warnings(at) == []
            assert len(sent(at)["pictures"]) == (2 if comparison == "side-by-side" else 1)


@pytest.mark.parametrize("comparison", ["side-by-side", "difference"])
@pytest.mark.parametrize(
    "pin", ["nll", "cross-entropy sigmoid", "focal gamma 0.5", "cross-entropy targets 0 0 0 0 0 1 0 0 0 0"]
)
def test_any_pin_stands_beside_on_the_same_plane(comparison: str, pin: str) -> None:
    at = opened("surfaces", {"pins": pin, "other": "pin-1", "beside": comparison, "digit": "3", "steps": "2"})
    assert warnings(at) == []
    planes = [drawn["figure"]["data"][0] for drawn in sent(at)["pictures"] if drawn["figure"]["data"][0]["type"] == "surface"]
    for one in planes:
        np.testing.assert_array_equal(numbers(one, "x"), numbers(planes[0], "x"))
        assert np.isfinite(numbers(one, "z")).any()


@pytest.mark.parametrize("pin", ["cross-entropy", "nll"])
def test_a_pin_without_gamma_beside_the_plane_of_gamma(pin: str) -> None:
    for comparison in ("side-by-side", "difference"):
        at = opened("surfaces", {"pins": pin, "other": "pin-1", "beside": comparison, "over": "p_t-gamma", "drawn": "contour"})
        assert len(sent(at)["pictures"]) >= 1


@pytest.mark.parametrize(
    ("words", "x", "y"),
    [
        ({"steps": "3"}, 1.25, -2.5),
        ({"over": "simplex", "sample": "own numbers"}, 0.4, 0.3),
        ({"over": "p_t-gamma"}, 0.25, 3.5),
        ({"task": "binary", "activation": "sigmoid"}, 0.75, 0.5),
        ({"task": "multi-label", "activation": "sigmoid", "steps": "3"}, 3.0, 4.0),
    ],
    ids=str,
)
def test_a_marker_put_down_on_a_map_is_the_same_sample_everywhere(words: dict[str, str], x: float, y: float) -> None:
    at = opened("surfaces", {"drawn": "contour"} | words)
    before, picture = view_of(at), surface_view(values_of(at), view_of(at))
    assert picture is not None
    (handle,) = sent(at)["handles"]
    data = sent(at)["pictures"][handle["picture"]]["figure"]["data"]
    assert (data[handle["marker"]]["uid"], data[handle["follow"]]["uid"]) == ("present", "field")
    assert handle["send"] == {"action": "place"}
    committed(at, {"action": "place", "x": x, "y": y, "picture": handle["picture"], "revision": 1})
    assert warnings(at) == []
    after = view_of(at)
    assert after.setting == place(before.setting, picture.plane, x, y) != before.setting
    assert after.setting.targets == before.setting.targets
    marker = by_uid(sent(at)["pictures"][handle["picture"]]["figure"]["data"])["present"]
    assert numbers(marker, "x")[0] == pytest.approx(x, abs=1e-5)
    assert numbers(marker, "y")[0] == pytest.approx(y, abs=1e-5)
    check_one_sample(at, after.setting)


def test_a_let_go_scrubber_is_the_same_loss_everywhere() -> None:
    at = opened("surfaces", {"drawn": "contour", "steps": "0"})
    committed(at, {"control": "gamma", "value": 0.5, "revision": 1})
    setting = view_of(at).setting
    assert setting.spec.gamma == 0.5
    model = sent(at)
    assert model["scrubber"]["values"][model["scrubber"]["at"]] == 0.5
    check_one_sample(at, setting)


@pytest.mark.parametrize("event", [{"x": "a", "y": 1}, {"x": 1}, {"x": None, "y": 2}, {"x": "nan", "y": "nan"}], ids=str)
def test_a_place_that_is_none_changes_nothing(event: dict[str, Any]) -> None:
    at = opened("surfaces", {"over": "p_t-gamma", "drawn": "contour"})
    before = view_of(at).setting
    committed(at, {"action": "place"} | event)
    assert view_of(at).setting == before
    assert len(warnings(at)) == 1


def test_classes_that_a_new_sample_has_not_are_let_go() -> None:
    """Words of a widget that has gone are still in the session during the run in which it goes."""
    at = opened("surfaces", {"over": "simplex", "first": "2", "second": "1", "third": "0", "sample": "own numbers"})
    for task in ("two-logit", "binary", "multi-label", "multi-class"):
        choose(at, "task", task)
        view = view_of(at)
        assert view.task == task
        picture = surface_view(values_of(at), view)
        assert picture is not None
        assert all(k < len(view.setting.logits) for k in picture.plane.classes)


HOSTILE: list[dict[str, str]] = [
    {"over": "x"},
    {"over": "simplex", "activation": "sigmoid"},
    {"height": "![x](//example.org/x.png)"},
    {"first": "99"},
    {"third": "7", "sample": "own numbers"},
    {"drawn": "4-D"},
    {"beside": "diff"},
    {"other": "pin-3", "beside": "difference"},
    {"other": "pin-7", "beside": "side-by-side"},
    {"rate": "0"},
    {"rate": "nan"},
    {"steps": "1e9"},
    {"steps": "2.5"},
    {"pins": "hinge", "other": "pin-1", "beside": "side-by-side"},
    {"pins": "logistic", "other": "pin-1", "beside": "difference"},
]


@pytest.mark.parametrize("words", HOSTILE, ids=lambda w: ascii(w)[:40])
def test_a_hostile_link_leaves_a_page_that_works_and_is_told(words: dict[str, str]) -> None:
    at = opened("surfaces", {"drawn": "contour", "steps": "2"} | words)
    messages = warnings(at)
    assert 1 <= len(messages) <= 3
    assert all(len(one) < 300 for one in messages)
    name = next(iter(words))
    assert any(one.startswith(name) or "Pin 1" in one for one in messages)
    assert not re.search(r"Using\s+instead", " ".join(messages))
    for warning in at.warning:
        assert not re.search(r"(?<!\\)[\[\]$`<#]", warning.value)
    assert np.isfinite(numbers(sent(at)["pictures"][0]["figure"]["data"][0], "z")).any()


@pytest.mark.parametrize("logits", ["inf 1 0", "0 -inf 2", "1e30 0 -1e30", "800 0 1"])
@pytest.mark.parametrize("activation", ["softmax", "sigmoid"])
def test_infinite_and_huge_logits_have_a_page(logits: str, activation: str) -> None:
    words = {"sample": "own numbers", "logits": logits, "activation": activation, "drawn": "contour", "steps": "3"}
    at = opened("surfaces", words | {"over": "logits" if logits != "800 0 1" else "p_t-gamma"})
    assert warnings(at) == []
    assert sent(at)["pictures"]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ({"logits": "inf 0 0"}, "With z₀ = ∞, the current sample"),
        ({"logits": "0 1 -inf", "second": "2"}, "With z₂ = −∞, the current sample"),
        ({"logits": "-inf -inf 0", "first": "0", "second": "1"}, "With z₀ = −∞ and z₁ = −∞, the current sample"),
        ({"logits": "-inf 0 -1", "loss": "nll"}, "With z₀ = −∞, the current sample"),
    ],
    ids=str,
)
@pytest.mark.parametrize("drawn", ["contour", "3-D"])
def test_a_sample_beyond_the_picture_is_told_with_the_way_back(words: dict[str, str], sentence: str, drawn: str) -> None:
    at = opened("surfaces", {"sample": "own numbers", "steps": "2", "drawn": drawn} | words)
    (caption,) = beyond(at)
    assert caption.startswith(sentence)
    assert "enter finite logits" in caption
    assert ("click on the map" in caption) is bool(sent(at)["handles"]) is (drawn == "contour")
    widget(at, "logits").set_value("2 1 -0.5").run()
    assert beyond(at) == []


@pytest.mark.parametrize(
    "words",
    [{"logits": "2 1 0"}, {"logits": "0 1 -inf", "first": "0", "second": "1"}, {"logits": "inf 0 0", "over": "p_t-gamma"}],
    ids=str,
)
def test_a_sample_in_sight_is_not_told_of(words: dict[str, str]) -> None:
    at = opened("surfaces", {"sample": "own numbers", "steps": "2", "drawn": "contour"} | words)
    assert warnings(at) == []
    assert in_sight(sent(at)["pictures"][0])
    assert beyond(at) == []


def test_a_click_on_the_map_brings_a_sample_back_from_infinity() -> None:
    at = opened("surfaces", {"sample": "own numbers", "logits": "inf 0 0", "drawn": "contour", "steps": "2"})
    assert not in_sight(sent(at)["pictures"][0])
    committed(at, {"action": "place", "x": 1.5, "y": -2.0, "picture": 0, "revision": 1})
    assert view_of(at).setting.logits == (1.5, -2.0, 0.0)
    assert in_sight(sent(at)["pictures"][0])
    assert beyond(at) == []


def beyond(at: AppTest) -> list[str]:
    """What the page says of a sample that lies beyond the picture."""
    return [caption.value for caption in at.caption if "outside the figure" in caption.value]


def in_sight(picture: dict[str, Any]) -> bool:
    """Whether the picture has a marker at a finite place."""
    marker = by_uid(picture["figure"]["data"])["present"]
    return bool(np.isfinite([numbers(marker, "x")[0], numbers(marker, "y")[0]]).all())


def test_downloads_are_what_is_on_show(monkeypatch: pytest.MonkeyPatch) -> None:
    files = Downloads()
    monkeypatch.setattr(st, "download_button", files)
    at = opened(
        "surfaces", {"beside": "side-by-side", "drawn": "contour", "steps": "3", "scrub": "alpha", "activation": "sigmoid"}
    )
    at = opened("surfaces", {"beside": "side-by-side", "drawn": "contour", "steps": "3"})
    model, setting = sent(at), view_of(at).setting
    table = files.text("lossviz-surfaces.csv")
    assert files.text("lossviz-surfaces.csv") == table, "and once more"
    rows = list(csv.reader(io.StringIO(table)))
    assert rows[0][1:] == ["setting", "step", "x", "y", "loss"]
    values = model["scrubber"]["values"]
    assert sorted({float(row[0]) for row in rows[1:]}) == values
    mine = [r for r in rows[1:] if float(r[0]) == values[model["scrubber"]["at"]] and r[1] == series_of(setting).label]
    assert series_of(setting._replace(spec=baseline(setting.spec))).label in {row[1] for row in rows[1:]}
    field = model["pictures"][0]["figure"]["data"][0]
    heights = np.float32([float(row[5]) for row in mine if row[2] == ""])
    np.testing.assert_array_equal(heights, np.float32(numbers(field, "z")).ravel())
    assert [row[2] for row in mine if row[2]] == ["0", "1", "2", "3"]
    page = files.text("lossviz-surfaces.html")
    assert page.startswith("<!doctype html>")
    assert "Current setting: softmax focal loss, γ = 2." in page
    assert "Pin 1: categorical cross-entropy." in page or "cross-entropy" in page


def test_all_words_of_a_surface_together() -> None:
    """A walk through one session, as a person clicks."""
    at = opened("surfaces", {"steps": "2", "drawn": "contour", "pins": "focal gamma 0.5"})
    for name, words in {
        "height": ("norm", "component", "loss"),
        "beside": ("side-by-side", "difference"),
        "other": ("pin-1", "cross-entropy"),
        "over": ("simplex", "logits"),
        "drawn": ("3-D", "both", "contour"),
        "scrub": ("temperature", "z2"),
        "first": ("3",),
    }.items():
        for word in words:
            choose(at, name, word)
            assert warnings(at) == []
            assert sent(at)["pictures"]
    assert widget(at, "first").value == "3"
    turned(at, "curves")
    turned(at, "surfaces")
    assert warnings(at) == []
