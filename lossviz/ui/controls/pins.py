"""Pin what is on show, or a whole comparison; and let go of pins."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from ...state.fields import MOST_PINS
from ...state.pins import Pin, parse_pins, pin_of, pins_text, presets
from ...state.sample import SampleView
from .. import session


def pinning(present: Callable[[], SampleView], batch: bool = False) -> None:
    """The two buttons.

    `present` gives what is on show when it is asked. A `batch` has its own targets, which pins leave alone.
    """
    st.button(
        "Pin this setting",
        on_click=_pin,
        args=(present, batch),
        icon=":material/keep:",
        help="Keep this loss and its parameters, to compare with.",
    )
    count = len(parse_pins(session.value("pins"))[0])
    label = f"Compare ({count})" if count else "Compare"
    with st.popover(label, key="compare", help="Pinned settings, and comparisons worth one click."):
        _pinned(present(), batch)


def _pinned(view: SampleView, batch: bool) -> None:
    """What is pinned, and the comparisons on offer."""
    pins, _ = parse_pins(session.value("pins"))
    for number, pin in enumerate(pins):
        others = pins[:number] + pins[number + 1 :]
        st.button(f"Let go of {pins_text([pin])}", key=f"unpin-{number}", on_click=_set_pins, args=(others,))
    if pins:
        st.button("Let go of all", key="unpin", on_click=_set_pins, args=((),))
    else:
        st.markdown("Nothing is pinned yet. Up to six settings can be, and every page compares with them.")
    st.markdown("**Compare at one click**")
    for name, several in presets(view).items():
        if not (batch and any(pin.targets for pin in several)):
            st.button(name, key=f"preset-{name}", on_click=_set_pins, args=(several,))


def _pin(present: Callable[[], SampleView], batch: bool) -> None:
    """The present setting joins the pins, once; the oldest goes if there are too many."""
    session.read_widgets()
    pins, _ = parse_pins(session.value("pins"))
    new = pin_of(present(), own_targets=batch or not session.value("targets"))
    _set_pins((*(pin for pin in pins if pin != new), new)[-MOST_PINS:])


def _set_pins(pins: tuple[Pin, ...]) -> None:
    session.assign({"pins": pins_text(pins)})
