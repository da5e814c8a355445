"""A lecture of one's own: a Markdown file, dropped or pasted, which stays in this session."""

from __future__ import annotations

import streamlit

from ....lectures import LectureError, draft_of, read
from ....lectures.limits import SIZE
from ... import elements as st
from ...components.markdown import literal
from ...lecture.own import change
from ...lecture.stage import OWN
from ...session import assign
from ...session.store import current_session

FILE, PASTED = "lecture-file", "lecture-text"


def draw() -> None:
    """The place to drop a file or to paste its text, and what is wrong with it."""
    with st.expander("Open your own lecture", key="own-lecture"):
        st.caption("One Markdown file; the one of any lecture here is an example. It stays in this session.")
        st.file_uploader("Markdown file", type=["md", "txt"], key=FILE, on_change=_open_file, max_upload_size=1)
        st.text_area("Or paste its text", key=PASTED, height=120, on_change=_open_pasted)
        for fault in current_session().lecture.faults:
            st.error(literal(fault))


def _open_file() -> None:
    if file := streamlit.session_state[FILE]:
        _open(file.getvalue() if file.size <= SIZE else b" " * (SIZE + 1))


def _open_pasted() -> None:
    if text := streamlit.session_state[PASTED]:
        _open(text.encode())


def _open(data: bytes) -> None:
    """Have the lecture, or what is wrong with it."""
    present = current_session().lecture
    try:
        lecture = read(data)
    except LectureError as error:
        present.faults = tuple(map(str, error.faults))
        return
    present.faults = ()
    change(draft_of(lecture, before=present.draft))
    assign({"lecture": OWN})
