"""Around all pages: navigation, the shared controls, and what was wrong with the link."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import streamlit as st

from .. import links, state, words
from ..data import digits
from ..evaluate import devices
from ..fields import Vector
from ..losses import LOSSES
from ..pins import MOST, Pin, parse, pin_of, presets, series, text
from . import cache, session
from .controls import control
from .pages import curves, one_sample, surfaces

STYLE = Path(__file__).with_name("frame.css")


def draw() -> None:
    """The whole app, once a run."""
    st.html(STYLE)
    default = cache.warm_up()
    _first_run()
    view = _on(_controls(), default)
    pins, unread = parse(st.session_state["pins"])
    _problems(view, (*unread, *series(view, pins)[1]))
    pages = [
        st.Page(
            lambda: one_sample.draw(view, pins),
            title="One sample",
            url_path="one-sample",
            default=True,
            icon=":material/target:",
            help="One sample under one loss: logits, probabilities, loss and gradient, live.",
        ),
        st.Page(
            lambda: curves.draw(view, pins),
            title="Curves",
            url_path="curves",
            icon=":material/show_chart:",
            help="Loss, gradient, multiplier and curvature along one logit; the p that minimises each loss.",
        ),
        st.Page(
            lambda: surfaces.draw(view, pins),
            title="Surfaces",
            url_path="surfaces",
            icon=":material/landscape:",
            help="Loss and gradient over two logits, over p_t and γ, over three probabilities; and the way down.",
        ),
    ]
    st.navigation(pages, position="top").run()


def _first_run() -> None:
    """Streamlit drops what it cannot use from a link without a word; find out once, and say which."""
    if "link_problems" not in st.session_state:
        link = {name: st.query_params[name] for name in st.query_params}
        st.session_state["link_problems"] = links.link_problems(link)


def _controls() -> state.View:
    """Draw the shared controls; those of the sidebar are the exact values of what the page lets one drag."""
    st.caption("**lossviz** · what a classification loss makes of one sample. Drag anything: the rest follows.")
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="frame"):
        task = control("task", on_change=_new_task)
        key = control("loss", state.losses_for(task))
        values: dict[str, Any] = {"task": task, "loss": key}
        if offered := state.activations_for(task, key):
            values["activation"] = control("activation", offered, default=offered[0])
        if LOSSES[key].targets == "any":
            values["target"] = control("target", on_change=_new_target)
        if task == "multi-class":
            values |= _sample()
        _pinning()
    with st.sidebar:
        st.subheader("Exact values")
        activation = values.get("activation", LOSSES[key].activations[0])
        names = [name for name in words.PARAMETERS if state.shown(name, key, activation)]
        known = {name: st.session_state.get(name, words.FIELDS[name].default) for name in ("logits", "targets", *names)}
        view = state.resolve(values | known)
        for name in ("logits", "targets"):
            values[name] = control(name, placeholder=Vector.text(getattr(view.setting, name)))
        values |= {name: control(name, idle=state.idle(name, view)) for name in names}
        control("pins")
    return state.resolve(values)


def _on(view: state.View, default: str) -> state.View:
    """The view on the device that computes it: a choice only where there is one."""
    found = devices()
    device = default
    if len(found) > 1:
        with st.sidebar:
            device = st.selectbox("Device", found, found.index(default) if default in found else 0, key="device")
    return view._replace(setting=view.setting._replace(device=device))


def _sample() -> dict[str, Any]:
    values = {"sample": control("sample", on_change=_new_sample)}
    if values["sample"] == words.DIGIT:
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


def _pinning() -> None:
    """Pin what is on show, or a whole comparison; and let go of pins."""
    st.button(
        "Pin this setting", on_click=_pin, icon=":material/keep:", help="Keep this loss and its parameters, to compare with."
    )
    # The first run has not drawn the widget of the pins yet, and knows them from the link alone.
    count = len(parse(st.session_state.get("pins", st.query_params.get("pins", "")))[0])
    label = f"Compare ({count})" if count else "Compare"
    with st.popover(label, key="compare", help="Pinned settings, and comparisons worth one click."):
        _pinned()


def _pinned() -> None:
    """What is pinned, and the comparisons on offer."""
    view = state.resolve(session.values())
    pins, _ = parse(st.session_state.get("pins", ""))
    for number, pin in enumerate(pins):
        others = pins[:number] + pins[number + 1 :]
        st.button(f"Let go of {text([pin])}", key=f"unpin-{number}", on_click=_set_pins, args=(others,))
    if pins:
        st.button("Let go of all", key="unpin", on_click=_set_pins, args=((),))
    else:
        st.markdown("Nothing is pinned yet. Up to six settings can be, and every page compares with them.")
    st.markdown("**Compare at one click**")
    for name, several in presets(view).items():
        st.button(name, key=f"preset-{name}", on_click=_set_pins, args=(several,))


def _pin() -> None:
    """The present setting joins the pins, once; the oldest goes if there are too many."""
    view = state.resolve(session.values())
    pins, _ = parse(st.session_state["pins"])
    new = pin_of(view, own_targets=not st.session_state["targets"])
    _set_pins((*(pin for pin in pins if pin != new), new)[-MOST:])


def _set_pins(pins: tuple[Pin, ...]) -> None:
    st.session_state["pins"] = text(pins)


def _new_task() -> None:
    st.session_state["activation"] = words.TASKS[st.session_state["task"]].activations[0]
    st.session_state["target"] = "hard"
    _new_sample()


def _new_target() -> None:
    """Back to hard targets: the largest becomes the true one; those of the sample come back with the next digit."""
    if st.session_state["target"] == "hard":
        st.session_state["targets"] = ""


def _new_sample() -> None:
    for name in ("logits", "targets", "weight"):
        st.session_state[name] = ""


def _next_digit(group: str) -> None:
    numbers = digits.groups()[group]
    at = numbers.index(st.session_state["digit"]) if st.session_state["digit"] in numbers else -1
    st.session_state["digit"] = numbers[(at + 1) % len(numbers)]
    _new_sample()


def _problems(view: state.View, more: tuple[str, ...]) -> None:
    for problem in dict.fromkeys((*st.session_state["link_problems"], *view.problems, *more)):
        st.warning(_as_it_is(problem))


def _as_it_is(text: str) -> str:
    """Words of a link as Markdown that shows them, and makes no picture, link or formula of them."""
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", text)
