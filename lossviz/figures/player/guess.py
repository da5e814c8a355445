"""A guess: a line across a figure that a person drags along its axis to where the answer to a question is thought to be."""

from __future__ import annotations

from typing import Any, NamedTuple


class Guess(NamedTuple):
    """What is asked of an axis, and what is known of it.

    axis: the axis's `uirevision`, which tells it from others. low, high: its ends. value: what has been answered. truth: the
    right value and how far from it counts as right; None while that is not to be seen.
    """

    axis: str
    low: float
    high: float
    value: float | None = None
    truth: tuple[float, float] | None = None

    def json(self) -> dict[str, Any]:
        """As the player has it."""
        return self._asdict()
