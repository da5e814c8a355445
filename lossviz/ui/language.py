"""The language of the person who sees the page."""

from __future__ import annotations

from ..languages import ENGLISH, lookup
from ..texts import Lookup, Message


def language() -> str:
    """Its name, as a link has it."""
    return ENGLISH


def reader() -> Lookup:
    """What says a template in it."""
    return lookup(language())


def shown(text: str) -> str:
    """A text in it. One that is no message is written in the code, as it stands, or in no language's file."""
    return text.translated(reader()) if isinstance(text, Message) else reader()(text)
