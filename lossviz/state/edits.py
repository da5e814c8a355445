"""What a hand on the live component has done, as changed values."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

from ..analysis.surfaces import place
from ..analysis.sweep import moved
from ..data.toy_datasets import move_mean
from ..errors import InputError
from ..evaluation.setting import log_softmax
from ..fields import Number, Vector
from .fields import FIELDS, OWN, PARAMETERS, TASKS
from .plots import surface_view
from .sample import Values, View, one_hot, resolve
from .training import training_query


def commit(values: Values, event: Mapping[str, Any]) -> dict[str, Any]:
    """The values that change when the live component reports `event`; raises InputError if it makes no sense."""
    view = resolve(values)
    action, setting = event.get("action", "move"), view.setting
    if action == "move":
        return _move(view, str(event.get("control", "")), event.get("value"))
    if action == "place":
        return _middle(values, event) if "control" in event else _place(values, view, event)
    if action == "pick":
        return {"row": FIELDS["row"].check(_number("row", event.get("value")))}  # type: ignore[union-attr]
    if action in ("on", "off"):
        name = str(event.get("control", ""))
        field = PARAMETERS.get(name)
        if not isinstance(field, Number) or not field.optional:
            raise InputError("control", repr(name)[:40], "a parameter that can be switched off")
        return {name: SWITCHED_ON.get(name, 1.0) if action == "on" else None}
    targets, (fewest, most) = setting.targets, TASKS[view.task].classes
    if action == "normalise" and sum(targets) > 0:
        return {"targets": Vector.text(round(t / math.fsum(targets), 12) for t in targets), "target": "soft"}
    if action == "log-softmax":
        return {"logits": Vector.text(log_softmax(setting.logits))}
    if action == "add" and len(targets) < most:
        return _resized(view, (*setting.logits, 0.0), (*targets, 0.0))
    if action == "remove" and len(targets) > fewest:
        return _resized(view, setting.logits[:-1], targets[:-1])
    index = event.get("index")
    if action not in ("label", "toggle") or not isinstance(index, int) or not 0 <= index < len(targets):
        raise InputError("event", repr(dict(event))[:80], "an action of the live component")
    if action == "label":
        return {"targets": Vector.text(one_hot(index, len(targets)))}
    flipped = tuple(1 - t if i == index else t for i, t in enumerate(targets))
    return {"targets": Vector.text(flipped)}


SWITCHED_ON = {"alpha": 0.25}
"""Where an optional parameter starts when it is switched on; 1 otherwise."""


def _move(view: View, control: str, value: Any) -> dict[str, Any]:
    name = {"z": "logits", "t": "targets"}.get(control[:1]) if re.fullmatch(r"[zt][0-9]{1,3}", control) else control
    field = FIELDS.get(name or "")
    number = _number(control, value)
    if isinstance(field, Number):
        return {field.name: field.check(number)}
    if not isinstance(field, Vector) or name == control or int(control[1:]) >= len(view.setting.logits):
        raise InputError("control", repr(control)[:40], "a control of the present page")
    field.parse(Vector.text((number,)))
    text = Vector.text(getattr(moved(view.setting, control, number), field.name))
    return {field.name: text} | ({"target": "soft"} if field.name == "targets" else {})


def _place(values: Values, view: View, event: Mapping[str, Any]) -> dict[str, Any]:
    """The sample, and on the plane of γ the loss, put where a hand has put the marker of a map."""
    picture = surface_view(values, view)
    if picture is None:
        raise InputError("event", "a place", "a plane to have it on")
    x, y = (_number(name, event.get(name)) for name in ("x", "y"))
    if math.isnan(x) or math.isnan(y):
        raise InputError("event", f"a place at {x}, {y}", "a place on the plane")
    plane = picture.plane
    there = place(view.setting, plane, x, y)
    # Which classes are the strongest may change with a place: those of the plane stay under the hand.
    classes = dict(zip(("first", "second", "third"), map(str, plane.classes), strict=False)) if len(plane.classes) > 1 else {}
    return {"logits": Vector.text(there.logits), **classes} | ({"gamma": there.spec.gamma} if plane.kind == "gamma" else {})


def _middle(values: Values, event: Mapping[str, Any]) -> dict[str, Any]:
    """A class's middle put where a hand has put it."""
    x, y = (_number(name, event.get(name)) for name in ("x", "y"))
    there = move_mean(training_query(values)[0].experiment.dataset_spec, str(event["control"]), x, y)
    return {"means": Vector.text(there.means)}


def _number(control: str, value: Any) -> float:
    """A number as JSON has it, or a word for one that JSON lacks."""
    try:
        return float(value)
    except (TypeError, ValueError, OverflowError):
        raise InputError(control[:40] or "value", repr(value)[:40], "a number") from None


def _resized(view: View, logits: tuple[float, ...], targets: tuple[float, ...]) -> dict[str, Any]:
    if sum(targets) == 0 and view.mode == "class":
        targets = one_hot(0, len(targets))
    weight = view.setting.spec.weight
    fitted = {} if weight is None else {"weight": Vector.text((*weight, 1.0)[: len(logits)])}
    return {"logits": Vector.text(logits), "targets": Vector.text(targets), "sample": OWN} | fitted
