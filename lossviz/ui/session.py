"""What pages ask of a session: its values, its address, and to apply what a hand has done."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from ..commits import commit
from ..errors import InputError
from ..links import from_text
from ..words import FIELDS


def values() -> dict[str, Any]:
    """The values of all words that the session has."""
    return {name: st.session_state[name] for name in FIELDS if name in st.session_state}


def expected() -> dict[str, Any]:
    """The values as the widgets will have them: before a link's first run has drawn them, only the link knows."""
    found = values()
    for name in st.query_params:
        if name in FIELDS and name not in found:
            with suppress(InputError):
                found[name] = from_text(FIELDS[name], st.query_params[name])
    return found


def revision() -> int:
    """How many runs this session has had: a component tells old news from new by it."""
    st.session_state["revision"] = st.session_state.get("revision", 0) + 1
    return int(st.session_state["revision"])


def committed(event: dict[str, Any]) -> None:
    """Write what a hand has set into the session, before the widgets of the same names are drawn."""
    try:
        changes = commit(values(), event)
    except (InputError, ValueError) as error:
        st.session_state["link_problems"] = [str(error)]
        return
    st.session_state["link_problems"] = []
    for name, value in changes.items():
        st.session_state[name] = value


def turn(path: str, words: Mapping[str, Any]) -> None:
    """Give words these values and open a page; for a button's `on_click`."""
    drawn = [name for name in words if name in st.session_state]
    for name, value in words.items():
        st.session_state[name] = value
    # A widget that is drawn anew does not write its word into the address; those drawn already do, and no one else may.
    texts = {name: f"{value:g}" if isinstance(value, float) else str(value) for name, value in words.items()}
    defaults = {name: FIELDS[name].default for name in words}
    st.session_state["turned"] = (
        path,
        {name: text for name, text in texts.items() if name not in drawn and text not in ("", "None", str(defaults[name]))},
    )


def turned() -> tuple[str, dict[str, str]] | None:
    """The page that has been asked for with `turn`, and its link; once."""
    found: tuple[str, dict[str, str]] | None = st.session_state.pop("turned", None)
    return found


def link() -> str:
    """The address of what is on show."""
    words = urlencode(st.query_params.to_dict())
    return f"{st.context.url or ''}{'?' if words else ''}{words}"
