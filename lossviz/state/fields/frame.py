"""The words of what all pages have in common."""

from __future__ import annotations

from ...fields import Choice, Field
from ...languages import ENGLISH, LANGUAGES, language

FRAME: tuple[Field, ...] = (
    Choice(
        "big",
        "Size",
        ("0", "1"),
        "0",
        "Desk: everything. Projector: type readable from the back of a room, and only what an audience needs.",
        labels=("Desk", "Projector"),
    ),
    Choice(
        "lang",
        "Language",
        LANGUAGES,
        ENGLISH,
        "Without this word in the link, the page has the language of the browser.",
        labels=tuple(language(word).name for word in LANGUAGES),
    ),
)
"""The words of what all pages have in common."""
