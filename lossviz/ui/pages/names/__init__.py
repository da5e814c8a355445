"""Names: a map of the family, what other libraries say, and the statements that tie the names together, live."""

from __future__ import annotations

import streamlit as st

from ....state.pins import Pin
from ....state.sample import SampleView
from ...controls.field import control
from ...controls.lines import view_line
from . import map as family_map
from . import statements, translator

SECTIONS = {
    "map": ("One formula, many names", family_map.draw),
    "libraries": ("The same in other libraries", translator.draw),
    "statements": ("Is it true? Both sides, on the present logits", statements.draw),
}


def draw(view: SampleView, _: tuple[Pin, ...]) -> None:
    """The page."""
    with view_line("about"):
        title, section = SECTIONS[str(control("about", bare=True))]
    st.subheader(title)
    section(view)
