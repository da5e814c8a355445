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
        pressed(at, "Use these settings")
    assert view_of(at).setting == PLACES[key].view.setting or key == "softmax-focal"
    assert at.session_state["place"] in ("present", key)
    assert PLACES[key].use in texts(at), "now it is the place of the current settings"


def test_settings_off_the_map_are_told() -> None:
    at = opened("names", {"label_smoothing": "0.1", "temperature": "2"})
    assert at.info[0].value == "The current settings are not on this map."


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
        assert sum("a different loss" in label for label in labels) >= 4
        assert "mixes pₜ" in texts(at)


def test_infinite_logits_are_not_put_to_libraries() -> None:
    at = opened("names", {"about": "libraries", "logits": "inf 0 0", "sample": "own numbers"})
    assert "finite" in at.info[0].value


@pytest.mark.parametrize("key", IDENTITIES)
def test_every_statement_is_drawn_and_its_knob_turns(key: str) -> None:
    at = opened("names", {"about": "statements", "statement": key})
    assert warnings(at) == []
    model = sent(at)
    assert model["pictures"][0]["figure"]["layout"]["title"]["text"].startswith(IDENTITIES[key].title)
    assert IDENTITIES[key].why in (model["pictures"][0]["sentences"][0], *(block.value for block in at.markdown))
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
        ({"task": "binary", "logits": "2", "targets": "1"}, "A single logit z stands for the two logits (z, 0)"),
        ({"sample": "own numbers", "logits": "inf 0 1"}, "Logits are clipped to ±1,000"),
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
    assert labels["statement-negatives"].endswith(": false, though equal here at s = 1")
    assert labels["statement-alpha"].endswith(": false at α = 0.25")
    assert labels["statement-ce-nll"].endswith(": true") and labels["statement-gamma-0"].endswith(": true at γ = 0")


def test_the_step_between_softmax_and_nll_is_shown() -> None:
    """Why cross-entropy is log-softmax and NLL: all log-probabilities, then the one that is picked, wherever the knob is."""
    own = {"about": "statements", "sample": "own numbers", "logits": "2 1 0", "targets": "1 0 0"}
    at = opened("names", own)
    across, down = at.table[0].value, at.table[1].value
    assert list(across["0"]) == [":blue-background[2]", ":blue-background[−0.4076]", "**0.4076**"]
    assert list(across["1"]) == ["1", "−1.408", ""]
    assert list(down["class"]) == ["0", "1", "2"] and list(down.iloc[0])[1:] == list(across["0"])
    model = sent(at)
    sentences, values = model["pictures"][0]["sentences"], model["scrubber"]["values"]
    assert len(sentences) == len(values)
    assert "picks that of the true class, −0.40761, and flips its sign" in sentences[values.index(1.0)]
    committed(at, {"control": "knob", "value": 0.0})
    assert list(at.table[0].value["0"])[1:] == [":blue-background[−1.099]", "**1.099**"]
    assert not opened("names", {**own, "statement": "kl"}).table


def test_statements_have_no_chips_of_the_loss_and_leave_it_alone() -> None:
    at = opened("names", {"gamma": "3"})
    at.segmented_control(key="about").set_value("statements").run()
    assert not [one for one in at.segmented_control if one.key == "loss"]
    at.segmented_control(key="about").set_value("map").run()
    assert view_of(at).setting.spec.gamma == 3
