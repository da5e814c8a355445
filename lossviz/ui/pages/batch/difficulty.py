"""How hard the samples are, and where over p_t loss and gradient lie."""

from __future__ import annotations

from ....report.sections.difficulty import hardness
from ...controls.batch import BatchView
from ...controls.field import control
from .parts import choose_split
from .section import draw_section


def choose(view: BatchView) -> tuple[str, str, str]:
    """Of the loss or of the gradient, by which parts, and on which scale."""
    return str(control("by", bare=True)), choose_split(view), str(control("counts", bare=True))


def draw(view: BatchView, by: str, split: str, counts: str) -> None:
    """The histogram over p_t, and the mass of loss or gradient over it."""
    draw_section(view.query, hardness(view.query, view.analyses, by, split, counts))
