"""The card beside a picture's bars or a table's rows: what is selected of them, and the way to its neighbors."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from ...session import assign


def selected(wanted: float | None, order: Sequence[int]) -> int | None:
    """What the card is about: what was clicked, or the first in the order of the bars; None where there is none."""
    return int(wanted) if wanted is not None else order[0] if order else None


def place(number: int, order: Sequence[int], noun: str) -> str:
    """Which of the bars or rows it is; nothing where it is none of them."""
    return f"{noun} {order.index(number) + 1:,} of {len(order):,}" if number in order else ""


def steps(word: str, number: int, order: Sequence[int]) -> None:
    """Buttons for the bar above and the one below; from what has no bar, the first."""
    at = order.index(number) if number in order else -1
    for label, icon, neighbor in (("Previous", "arrow_upward", at - 1), ("Next", "arrow_downward", at + 1)):
        inside = 0 <= neighbor < len(order)
        st.button(
            label,
            icon=f":material/{icon}:",
            key=f"{word}-{label.lower()}",
            on_click=assign,
            args=({word: float(order[neighbor])} if inside else {},),
            disabled=not inside,
        )
