"""Handles: markers of a figure that a person can move, and what the browser sends when one is let go of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple


class Slide(NamedTuple):
    """A handle slides along a curve, and sends the value of a control.

    control: such as "z0". values: of the control, one for each point of the curve; a word where one is infinite.
    at: the index of the present one.
    """

    control: str
    values: Sequence[float | str]
    at: int

    def json(self) -> dict[str, Any]:
        """As the player has it."""
        return {"control": self.control, "values": list(self.values), "at": self.at}


class Placement(NamedTuple):
    """A handle moves freely over a plane, and sends its coordinates.

    control: its name where a plane has several handles, such as "mean0".
    """

    control: str | None = None

    def json(self) -> dict[str, Any]:
        """As the player has it."""
        return {"action": "place"} | ({"control": self.control} if self.control else {})


class Handle(NamedTuple):
    """A marker that can be moved.

    picture: the index of its figure. marker: the index of its trace. follow: the index of the trace whose points, or whose
    grid, it takes. send: what it sends. label: its name for those who cannot see it; None where `send` has one.
    """

    picture: int
    marker: int
    follow: int
    send: Slide | Placement
    label: str | None = None

    def json(self) -> dict[str, Any]:
        """As the player has it."""
        label = {"label": self.label} if self.label else {}
        return {"picture": self.picture, "marker": self.marker, "follow": self.follow, **label, "send": self.send.json()}
