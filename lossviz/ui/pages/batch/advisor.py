"""The γ/α advisor: a grid, lines with the 1:1 line, and what they say in plain words."""

from __future__ import annotations

from ....report.sections.advisor import advised, grid_of, quantities
from ...controls.batch import BatchView
from ...controls.field import control
from .section import draw_section


def draw(view: BatchView) -> None:
    """One quantity of the grid, as it is chosen."""
    grid = grid_of(view.query, view.analyses)
    what = str(control("advice", quantities(grid)))
    draw_section(view.query, advised(view.query, grid, what))
