"""`analysis.surfaces` drawn as a solid that can be turned, with the present sample and its way down upon it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..evaluation.setting import Array
from .frames import Played, Trace, frames, single
from .surfaces import ROOT3_2, HeightRange, SurfaceFrame, Words, colours, ends, hover
from .theme import INK, PAPER, layout, see_through, shade

CAMERA = {"eye": {"x": -0.75, "y": -1.75, "z": 0.95}, "center": {"x": 0, "y": 0, "z": -0.12}}
LIFT = 0.012
"""How far way and dot float above the surface, as a share of its height: just enough not to drown in it."""


def surface(
    views: Sequence[SurfaceFrame], at: int, words: Words, titles: Sequence[str], key: str, shared: HeightRange
) -> Played:
    """The surface at frame `at`."""
    drawn = [_solid(view, words, key, shared) for view in views]
    scene = {
        **_axes(views[0], words, shared),
        "camera": CAMERA,
        "aspectmode": "manual",
        "aspectratio": {"x": 1, "y": 1, "z": 0.7},
        "uirevision": "lossviz",
    }
    return Played(drawn[at], layout(titles[at], scene=scene, height=440, showlegend=False), frames(drawn, titles))


def _axes(view: SurfaceFrame, words: Words, shared: HeightRange) -> dict[str, Any]:
    """A triangle stands without axes across and up: they would say nothing."""
    level: dict[str, Any] = {"visible": False} if words.corners else {}
    across, up = ({} if words.corners else {"range": ends(axis)} for axis in (view.flat.x, view.flat.y))
    return {
        "xaxis": {"title": {"text": words.x}, **level, **across},
        "yaxis": {"title": {"text": words.y}, **level, **up},
        "zaxis": {"title": {"text": words.height}, "range": [shared.low, shared.high]},
    }


def _solid(view: SurfaceFrame, words: Words, key: str, shared: HeightRange) -> list[Trace]:
    names = [_names(words.corners, shared)] if words.corners else []
    return [_sheet(view, words, shared), _way(view, shared), *_dot(view, key, shared), *names]


def _sheet(view: SurfaceFrame, words: Words, shared: HeightRange) -> Trace:
    return {
        "uid": "sheet",
        "type": "surface",
        "x": single(view.solid.x),
        "y": single(view.solid.y),
        "z": single(view.solid.values),
        "cmin": shared.low,
        "cmax": shared.high,
        "opacity": 0.97,
        "contours": {"z": {"show": True, "usecolormap": False, "color": see_through(INK, 0.35), "width": 1}},
        "lighting": {"ambient": 0.85, "diffuse": 0.35, "specular": 0.05},
        "hovertemplate": hover(words),
        **colours(words),
    }


def _way(view: SurfaceFrame, shared: HeightRange) -> Trace:
    x, y, loss = view.way or (np.empty(0),) * 3
    return {
        "uid": "way",
        "type": "scatter3d",
        "mode": "lines",
        "x": single(x),
        "y": single(y),
        "z": single(_above(loss, shared)),
        "line": {"color": INK, "width": 9},
        "meta": {"dark": {"line.color": PAPER}},
        "hoverinfo": "skip",
    }


def _dot(view: SurfaceFrame, key: str, shared: HeightRange) -> list[Trace]:
    """The present sample, on a larger dot in the colour of the page's text: Plotly draws no rim wider than a hair in 3-D."""
    rim = _ball(view, shared) | {"uid": "rim", "marker": {"size": 14, "color": INK}, "meta": {"dark": {"marker.color": PAPER}}}
    dot = _ball(view, shared) | {"uid": "dot", "marker": {"size": 10, "color": shade(key, 0)[0]}}
    return [rim, dot]


def _ball(view: SurfaceFrame, shared: HeightRange) -> Trace:
    x, y, height = view.solid.present
    return {
        "type": "scatter3d",
        "mode": "markers",
        "x": single([x]),
        "y": single([y]),
        "z": single(_above(np.nan_to_num([height]), shared)),
        "hoverinfo": "skip",
    }


def _above(heights: Array, shared: HeightRange) -> Array:
    """Heights that are cut where the picture is, a little above the surface."""
    return np.clip(heights, shared.low, shared.high) + LIFT * (shared.high - shared.low)


def _names(corners: tuple[str, str, str], shared: HeightRange) -> Trace:
    """What the corners of a triangle are called, at its foot."""
    return {
        "uid": "corners",
        "type": "scatter3d",
        "mode": "text",
        "x": single([-0.07, 1.07, 0.5]),
        "y": single([-0.05, -0.05, ROOT3_2 + 0.08]),
        "z": single([shared.low] * 3),
        "text": list(corners),
        "hoverinfo": "skip",
    }
