"""Names: a map of the family, what other libraries call and return, and the statements that tie the names together, live."""

from __future__ import annotations

from ....state.pins import Pin
from ....state.sample import SampleView
from ... import elements as st
from ...controls.field import control
from ...controls.lines import view_line
from ...session import reset, value
from . import map as family_map
from . import statements, translator

SECTIONS = {"map": family_map.draw, "libraries": translator.draw, "statements": statements.draw}


def chips() -> tuple[str, ...]:
    """Statements are about a sample under losses of their own."""
    return ("sample", "targets") if value("about") == "statements" else ("loss", "parameters", "sample", "targets")


def draw(view: SampleView, _: tuple[Pin, ...]) -> None:
    """The page."""
    of_statements = ("statement",) if value("about") == "statements" else ()
    with view_line("about", *of_statements):
        about = str(control("about", bare=True))
        if about == "statements":
            with st.container(key="list-menu", width="content"):
                control("statement", on_change=lambda: reset("knob"), bare=True)
    SECTIONS[about](view)
