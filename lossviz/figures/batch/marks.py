"""What the figures of a batch share: percentages, a word for nothing."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...texts import say
from ..frames import single
from ..theme import BLUE, see_through

WORDS = {"loss": say("loss"), "gradient": say("gradient")}
"""What shares are of, in words."""


def percent(share: Any) -> Any:
    """Shares as the percentages that are drawn."""
    return single(100 * np.asarray(share, np.float64))


def note(text: str, height: float = 0.5) -> list[dict[str, Any]]:
    """A sentence in the middle of a figure that would have nothing else in it; none for an empty one."""
    place = {"x": 0.5, "y": height, "xref": "paper", "yref": "paper", "showarrow": False, "font": {"size": 17}}
    return [{"text": text, **place}] if text else []


def marked_row(row: int | None) -> list[dict[str, Any]]:
    """A band behind the bars of one row, as a layout's shapes; none where that row is not drawn."""
    if row is None:
        return []
    place = {"xref": "paper", "x0": 0, "x1": 1, "yref": "y", "y0": row - 0.5, "y1": row + 0.5}
    return [{"type": "rect", **place, "layer": "below", "line": {"width": 0}, "fillcolor": see_through(BLUE, 0.16)}]
