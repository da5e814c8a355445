"""The card beside a picture's bars or a table's rows: what is selected of them, and the way to its neighbors."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

from ....texts import joined, say
from ... import elements as st
from ...session import assign

Noun = Literal["bar", "label"]
"""What each of them is drawn as."""


def selected(wanted: float | None, order: Sequence[int]) -> int | None:
    """What the card is about: what was clicked, or the first in the order of the bars; None where there is none."""
    return int(wanted) if wanted is not None else order[0] if order else None


def place(number: int, order: Sequence[int], noun: Noun) -> str:
    """Which of the bars or of the labels it is; nothing where it is none of them."""
    if number not in order:
        return ""
    at, every = order.index(number) + 1, len(order)
    if noun == "label":
        return say("label {at:,} of {every:,}", at=at, every=every)
    return say("bar {at:,} of {every:,}", at=at, every=every)


def markdown_table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table whose first column has names, and the others numbers."""
    return joined((_row(heads), f"|:--|{'--:|' * (len(heads) - 1)}", *map(_row, rows)), "\n")


def _row(cells: Sequence[str]) -> str:
    return say("| {cells} |", cells=joined(cells, " | "))


def steps(word: str, number: int, order: Sequence[int]) -> None:
    """Buttons for the bar above and the one below; from what has no bar, the first."""
    at = order.index(number) if number in order else -1
    previous, following = (say("Previous"), "arrow_upward", at - 1), (say("Next"), "arrow_downward", at + 1)
    for name, (label, icon, neighbor) in {"previous": previous, "next": following}.items():
        inside = 0 <= neighbor < len(order)
        st.button(
            label,
            icon=f":material/{icon}:",
            key=f"{word}-{name}",
            on_click=assign,
            args=({word: float(order[neighbor])} if inside else {},),
            disabled=not inside,
        )
