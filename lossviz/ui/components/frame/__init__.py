"""The part of the frame that only a browser can do: copy the link, turn to a page, and know which chip is open."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from ....figures.browser import markup, program
from ....languages import language, lookup
from ...session import address, receive_unheard
from ...session.store import current_session

FOLDER = Path(__file__).parent

FRAME, CHIPS = "lossviz-frame", "lossviz-chips"


@cache
def _frame(language: str) -> Any:
    return st.components.v2.component(
        f"lossviz_frame_{language}",
        html=markup(FOLDER / "frame.html", lookup(language)),
        css=(FOLDER / "frame.css").read_text(encoding="utf-8"),
        js=program(FOLDER / "frame.js", lookup(language)),
    )


_chips = st.components.v2.component("lossviz_chips", js=program(FOLDER / "open_chip.js"))


def mount_frame(page: str) -> None:
    """Draw *Copy link*, and turn to the page that a person clicks; `page` is the path of the one that is open.

    Streamlit's own way to a page is lost if anything is sent before the server has answered: each request says which page the
    browser shows, and that is the old one still. A trigger stays until a run has seen it.
    """
    word = current_session().language
    data = {"page": page, "language": language(word).tag}
    turn = _frame(word)(data=data, key=FRAME, on_turn_change=_note_turn).turn
    if turn and turn["path"] != page:  # the first run of a session calls nobody back: the browser has had another server before
        _turn(turn)
        st.rerun()


def _note_turn() -> None:
    if turn := st.session_state[FRAME]["turn"]:
        _turn(turn)


def _turn(turn: Mapping[str, Any]) -> None:
    """Turn to a page, with what was done on the one before and may have been lost on the way."""
    receive_unheard(turn["before"])
    address.leave()
    current_session().pending_page = str(turn["path"])


@st.fragment
def mount_chips() -> None:
    """Hear which chip a person has open.

    A fragment: that a chip is open changes nothing else, and a whole run would close a dialog to which the chip has led.
    """
    present = current_session()
    _chips(data=present.run, key=CHIPS, default={"open": ""}, on_open_change=_note_open)
    if present.moves_problems:
        present.moves_problems = False
        st.rerun()


def _note_open() -> None:
    present = current_session()
    present.open_chip = str(st.session_state[CHIPS]["open"])
    present.moves_problems = present.has_problems
