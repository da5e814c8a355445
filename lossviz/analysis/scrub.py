"""What a slider below a figure moves."""

from __future__ import annotations

from typing import NamedTuple


class Scrub(NamedTuple):
    """A control, the values it takes, the index of the present one, what the control is called, and where its slider sticks."""

    control: str
    values: tuple[float, ...]
    at: int
    label: str = ""
    symbol: str = ""
    stops: tuple[float, ...] = ()
