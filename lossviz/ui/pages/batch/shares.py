"""Who carries the loss and the gradient: share curves, and figure 4 of the focal loss paper."""

from __future__ import annotations

from ....analysis.batch.counting_unit import by_entry
from ....report.sections.shares import figure_4, shares
from ....state.fields import DETECTOR, label_of
from ... import elements as st
from ...controls.batch import BatchView
from ...controls.field import control, undrawn
from ...session import assign
from .section import draw_section

HARDEST, FIGURE_4 = "hardest", "figure-4"


def choose(view: BatchView) -> tuple[str, str]:
    """Of the loss or of the gradient; and as the paper draws it, for which a batch needs two sides."""
    by = str(control("by", bare=True))
    offered = by_entry(view.query.survey.task)
    drawn_as = str(undrawn("lorenz")) if offered else HARDEST
    other = HARDEST if drawn_as == FIGURE_4 else FIGURE_4
    words = {"lorenz": other} if offered else {"lorenz": other, "batch": DETECTOR}
    st.button(label_of("lorenz", other), on_click=assign, args=(words,), type="tertiary", key="drawn-as")
    return by, drawn_as


def draw(view: BatchView, by: str, drawn_as: str) -> None:
    """Lorenz curves of the present loss at every γ, and the paper's figure; the chosen one first."""
    sections = [shares(view.query, view.analyses, by), *figure_4(view.query, view.analyses)]
    if drawn_as == FIGURE_4:
        sections.reverse()
    for n, section in enumerate(sections):
        draw_section(view.query, section, first=n == 0)
