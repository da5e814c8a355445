"""The address of the page: read on the first run and where Back or Forward have changed it, written once at the end of a run.

Widgets are not bound to the address: Streamlit would write an option as it is displayed, and each widget for itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any
from urllib.parse import urlencode

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from ...errors import InputError
from ...fields import Field, Number, Text, Vector
from ...figures import browser
from ...languages import lookup
from ...state.fields import FIELDS, FRAME
from ...state.links import from_text
from ..scripts import Script
from . import last_drawn, read_widgets
from .keys import LAST_DRAWN
from .store import Session, current_session

OF_THE_FRAME = {field.name for field in FRAME}
"""Words that say nothing about what a page shows."""

KEPT = {"lang", "big"}
"""Those of a person rather than of a scene."""

WRITE = Script(f"{browser.program(browser.HISTORY)}\npageHistory().write(message);")


def read(page: str, opening: Mapping[str, str]) -> None:
    """Go on with a run on a page: with what a person has done, or with the words of the address if that is newer.

    `opening` are the words with which a page opens where neither a link nor a person has said anything of it. They always stand
    in its link: an address without any words opens with them.
    """
    present = current_session()
    went = went_through_history()
    jumped, present.jumped = present.jumped, False
    present.moved = went or jumped or page != present.page
    if page != present.page and not jumped:
        _park(present)
        present.link_problems = []
    if present.run == 0 or went:
        acts = {word: present.chosen[word] for word in present.user_set} if went else {}
        present.chosen = words_of(st.query_params.to_dict()) | acts
        present.set_aside = {}
        present.link_problems = None
    elif page != present.page and not jumped:
        present.chosen = present.untouched.get(page, {}) | present.parked
    if not went and not jumped and _is_unsaid(present, page, opening):
        present.chosen = {**opening, **present.chosen}
    present.opened.add(page)
    present.opening = opening
    present.moves_problems = False
    present.run += 1
    if page != present.page:
        present.page, present.page_since = page, present.run
    present.user_set, present.outdated, present.drawn, present.problem_places = set(), set(), set(), {}
    present.subject = ""


def begin() -> str | None:
    """Hear what a person has done; the language that somebody has chosen: in the address if that is newer, or on the page."""
    present = read_widgets()
    words = words_of(st.query_params.to_dict()) if present.run == 0 or went_through_history() else present.chosen
    word: str | None = words.get("lang")
    return word


def open_link(path: str, words: Mapping[str, str]) -> None:
    """Show what a link says, and nothing of what was chosen before but for language and size; for callbacks.

    `path`: of the page, "" for the first one.
    """
    present = read_widgets()
    of_frame = {word: present.chosen[word] for word in KEPT & present.chosen.keys()}
    present.chosen = words_of(words) | of_frame
    present.parked, present.untouched, present.set_aside = {}, {}, {}
    present.link_problems = None
    present.step += 1
    present.jumped, present.pending_page = True, path


def page_wanted(path: str) -> str:
    """The page to draw where a request is for the one of this path: the one that a button or the line of pages leads to, or the
    open one where the browser had not drawn that yet when it sent the request."""
    present = current_session()
    is_overtaken = last_drawn() < present.page_since and not went_through_history()
    wanted = present.page if is_overtaken else path
    if present.pending_page is not None:
        wanted, present.pending_page = present.pending_page, None
    if wanted != path:
        present.page_since = 0  # Streamlit turns to it by itself, and what the browser has drawn is not sent along
    return wanted


def _park(present: Session) -> None:
    """Keep what was chosen for other pages; what a page opened with, and nobody has changed, is for that page alone."""
    untouched = {word: text for word, text in present.opening.items() if present.chosen.get(word) == text}
    present.untouched[present.page] = untouched
    present.parked |= {word: value for word, value in present.chosen.items() if word not in untouched}


def _is_unsaid(present: Session, page: str, opening: Mapping[str, str]) -> bool:
    """Whether this is the first sight of a page, and nothing has been said of it."""
    words = present.chosen.keys() - OF_THE_FRAME if present.run == 0 else present.chosen.keys() & opening.keys()
    return page not in present.opened and not words


def went_through_history() -> bool:
    """Whether this run answers Back or Forward; Streamlit says so under a name that is its own."""
    return bool(getattr(get_script_run_ctx(), "is_history_navigation", False))


def words_of(link: Mapping[str, str]) -> dict[str, Any]:
    """The words of a link as widgets have them; what cannot be is left out, and `links` tells the person."""
    words: dict[str, Any] = {}
    for name in link:
        if name in FIELDS:
            with suppress(InputError):
                value = from_text(FIELDS[name], link[name])
                words[name] = float(value) if isinstance(value, int) else value
    return words


def text(field: Field, value: Any) -> str:
    """A value as it stands in a link."""
    if value is None:
        return ""
    if isinstance(field, Text) and not value:
        return field.blank
    return Vector.text((value,)) if isinstance(field, Number) else str(value)


def write() -> None:
    """End a run: forget the words of widgets that are not there, and put the others into the address."""
    present = current_session()
    _forget_undrawn(present)
    words = _query(present)
    present.query = urlencode(words)
    present.link = f"{st.context.url or ''}{'?' if words else ''}{present.query}"
    if present.run > 1:  # Streamlit sends this along when the connection breaks and another server takes over
        st.query_params.from_dict(words)
    st.session_state[LAST_DRAWN] = str(present.run)
    st.text_input(lookup(present.language)("Last drawn"), key=LAST_DRAWN, label_visibility="collapsed")
    message = {"page": present.page, "query": present.query, "step": present.step, "acts": present.last_event}
    message |= {"run": present.run, "left": present.left}
    present.left = None
    st.html(WRITE.html(message), unsafe_allow_javascript=True)


def leave() -> None:
    """A person leaves the page: what was done on it in the same moment has an address of its own, to which Back leads."""
    present = read_widgets()
    query = urlencode(_query(present))
    if query != present.query:
        present.left = {"page": present.page, "query": query}


def place() -> tuple[str, str]:
    """The path of the page and the words of its address, with what a person has just done; for callbacks."""
    present = read_widgets()
    return present.page, urlencode(_query(present))


def _query(present: Session) -> dict[str, str]:
    """The words of the page, as they stand in its address."""
    always = {word: present.defaults[word] for word in present.opening if word in present.drawn}
    return {word: text(FIELDS[word], value) for word, value in (always | present.chosen).items()}


def _forget_undrawn(present: Session) -> None:
    for word in present.drawn:
        present.parked.pop(word, None)
    for word in (present.chosen.keys() | present.defaults.keys()) - present.drawn:
        present.chosen.pop(word, None)
        present.defaults.pop(word, None)
        present.widget_values.record_removal(word, present.run)
        st.session_state.pop(word, None)
