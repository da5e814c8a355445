"""Who carries the loss and the gradient: share curves, and figure 4 of the focal loss paper."""

from __future__ import annotations

import streamlit as st

from ....analysis.batch.counting_unit import by_entry
from ....report.sections.shares import figure_4, shares
from ....state.fields import DETECTOR
from ...controls.batch import BatchView
from ...controls.field import control
from ...session import assign
from .section import draw_section

FIGURE_4 = "figure-4"


def choose(view: BatchView) -> tuple[str, str]:
    """Of the loss or of the gradient; and as the paper draws it, for which a batch needs two sides."""
    by = str(control("by", bare=True))
    if by_entry(view.query.survey.task):
        return by, str(control("lorenz", bare=True))
    st.button("Figure 4 of the focal loss paper", on_click=show_figure_4, type="tertiary", key="figure-4")
    return by, ""


def show_figure_4() -> None:
    """A detector's anchors, as in figure 4 of the focal loss paper: for a button's `on_click`."""
    assign({"batch": DETECTOR, "ask": "shares", "lorenz": FIGURE_4})


def draw(view: BatchView, by: str, drawn_as: str) -> None:
    """Lorenz curves of the present loss at every γ, and the paper's figure; the chosen one first."""
    sections = [shares(view.query, view.analyses, by), *figure_4(view.query, view.analyses)]
    if drawn_as == FIGURE_4:
        sections.reverse()
    for n, section in enumerate(sections):
        draw_section(view.query, section, first=n == 0)
