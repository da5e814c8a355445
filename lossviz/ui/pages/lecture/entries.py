"""Entries of the editor: each shows what the lecture says, stores what is typed at once, and has what is wrong below it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import streamlit

from ....errors import InputError
from ....lectures.limits import TEXT
from ... import elements as st
from ...components.markdown import literal

Store = Callable[[Any], None]


def text(label: str, key: str, value: str, store: Store, faults: Iterable[InputError] = (), **how: Any) -> None:
    """A text of one line."""
    st.text_input(label, **_shared(key, value, store), **{"max_chars": TEXT} | how)
    tell(faults)


def lines(label: str, key: str, value: str, store: Store, faults: Iterable[InputError] = (), **how: Any) -> None:
    """A text of several lines."""
    st.text_area(label, **_shared(key, value, store), **{"max_chars": TEXT, "height": 110} | how)
    tell(faults)


def number(label: str, key: str, value: float | None, store: Store) -> None:
    """A number, or none yet."""
    st.number_input(label, value=None, step=0.01, format="%g", **_shared(key, value, store))


def choice(label: str, key: str, value: Any, options: Sequence[Any], store: Store, **how: Any) -> None:
    """One of a few, as buttons in a row."""
    st.segmented_control(label, options, required=value is not None, **_shared(key, value, store), **how)


def several(label: str, key: str, value: Sequence[str], options: Sequence[str], store: Store, **how: Any) -> None:
    """Some of many."""
    st.multiselect(label, options, **_shared(key, list(value), store), **how)


def tell(faults: Iterable[InputError]) -> None:
    """Say what is wrong."""
    for fault in faults:
        st.warning(literal(fault))


def _shared(key: str, value: Any, store: Store) -> dict[str, Any]:
    """What the widget shows is what the lecture says, also where that was changed by other means than the widget."""
    state = streamlit.session_state
    if key not in state or state[key] != value:
        state[key] = value
    return {"key": key, "on_change": lambda: store(state[key])}
