"""The controls around the pages of one sample: what is classified, by which loss, and the exact values in the sidebar."""

from __future__ import annotations

from typing import Any

import streamlit as st

from ...data import digits
from ...evaluation.devices import devices
from ...fields import Vector
from ...losses import LOSSES
from ...state import fields, sample
from ...state.pins import Pin, parse_pins, series
from .. import session
from .field import control
from .pins import pinning


def draw(default: str) -> tuple[sample.SampleView, tuple[Pin, ...], tuple[str, ...]]:
    """Draw them; the view they describe, the pins, and what could not be. `default`: the device that computes."""
    view = _on(_controls(), default)
    pins, unread = parse_pins(session.value("pins"))
    return view, pins, (*view.problems, *unread, *series(view, pins)[1])


def present() -> sample.SampleView:
    """The view of the session's values."""
    return sample.resolve(session.values())


def _controls() -> sample.SampleView:
    """Those of the sidebar are the exact values of what the page lets one drag."""
    st.caption("**lossviz** · what a classification loss makes of one sample. Drag anything: the rest follows.")
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="frame"):
        task = control("task", on_change=_new_task)
        key = control("loss", sample.losses_for(task), row=True)
        values: dict[str, Any] = {"task": task, "loss": key}
        if offered := sample.activations_for(task, key):
            values["activation"] = control("activation", offered, default=offered[0])
        if LOSSES[key].targets == "any":
            values["target"] = control("target", on_change=_new_target)
        if task == "multi-class":
            values |= _sample()
        pinning(present)
    with st.sidebar:
        st.subheader("Exact values")
        activation = values.get("activation", LOSSES[key].activations[0])
        names = [name for name in fields.PARAMETERS if sample.has_parameter(name, key, activation)]
        known = {name: session.value(name) for name in ("logits", "targets", *names)}
        view = sample.resolve(values | known)
        for name in ("logits", "targets"):
            values[name] = control(name, placeholder=Vector.text(getattr(view.setting, name)))
        own = fields.parameters_of(key)
        values |= {name: control(name, idle=sample.inactive_reason(name, view), declared=own[name]) for name in names}
        control("pins")
    return sample.resolve(values)


def _on(view: sample.SampleView, default: str) -> sample.SampleView:
    """The view on the device that computes it: a choice only where there is one."""
    available = devices()
    device = default
    if len(available) > 1:
        with st.sidebar:
            device = st.selectbox("Device", available, available.index(default) if default in available else 0, key="device")
    return view._replace(setting=view.setting._replace(device=device))


def _sample() -> dict[str, Any]:
    values = {"sample": control("sample", on_change=_new_sample)}
    if values["sample"] == fields.DIGIT:
        values["digit"] = control("digit", on_change=_new_sample)
        with st.container(horizontal=True, width="content", gap="xsmall"):
            for group in digits.groups():
                st.button(
                    f"next {group}",
                    on_click=_next_digit,
                    args=(group,),
                    help=f"The next digit of which the model is {group}.",
                )
    return values


def _new_task() -> None:
    session.reset("activation", "target")
    _new_sample()


def _new_target() -> None:
    """Back to hard targets: the largest becomes the true one; those of the sample come back with the next digit."""
    if session.value("target") == "hard":
        session.reset("targets")


def _new_sample() -> None:
    session.reset("logits", "targets", "weight")


def _next_digit(group: str) -> None:
    numbers = digits.groups()[group]
    session.read_widgets()
    digit = session.value("digit")
    at = numbers.index(digit) if digit in numbers else -1
    session.assign({"digit": numbers[(at + 1) % len(numbers)]})
    _new_sample()
