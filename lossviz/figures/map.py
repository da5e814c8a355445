"""`analysis.surfaces` drawn as a map that can be clicked: heights as colours, arrows, the way down and the current sample."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..analysis.descent import Path
from ..analysis.surfaces import Arrows, Surface
from ..evaluation.setting import Array
from ..texts import say
from .frames import Played, Trace, frames, single
from .surfaces import ROOT3_2, HeightRange, SurfaceFrame, Words, colours, ends, hover
from .theme import GROUND, GROUND_DARK, INK, PAPER, layout, see_through, shade

MARKER, FIELD = "present", 0
"""The uid of the current sample's trace on a map, and the number of the trace whose grid it moves on."""


def contour(
    views: Sequence[SurfaceFrame], at: int, words: Words, titles: Sequence[str], key: str, shared: HeightRange
) -> Played:
    """The map at frame `at`; a title for each frame. `key` is the loss, whose colour the path and the marker take."""
    drawn = [_map(view, words, key, shared) for view in views]
    axes = _triangle_axes(views[0].flat) if words.corners else _plane_axes(views[0].flat, words)
    look = layout(titles[at], **axes, height=440, showlegend=False, annotations=_corners(words))
    return Played(drawn[at], look, frames(drawn, titles))


def _plane_axes(flat: Surface, words: Words) -> dict[str, Any]:
    axes = {"xaxis": (words.x, flat.x), "yaxis": (words.y, flat.y)}
    return {name: {"title": {"text": text}, "range": ends(x), "uirevision": f"{text}"} for name, (text, x) in axes.items()}


def _triangle_axes(flat: Surface) -> dict[str, Any]:
    """No axes but one scale for both, and room for the names of the corners; wider than the field, whose edge would show."""
    room = {"xaxis": (flat.x, 0.02, 0.02), "yaxis": (flat.y, 0.09, 0.07)}
    axes: dict[str, Any] = {
        name: {"visible": False, "constrain": "domain", "range": [float(x[0]) - low, float(x[-1]) + high]}
        for name, (x, low, high) in room.items()
    }
    axes["yaxis"] |= {"scaleanchor": "x", "scaleratio": 1}
    return axes


def _map(view: SurfaceFrame, words: Words, key: str, shared: HeightRange) -> list[Trace]:
    flat = view.flat
    field = {
        "uid": "field",
        "type": "contour",
        "x": single(flat.x),
        "y": single(flat.y),
        "z": single(flat.values),
        "zmin": shared.low,
        "zmax": shared.high,
        "ncontours": 24,
        "contours": {"coloring": "heatmap"},
        "line": {"width": 0.6, "color": see_through(INK, 0.35)},
        "hovertemplate": hover(words),
        **colours(words),
    }
    parts = [field, *(_mask(flat) if words.corners else []), _infinite(flat), _arrows(view.arrows), _path(view.path, key)]
    return [*parts, _present(flat.present, key)]


def _infinite(flat: Surface) -> Trace:
    """A sign where the height is infinite: at every sixth place of an edge that is."""
    rows, columns = (places[::6] for places in np.nonzero(np.isinf(flat.values)))
    return {
        "uid": "infinite",
        "type": "scatter",
        "mode": "text",
        "x": single(flat.x[columns]),
        "y": single(flat.y[rows]),
        "text": ["∞"] * len(rows),
        "textposition": "middle right",
        "cliponaxis": False,
        "hoverinfo": "skip",
    }


def _mask(flat: Surface) -> list[Trace]:
    """What lies outside of the triangle, in the colour of the page; and its sides."""
    left, right, top = (0.0, 0.0), (1.0, 0.0), (0.5, float(ROOT3_2))
    low, high = (float(flat.x[0]), float(flat.y[0])), (float(flat.x[-1]), float(flat.y[-1]))
    low, high = (low[0] - 1, low[1] - 1), (high[0] + 1, high[1] + 1)  # beyond the picture, whose edge would show
    box = [low, (high[0], low[1]), high, (low[0], high[1]), low]
    ring = [*box, left, top, right, left, low]
    outside = {
        "uid": "outside",
        "type": "scatter",
        "mode": "lines",
        "x": [p[0] for p in ring],
        "y": [p[1] for p in ring],
        "fill": "toself",
        "fillcolor": GROUND,
        "line": {"width": 0},
        "hoverinfo": "skip",
        "meta": {"dark": {"fillcolor": GROUND_DARK}},
    }
    sides = {
        "uid": "sides",
        "type": "scatter",
        "mode": "lines",
        "x": [p[0] for p in (left, right, top, left)],
        "y": [p[1] for p in (left, right, top, left)],
        "line": {"color": INK, "width": 2},
        "hoverinfo": "skip",
        "meta": {"dark": {"line.color": PAPER}},
    }
    return [outside, sides]


def _corners(words: Words) -> list[dict[str, Any]]:
    if not words.corners:
        return []
    places = ((0.0, 0.0, "top", -8), (1.0, 0.0, "top", -8), (0.5, float(ROOT3_2), "bottom", 8))
    return [
        {"x": x, "y": y, "text": text, "showarrow": False, "yanchor": anchor, "yshift": shift}
        for (x, y, anchor, shift), text in zip(places, words.corners, strict=True)
    ]


def _arrows(arrows: Arrows | None) -> Trace:
    """Arrows against the gradient, as one line with gaps: a shaft and two barbs each."""
    xs, ys = _barbed(arrows) if arrows is not None else (np.empty(0), np.empty(0))
    return {
        "uid": "arrows",
        "type": "scatter",
        "mode": "lines",
        "x": single(xs),
        "y": single(ys),
        "line": {"color": see_through(INK, 0.75), "width": 1.4},
        "hoverinfo": "skip",
        "meta": {"dark": {"line.color": see_through(PAPER, 0.8)}},
    }


def _barbed(arrows: Arrows) -> tuple[Array, Array]:
    x, y, dx, dy = (part.ravel() for part in arrows)
    drawn = (np.hypot(dx, dy) > 0) & (np.abs(x) < np.abs(x).max()) & (np.abs(y) < np.abs(y).max())
    x, y, dx, dy = x[drawn], y[drawn], dx[drawn], dy[drawn]
    tip_x, tip_y, gap = x + dx, y + dy, np.full(len(x), np.nan)
    turn = 0.42
    barbs = [
        (tip_x - 0.38 * (dx * np.cos(a) - dy * np.sin(a)), tip_y - 0.38 * (dx * np.sin(a) + dy * np.cos(a)))
        for a in (turn, -turn)
    ]
    xs = np.stack([x, tip_x, barbs[0][0], tip_x, barbs[1][0], gap], 1).ravel()
    ys = np.stack([y, tip_y, barbs[0][1], tip_y, barbs[1][1], gap], 1).ravel()
    return xs, ys


def _path(path: Path | None, key: str) -> Trace:
    x, y = (path.x, path.y) if path is not None else (np.empty(0), np.empty(0))
    return {
        "uid": "path",
        "type": "scatter",
        "mode": "lines+markers",
        "x": single(x),
        "y": single(y),
        "line": {"color": INK, "width": 2.5},
        "marker": {"size": 7, "color": shade(key, 0)[0], "line": {"color": GROUND, "width": 0.5}},
        "meta": {"dark": {"line.color": PAPER}},
        "hovertemplate": say("step %{pointNumber}: (%{x:.4g}, %{y:.4g})<extra>gradient descent</extra>"),
    }


def _present(present: tuple[float, float, float], key: str) -> Trace:
    x, y, value = present
    return {
        "uid": MARKER,
        "type": "scatter",
        "mode": "markers",
        "x": single([x]),
        "y": single([y]),
        "cliponaxis": False,
        "marker": {"size": 18, "color": shade(key, 0)[0], "line": {"color": GROUND, "width": 3}},
        "text": [f"{value:.6g}"],
        "hovertemplate": say("the current sample: <b>%{text}</b><extra></extra>"),
    }
