"""A component of our own as Streamlit takes it: from the files of its folder, once in each language."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import streamlit as st

from ...figures.browser import markup, program
from ...languages import lookup


def registered(name: str, folder: Path, language: str, before: str = "", **how: Any) -> Any:
    """The component whose files have the name of their folder, with its texts in a language: nothing is looked up while a hand
    moves.

    Args:
        name: Tells it from others.
        folder: Has its HTML, CSS and JavaScript.
        language: The word of it.
        before: CSS that goes before its own.
        how: What else Streamlit is told.
    """
    own = {kind: folder / f"{folder.name}.{kind}" for kind in ("html", "css", "js")}
    return st.components.v2.component(
        f"lossviz_{name}_{language}",
        html=markup(own["html"], lookup(language)),
        css=before + own["css"].read_text(encoding="utf-8"),
        js=program(own["js"], lookup(language)),
        **how,
    )
