"""The words of the page Names: which place of the map, which statement, and how far its knob is turned."""

from __future__ import annotations

from ...analysis.identities import IDENTITIES
from ...fields import Choice, Field, Number
from ...naming.family import ENTRIES

PLACES = ("present", *ENTRIES)

NAMES: tuple[Field, ...] = (
    Choice(
        "about",
        "About",
        ("map", "libraries", "statements"),
        "map",
        "A map of all names · the present settings in other libraries · what is said about losses, and whether it is true.",
        labels=("Map", "Libraries", "Statements"),
    ),
    Choice(
        "place",
        "Place",
        PLACES,
        "present",
        "A place of the map, or the one where the present settings are.",
    ),
    Choice(
        "statement",
        "Statement",
        tuple(IDENTITIES),
        "ce-nll",
        "Which statement is looked at, both sides of it.",
        labels=tuple(identity.title for identity in IDENTITIES.values()),
    ),
    Number(
        "knob",
        "Try to break it",
        "",
        None,
        "What the statement's knob is turned to; off: where it rests.",
        low=-1000.0,
        high=1000.0,
        range_low=-50.0,
        range_high=50.0,
        step=0.5,
        optional=True,
    ),
)
"""The words of the page Names."""
