"""The live component: draggable bars and landscape sliders that play what torch has computed; payload.py is its protocol."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st

from ....figures.browser import program
from ....figures.theme import css

HERE = Path(__file__).parent

_component = st.components.v2.component(
    "lossviz_live",
    html=(HERE / "live.html").read_text(encoding="utf-8"),
    css=css() + (HERE / "live.css").read_text(encoding="utf-8"),
    js=program(HERE / "live.js"),
)


def live(data: bytes, key: str, on_commit: Callable[[dict[str, Any]], None]) -> None:
    """Mount the component. `on_commit` is called with the event before the next run draws its widgets."""

    def commit() -> None:
        event = st.session_state[key].commit
        if isinstance(event, dict):
            on_commit(event)

    _component(data=data, key=key, on_commit_change=commit)
