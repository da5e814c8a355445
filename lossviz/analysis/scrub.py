"""What a slider below a figure moves."""

from __future__ import annotations

from typing import NamedTuple


class Scrub(NamedTuple):
    """A control, the values it takes, the index of the present one, and what the control is called."""

    control: str
    values: tuple[float, ...]
    at: int
    label: str = ""
    symbol: str = ""
