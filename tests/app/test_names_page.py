"""The page "Names": its map, its libraries and its statements, as a link opens them and as a hand works them."""

from __future__ import annotations

import re

import numpy as np
import pytest

from lossviz.analysis.identities import IDENTITIES
from lossviz.naming.libraries import LIBRARIES
from lossviz.state.family import PLACES
from lossviz.state.sample import resolve

from ..plotted import by_uid, numbers
from .pages import committed, opened, pressed, sent, values_of, view_of
from .test_app import warnings


def texts(at: object) -> str:
    return " ".join(str(block.value) for block in [*at.markdown, *at.caption])  # type: ignore[attr-defined]


@pytest.mark.parametrize("key", PLACES)
def test_every_place_is_marked_told_and_taken(key: str) -> None:
    at = opened("names")
    assert warnings(at) == []
    pressed(at, PLACES[key].names.title)
    assert PLACES[key].use in texts(at) and PLACES[key].origin in texts(at)
    if key != "softmax-focal":
        pressed(at, "Take these settings")
    assert view_of(at).setting == PLACES[key].view.setting or key == "softmax-focal"
    assert at.session_state["place"] in ("present", key)
    assert PLACES[key].use in texts(at), "now it is the place of the present settings"


def test_settings_off_the_map_are_told() -> None:
    at = opened("names", {"label_smoothing": "0.1", "temperature": "2"})
    assert "have no place of their own" in texts(at)


@pytest.mark.parametrize(
    "words",
    [
        {},
        {"activation": "sigmoid", "target": "soft", "targets": "0.7 0.2 0.1", "logits": "2 1 0", "sample": "own numbers"},
        {"loss": "nll"},
    ],
)
def test_every_library_answers(words: dict[str, str]) -> None:
    at = opened("names", {"about": "libraries", **words})
    labels = [expander.label for expander in at.expander]
    assert [re.sub(r"\*\*(.*?)\*\*.*", r"\1", label) for label in labels] == list(LIBRARIES)
    assert ": the same" in labels[0]
    assert any("cannot express this" in label for label in labels)
    if words.get("target"):
        assert sum("another loss" in label for label in labels) >= 4
        assert "mixes pₜ" in texts(at)


def test_infinite_logits_are_not_put_to_libraries() -> None:
    at = opened("names", {"about": "libraries", "logits": "inf 0 0", "sample": "own numbers"})
    assert "finite" in at.info[0].value


@pytest.mark.parametrize("key", IDENTITIES)
def test_every_statement_is_drawn_and_its_knob_turns(key: str) -> None:
    at = opened("names", {"about": "statements", "statement": key})
    assert warnings(at) == []
    assert IDENTITIES[key].title in texts(at)
    model = sent(at)
    values = model["scrubber"]["values"]
    assert model["scrubber"]["id"] == "knob"
    assert values[model["scrubber"]["at"]] == IDENTITIES[key].knob.rest
    (picture,) = model["pictures"]
    assert len(picture["figure"]["frames"]) == len(values)
    traces = by_uid(picture["figure"]["data"])
    assert len(numbers(traces["left"], "x")) == len(numbers(traces["right"], "y")) == len(values)
    committed(at, {"control": "knob", "value": values[-1]})
    assert at.session_state["knob"] == values[-1]
    assert sent(at)["scrubber"]["at"] == len(values) - 1


def test_another_statement_lets_the_knob_go() -> None:
    at = opened("names", {"about": "statements", "statement": "gamma-0", "knob": "3"})
    assert "γ = 3" in sent(at)["pictures"][0]["figure"]["layout"]["title"]["text"]
    next(box for box in at.selectbox if box.key == "statement").set_value("alpha").run()
    assert at.session_state["knob"] is None
    assert "α = 0.25" in sent(at)["pictures"][0]["figure"]["layout"]["title"]["text"]


def test_statements_are_of_the_present_sample() -> None:
    at = opened("names", {"about": "statements", "logits": "2 1 0", "targets": "1 0 0", "sample": "own numbers"})
    drawn = by_uid(sent(at)["pictures"][0]["figure"]["data"])
    assert np.isclose(numbers(drawn["left-here"], "y")[0], 0.4076059644443803, rtol=1e-6)
    assert resolve(values_of(at)).setting.logits == (2.0, 1.0, 0.0)


def test_small_values_are_written_as_people_write_them() -> None:
    at = opened("names", {"about": "libraries", "gamma": "100"})
    assert "e−46: the same" in at.expander[0].label
    assert not any(re.search(r"e-|-0", expander.label) for expander in at.expander)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ({"task": "binary", "logits": "2", "targets": "1"}, "A single logit z is taken as the two logits (z, 0)"),
        ({"sample": "own numbers", "logits": "inf 0 1"}, "Logits beyond ±1000 are taken for ±1000"),
        ({"task": "multi-label", "logits": "2 -1", "targets": "0 0"}, "No target is positive"),
        ({"task": "multi-label", "logits": "2 -1", "targets": "1 1"}, "Targets are divided by their sum"),
    ],
)
def test_what_statements_make_of_an_odd_sample_is_told(words: dict[str, str], says: str) -> None:
    assert says in texts(opened("names", {"about": "statements", **words}))
    assert says not in texts(opened("names", {"about": "statements"}))


def test_a_wrong_statement_that_is_right_here_is_told() -> None:
    at = opened("names", {"about": "statements", "sample": "own numbers", "logits": "1000 0 0", "targets": "1 0 0"})
    labels = {button.key: button.label for button in at.button}
    assert "wrong, though not here where s = 1. 0 and 0" in labels["statement-negatives"]
    assert ": wrong where α = 0.25. " in labels["statement-alpha"]
    assert ": right. " in labels["statement-ce-nll"] and ": right where γ = 0. " in labels["statement-gamma-0"]
