"""The part of the frame that only a browser can do: copy the link, turn to a page, ask before one is closed on an unsaved
lecture, and know which chip is open; and what stands beside it, *Add to lecture*."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache, partial
from pathlib import Path
from typing import Any

import streamlit as st

from ....figures.browser import program
from ....languages import language
from ...session import address, receive_unheard
from ...session.store import current_session
from ..registering import registered

FOLDER = Path(__file__).parent

FRAME, CHIPS = "lossviz-frame", "lossviz-chips"


@cache
def _frame(language: str) -> Any:
    return registered("frame", FOLDER, language)


_chips = st.components.v2.component("lossviz_chips", js=program(FOLDER / "open_chip.js"))


def mount_frame(page: str, add_screen: Callable[[str], None] | None = None) -> None:
    """Draw *Add to lecture* and *Copy link*, and turn to the page that a person clicks; `page` is the path of the open one.

    `add_screen`: makes a scene of what is on the screen, and is given what tells one click from others; None where the page has
    no scenes.

    Streamlit's own way to a page is lost if anything is sent before the server has answered: each request says which page the
    browser shows, and that is the old one still. A trigger stays until a run has seen it.
    """
    word = current_session().language
    data = {"page": page, "language": language(word).tag, "adds": add_screen is not None, **_of_lecture()}
    note_add = partial(_note_add, add_screen)
    message = _frame(word)(data=data, key=FRAME, on_turn_change=_note_turn, on_add_change=note_add)
    # The first run of a session calls nobody back: the browser has had another server before.
    if message.turn and message.turn["path"] != page:
        _turn(message.turn)
        st.rerun()
    if _add(message.add, add_screen):
        st.rerun()


def _of_lecture() -> dict[str, Any]:
    """What the browser is to know of the session's own lecture: what was added just now, what to save, what would be lost."""
    lecture, number = current_session().lecture, current_session().lecture.added_in(current_session().run)
    click = lecture.last_addition.click if lecture.last_addition else ""
    added = None if number is None else {"click": click, "number": number}
    return {"added": added, "file": lecture.saving, "unsaved": lecture.draft is not None and lecture.draft.is_changed}


def _note_add(add_screen: Callable[[str], None] | None) -> None:
    _add(st.session_state[FRAME]["add"], add_screen)


def _add(add: Mapping[str, Any] | None, add_screen: Callable[[str], None] | None) -> bool:
    """Make a scene of what is on the screen, with what was done on it and may have been lost on the way; whether it is new."""
    last = current_session().lecture.last_addition
    if not add or not add_screen or (last and last.click == str(add["click"])):
        return False
    receive_unheard(add["before"])
    add_screen(str(add["click"]))
    return True


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
