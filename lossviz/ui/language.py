"""The language of the person who sees the page."""

from __future__ import annotations

from ..languages import lookup, tidied
from ..texts import Lookup, Message
from .session.store import current_session


def reader() -> Lookup:
    """What says a template in it."""
    return lookup(current_session().language)


def shown(text: str) -> str:
    """A text in it: a message, or a literal of the code. Words of the user are parts of messages, or go by unseen."""
    return tidied(text.translated(reader())) if isinstance(text, Message) else reader()(text)
