"""Events of the live component and the player, as changed words of the link."""

from __future__ import annotations

import math
import re
from typing import Any

from ..analysis.planes import place
from ..analysis.sweep import moved
from ..data.toy_datasets import move_mean
from ..errors import InputError
from ..evaluation.setting import log_softmax
from ..fields import Number, Vector
from ..texts import say
from .events import Command, Event, Move, MoveMean, MovePoint, Pick, SetLabel, Switch, ToggleTarget
from .fields import FIELDS, OWN, PARAMETERS, TASKS
from .plots import surface_view
from .sample import SampleView, Values, one_hot, resolve
from .training import training_query


def apply_event(values: Values, event: Event) -> dict[str, Any]:
    """The words that change by an event on the page of `values`.

    Raises:
        InputError: The page has no such control, class or plane, or the value is outside of its domain.
    """
    view = resolve(values)
    match event:
        case Move():
            return _move(view, event)
        case MovePoint():
            return _move_point(values, view, event)
        case MoveMean():
            spec = training_query(values)[0].experiment.dataset_spec
            return {"means": Vector.text(move_mean(spec, event.control, event.x, event.y).means)}
        case Pick():
            return {event.word: _number(event.word).check(event.value)}
        case Switch():
            return _switch(event)
        case SetLabel() | ToggleTarget():
            return _set_target(view.setting.targets, event)
        case _:
            return _run_command(view, event)


SWITCHED_ON = {"alpha": 0.25}
"""Where an optional parameter starts when it is switched on; 1 otherwise."""


def _move(view: SampleView, event: Move) -> dict[str, Any]:
    control, number = event.control, event.value
    name = {"z": "logits", "t": "targets"}.get(control[:1]) if re.fullmatch(r"[zt][0-9]{1,3}", control) else control
    field = FIELDS.get(name or "")
    if isinstance(field, Number):
        return {field.name: field.check(number)}
    if not isinstance(field, Vector) or name == control or int(control[1:]) >= len(view.setting.logits):
        raise InputError("control", repr(control)[:40], say("a control of the current page"))
    field.parse(Vector.text((number,)))
    text = Vector.text(getattr(moved(view.setting, control, number), field.name))
    return {field.name: text} | ({"target": "soft"} if field.name == "targets" else {})


def _number(name: str) -> Number:
    field = FIELDS[name]
    assert isinstance(field, Number)
    return field


def _move_point(values: Values, view: SampleView, event: MovePoint) -> dict[str, Any]:
    """The sample, and on the plane of γ the loss, at the marker of a map."""
    picture = surface_view(values, view)
    if picture is None:
        raise InputError("event", say("a point"), say("a figure with a plane to place it on"))
    if math.isnan(event.x) or math.isnan(event.y):
        raise InputError("event", say("a point at {x}, {y}", x=event.x, y=event.y), say("a point on the plane"))
    plane = picture.plane
    setting = place(view.setting, plane, event.x, event.y)
    # Which classes are the strongest may change with a place: those of the plane stay under the hand.
    classes = dict(zip(("first", "second", "third"), map(str, plane.classes), strict=False)) if len(plane.classes) > 1 else {}
    return {"logits": Vector.text(setting.logits), **classes} | ({"gamma": setting.spec.gamma} if plane.kind == "gamma" else {})


def _switch(event: Switch) -> dict[str, Any]:
    field = PARAMETERS.get(event.control)
    if not isinstance(field, Number) or not field.optional:
        raise InputError("control", repr(event.control)[:40], say("a parameter that can be switched off"))
    return {event.control: SWITCHED_ON.get(event.control, 1.0) if event.on else None}


def _set_target(targets: tuple[float, ...], event: SetLabel | ToggleTarget) -> dict[str, Any]:
    if not 0 <= event.index < len(targets):
        raise InputError("index", repr(event.index)[:40], say("one of the {n} classes", n=len(targets)))
    if isinstance(event, SetLabel):
        return {"targets": Vector.text(one_hot(event.index, len(targets)))}
    return {"targets": Vector.text(1 - t if i == event.index else t for i, t in enumerate(targets))}


def _run_command(view: SampleView, command: Command) -> dict[str, Any]:
    (logits, targets), (fewest, most) = (view.setting.logits, view.setting.targets), TASKS[view.task].classes
    match command:
        case "normalise" if sum(targets) > 0:
            return {"targets": Vector.text(round(t / math.fsum(targets), 12) for t in targets), "target": "soft"}
        case "log-softmax":
            return {"logits": Vector.text(log_softmax(logits))}
        case "add" if len(targets) < most:
            return _resized(view, (*logits, 0.0), (*targets, 0.0))
        case "remove" if len(targets) > fewest:
            return _resized(view, logits[:-1], targets[:-1])
    raise InputError("event", repr(command), say("an action that the current sample allows"))


def _resized(view: SampleView, logits: tuple[float, ...], targets: tuple[float, ...]) -> dict[str, Any]:
    if sum(targets) == 0 and view.mode == "class":
        targets = one_hot(0, len(targets))
    weight = view.setting.spec.weight
    fitted = {} if weight is None else {"weight": Vector.text((*weight, 1.0)[: len(logits)])}
    return {"logits": Vector.text(logits), "targets": Vector.text(targets), "sample": OWN} | fitted
