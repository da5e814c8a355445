"""Pin what is on show, or a whole comparison; and unpin it."""

from __future__ import annotations

from collections.abc import Callable

from ...state.fields import MOST_PINS
from ...state.pins import PAPER_TITLE, PAPER_WORD, Pin, parse_pins, pin_label, pin_of, pins_text, presets
from ...state.sample import SampleView
from ...texts import say
from .. import elements as st
from .. import session
from .field import control
from .lines import chip

WIDTH = 460
"""Pixels, whatever stands in the chip: under the mouse it would move aside."""


def compare_chip(present: Callable[[], SampleView], batch: bool = False) -> None:
    """The chip with what is compared, and how to compare with something else.

    `present` gives what is on show when it is asked. A `batch` has its own targets, which pins leave alone.
    """
    view = present()
    count = len(parse_pins(session.value("pins"), view)[0])
    label = say("Compare **{count}**", count=count) if count else say("Compare")
    with chip(label, "compare"), st.container(width=WIDTH):
        st.button(
            "Pin this setting",
            on_click=_pin,
            args=(present, batch),
            icon=":material/keep:",
            help="Keep this loss and its parameters for comparison.",
        )
        _pinned(view, batch)
        control("pins")


def _pinned(view: SampleView, batch: bool) -> None:
    """What is pinned, and the comparisons on offer."""
    pins, _ = parse_pins(session.value("pins"), view)
    for number, pin in enumerate(pins):
        others = pins[:number] + pins[number + 1 :]
        label = say("Unpin {setting}", setting=pin_label(pin, view))
        st.button(label, key=f"unpin-{number}", on_click=_set_pins, args=(others,))
    if pins:
        st.button("Unpin all", key="unpin", on_click=_set_pins, args=((),))
    else:
        st.markdown("Nothing pinned yet. Pin up to six settings, and every page compares them with the current one.")
    st.markdown("**Preset comparisons**")
    for name, several in presets(view).items():
        if not (batch and any(pin.targets for pin in several)):
            st.button(name, key=f"preset-{name}", on_click=_set_preset, args=(name, several))


def _pin(present: Callable[[], SampleView], batch: bool) -> None:
    """The present setting joins the pins, once; the oldest goes if there are too many."""
    session.read_widgets()
    view = present()
    pins, _ = parse_pins(session.value("pins"), view)
    new = pin_of(view, own_targets=batch or not session.value("targets"))
    _set_pins((*(pin for pin in pins if pin != new), new)[-MOST_PINS:])


def _set_pins(pins: tuple[Pin, ...]) -> None:
    session.assign({"pins": pins_text(pins)})


def _set_preset(name: str, pins: tuple[Pin, ...]) -> None:
    """The paper's losses by the word that stands for them: they go along with the activation."""
    session.assign({"pins": PAPER_WORD if name == PAPER_TITLE else pins_text(pins)})
