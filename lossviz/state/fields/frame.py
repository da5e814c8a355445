"""The words of what all pages have in common."""

from __future__ import annotations

from ...fields import Choice, Field, Number, Text
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
    Text("lecture", "Lecture", "The name of the lecture that is on. Example: focal-in-15", longest=60),
    Number(
        "scene",
        "Scene",
        "",
        None,
        "The scene of the lecture that is on, counted from 1.",
        low=1,
        high=100,
        range_low=1,
        range_high=11,
        step=1,
        integer=True,
        optional=True,
    ),
)
"""The words of what all pages have in common."""
