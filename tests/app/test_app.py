"""The app without a browser: every task × loss × activation, links of all kinds, and what the live component is sent."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

import lossviz
from lossviz import names
from lossviz.analysis.sample import sample
from lossviz.analysis.sweep import moved
from lossviz.data import digits
from lossviz.evaluation.setting import as_targets
from lossviz.fields import Choice, Number, Text, Vector
from lossviz.naming.snippet import run
from lossviz.state.fields import FIELDS, OWN, PARAMETERS, TASKS
from lossviz.state.sample import SampleView, activations_for, has_parameter, inactive_reason, losses_for, resolve
from lossviz.ui.components.frame import mount_frame

from ..drawn import paired, thinned
from .components import components, triggered
from .decoded import Decoded, decode

APP = str(Path(__file__).parents[2] / "app.py")
PAGES = thinned(
    [
        (task, key, activation, target)
        for task, target in itertools.product(TASKS, ("hard", "soft"))
        for key in losses_for(task)
        for activation in activations_for(task, key) or ("",)
        if target == "hard" or lossviz.LOSSES[key].targets == "any"
    ],
    (1, 2),
    (0, 2),
    (0, 3),
    (1, 3),
)
"""Every loss with each of its activations, every task with each of its own, and both with hard and with soft targets."""


def opened(words: dict[str, str] | None = None) -> AppTest:
    """The app as a link opens it."""
    at = AppTest.from_file(APP, default_timeout=30)
    for name, text in (words or {}).items():
        at.query_params[name] = text
    at.run()
    assert not at.exception, at.exception[0].message
    return at


def sent(at: AppTest) -> Decoded:
    """What the live component has been sent."""
    (component,) = components(at)
    return decode(component.proto.bytes)


def view_of(at: AppTest) -> SampleView:
    """The view of the session's values, which are those of the widgets on the page."""
    return resolve({name: value for name, value in at.session_state.items() if name in FIELDS})


def warnings(at: AppTest) -> list[str]:
    """The warnings as a person reads them, without Markdown's escapes."""
    return [re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", warning.value) for warning in at.warning]


def widget(at: AppTest, name: str) -> Any:
    """The widget of a field, None if there is none."""
    texts = ("text_input",)
    kinds = {Choice: ("button_group", "selectbox"), Vector: texts, Text: texts, Number: ("number_input",)}
    kind = kinds[type(FIELDS[name])]
    return next((w for k in kind for w in at.get(k) if w.key == name), None)


def widgets(at: AppTest) -> Iterator[tuple[str, Any]]:
    return ((name, w) for name in FIELDS if (w := widget(at, name)) is not None)


def choose(at: AppTest, name: str, value: Any) -> AppTest:
    """A person sets a widget."""
    widget(at, name).set_value(value).run()
    assert not at.exception, at.exception[0].message
    return at


def words_of(page: tuple[str, str, str, str], **more: str) -> dict[str, str]:
    names_and_values = zip(("task", "loss", "activation", "target"), page, strict=True)
    return {name: value for name, value in names_and_values if value} | more


@pytest.mark.parametrize("page", PAGES, ids="|".join)
def test_every_page_shows_what_evaluate_says(page: tuple[str, str, str, str]) -> None:
    at = opened(words_of(page))
    assert not at.warning
    view, live = view_of(at), sent(at)
    setting, spec = view.setting, view.setting.spec
    assert (view.task, spec.key) == page[:2]
    assert spec.activation == (page[2] or "exp")
    targets = as_targets(spec, np.array([setting.targets]))
    ev = lossviz.evaluate(spec, [setting.logits], targets)
    assert live.now("loss") == float(ev.loss[0])
    assert live.now("grad") == ev.grad[0].tolist()
    assert live.now("terms") == ev.terms[0].tolist()
    assert live.now("probs") == ev.probs[0].tolist()
    assert live.header["title"]["text"] == names(spec, targets).title
    assert [row["logit"] for row in live.header["rows"]] == list(setting.logits)
    check_sweeps(live, view)
    check_tabs(at, view)
    check_widgets(at, view)


def check_sweeps(live: Decoded, view: SampleView) -> None:
    """The present row, and one other row, of every table."""
    spec = view.setting.spec
    wanted = {f"z{i}" for i in range(len(view.setting.logits))}
    wanted |= {f"t{i}" for i in range(len(view.setting.logits))} if view.mode == "soft" else set()
    assert wanted <= set(live.tables)
    for sweep in live.header["sweeps"]:
        table, values = live.tables[sweep["id"]], live.values(sweep["id"])
        assert table["loss"][sweep["at"]] == pytest.approx(live.now("loss"), rel=1e-6, abs=1e-30)
        np.testing.assert_allclose(table["grad"][sweep["at"]], live.now("grad"), rtol=1e-5, atol=1e-7)
        moved_setting = moved(view.setting, sweep["id"], values[len(values) // 3])
        ev = lossviz.evaluate(moved_setting.spec, [moved_setting.logits], as_targets(spec, np.array([moved_setting.targets])))
        assert table["loss"][len(values) // 3] == pytest.approx(float(ev.loss[0]), rel=1e-6, abs=1e-30)


def unfold(at: AppTest, tab: str) -> AppTest:
    """A person opens one of the tabs under the picture; only that one is drawn."""
    at.session_state["details"] = tab
    at.run()
    assert not at.exception, at.exception[0].message
    return at


def check_tabs(at: AppTest, view: SampleView) -> None:
    now = sent(at)
    text = " ".join(element.value for element in at.markdown)
    assert names(view.setting.spec, as_targets(view.setting.spec, np.array([view.setting.targets]))).title in text
    assert not at.latex, "formulas are typeset only where they are looked at"
    latex = [element.value for tab in ("Formula", "With these numbers") for element in unfold(at, tab).latex]
    assert len(latex) >= 4
    assert any(r"\ell" in text for text in latex)
    assert all(text.count("{") == text.count("}") for text in latex)
    (code,) = unfold(at, "PyTorch").code
    assert code.value.startswith("import torch")
    ran = run(code.value)
    assert ran.loss == pytest.approx(now.now("loss"), rel=1e-10, abs=1e-10)
    np.testing.assert_allclose(ran.grad[0], now.now("grad"), rtol=1e-9, atol=1e-10)
    text = " ".join(element.value for element in at.markdown)
    assert repr(ran.loss) in text, "the number that the call returned stands beside ours"
    assert repr(now.now("loss")) in text


def check_widgets(at: AppTest, view: SampleView) -> None:
    """A control that has no effect is absent, or disabled and says why."""
    spec = view.setting.spec
    for name in PARAMETERS:
        element = widget(at, name)
        assert (element is not None) is has_parameter(name, spec.key, spec.activation), name
        if element is not None:
            reason = inactive_reason(name, view)
            assert element.proto.disabled is (reason is not None), name
            assert element.proto.help == (reason or lossviz.LOSSES[spec.key].parameter(name, spec.activation).help)


def test_the_default_page_is_focal_loss_on_a_digit() -> None:
    at = opened()
    view, live = view_of(at), sent(at)
    assert (view.setting.spec.key, view.setting.spec.activation, view.setting.spec.gamma) == ("focal", "softmax", 2.0)
    assert live.header["image"]["pixels"] == list(digits.digit(FIELDS["digit"].default).pixels)
    assert live.header["classes"] == 10
    assert len(components(at)[0].proto.bytes) < 150_000


def test_ten_classes_with_soft_targets_fit_into_a_commit() -> None:
    at = opened({"target": "soft", "activation": "sigmoid", "alpha": "0.25"})
    assert len(sent(at).tables) >= 24
    assert len(components(at)[0].proto.bytes) < 160_000


LINKS = [
    {"task": "binary", "activation": "sigmoid", "loss": "logistic", "logits": "-2.5", "targets": "0"},
    {"task": "two-logit", "loss": "cross-entropy", "logits": "1.3 -0.4"},
    {"sample": OWN, "logits": "2 1 0", "targets": "1 0 0", "gamma": "2"},
    {"sample": OWN, "logits": "2 1 0 -1", "targets": "0.1 0.2 0.3 0.4", "gamma": "0.5", "soft_form": "mixed", "target": "soft"},
    {"task": "multi-label", "activation": "sigmoid", "logits": "2 -1", "targets": "1 1", "alpha": "0.25", "pos_weight": "3"},
    {"digit": "7", "label_smoothing": "0.1", "temperature": "2.5", "loss": "cross-entropy"},
    {"sample": OWN, "weight": "1 2 3", "loss": "nll", "logits": "-1 -2 -3", "targets": "0 1 0"},
    {"loss": "quality-focal", "activation": "sigmoid", "task": "multi-label", "targets": "0.5 0.25 1", "target": "soft"},
]


@pytest.mark.parametrize("words", LINKS, ids=lambda w: " ".join(w.values())[:40])
def test_a_link_sets_every_widget_it_names(words: dict[str, str]) -> None:
    at = opened(words)
    assert not at.warning
    for name, text in words.items():
        field = FIELDS[name]
        element = widget(at, name)
        if element is None:
            assert name == "activation", "only an activation that is the loss's own has no widget"
            continue
        assert element.value == (float(text) if isinstance(field, Number) else text), name
    spec = view_of(at).setting.spec
    assert sent(at).header["loss_key"] == spec.key == words.get("loss", "focal")


def test_the_facts_example_through_a_link() -> None:
    at = opened({"sample": OWN, "logits": "2 1 0", "targets": "1 0 0"})
    live = sent(at)
    assert live.now("ce_loss") == pytest.approx(0.4076, abs=5e-5)
    assert live.now("loss") == pytest.approx(0.0457, abs=5e-5)
    assert live.now("p_t") == pytest.approx(0.665, abs=5e-4)
    assert any("0.6652" in element.value for element in unfold(at, "With these numbers").latex)


WRONG = [
    ({"gamma": "-1"}, "gamma", "'-1'"),
    ({"gamma": "nan"}, "gamma", "'nan'"),
    ({"gamma": "1e308"}, "gamma", "'1e308'"),
    ({"loss": "focl"}, "loss", "'focl'"),
    ({"task": "x" * 10_000}, "task", "xxx"),
    ({"activation": "tanh"}, "activation", "'tanh'"),
    ({"activation": "softmax", "loss": "quality-focal"}, "activation", "quality-focal"),
    ({"digit": "1797"}, "digit", "'1797'"),
    ({"logits": "1 x 3"}, "logits", "'x'"),
    ({"logits": "9 " * 5_000}, "logits", "5000 values"),
    ({"targets": "2 0 0"}, "targets", "2"),
    ({"temperature": "0"}, "temperature", "'0'"),
    ({"task": "binary", "loss": "nll"}, "loss", "nll"),
    ({"weight": "1 2"}, "weight", "2 values"),
    ({"gama": "2"}, "gama", "Unknown URL parameter"),
    ({"loss": "cross-entropy", "gamma": "3"}, "gamma", "no such parameter"),
    ({"soft_form": "![](//example.org/x.png)"}, "soft_form", "![](//example.org/x.png)"),
]


@pytest.mark.parametrize(("words", "name", "problem"), WRONG, ids=lambda x: str(x)[:30])
def test_a_wrong_value_falls_back_and_the_page_says_which(words: dict[str, str], name: str, problem: str) -> None:
    at = opened(words)
    (warning,) = warnings(at)
    assert name in warning
    assert problem in warning
    assert len(warning) < 300
    for other, text in words.items():
        if other == name and other in FIELDS and widget(at, other) is not None:
            assert str(widget(at, other).value) != text or isinstance(FIELDS[other], Vector)
    assert math.isfinite(sent(at).now("loss"))


@pytest.mark.parametrize(
    "text", ["![x](//example.org/x.png)", "[x](//example.org)", "$x$", ":red[x]", "<img src=x>", "`x`", "# x"]
)
def test_words_of_a_link_are_never_markdown(text: str) -> None:
    warnings = opened({"loss": text, "logits": text, text: "1"}).warning
    assert len(warnings) == 3
    for warning in warnings:
        assert not re.search(r"(?<!\\)[\[\]$`<#]", warning.value)


HOSTILE = [
    "nan",
    "inf",
    "-inf",
    "1e308",
    "-1e308",
    "1e-308",
    "",
    " ",
    "9" * 10_000,
    "1 " * 5_000,
    "ﷺ" * 3_000,
    "\x00",
    "😀",
    "{}",
    "null",
]


@pytest.mark.parametrize("text", HOSTILE, ids=lambda t: ascii(t)[:12])
def test_hostile_links_leave_a_page_that_works(text: str) -> None:
    """Each word with one of the texts, three words to a link, and all of them with each."""
    turn = HOSTILE.index(text)
    base: dict[str, str] = {"activation": "sigmoid", "target": "soft"} if turn % 2 else {}
    names = [*FIELDS][turn :: len(HOSTILE)]
    for first in range(0, len(names), 3):
        at = opened(base | dict.fromkeys(names[first : first + 3], text))
        assert sent(at).now("loss") is not None
        assert all(len(warning) < 300 for warning in warnings(at))
    at = opened(dict.fromkeys(FIELDS, text))
    assert len(sent(at).tables) >= 2


@pytest.mark.parametrize(
    ("logits", "activation", "loss"),
    paired(
        ["inf 0 0", "-inf 0 0", "inf -inf 0", "-inf -inf 1", "1e30 -1e30 0", "1e4 0 0", "-1e4 0 0"],
        ["softmax", "sigmoid"],
        ["cross-entropy", "focal"],
    ),
)
def test_infinite_and_huge_logits_have_a_page(logits: str, activation: str, loss: str) -> None:
    at = opened({"sample": OWN, "logits": logits, "activation": activation, "loss": loss, "target": "soft"})
    assert not at.warning
    live = sent(at)
    assert Vector.text(live.now("grad") and [float(row["logit"]) for row in live.header["rows"]]) == Vector.text(
        map(float, logits.split())
    )
    assert not math.isnan(live.now("loss"))
    assert not np.isnan(live.now("grad")).any()


@pytest.mark.parametrize(
    "values", [{"gamma": "1e5"}, {"temperature": "1e5"}, {"temperature": "1e-5"}, {"label_smoothing": "1"}, {"digit": "0"}]
)
def test_the_ends_of_the_domain_have_a_page(values: dict[str, str]) -> None:
    for activation in ("softmax", "sigmoid"):
        at = opened(values | {"activation": activation, "target": "soft"})
        assert not at.warning
        assert math.isfinite(sent(at).now("loss"))


@pytest.mark.parametrize(("group", "label"), [("unsure", "uncertain"), ("sure", "confident"), ("mistaken", "misclassified")])
def test_the_next_digit_of_a_group(group: str, label: str) -> None:
    at = opened({"logits": "1 2 3", "targets": "0 1 0", "weight": "1 2 3"})
    seen = []
    for _ in range(3):
        next(b for b in at.button if b.label == f"Next {label}").click().run()
        assert not at.exception
        assert not at.warning
        seen.append(int(at.session_state["digit"]))
        view = view_of(at)
        assert view.setting.logits == digits.digit(seen[-1]).logits
        assert not view.edited
        assert sent(at).header["image"]["pixels"] == list(digits.digit(seen[-1]).pixels)
    assert seen == list(digits.groups()[group][:3])


def test_another_task_starts_afresh() -> None:
    at = opened({"sample": OWN, "logits": "5 4 3 2", "targets": "0 0.5 0.5 0", "target": "soft", "gamma": "3"})
    for task in ("binary", "multi-label", "two-logit", "multi-class"):
        choose(at, "task", task)
        assert not at.warning
        view = view_of(at)
        assert view.task == task
        assert view.setting.spec.activation == TASKS[task].activations[0]
        assert view.mode != "soft"
        assert at.session_state["logits"] == at.session_state["targets"] == ""
        assert sent(at).now("loss") == float(sample(view.setting).loss[0])


def test_every_loss_can_be_chosen_from_every_other() -> None:
    at = opened()
    for key in ("nll", "quality-focal", "cross-entropy", "nll", "focal", "quality-focal", "focal"):
        choose(at, "loss", key)
        assert not at.warning, warnings(at)
        assert sent(at).header["loss_key"] == key
    choose(at, "task", "binary")
    for key in ("logistic", "focal", "logistic", "cross-entropy", "quality-focal"):
        choose(at, "loss", key)
        assert not at.warning, warnings(at)
        assert sent(at).header["loss_key"] == key


def test_back_to_hard_targets() -> None:
    at = choose(opened({"sample": OWN, "targets": "0.2 0.3 0.5", "target": "soft"}), "target", "hard")
    view = view_of(at)
    assert view.mode == "class"
    assert set(view.setting.targets) == {0.0, 1.0}


def test_a_parameter_switches_its_tables() -> None:
    at = opened({"activation": "sigmoid"})
    assert "alpha" not in sent(at).tables
    choose(at, "alpha", 0.25)
    live = sent(at)
    assert live.values("alpha")[live.header["sweeps"][-1]["at"] if live.header["sweeps"][-1]["id"] == "alpha" else 0] >= 0
    assert "alpha" in live.tables
    assert view_of(at).setting.spec.alpha == 0.25


def committed(at: AppTest, event: Any) -> AppTest:
    """What the browser does when a hand lets go: the component's callback, and then the run.

    AppTest has no JavaScript and no setter for a component, so the state is sent as the browser sends it.
    """
    (component,) = components(at)
    triggered(at, component, "commit", event)
    assert not at.exception, at.exception[0].message
    return at


def test_a_commit_changes_the_bound_fields() -> None:
    at = opened()
    before = view_of(at)
    committed(at, {"control": "z3", "value": 4.25})
    after = view_of(at)
    assert after.setting == moved(before.setting, "z3", 4.25)
    assert widget(at, "logits").value == at.session_state["logits"] == Vector.text(after.setting.logits)
    assert sent(at).header["rows"][3]["logit"] == 4.25
    committed(at, {"control": "gamma", "value": 3.5})
    assert widget(at, "gamma").value == 3.5
    committed(at, {"action": "label", "index": 2})
    assert view_of(at).setting.targets.index(1.0) == 2
    assert sent(at).header["revision"] > 3


BAD = [
    {},
    {"control": "z99", "value": 1},
    {"control": "z0", "value": "x"},
    {"control": "gamma", "value": -1},
    {"control": "task", "value": 3},
    {"control": "![](//x.org)", "value": 1},
    {"action": "on", "control": "weight"},
    {"action": "label", "index": 77},
    {"action": "<b>"},
]


def test_a_commit_that_makes_no_sense_is_said_and_changes_nothing() -> None:
    at = opened()
    for n, event in enumerate(BAD):
        before = view_of(at)
        committed(at, event)
        assert view_of(at).setting == before.setting, event
        assert len(at.warning) == 1, event
        committed(at, {"control": "z0", "value": 1.0 + n})
        assert not at.warning, event
        assert view_of(at).setting.logits[0] == 1.0 + n, event


def test_a_commit_that_is_no_event_is_ignored() -> None:
    at = opened()
    before = view_of(at)
    for event in (None, 5, "x", [1], [{}]):
        committed(at, event)
        assert view_of(at).setting == before.setting, event


def test_what_was_wrong_with_a_link_is_told_until_a_person_does_something() -> None:
    at = opened({"gamma": "much", "task": "multi-class", "loss": "focal"})
    assert [problem.partition(":")[0] for problem in warnings(at)] == ["gamma"]
    choose(at, "task", "binary")
    assert not at.warning


def test_what_cannot_be_used_is_told_for_as_long_as_it_stands_in_its_field() -> None:
    at = choose(opened(), "logits", "1 two")
    choose(at, "loss", "cross-entropy")
    assert [problem.partition(",")[0] for problem in warnings(at)] == ["logits"]
    choose(at, "logits", "1 2 0.5")
    assert not at.warning


def turned_by_the_frame(at: AppTest, path: str, before: list[dict[str, Any]]) -> AppTest:
    """A person clicks a page's name: a request with that trigger."""
    frame = next(one for one in at.get("bidi_component") if "lossviz_frame" in one.proto.component_name)
    triggered(at, frame, "turn", {"path": path, "before": before})
    assert not at.exception, at.exception[0].message
    return at


def test_a_turn_brings_what_was_done_before_it_and_may_have_been_lost() -> None:
    act = {"control": "gamma", "value": 3.5, "act": 1}
    at = turned_by_the_frame(opened(), "curves", [act])
    assert at.session_state["session"].page == "curves"
    assert at.session_state["session"].chosen["gamma"] == 3.5


def test_a_server_that_has_never_seen_the_page_turns_too() -> None:
    """One has died, and another answers: no run of its own has registered anything that could hear of the turn."""
    page, other = opened(), AppTest.from_file(APP, default_timeout=30)
    other._tree = page._tree
    turned_by_the_frame(other, "curves", [{"control": "gamma", "value": 3.5, "act": 7}])
    assert other.session_state["session"].page == "curves"
    assert not hasattr(mount_frame, "__wrapped__"), "a request for a fragment would not be answered"
    assert other.session_state["session"].chosen["gamma"] == 3.5
