"""The page "Curves": every loss on every task, links of all kinds, pins, and what a hand does to it."""

from __future__ import annotations

import csv
import io
import itertools
import json
import re
from typing import Any

import numpy as np
import pytest

from lossviz import LOSSES, evaluate, loss
from lossviz.analysis.curves import axes
from lossviz.evaluation.setting import Setting, as_targets
from lossviz.state.fields import TASKS
from lossviz.state.pins import Pin, parse_pins, pin_label, pin_of, pins_text, presets, series, series_of
from lossviz.state.plots import curve_view, scrub, scrubbed_view
from lossviz.state.sample import activations_for, losses_for, resolve
from lossviz.ui import elements as st
from lossviz.ui.pages import curves

from ..drawn import thinned
from ..plotted import by_uid, numbers
from .pages import Downloads, committed, opened, pressed, sent, turned, values_of, view_of
from .test_app import sent as sent_live
from .test_app import warnings, widget

WORDS: tuple[dict[str, str], ...] = (
    {},
    {"y": "gradient", "x": "logit", "modulator": "detached"},
    {"y": "multiplier", "scale": "log", "target": "soft"},
    {"y": "curvature", "x": "margin", "scrub": "z0"},
    {"y": "optimum", "along": "0"},
    {"y": "recovery"},
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
    if LOSSES[key].targets != "any":
        more = {name: word for name, word in more.items() if name != "target"}
    view = resolve(words | more)
    if more.get("x", "p_t") not in axes(view.setting, curve_view(words | more, view).k):
        more = {name: word for name, word in more.items() if name != "x"}
    return words | more


@pytest.mark.parametrize(("page", "more"), [(p, WORDS[n % 6]) for n, p in enumerate([*PAGES, *PAGES[::5]])], ids=str)
def test_every_page_draws_what_evaluate_says(page: tuple[str, str, str], more: dict[str, str]) -> None:
    at = opened(
        "curves",
        words_of(page, more) | {"pins": "focal gamma 1 vs focal sigmoid gamma 1 vs nll"}
        if page[0] == "multi-class"
        else words_of(page, more),
    )
    assert warnings(at) == []
    model, view = sent(at), view_of(at)
    shown, _ = series(view, parse_pins(at.session_state["pins"])[0])
    (picture,) = model["pictures"]
    traces = by_uid(picture["figure"]["data"])
    quantity = more.get("y", "loss")
    kind = "optimum" if quantity in ("optimum", "recovery") else "line"
    assert [traces[f"{kind}-{one.slot}"]["name"] for one in shown] == [one.label for one in shown]
    for one in shown:
        assert one.label in picture["alt"]
    if kind == "line" and quantity in ("loss", "gradient"):
        (handle,) = model["handles"]
        check_line(numbers(traces["line-0"], "y"), handle["send"], view.setting, quantity)
    moves = scrub(values_of(at), view, curves.STEPS)
    if moves.control:
        assert model["scrubber"]["id"] == moves.control
        assert model["scrubber"]["values"] == list(moves.values)
        assert model["scrubber"]["at"] == moves.at
        frames = picture["figure"].get("frames") or []
        assert len(frames) in (0, len(moves.values))
    assert picture["figure"]["layout"]["title"]["text"]


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ("curves", {}),
        ("curves", {"y": "recovery"}),
        ("surfaces", {"steps": "2", "drawn": "contour"}),
        ("surfaces", {"drawn": "3-D"}),
    ],
    ids=str,
)
def test_a_scrubber_has_all_its_positions(page: str, words: dict[str, str], all_positions: dict[str, int]) -> None:
    """The other tests of these pages make do with a few."""
    at = opened(page, words)
    model, moves = sent(at), scrub(values_of(at), view_of(at), all_positions[page])
    assert model["scrubber"]["values"] == list(moves.values)
    assert len(moves.values) > 50
    assert all(len(picture["figure"].get("frames") or []) in (0, len(moves.values)) for picture in model["pictures"])


def check_line(y: np.ndarray, send: dict[str, Any], setting: Setting, quantity: str) -> None:
    """At places all along, what evaluate says with the logit there."""
    logits = [float(z) for z in send["values"]]
    assert len(logits) == len(y)
    k = int(send["control"][1:])
    targets = as_targets(setting.spec, np.array([setting.targets]))
    for i in range(len(y) // 8, len(y) - len(y) // 8, len(y) // 8):
        rows = [[logits[i] if n == k else z for n, z in enumerate(setting.logits)]]
        ev = evaluate(setting.spec, rows, targets)
        wanted = float(ev.loss[0]) if quantity == "loss" else float(ev.grad[0, k])
        assert y[i] == pytest.approx(wanted, rel=2e-5, abs=2e-6)
    constant = setting.spec.key == "nll" and quantity == "gradient"  # −1, wherever the logit is
    assert len({float(v) for v in y[np.isfinite(y)]}) > (0 if constant else 20)


@pytest.mark.parametrize(("control", "value"), [("gamma", 4.5), ("label_smoothing", 0.25), ("z3", -2.0)])
def test_a_let_go_scrubber_is_the_same_sample_everywhere(control: str, value: float) -> None:
    at = opened("curves", {"scrub": control})
    before = view_of(at)
    assert sent(at)["scrubber"]["id"] == control
    committed(at, {"action": "move", "control": control, "value": value, "revision": 1})
    after = view_of(at)
    assert after.setting == scrubbed_view(before, control, value).setting != before.setting
    model = sent(at)
    assert model["scrubber"]["values"][model["scrubber"]["at"]] == value
    assert model["revision"] > 1
    assert series_of(after.setting).label in model["pictures"][0]["alt"]
    check_one_sample(at, after.setting)


def check_one_sample(at: Any, setting: Setting) -> None:
    turned(at, "one-sample")
    assert view_of(at).setting == setting
    live = sent_live(at)
    assert [row["logit"] for row in live.header["rows"]] == list(setting.logits)
    targets = as_targets(setting.spec, np.array([setting.targets]))
    assert live.now("loss") == float(evaluate(setting.spec, [setting.logits], targets).loss[0])


def test_a_dragged_marker_moves_the_sample() -> None:
    for words in ({}, {"task": "binary", "activation": "sigmoid", "x": "margin"}, {"along": "2", "x": "logit"}):
        at = opened("curves", words)
        (handle,) = sent(at)["handles"]
        send, data = handle["send"], sent(at)["pictures"][0]["figure"]["data"]
        assert data[handle["marker"]]["uid"] == "present"
        assert data[handle["follow"]]["uid"] == "line-0"
        assert len(send["values"]) == len(numbers(data[handle["follow"]], "x"))
        value = float(send["values"][len(send["values"]) // 3])
        committed(at, {"control": send["control"], "value": value, "revision": 1})
        after = view_of(at)
        assert after.setting.logits[int(send["control"][1:])] == value
        check_one_sample(at, after.setting)


def test_pinning_the_present_setting() -> None:
    at = opened("curves", {"gamma": "3", "temperature": "2"})
    pressed(at, "Pin this setting")
    pin = pin_of(view_of(at), own_targets=True)
    assert at.session_state["pins"] == pins_text([pin]) == "focal softmax gamma 3 temperature 2"
    assert at.query_params["pins"] == at.session_state["pins"]
    assert widget(at, "pins").value == at.session_state["pins"]
    pressed(at, "Pin this setting")
    assert parse_pins(at.session_state["pins"])[0] == (pin,), "pinned once"
    at.number_input(key="gamma").set_value(1.0).run()
    pressed(at, "Pin this setting")
    assert [p.spec.gamma for p in parse_pins(at.session_state["pins"])[0]] == [3, 1]
    traces = by_uid(sent(at)["pictures"][0]["figure"]["data"])
    assert "γ = 3" in traces["line-1"]["name"]
    pressed(at, f"Unpin {pin_label(pin, view_of(at))}")
    assert [p.spec.gamma for p in parse_pins(at.session_state["pins"])[0]] == [1]
    pressed(at, "Unpin all")
    assert at.session_state["pins"] == ""
    assert "line-1" not in by_uid(sent(at)["pictures"][0]["figure"]["data"])


@pytest.mark.parametrize(("loss", "explained"), [("cross-entropy", True), ("nll", True), ("focal", False)])
def test_a_flat_multiplier_is_explained(loss: str, explained: bool) -> None:
    picture = sent(opened("curves", {"loss": loss, "y": "multiplier"}))["pictures"][0]
    assert any("w is 1 everywhere" in sentence for sentence in picture["sentences"][1:]) == explained


def test_own_targets_are_pinned_with_the_setting() -> None:
    at = pressed(opened("curves", {"sample": "own numbers", "targets": "0 1 0"}), "Pin this setting")
    assert parse_pins(at.session_state["pins"])[0][0].targets == (0, 1, 0)


def test_the_seventh_pin_pushes_out_the_first() -> None:
    pins = tuple(Pin(loss("focal", gamma=g / 2)) for g in range(6))
    at = pressed(opened("curves", {"pins": pins_text(pins), "gamma": "5"}), "Pin this setting")
    traces = parse_pins(at.session_state["pins"])
    assert [pin.spec.gamma for pin in traces[0]] == [0.5, 1, 1.5, 2, 2.5, 5]
    assert traces[1] == ()


def test_presets_are_one_click() -> None:
    at = opened("curves")
    for name, pins in presets(view_of(at)).items():
        pressed(at, name)
        assert parse_pins(at.session_state["pins"], view_of(at)) == (pins, ())
        assert warnings(at) == []
        traces = by_uid(sent(at)["pictures"][0]["figure"]["data"])
        assert sum(uid.startswith("line-") for uid in traces) == len(pins) + 1


HOSTILE: list[dict[str, str]] = [
    {"pins": "hinge"},
    {"pins": "<img src=x onerror=alert(1)>"},
    {"pins": "focal gamma 1e400 vs nll vs ![x](//example.org/x.png)"},
    {"pins": "focal weight 1 2 3"},
    {"pins": "cross-entropy targets 1 0"},
    {"pins": " vs ".join(["focal"] * 9)},
    {"pins": "x" * 5_000},
    {"pins": "\x00 😀 ﷺ"},
    {"y": "los"},
    {"x": "p"},
    {"along": "10"},
    {"along": "9", "sample": "own numbers"},
    {"scrub": "alpha"},
    {"scale": "<b>log</b>"},
    {"modulator": "x"},
    {"nonsense": "1"},
]


@pytest.mark.parametrize("words", HOSTILE, ids=lambda w: ascii(w)[:30])
def test_a_hostile_link_leaves_a_page_that_works_and_is_told(words: dict[str, str]) -> None:
    at = opened("curves", words)
    messages = warnings(at)
    assert 1 <= len(messages) <= 3
    assert all(len(one) < 300 for one in messages)
    assert any(next(iter(words)) in one.lower() or "pin " in one.lower() for one in messages)
    assert not re.search(r"Using\s+instead", " ".join(messages)), "something is used instead"
    for warning in at.warning:
        assert not re.search(r"(?<!\\)[\[\]$`<#]", warning.value), "words of a link are never Markdown"
    (picture,) = sent(at)["pictures"]
    assert np.isfinite(numbers(by_uid(picture["figure"]["data"])["line-0"], "y")).sum() > 50
    assert "<img" not in json.dumps(picture["alt"])


def test_a_link_of_nothing_but_bad_pins_is_not_a_wall_of_warnings() -> None:
    assert len(opened("curves", {"pins": "x vs " * 100}).warning) <= 10


def test_downloads_are_what_is_on_show(monkeypatch: pytest.MonkeyPatch) -> None:
    files = Downloads()
    monkeypatch.setattr(st, "download_button", files)
    for words in ({"pins": "cross-entropy", "y": "gradient"}, {"y": "optimum"}):
        at = opened("curves", words)
        model = sent(at)
        table = files.text("lossviz-curves.csv")
        rows = list(csv.reader(io.StringIO(table)))
        values = model["scrubber"]["values"]
        assert sorted({float(row[0]) for row in rows[1:]}) == values
        labels = [one.label for one in series(view_of(at), parse_pins(at.session_state["pins"])[0])[0]]
        at_scrubber = [row for row in rows[1:] if float(row[0]) == values[model["scrubber"]["at"]]]
        assert list(dict.fromkeys(row[1] for row in at_scrubber)) == labels
        moved = scrubbed_view(view_of(at), model["scrubber"]["id"], values[0]).setting
        assert next(row[1] for row in rows[1:] if float(row[0]) == values[0]) == series_of(moved).label != labels[0]
        traces = by_uid(model["pictures"][0]["figure"]["data"])
        line = traces["optimum-0" if words["y"] == "optimum" else "line-0"]
        mine = [[float(cell) for cell in row[2:4]] for row in at_scrubber if row[1] == labels[0]]
        np.testing.assert_array_equal(np.float32(mine), np.float32(np.stack((numbers(line, "x"), numbers(line, "y")), 1)))
        page = files.text("lossviz-curves.html")
        assert page.startswith("<!doctype html>")
        assert labels[0].split(",")[0] in page
        assert '"scrubber"' in page


def test_numbers_can_be_taken_home_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    files = Downloads()
    monkeypatch.setattr(st, "download_button", files)
    for y in ("loss", "optimum"):
        opened("curves", {"y": y})
        assert files.text("lossviz-curves.csv") == files.text("lossviz-curves.csv")


def test_all_words_of_a_curve_together() -> None:
    """A walk through one session, as a person clicks."""
    at = opened("curves", {"pins": "nll vs focal gamma 0.5"})
    seen = set()
    for y, scale in itertools.product(
        ("loss", "gradient", "multiplier", "curvature", "optimum", "recovery"), ("linear", "log")
    ):
        widget(at, "y").set_value(y).run()
        assert not at.exception
        if widget(at, "scale") is not None:
            widget(at, "scale").set_value(scale).run()
            assert not at.exception
        seen.add(sent(at)["pictures"][0]["figure"]["layout"]["title"]["text"])
        assert warnings(at) == []
    assert len(seen) == 6


def test_a_bare_visit_opens_with_figure_1_of_the_paper_and_says_what_is_seen() -> None:
    model = sent(opened("curves"))
    picture = model["pictures"][0]
    assert "figure 1 of the focal loss paper" in picture["figure"]["layout"]["title"]["text"]
    assert picture["sentences"][model["scrubber"]["at"]] == (
        "At γ = 2 and pₜ = 0.645 the loss is 7.93× smaller than cross-entropy; its gradient is larger below pₜ = 0.3."
    )
    assert len(set(picture["sentences"])) == len(picture["sentences"]) == len(model["scrubber"]["values"])


@pytest.mark.parametrize("y", ["loss", "gradient", "multiplier", "curvature", "optimum", "recovery"])
def test_every_position_of_the_scrubber_has_one_sentence(y: str) -> None:
    for words in ({"y": y}, {"y": y, "target": "soft", "scrub": "z0"}, {"y": y, "loss": "symmetric-cross-entropy"}):
        model = sent(opened("curves", words))
        sentences = model["pictures"][0]["sentences"]
        assert len(sentences) == len(model["scrubber"]["values"])
        assert all(re.fullmatch(r"[A-Z].*\w\.", sentence) for sentence in sentences)
        assert not any("nan" in sentence or "inf " in sentence for sentence in sentences)
