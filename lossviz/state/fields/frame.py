"""The word of what all pages have in common."""

from __future__ import annotations

from ...fields import Choice, Field

FRAME: tuple[Field, ...] = (
    Choice(
        "big",
        "Size",
        ("0", "1"),
        "0",
        "Projector: type that can be read from the back of a room, and only what a room needs.",
        labels=("Desk", "Projector"),
    ),
)
"""The word of what all pages have in common."""
