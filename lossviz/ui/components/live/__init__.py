"""The live component: draggable bars and landscape sliders that play what torch has computed; payload.py is its protocol."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from ....figures.browser import markup, program
from ....figures.theme import css
from ....languages import lookup
from ...session.store import current_session
from ..events import Receiver, forward_to

FOLDER = Path(__file__).parent


@cache
def _component(language: str) -> Any:
    """The component with its texts in a language: nothing is looked up while a hand moves."""
    return st.components.v2.component(
        f"lossviz_live_{language}",
        html=markup(FOLDER / "live.html", lookup(language)),
        css=css() + (FOLDER / "live.css").read_text(encoding="utf-8"),
        js=program(FOLDER / "live.js", lookup(language)),
    )


def mount_live(data: bytes, key: str, receive: Receiver) -> None:
    """Draw the component with its data, bytes of payload.py; `receive` gets what it sends back."""
    _component(current_session().language)(data=data, key=key, on_commit_change=forward_to(receive, key))
