"""The part of the frame that only a browser can do: copy the link, show where one is, and lead the keyboard into a chip."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from ....figures.browser import program
from ...session.store import current_session

FOLDER = Path(__file__).parent

KEY = "lossviz-frame"

_component = st.components.v2.component(
    "lossviz_frame",
    html=(FOLDER / "frame.html").read_text(encoding="utf-8"),
    css=(FOLDER / "frame.css").read_text(encoding="utf-8"),
    js=program(FOLDER / "frame.js"),
)


@st.fragment
def mount_frame(page: str) -> None:
    """Draw *Copy link*; it says which chip a person has open, and to which page they turn.

    Streamlit's own way to a page is lost if anything is sent before the server has answered: each request says which page the
    browser shows, and that is the old one still. What a component has said goes along with every request. This is a fragment:
    that a chip is open changes nothing else, and a whole run would close a dialog to which the chip has led.

    `page` is the path of the page that is open.
    """
    present = current_session()
    data = {"page": page, "run": present.run}
    default = {"open": "", "turn": {}}
    _component(data=data, key=KEY, default=default, on_open_change=_note_open, on_turn_change=_note_turn)
    if present.pending_page is not None or present.moves_problems:
        present.moves_problems = False
        st.rerun()


def _note_open() -> None:
    present = current_session()
    present.open_chip = str(st.session_state[KEY]["open"])
    present.moves_problems = present.has_problems


def _note_turn() -> None:
    """A browser goes on sending the last turn: where a run ends before its time, Streamlit takes it for news again."""
    turn, present = st.session_state[KEY]["turn"], current_session()
    if turn["count"] != present.last_turn:
        present.last_turn, present.pending_page = turn["count"], str(turn["path"])
