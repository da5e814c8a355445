"""What a hand does on the live component or the player, as typed events; the browser sends them as JSON.

An event is a message such as `{"control": "gamma", "value": 2.5}` or `{"action": "label", "index": 3}`; without an action it
is a move. Beside that a message has the number of its event, `act`, and in `before` the messages of earlier events that may
have been lost on the way. Nothing that comes from a browser is trusted: what makes no sense is an InputError.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, TypeAlias, get_args

from ..errors import InputError
from ..texts import joined, say


@dataclass(frozen=True)
class Move:
    """A control, one of the sample ("z0", "t0") or a parameter, dragged or typed to a value."""

    control: str
    value: float


@dataclass(frozen=True)
class MovePoint:
    """The marker of the present sample, moved to a point of the plane of a map."""

    x: float
    y: float


@dataclass(frozen=True)
class MoveMean:
    """The mean of a class of the training data ("mean0", "mean1"), moved to a point."""

    control: str
    x: float
    y: float


@dataclass(frozen=True)
class Pick:
    """A row or a part of the batch, by a click on the bar that stands for it; `word`: which of the two."""

    value: float
    word: str = "row"


@dataclass(frozen=True)
class Switch:
    """An optional parameter switched on or off."""

    control: str
    on: bool


@dataclass(frozen=True)
class SetLabel:
    """The true class, by its index."""

    index: int


@dataclass(frozen=True)
class ToggleTarget:
    """A target that turns from 0 to 1 or from 1 to 0, by its index."""

    index: int


@dataclass(frozen=True)
class AnswerQuestion:
    """A place on a figure's axis, dragged to in answer to the question of a scene."""

    value: float


Command: TypeAlias = Literal["normalise", "log-softmax", "add", "remove"]
"""What a button says: divide the targets by their sum, make log-probabilities of the logits, one class more or less."""

Event: TypeAlias = Move | MovePoint | MoveMean | Pick | Switch | SetLabel | ToggleTarget | Command


class Act(NamedTuple):
    """A message with the number that the browser has given its event; None if it has given none."""

    number: int | None
    message: Mapping[str, Any]


PICKED = ("row", "part")
"""The words that a click on a bar may set."""


def acts_of(message: Mapping[str, Any]) -> list[Act]:
    """The events of a message, the oldest first: those that may have been lost on the way, and then its own."""
    before = message.get("before", ())
    if not isinstance(before, Sequence) or not all(isinstance(one, Mapping) for one in before):
        raise InputError("before", repr(before)[:40], say("a list of events"))
    return [Act(_number_of(one), _without_envelope(one)) for one in (*before, message)]


def _number_of(message: Mapping[str, Any]) -> int | None:
    number = message.get("act")
    return number if isinstance(number, int) else None


def _without_envelope(message: Mapping[str, Any]) -> dict[str, Any]:
    return {name: part for name, part in message.items() if name != "before"}


def parse_event(message: Mapping[str, Any]) -> Event | AnswerQuestion:
    """The event of a message.

    Raises:
        InputError: The action is unknown, or a part that it needs is missing or of another kind.
    """
    action, control = message.get("action", "move"), str(message.get("control", ""))
    match action:
        case "move":
            return Move(control, _number(control, message.get("value")))
        case "place":
            x, y = (_number(name, message.get(name)) for name in ("x", "y"))
            return MoveMean(control, x, y) if "control" in message else MovePoint(x, y)
        case "pick":
            return _pick(control or "row", message.get("value"))
        case "answer":
            return AnswerQuestion(_finite(_number("answer", message.get("value"))))
        case "on" | "off":
            return Switch(control, action == "on")
        case "label" | "toggle" if isinstance(index := message.get("index"), int):
            return SetLabel(index) if action == "label" else ToggleTarget(index)
        case str() if action in get_args(Command):
            command: Command = action  # type: ignore[assignment]
            return command
    raise InputError("event", repr(dict(message))[:80], say("an action of the live component"))


def _pick(word: str, value: Any) -> Pick:
    if word not in PICKED:
        raise InputError("control", repr(word)[:40], say("one of {names}", names=joined(PICKED, ", ")))
    return Pick(_number(word, value), word)


def _finite(value: float) -> float:
    if not math.isfinite(value):
        raise InputError("answer", repr(value), say("a finite number"))
    return value


def is_drag(event: Event) -> bool:
    """Whether it may be one of a hundred on the way of a hand, to each of which Back would not lead."""
    return isinstance(event, Move | MovePoint | MoveMean)


def _number(control: str, value: Any) -> float:
    """A number as JSON has it, or a word for one that JSON lacks."""
    try:
        return float(value)
    except (TypeError, ValueError, OverflowError):
        raise InputError(control[:40] or "value", repr(value)[:40], say("a number")) from None
