"""Messages of the browser become typed events, or an error that says what is wrong with them."""

from __future__ import annotations

from typing import Any

import pytest

from lossviz import InputError
from lossviz.state.events import (
    Event,
    Move,
    MoveMean,
    MovePoint,
    Pick,
    SetLabel,
    Switch,
    ToggleTarget,
    acts_of,
    is_drag,
    parse_event,
)

MESSAGES: list[tuple[dict[str, Any], Event]] = [
    ({"control": "z3", "value": 1.5, "revision": 7, "act": 2}, Move("z3", 1.5)),
    ({"action": "move", "control": "gamma", "value": "-inf"}, Move("gamma", float("-inf"))),
    ({"action": "place", "x": 0.5, "y": 2, "picture": 0}, MovePoint(0.5, 2.0)),
    ({"action": "place", "control": "mean1", "x": 0, "y": -1}, MoveMean("mean1", 0.0, -1.0)),
    ({"action": "pick", "value": 12}, Pick(12.0)),
    ({"action": "on", "control": "alpha"}, Switch("alpha", True)),
    ({"action": "off", "control": "alpha"}, Switch("alpha", False)),
    ({"action": "label", "index": 2}, SetLabel(2)),
    ({"action": "toggle", "index": 0}, ToggleTarget(0)),
    *(({"action": command}, command) for command in ("normalise", "log-softmax", "add", "remove")),  # type: ignore[list-item]
]


@pytest.mark.parametrize(("message", "event"), MESSAGES)
def test_a_message_is_an_event(message: dict[str, Any], event: Event) -> None:
    assert parse_event(message) == event
    assert type(parse_event(message)) is type(event)


def test_only_what_is_dragged_makes_no_step_of_back() -> None:
    assert [event for _, event in MESSAGES if is_drag(event)] == [event for _, event in MESSAGES[:4]]


@pytest.mark.parametrize(
    ("message", "argument"),
    [
        ({"control": "z0", "value": "much"}, "z0"),
        ({"action": "place", "x": 1, "y": None}, "y"),
        ({"action": "pick"}, "row"),
        ({"action": "label", "index": "0"}, "event"),
        ({"action": "fly"}, "event"),
        ({"action": ["add"]}, "event"),
    ],
)
def test_an_error_names_what_is_wrong(message: dict[str, Any], argument: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_event(message)
    assert caught.value.argument == argument


def test_lost_acts_come_before_the_one_that_brings_them() -> None:
    message = {"action": "add", "act": 3, "before": [{"action": "pick", "value": 1, "act": 2}, {"action": "remove"}]}
    acts = acts_of(message)
    assert [act.number for act in acts] == [2, None, 3]
    assert [parse_event(act.message) for act in acts] == [Pick(1.0), "remove", "add"]


@pytest.mark.parametrize("before", [None, 5, "xy", [1], {"a": 1}], ids=repr)
def test_what_is_no_list_of_acts_is_refused(before: Any) -> None:
    with pytest.raises(InputError, match="before"):
        acts_of({"action": "add", "before": before})
