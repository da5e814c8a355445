"""The part of the frame that only a browser can do: copy the link, show where one is, and lead the keyboard into a chip."""

from __future__ import annotations

from collections.abc import Sequence
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


def mount_frame(page: str, purposes: Sequence[str]) -> None:
    """Draw *Copy link*; it says which chip a person has open.

    `page` is the path of the page that is open, `purposes` what each page is for, in the order of their names.
    """
    _component(data={"page": page, "purposes": list(purposes)}, key=KEY, default={"open": ""}, on_open_change=_note_open)


def _note_open() -> None:
    current_session().open_chip = str(st.session_state[KEY]["open"])
