"""`analysis.surfaces` drawn: as a surface that can be turned and as a map that can be clicked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from ..analysis.descent import Path
from ..analysis.sample import Array
from ..analysis.surfaces import Arrows, Sheet, Surface
from .frames import Played, Trace, frames, single
from .theme import (
    DASHES,
    DIVERGING,
    DIVERGING_DARK,
    INK,
    PAPER,
    SEQUENTIAL,
    SEQUENTIAL_DARK,
    layout,
    shade,
)

ROOT3_2 = np.sqrt(3) / 2


class Words(NamedTuple):
    """What the axes and the height are called; `corners` names those of a triangle; `signed` heights are drawn around 0."""

    x: str
    y: str
    height: str
    signed: bool
    corners: tuple[str, str, str] | None = None


class Scale(NamedTuple):
    """The range of heights that the colours span, shared by all frames and by both of two settings."""

    low: float
    high: float


class View(NamedTuple):
    """One position of the scrubber: the surface (`flat` on the map), arrows and path on the map, and a way down the solid."""

    flat: Surface
    solid: Surface | Sheet
    arrows: Arrows | None
    path: Path | None
    way: Path | None


def scale(views: Sequence[View], signed: bool) -> Scale:
    """The range of all finite heights; symmetric about 0 for signed ones. What is rare and huge is left to be cut."""
    values = np.concatenate([view.solid.values.ravel() for view in views])
    values = values[np.isfinite(values)]
    if not len(values):
        return Scale(-1.0 if signed else 0.0, 1.0)
    if signed:
        size = float(np.abs(values).max()) or 1.0
        return Scale(-size, size)
    low, high, most = min(0.0, float(values.min())), float(values.max()), float(np.quantile(values, 0.97))
    high = high if high < 3 * most else most
    return Scale(low, high if high > low else low + 1.0)


def contour(views: Sequence[View], at: int, words: Words, titles: Sequence[str], key: str, shared: Scale) -> Played:
    """The map at frame `at`; a title for each frame. `key` is the loss, whose colour the path and the marker take."""
    drawn = [_map(view, words, key, shared) for view in views]
    axes = _triangle_axes(views[0].flat) if words.corners else _plane_axes(views[0].flat, words)
    look = layout(titles[at], **axes, height=440, showlegend=False, annotations=_corners(words))
    return Played(drawn[at], look, frames(drawn, titles))


def _plane_axes(flat: Surface, words: Words) -> dict[str, Any]:
    ends = {"xaxis": (words.x, flat.x), "yaxis": (words.y, flat.y)}
    return {name: {"title": {"text": text}, "range": _ends(x), "uirevision": text} for name, (text, x) in ends.items()}


def _ends(x: Array) -> list[float]:
    return [float(x[0]), float(x[-1])]


def _triangle_axes(flat: Surface) -> dict[str, Any]:
    """No axes but one scale for both, and room for the names of the corners; wider than the field, whose edge would show."""
    room = {"xaxis": (flat.x, 0.02, 0.02), "yaxis": (flat.y, 0.09, 0.07)}
    axes: dict[str, Any] = {
        name: {"visible": False, "constrain": "domain", "range": [float(x[0]) - low, float(x[-1]) + high]}
        for name, (x, low, high) in room.items()
    }
    axes["yaxis"] |= {"scaleanchor": "x", "scaleratio": 1}
    return axes


MARKER, FIELD = "present", 0
"""The uid of the present sample's trace on a map, and the number of the trace whose grid it moves on."""


def surface(views: Sequence[View], at: int, words: Words, titles: Sequence[str], key: str, shared: Scale) -> Played:
    """The surface at frame `at`."""
    drawn = [_solid(view, words, key, shared) for view in views]
    axes = {name: {"title": {"text": text}} for name, text in (("xaxis", words.x), ("yaxis", words.y), ("zaxis", words.height))}
    axes["zaxis"]["range"] = [shared.low, shared.high]  # type: ignore[assignment]
    if not words.corners:
        flat = views[0].flat
        axes["xaxis"] |= {"range": _ends(flat.x)}  # type: ignore[dict-item]
        axes["yaxis"] |= {"range": _ends(flat.y)}  # type: ignore[dict-item]
    if words.corners:
        axes["xaxis"] |= {"visible": False}  # type: ignore[dict-item]
        axes["yaxis"] |= {"visible": False}  # type: ignore[dict-item]
    camera = {"eye": {"x": -0.75, "y": -1.75, "z": 0.95}, "center": {"x": 0, "y": 0, "z": -0.12}}
    scene = {
        **axes,
        "camera": camera,
        "aspectmode": "manual",
        "aspectratio": {"x": 1, "y": 1, "z": 0.7},
        "uirevision": "lossviz",
    }
    return Played(drawn[at], layout(titles[at], scene=scene, height=440, showlegend=False), frames(drawn, titles))


def _colours(words: Words) -> Trace:
    light, dark = (DIVERGING, DIVERGING_DARK) if words.signed else (SEQUENTIAL, SEQUENTIAL_DARK)
    return {
        "colorscale": light,
        "meta": {"dark": {"colorscale": dark}},
        "colorbar": {
            "title": {"text": words.height, "side": "right"},
            "thickness": 14,
            "len": 0.9,
            "exponentformat": "power",
        },
    }


def _map(view: View, words: Words, key: str, shared: Scale) -> list[Trace]:
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
        "line": {"width": 0.6, "color": "rgba(16,23,30,0.35)"},
        "hovertemplate": f"{words.x} %{{x:.4g}}<br>{words.y} %{{y:.4g}}<br><b>%{{z:.5g}}</b> {words.height}<extra></extra>",
        **_colours(words),
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
        "fillcolor": "#FFFFFF",
        "line": {"width": 0},
        "hoverinfo": "skip",
        "meta": {"dark": {"fillcolor": "#10161C"}},
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
        "line": {"color": "rgba(16,23,30,0.75)", "width": 1.4},
        "hoverinfo": "skip",
        "meta": {"dark": {"line.color": "rgba(232,237,242,0.8)"}},
    }


def _barbed(arrows: Arrows) -> tuple[Array, Array]:
    x, y, dx, dy = (part.ravel() for part in arrows)
    there = (np.hypot(dx, dy) > 0) & (np.abs(x) < np.abs(x).max()) & (np.abs(y) < np.abs(y).max())
    x, y, dx, dy = x[there], y[there], dx[there], dy[there]
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
        "marker": {"size": 7, "color": shade(key, 0)[0], "line": {"color": "#FFFFFF", "width": 1.5}},
        "meta": {"dark": {"line.color": PAPER}},
        "hovertemplate": "step %{pointNumber}: (%{x:.4g}, %{y:.4g})<extra>gradient descent</extra>",
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
        "marker": {"size": 18, "color": shade(key, 0)[0], "line": {"color": "#FFFFFF", "width": 3}},
        "text": [f"{value:.6g}"],
        "hovertemplate": "the present sample: <b>%{text}</b><extra></extra>",
    }


def _solid(view: View, words: Words, key: str, shared: Scale) -> list[Trace]:
    solid = view.solid
    sheet = {
        "uid": "sheet",
        "type": "surface",
        "x": single(solid.x),
        "y": single(solid.y),
        "z": single(solid.values),
        "cmin": shared.low,
        "cmax": shared.high,
        "opacity": 0.97,
        "contours": {"z": {"show": True, "usecolormap": False, "color": "rgba(16,23,30,0.35)", "width": 1}},
        "lighting": {"ambient": 0.85, "diffuse": 0.35, "specular": 0.05},
        "hovertemplate": f"{words.x} %{{x:.4g}}<br>{words.y} %{{y:.4g}}<br><b>%{{z:.5g}}</b> {words.height}<extra></extra>",
        **_colours(words),
    }
    lift = 0.012 * (shared.high - shared.low)
    path = view.way
    along = (path.x, path.y, np.clip(path.loss, shared.low, shared.high) + lift) if path is not None else (np.empty(0),) * 3
    way = {
        "uid": "way",
        "type": "scatter3d",
        "mode": "lines",
        "x": single(along[0]),
        "y": single(along[1]),
        "z": single(along[2]),
        "line": {"color": INK, "width": 7},
        "meta": {"dark": {"line.color": PAPER}},
        "hoverinfo": "skip",
    }
    x, y, value = solid.present
    dot = {
        "uid": "dot",
        "type": "scatter3d",
        "mode": "markers",
        "x": single([x]),
        "y": single([y]),
        "z": single([np.clip(np.nan_to_num(value, nan=0.0), shared.low, shared.high) + lift]),
        "marker": {"size": 7, "color": shade(key, 0)[0], "line": {"color": "#FFFFFF", "width": 2}},
        "hoverinfo": "skip",
    }
    return [sheet, way, dot, *([_names(words.corners, shared)] if words.corners else [])]


def _names(corners: tuple[str, str, str], shared: Scale) -> Trace:
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


class Descent(NamedTuple):
    """The way down under one setting: its legend, its loss's key, its slot, and the path."""

    label: str
    key: str
    slot: int
    path: Path


def steps(told: Sequence[Sequence[Descent]], at: int) -> Played:
    """Loss against step of gradient descent; for each position of the scrubber the way down under each setting."""
    drawn = [[_descent(*one) for one in frame] for frame in told]
    losses = np.concatenate([one.path.loss for frame in told for one in frame])
    losses = losses[np.isfinite(losses)]
    low, high = min(0.0, losses.min(initial=0.0)), losses.max(initial=0.0) or 1.0
    axes = {
        "xaxis": {"title": {"text": "step of gradient descent"}},
        "yaxis": {"title": {"text": "loss ℓ (nats)"}, "range": [1.06 * low, 1.06 * high]},
    }
    return Played(drawn[at], layout("Loss against step, from the present sample", **axes, height=380), frames(drawn))


def _descent(label: str, key: str, slot: int, path: Path) -> Trace:
    light, dark = shade(key, slot)
    return {
        "uid": f"descent-{slot}",
        "type": "scatter",
        "mode": "lines+markers",
        "x": single(np.arange(len(path.loss))),
        "y": single(path.loss),
        "name": label,
        "showlegend": True,
        "line": {"color": light, "width": 3, "dash": DASHES[slot]},
        "marker": {"size": 5, "color": light},
        "meta": {"dark": {"line.color": dark, "marker.color": dark}},
        "hovertemplate": "step %{x}: <b>%{y:.6g}</b><extra>%{fullData.name}</extra>",
    }
