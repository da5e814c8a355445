"""The setting line of the pages of one sample: what is classified, by which loss, on which numbers."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache
from typing import Any

import numpy as np

from ...data import digits
from ...errors import InputError
from ...evaluation.devices import devices
from ...evaluation.setting import as_targets
from ...fields import Number, Vector, sentence_case
from ...losses import LOSSES, LossSpec, loss
from ...naming.names import names
from ...state import fields, sample
from ...state.pins import Pin, parse_pins, series
from ...state.sample import nearest_targets
from ...texts import say, then
from .. import elements as st
from .. import session
from .field import control
from .lines import chip, setting_line
from .pins import compare_chip

CHIPS = ("loss", "parameters", "sample", "targets", "compare")
"""All that a page of one sample can have; "example" goes before them where a page has examples of its own."""


def draw(default: str, chips: Collection[str] = CHIPS) -> tuple[sample.SampleView, tuple[Pin, ...], tuple[str, ...]]:
    """Draw those of the chips that matter to a page; the view they describe, the pins, and what could not be.

    `default`: the device that computes.
    """
    if chips:
        with setting_line():
            view = _controls(chips, default)
            if "compare" in chips:
                compare_chip(present)
    else:
        view = present()
    pins, unread = parse_pins(session.value("pins") if "compare" in chips else "", view)
    return view, pins, (*view.problems, *unread, *series(view, pins)[1])


def present() -> sample.SampleView:
    """The view of the session's values."""
    return sample.resolve(session.values())


def _controls(chips: Collection[str], default: str) -> sample.SampleView:
    """The chips say what was so before this run's controls are drawn, which is what the browser shows."""
    before = present()
    if "example" in chips:
        control("example", bare=True)
    if not {"loss", "sample"} & set(chips):
        return before
    with chip(fields.label_of("task", before.task), "task"):
        task = control("task", on_change=_new_task)
    values: dict[str, Any] = {"task": task}
    if "loss" in chips:
        title = session.note_subject(loss_title(before.setting.spec, before.setting.targets))
        with chip(say("**{loss}**", loss=title), "loss"):
            values |= _loss(task)
    device = default
    if "parameters" in chips:
        known = {name: session.value(name) for name in ("sample", "digit", "logits", "target", "targets")}
        with chip(parameters_title(before.setting.spec), "parameters"):
            values |= _parameters(values, known)
            device = _device(default)
    with chip(_sample_title(before), "sample"):
        values |= _sample(task, before)
    if "targets" in chips:
        with chip(say("Soft targets") if before.mode == "soft" else say("Hard targets"), "targets"):
            values |= _targets(values, before)
    view = sample.resolve(values)
    return view._replace(setting=view.setting._replace(device=device))


@lru_cache(maxsize=256)
def loss_title(spec: LossSpec, targets: tuple[float, ...]) -> str:
    """What a loss is called, but for what other chips say: smoothing, weights and targets have their own."""
    plain = loss(spec.key, spec.activation)
    if spec.key == "focal":
        plain = plain.replace(gamma=spec.gamma)
    hard = tuple(float(t > 0.5) for t in targets) if spec.activation == "sigmoid" else nearest_targets(targets, "nll")
    return then(names(plain, as_targets(plain, np.array([hard]))).title, sentence_case)


def parameters_title(spec: LossSpec) -> str:
    """The loss's own numbers, and whatever else is not at its default."""
    kind = LOSSES[spec.key]
    values = []
    for parameter in kind.parameters_with(spec.activation):
        value = getattr(spec, parameter.name)
        changed = value != parameter.default or parameter.name in kind.own_parameters
        if isinstance(parameter, Number) and isinstance(value, int | float) and changed and parameter.name != "ignore_index":
            values.append(f"{parameter.symbol} **{value:g}**")
    return "\u2002".join(values) or say("Parameters")


def _sample_title(view: sample.SampleView) -> str:
    if view.digit is None:
        count = len(view.setting.logits)
        return say("{count} custom logits", count=count) if count > 1 else say("Custom logit")
    parts = {"number": view.digit.number, "label": view.digit.label}
    if view.edited:
        return say("Digit **{number}**, a “{label}”, edited", **parts)
    return say("Digit **{number}**, a “{label}”", **parts)


def _loss(task: str) -> dict[str, Any]:
    key = control("loss", sample.losses_for(task), row=True)
    values: dict[str, Any] = {"loss": key}
    if offered := sample.activations_for(task, key):
        values["activation"] = control("activation", offered, default=offered[0])
    return values


def _parameters(values: dict[str, Any], known: dict[str, Any]) -> dict[str, Any]:
    """The exact values of what One sample lets one drag."""
    key = values["loss"]
    activation = values.get("activation", LOSSES[key].activations[0])
    shown = [name for name in fields.PARAMETERS if sample.has_parameter(name, key, activation)]
    view = sample.resolve(values | known | {name: session.value(name) for name in shown})
    own = fields.parameters_of(key)
    return {name: control(name, idle=sample.inactive_reason(name, view), declared=own[name]) for name in shown}


def _targets(values: dict[str, Any], before: sample.SampleView) -> dict[str, Any]:
    chosen: dict[str, Any] = {}
    if LOSSES[values.get("loss", before.setting.spec.key)].targets == "any":
        chosen["target"] = control("target", on_change=_new_target)
    typed = control("targets", on_change=_new_targets, placeholder=Vector.text(before.setting.targets))
    return chosen | {"targets": typed}


def _device(default: str) -> str:
    """The device that computes: a choice only where there is one."""
    available = devices()
    if len(available) < 2:
        return default
    return str(st.selectbox("Device", available, available.index(default) if default in available else 0, key="device"))


def _sample(task: str, before: sample.SampleView) -> dict[str, Any]:
    values: dict[str, Any] = {}
    if task == "multi-class":
        values["sample"] = control("sample", on_change=_new_sample)
        if values["sample"] == fields.DIGIT:
            values["digit"] = control("digit", on_change=_new_sample)
            _next_buttons()
    return values | {"logits": control("logits", on_change=_new_logits, placeholder=Vector.text(before.setting.logits))}


def _next_buttons() -> None:
    with st.container(horizontal=True, width="content", gap="xsmall"):
        for group, (name, meaning) in NEXT.items():
            st.button(name, on_click=_next_digit, args=(group,), help=meaning)


NEXT = {
    "unsure": (say("Next uncertain"), say("Go to the next digit that the model gets right by a small margin.")),
    "sure": (say("Next confident"), say("Go to the next digit that the model gets right by a large margin.")),
    "mistaken": (say("Next misclassified"), say("Go to the next digit that the model gets wrong.")),
}
"""Label and help of the button of each group of digits."""


def _new_task() -> None:
    session.reset("activation", "target")
    _new_sample()


def _new_target() -> None:
    """Back to hard targets: the largest becomes the true one; those of the sample come back with the next digit."""
    if session.value("target") == "hard":
        session.reset("targets")


def _new_logits() -> None:
    """A list that was typed or pasted: what has another number of classes goes, and ten of a digit's are a digit's still."""
    classes = len(_plain_numbers("logits"))
    if not classes:
        return
    session.reset(*(word for word in ("targets", "weight") if _count(word) not in (0, classes)))
    digit = session.value("task") == "multi-class" and session.value("sample") == fields.DIGIT
    if digit and classes != len(digits.digit(0).logits):
        session.choose({"sample": fields.OWN})


def _new_targets() -> None:
    _plain_numbers("targets")


def _count(word: str) -> int:
    """How many numbers a list has; none if it cannot be read."""
    field = fields.FIELDS[word]
    assert isinstance(field, Vector)
    try:
        return len(field.parse(session.value(word)))
    except InputError:
        return 0


def _plain_numbers(word: str) -> tuple[float, ...]:
    """The numbers of a list as a program prints it, which the field and the link then have; none if it cannot be read."""
    field = fields.FIELDS[word]
    assert isinstance(field, Vector)
    try:
        numbers = field.parse(session.value(word))
    except InputError:
        return ()  # the page says what is wrong
    session.choose({word: Vector.text(numbers)})
    return numbers


def _new_sample() -> None:
    session.reset("logits", "targets", "weight")


def _next_digit(group: str) -> None:
    numbers = digits.groups()[group]
    session.read_widgets()
    digit = session.value("digit")
    at = numbers.index(digit) if digit in numbers else -1
    session.assign({"digit": numbers[(at + 1) % len(numbers)]})
    _new_sample()
