"""Two sides that ought to agree: one as a wide line, the other dashed upon it, each with a mark where they are read."""

from __future__ import annotations

from typing import Any, NamedTuple

from ..evaluation.setting import Array
from .frames import Trace
from .theme import BLUE, GROUND, GROUND_DARK, VERMILLION, dark


class SideLook(NamedTuple):
    """How a side is drawn: the wide one can be seen under the other, and so can its mark."""

    colour: str
    width: int
    dash: str
    mark: int


WIDE, DASHED = (7, "solid", 20), (3, "8px 6px", 11)
OURS, OTHER = SideLook(BLUE, *WIDE), SideLook(VERMILLION, *DASHED)
WRONG, RIGHT = SideLook(VERMILLION, *WIDE), SideLook(BLUE, *DASHED)


def side(look: SideLook, uid: str, name: str, x: Array, y: Array, at: int, hover: str, **more: Any) -> tuple[Trace, Trace]:
    """A line over x (K,), and the mark at its position `at`; `more` goes on both."""
    bright, present = dark(look.colour), slice(at, at + 1)
    shared = {"type": "scatter", "name": name, "hovertemplate": f"{hover}<extra>%{{fullData.name}}</extra>"}
    line = {"color": look.colour, "width": look.width, "dash": look.dash, "simplify": False}
    marker = {"color": look.colour, "size": look.mark, "line": {"color": GROUND, "width": 2}}
    on_dark = {"marker.color": bright, "marker.line.color": GROUND_DARK}
    whole = {"uid": uid, "mode": "lines", "x": x, "y": y, "line": line, "meta": {"dark": {"line.color": bright}}}
    mark = {"uid": f"{uid}-here", "mode": "markers", "x": x[present], "y": y[present], "marker": marker, "showlegend": False}
    return shared | more | whole, shared | more | mark | {"meta": {"dark": on_dark}}
