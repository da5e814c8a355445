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
        "Family map: every name in the family, and how they relate. Libraries: the current settings as code for other "
        "libraries. Statements: common claims about losses, tested.",
        labels=("Family map", "Libraries", "Statements"),
    ),
    Choice(
        "place",
        "Place",
        PLACES,
        "present",
        "A place on the map, or the place of the current settings.",
    ),
    Choice(
        "statement",
        "Statement",
        tuple(IDENTITIES),
        "ce-nll",
        "The statement to test, with both of its sides.",
        labels=tuple(identity.title for identity in IDENTITIES.values()),
    ),
    Number(
        "knob",
        "Try to break it",
        "",
        None,
        "The value of the statement’s own parameter. Off: its usual value.",
        low=-1000.0,
        high=1000.0,
        range_low=-50.0,
        range_high=50.0,
        step=0.5,
        optional=True,
    ),
)
"""The words of the page Names."""
