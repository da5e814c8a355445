"""What the figures of a batch share: percentages, a word for nothing."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..frames import single


def percent(share: Any) -> Any:
    """Shares as the percentages that are drawn."""
    return single(100 * np.asarray(share, np.float64))


def note(text: str, height: float = 0.5) -> list[dict[str, Any]]:
    """A sentence in the middle of a figure that would have nothing else in it; none for an empty one."""
    place = {"x": 0.5, "y": height, "xref": "paper", "yref": "paper", "showarrow": False, "font": {"size": 17}}
    return [{"text": text, **place}] if text else []


def ground(colour: str) -> str:
    """The page behind a number, as a font's shadow, so that it is read where lines pass."""
    return ", ".join([f"0 0 3px {colour}"] * 4)
