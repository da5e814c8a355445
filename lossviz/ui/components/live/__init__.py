"""The live component: draggable bars and landscape sliders that play what torch has computed; payload.py is its protocol."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from ....figures.browser import markup, program
from ....figures.theme import css
from ..events import Receiver, forward_to

FOLDER = Path(__file__).parent

_component = st.components.v2.component(
    "lossviz_live",
    html=markup(FOLDER / "live.html", str),
    css=css() + (FOLDER / "live.css").read_text(encoding="utf-8"),
    js=program(FOLDER / "live.js", str),
)


def mount_live(data: bytes, key: str, receive: Receiver) -> None:
    """Draw the component with its data, bytes of payload.py; `receive` gets what it sends back."""
    _component(data=data, key=key, on_commit_change=forward_to(receive, key))
