"""*Add to lecture*: what is on the screen becomes the last scene of the session's own lecture."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode, urlsplit

from ...lectures import Lecture, Scene, draft_of
from ...lectures.limits import TITLE
from ...state.fields import FIELDS, label_of
from ...state.links import PAGES, RESERVED
from ...texts import joined, say
from .. import elements as st
from ..language import shown
from ..session import address
from ..session.lecture_state import Addition
from ..session.store import Session, current_session

VIEW_WORDS = {"curves": "y", "surfaces": "over", "names": "about", "mistakes": "lab", "batch": "ask", "training": "look"}
"""The word that says most of what a page shows."""

LECTURE = "lecture"
"""The path of the page that has no scenes of its own."""


def add_screen(click: str) -> None:
    """Add what is on the screen, with what a person has done in the same moment; for callbacks, once for each click."""
    present = current_session()
    lecture = present.lecture
    draft = lecture.draft or draft_of(Lecture(shown(say("My lecture")), ()), saved=False)
    if draft.is_full:
        lecture.last_addition = Addition(present.run + 1, click, 0)
        return
    page, query = address.place()
    lecture.draft = draft.added(Scene(_title(present, page, query), link_of(page, query)))
    lecture.last_addition = Addition(present.run + 1, click, lecture.draft.chosen)


def draw_for_phone() -> None:
    """*Add to lecture* where the line of pages has no room for it, and what came of it."""
    present = current_session()
    with st.container(key="add-on-phone", gap="xsmall"):
        st.button("Add to lecture", on_click=add_screen, args=(f"run {present.run}",), icon=":material/add:")
        number = present.lecture.added_in(present.run)
        if number is not None:
            st.caption(say("Scene {number} added", number=number) if number else say("Your lecture is full"))


def note_screen(title: str) -> None:
    """Remember at the end of a run what is on the screen: a scene that has just been added is that.

    `title`: of the page.
    """
    present = current_session()
    lecture = present.lecture
    if present.page == LECTURE:
        return
    lecture.saving = None
    lecture.page_title, lecture.last_place = title, (present.page, present.query)
    addition, draft = lecture.last_addition, lecture.draft
    if addition and draft and addition.run == present.run and draft.position(addition.scene) >= 0:
        parts = {"title": _title(present, *lecture.last_place), "link": link_of(*lecture.last_place)}
        lecture.draft = draft.rewritten(addition.scene, **parts)


def link_of(page: str, query: str) -> str:
    """The link of a scene: without what is of a person or of the frame.

    >>> link_of("curves", "loss=focal&lang=zh&big=1&lecture=own&scene=2")
    '/curves?loss=focal'
    """
    words = [(word, text) for word, text in parse_qsl(query, keep_blank_values=True) if _is_of_scene(word)]
    return f"/{page}{'?' if words else ''}{urlencode(words)}"


def within(address: str, host: str) -> str:
    """What a person has pasted as a link of a scene: an address of this app is one without its host.

    >>> within("http://localhost:8501/curves?gamma=1&lang=en", "localhost:8501")
    '/curves?gamma=1'
    """
    parts = urlsplit(address.strip())
    page = parts.path.rpartition("/")[2]
    if parts.scheme in ("http", "https") and parts.netloc == host and page in PAGES:
        return link_of(page, parts.query)
    return address


def _is_of_scene(word: str) -> bool:
    return word not in address.OF_THE_FRAME and word not in RESERVED


def _title(present: Session, page: str, query: str) -> str:
    """What a scene is called until somebody calls it something else: the page, the loss, and what is shown of it."""
    word = VIEW_WORDS.get(page, "")
    view = dict(parse_qsl(query)).get(word, "")
    known = [label_of(word, view)] if view and (view != FIELDS[word].default or not present.subject) else []
    parts = [*([present.subject] if present.subject else []), *known]
    title = present.lecture.page_title
    return shown(say("{page}: {what}", page=title, what=joined(parts)) if parts else title)[:TITLE]
