"""The γ/α advisor: a grid, lines with the 1:1 line, and what they say in plain words."""

from __future__ import annotations

from ....report.sections.advisor import advised, grid_of, quantities
from ...controls.batch import BatchView
from ...controls.field import control
from .section import draw_section


def choose(view: BatchView) -> tuple[str]:
    """Which quantity the grid shows."""
    return (str(control("advice", quantities(grid_of(view.query, view.analyses)), bare=True, menu=True)),)


def draw(view: BatchView, what: str) -> None:
    """One quantity of the grid, as it is chosen."""
    draw_section(view.query, advised(view.query, grid_of(view.query, view.analyses), what))
