"""The player: Plotly figures with one scrubber, played in the browser without a word to the server; figures/player plays."""

from __future__ import annotations

import json
import time
from functools import cache
from pathlib import Path
from typing import Any

from ....figures import player
from ....figures.frames import blank
from ....texts import say
from ... import elements as st
from ...session.store import Session, current_session
from ..events import Receiver, forward_to
from ..registering import registered

FOLDER = Path(__file__).parent

PATIENCE = 20.0
"""Seconds: longer than player.js waits for Plotly before the figures stand still."""


@cache
def _component(language: str) -> Any:
    return registered("stage", FOLDER, language, player.CSS, isolate_styles=False)  # Plotly does not work in a shadow root


def mount_player(data: bytes, key: str, receive: Receiver) -> None:
    """Draw the player with its data, JSON of figures/player/payload.py; `receive` gets what it sends back.

    Where the browser had no Plotly to play with, the figures stand still, drawn by Streamlit itself.
    """
    static = current_session().static_figures
    if key in static:
        _draw_static(json.loads(data), key)
        return
    _component(current_session().language)(
        data=data,
        key=key,
        on_commit_change=forward_to(receive, key),
        on_plain_change=lambda: static.add(key),
    )
    # After the component, whose style hides it. A chart of Streamlit's makes it load Plotly, and the player borrows that; once
    # it has stood there for longer than the player waits, another would only take the browser's time.
    if not _is_plotly_there(current_session()):
        with st.container(key=f"lossviz-plotly-{key}"):
            st.plotly_chart(blank(), key=f"{key}-plotly", alt=say("Empty chart that loads Plotly"))


def _is_plotly_there(present: Session) -> bool:
    """Whether a chart has stood there long enough; one that somebody has turned away from may never have been drawn."""
    if present.plotly_is_there:
        return True
    now = time.monotonic()
    if present.plotly_run < present.run - 1:
        present.plotly_since = now
    present.plotly_run, present.plotly_is_there = present.run, now - present.plotly_since >= PATIENCE
    return present.plotly_is_there


def _draw_static(model: dict[str, Any], key: str) -> None:
    if model.get("scrubber"):
        st.caption("This browser could not start the player, so the figures are static: they show the current settings.")
    for index, picture in enumerate(model["pictures"]):
        figure = {name: picture["figure"].get(name) for name in ("data", "layout")}
        st.plotly_chart(figure, key=f"{key}-plain-{index}", alt=picture.get("alt") or None)
