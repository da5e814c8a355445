"""The language of the person who sees the page."""

from __future__ import annotations

from contextvars import ContextVar

from ..languages import lookup, tidied
from ..texts import Lookup, Message
from .session.store import current_session

_of_run: ContextVar[Lookup | None] = ContextVar("of_run", default=None)
"""What says a template, in this run: a hundred elements ask. A fragment runs alone, and asks the session."""


def choose_language(word: str) -> None:
    """Say from now on what this language says."""
    current_session().language = word
    _of_run.set(lookup(word))


def reader() -> Lookup:
    """What says a template in it."""
    return _of_run.get() or lookup(current_session().language)


def shown(text: str, lookup: Lookup | None = None) -> str:
    """A text in it: a message, or a literal of the code. Words of the user are parts of messages, or go by unseen."""
    lookup = lookup or reader()
    if lookup is str:
        return text
    return tidied(text.translated(lookup)) if isinstance(text, Message) else lookup(text)
