"""The word of what all pages have in common."""

from __future__ import annotations

from ...fields import Choice, Field

FRAME: tuple[Field, ...] = (
    Choice(
        "big",
        "Size",
        ("0", "1"),
        "0",
        "Desk: everything. Projector: type readable from the back of a room, and only what an audience needs.",
        labels=("Desk", "Projector"),
    ),
)
"""The word of what all pages have in common."""
