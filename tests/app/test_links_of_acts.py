"""What the link opens is what was on the screen, whatever a person does, and before the answer to the act before."""

from __future__ import annotations

import json
import random
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from streamlit.components.v2.bidi_component.main import _make_trigger_id
from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates
from streamlit.runtime.scriptrunner_utils.script_run_context import ScriptRunContext
from streamlit.testing.v1 import AppTest

from lossviz.fields import Choice, Number, Text, Vector
from lossviz.languages import localized, lookup
from lossviz.state.fields import FIELDS
from lossviz.ui.app import PAGES
from lossviz.ui.session import LAST_DRAWN, address

from . import test_app
from .components import components
from .pages import again, committed, pressed, trace, turned, values_of
from .pages import opened as opened_page
from .test_app import widget

SMALL = {"batch": "detector", "positives": "20", "negatives": "60"}
QUICK = {"examples": "40", "epochs": "1", "seeds": "2", "losses": "cross-entropy softmax"}
STARTS: tuple[tuple[str, dict[str, str]], ...] = (
    ("", {}),
    ("curves", {"task": "binary", "loss": "cross-entropy", "y": "optimum"}),
    ("surfaces", {"drawn": "contour"}),
    ("names", {}),
    ("mistakes", {"lab": "2x2"}),
    ("batch", SMALL),
    ("training", QUICK),
)
SLOW = {"negatives", "positives", "examples", "epochs", "seeds", "width", "look", "lab", "world"}
"""Words that would have something long computed."""


def opened(page: str, words: dict[str, str]) -> AppTest:
    """A page as a link opens it; the first one has no path."""
    return opened_page(page, words) if page else test_app.opened(words)


def link_of(at: AppTest) -> dict[str, str]:
    """The words of the link to what is on show."""
    return dict(parse_qsl(urlsplit(at.session_state["session"].link).query, keep_blank_values=True))


def pictures(at: AppTest) -> list[Any]:
    """What components and text show, but for what counts runs, and for what tells a newcomer what to do first."""
    texts = (one.value for one in at.markdown if one.value not in HINTS)
    return [*(_uncounted(one.proto.bytes) for one in components(at)), *texts]


HINTS = {page.hint for page in PAGES}


def _uncounted(data: bytes) -> Any:
    if data[:1] == b"{":
        model = json.loads(data)
        return {name: part for name, part in model.items() if name not in ("revision", "acts")}
    length = int.from_bytes(data[:4], "little")
    head = json.loads(data[4 : 4 + length])
    return {name: part for name, part in head.items() if name not in ("revision", "acts", "backend")}, data[4 + length :]


def choices(at: AppTest) -> list[tuple[str, list[Any]]]:
    """What a person can set now, each word with values to set it to."""
    choices: list[tuple[str, list[Any]]] = []
    reader = lookup(at.session_state["session"].language)
    for name, field in FIELDS.items():
        one = widget(at, name)
        if one is None or one.disabled or name in SLOW:
            continue
        if isinstance(field, Choice):
            choices.append((name, [x for x in field.options if localized(field.label_of(x), reader) in one.options]))
        elif isinstance(field, Number):
            choices.append((name, [float(x) for x in field.samples() if not field.integer or x == int(x)] or [1.0]))
    return choices


def act(at: AppTest, dice: random.Random) -> str:
    name, options = dice.choice(choices(at))
    value = dice.choice(options)
    (widget(at, name).set_value if isinstance(FIELDS[name], Choice | Number) else widget(at, name).input)(value).run()
    assert not at.exception, trace(at)
    return f"{name}={value}"


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize(("page", "words"), STARTS, ids=[page or "one-sample" for page, _ in STARTS])
def test_a_link_opens_what_was_on_the_screen(page: str, words: dict[str, str], seed: int) -> None:
    dice = random.Random(f"{page} {seed}")
    at = opened(page, words)
    done = [act(at, dice) for _ in range(dice.randint(3, 4))]
    _opens_the_same(at, page, done)


def _opens_the_same(at: AppTest, page: str, done: Any) -> None:
    link = link_of(at)
    assert {name: at.query_params[name] for name in at.query_params} == link
    other = opened(page, link)
    assert values_of(other) == values_of(at), (done, link)
    assert link_of(other) == link, done
    if page != "training":  # how far a training is, is no part of the link
        assert pictures(other) == pictures(at), (done, link)


@pytest.mark.parametrize(
    ("page", "words", "name", "value", "then"),
    [
        ("curves", {"task": "binary", "loss": "cross-entropy", "y": "optimum"}, "loss", "focal", {"scrub": "gamma"}),
        ("batch", SMALL, "batch", "digits", {"activation": "softmax"}),
        ("batch", {"activation": "sigmoid"}, "batch", "detector", {"activation": "sigmoid"}),
        ("batch", {"activation": "sigmoid", "row": "7"}, "batch", "detector", {"row": None}),
        ("", {}, "task", "binary", {"activation": "sigmoid"}),
    ],
)
def test_what_was_not_chosen_follows(page: str, words: dict[str, str], name: str, value: str, then: dict[str, Any]) -> None:
    """A choice that only followed from others is not kept when they change, and nothing else opens from the link."""
    at = opened(page, words)
    widget(at, name).set_value(value).run()
    assert {word: values_of(at).get(word) for word in then} == then
    _opens_the_same(at, page, name)


def test_what_was_chosen_stays_and_stands_in_the_link() -> None:
    at = opened("curves", {"task": "binary", "scrub": "z0"})
    widget(at, "loss").set_value("cross-entropy").run()
    assert link_of(at) == {"pins": "none", "task": "binary", "scrub": "z0", "loss": "cross-entropy"}


# Before the answer: a request that a browser sends while it shows what was there before.


def shown(at: AppTest) -> WidgetStates:
    """All that the browser shows now, and sends with whatever is done."""
    return at._tree.get_widget_states()


def before_the_answer(at: AppTest, old: WidgetStates, name: str, value: Any) -> AppTest:
    """A person sets a widget of a page that shows what it did when `old` was taken."""
    one = widget(at, name)
    one.set_value(value)
    set_one = next(state for state in at._tree.get_widget_states().widgets if state.id == one.id)
    states = WidgetStates(widgets=[set_one if state.id == set_one.id else state for state in old.widgets])
    at._run(states)
    assert not at.exception, trace(at)
    return at


def drag_before_the_answer(at: AppTest, old: WidgetStates, event: dict[str, Any]) -> None:
    (component,) = components(at)
    text = json.dumps([{"event": "commit", "value": event}])
    drag = WidgetState(id=_make_trigger_id(component.proto.id, "events"), json_trigger_value=text)
    at._run(WidgetStates(widgets=[*old.widgets, drag]))
    assert not at.exception, trace(at)


QUICK_PAIRS = [
    ("", "gamma", {"loss": "focal"}, "activation", "sigmoid"),
    ("curves", "gamma", {}, "y", "gradient"),
    ("curves", "z0", {}, "scale", "log"),
    ("surfaces", "gamma", {"drawn": "contour"}, "height", "norm"),
    ("batch", "gamma", SMALL, "by", "gradient"),
    ("", "z0", {"task": "multi-class", "sample": "my own"}, "loss", "cross-entropy"),
]


@pytest.mark.parametrize(("page", "control", "words", "name", "value"), QUICK_PAIRS)
def test_a_click_before_the_answer_to_a_drag(page: str, control: str, words: dict[str, str], name: str, value: Any) -> None:
    at = opened(page, words)
    old = shown(at)
    committed(at, {"control": control, "value": 4.0, "act": 1, "before": []})
    dragged = values_of(at)
    before_the_answer(at, old, name, value)
    word = "logits" if control == "z0" else control
    assert values_of(at)[word] == dragged[word] != "" and values_of(at)[name] == value
    again(at)
    _opens_the_same(at, page, name)


def test_a_drag_before_the_answer_to_another_builds_on_it() -> None:
    at = opened("", {"sample": "my own", "logits": "2 1 0"})
    old = shown(at)
    committed(at, {"control": "z0", "value": 3.0, "act": 1, "before": []})
    drag_before_the_answer(at, old, {"control": "z1", "value": -1.0, "act": 2, "before": []})
    assert values_of(at)["logits"] == "3 -1 0"


def test_an_act_that_was_lost_on_the_way_comes_with_the_next_and_counts_once() -> None:
    at = opened("", {"sample": "my own", "logits": "2 1 0"})
    first = {"control": "gamma", "value": 4.0, "act": 1}
    committed(at, {"control": "z0", "value": 3.0, "act": 2, "before": [first]})
    assert (values_of(at)["gamma"], values_of(at)["logits"]) == (4.0, "3 1 0")
    widget(at, "gamma").set_value(1.0).run()
    committed(at, {"control": "z1", "value": 2.0, "act": 3, "before": [first]})
    assert (values_of(at)["gamma"], values_of(at)["logits"]) == (1.0, "3 2 0")


def test_a_choice_before_the_answer_to_a_button() -> None:
    at = opened("", {})
    old = shown(at)
    pressed(at, "Next misclassified")
    digit = values_of(at)["digit"]
    before_the_answer(at, old, "activation", "sigmoid")
    assert digit != FIELDS["digit"].default and values_of(at)["digit"] == digit
    assert values_of(at)["activation"] == "sigmoid"


def test_a_change_undone_before_the_answer_is_an_act() -> None:
    at = opened("", {})
    committed(at, {"control": "gamma", "value": 4.0, "act": 1, "before": []})
    again(at)
    widget(at, "gamma").set_value(2.0).run()
    assert values_of(at)["gamma"] == 2.0 and link_of(at) == {}


def test_an_echo_resets_nothing() -> None:
    """Another digit has logits of its own; a widget that only repeats the digit it has shown takes none away."""
    at = opened("", {})
    old = shown(at)
    pressed(at, "Next misclassified")
    drag_before_the_answer(at, old, {"control": "z0", "value": 1.5, "act": 1, "before": []})
    logits = values_of(at)["logits"]
    before_the_answer(at, old, "loss", "cross-entropy")
    assert logits.startswith("1.5") and values_of(at)["logits"] == logits


def test_words_of_a_page_wait_until_one_comes_back() -> None:
    at = opened("curves", {"gamma": "3", "y": "gradient", "task": "binary", "loss": "quality-focal"})
    turned(at, "batch")
    assert (
        link_of(at) == {"ask": "shares", "by": "gradient", "gamma": "3", "loss": "quality-focal"}
        and "y" not in at.session_state
    )
    widget(at, "gamma").set_value(1.0).run()
    turned(at, "curves")
    assert link_of(at) == {"pins": "none", "gamma": "1", "y": "gradient", "task": "binary", "loss": "quality-focal"}


def test_streamlit_says_where_back_and_forward_lead() -> None:
    """A name that is Streamlit's own: without it nobody could go back."""
    assert "is_history_navigation" in ScriptRunContext.__dataclass_fields__


def test_back_puts_the_words_of_the_address_in_place_of_all_others(monkeypatch: pytest.MonkeyPatch) -> None:
    at = opened("", {"gamma": "3"})
    widget(at, "gamma").set_value(4.0).run()
    widget(at, "activation").set_value("sigmoid").run()
    monkeypatch.setattr(address, "went_through_history", lambda: True)
    at.query_params.clear()
    at.query_params["gamma"] = "3"
    again(at)
    monkeypatch.undo()
    assert (values_of(at)["gamma"], values_of(at)["activation"]) == (3.0, "softmax") and link_of(at) == {"gamma": "3"}
    again(at)
    assert link_of(at) == {"gamma": "3"}


@pytest.mark.parametrize("text", ["", "-1", "x", "999", "1e9", "²"])
def test_a_browser_may_say_anything_of_what_it_has_drawn(text: str) -> None:
    at = opened("", {})
    at.text_input(key=LAST_DRAWN).set_value(text)
    widget(at, "gamma").set_value(3.0).run()
    assert not at.exception and values_of(at)["gamma"] == 3.0


@pytest.mark.parametrize("name", FIELDS)
def test_a_word_is_read_as_it_is_written(name: str) -> None:
    field = FIELDS[name]
    for value in field.samples() if isinstance(field, Choice | Number) else ("1 0.5",) if isinstance(field, Vector) else ("x",):
        assert isinstance(field, Choice | Number | Vector | Text)
        assert address.words_of({name: address.text(field, value)}) == {name: value}


OPENINGS = {page.path: page.opening for page in PAGES if page.opening}


@pytest.mark.parametrize("path", OPENINGS)
def test_a_bare_address_opens_a_page_with_its_best_picture_and_a_link_with_what_it_says(path: str) -> None:
    opening = OPENINGS[path]
    bare = opened(path, {})
    assert {word: values_of(bare)[word] for word in opening} == link_of(bare) == opening
    known = opened(path, {"epoch": "1"} if path == "training" else {"gamma": "3"})
    assert {word: values_of(known)[word] for word in opening} == {word: FIELDS[word].default for word in opening}
    assert opening.keys() <= link_of(known).keys()


@pytest.mark.parametrize("path", OPENINGS)
def test_a_projector_sees_what_a_bare_visit_sees(path: str) -> None:
    assert link_of(opened(path, {"big": "1"})) == {**OPENINGS[path], "big": "1"}


def test_a_page_that_is_turned_to_opens_with_its_best_picture_once() -> None:
    at = turned(opened("", {"gamma": "3"}), "curves")
    assert values_of(at)["pins"] == "paper"
    assert values_of(turned(at, "surfaces"))["pins"] == "", "it is for that page alone"
    assert values_of(turned(at, "curves"))["pins"] == "paper"
    at.session_state["session"].open_chip = "chip-compare"
    again(at)
    widget(at, "pins").input("").run()
    assert link_of(at)["pins"] == "none"
    turned(at, "surfaces")
    turned(at, "curves")
    assert values_of(at)["pins"] == ""
