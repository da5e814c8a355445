"""`analysis.curves` drawn: a line for each setting, the current sample as a marker, and where the gradient is raised."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from ..analysis.curves import Curve
from ..analysis.series import Series
from ..evaluation.setting import Array
from ..numbers import format_number
from ..texts import say
from .curve_axes import X_SYMBOLS, Axes, Ends, axes_layout, ends_of, height, reach_of
from .frames import Played, Trace, single
from .frames import frames as played
from .labelled_lines import SEEN, Labels, Plot, Plotted, hidden, labels, legend_of
from .line_looks import LineLook, is_twin, looks
from .theme import GROUND, GROUND_DARK, ORANGE, see_through


class CurveFrame(NamedTuple):
    """One position of the scrubber: the settings, the present one first, and a curve for each."""

    series: tuple[Series, ...]
    curves: tuple[Curve, ...]


def figure(frames: Sequence[CurveFrame], at: int, axes: Axes) -> Played:
    """The figure at frame `at`, with all frames to play."""
    ends = ends_of([frame.curves for frame in frames], axes)
    look = axes_layout([curve for frame in frames for curve in frame.curves], axes, ends)
    names = labels([_plotted(frame, axes) for frame in frames], at, _plot(look, axes))
    known: dict[tuple[Any, ...], list[Trace]] = {}
    drawn = [_traces(frame, axes, ends, names, n, known) for n, frame in enumerate(frames)]
    return Played(drawn[at], look, played(drawn))


def marker(frames: Sequence[CurveFrame]) -> tuple[int, int]:
    """The numbers of two traces: the current sample's marker, and the line that it slides along."""
    return len(HIGHLIGHT) + 4 * len(frames[0].series) + len(NAMES), len(HIGHLIGHT)


HIGHLIGHT = ("region", "border")
"""Traces below the lines."""

NAMES = ("labels", "label-0")
"""Traces above the lines."""


def _plotted(frame: CurveFrame, axes: Axes) -> list[Plotted]:
    return [Plotted(one, curve.x, height(curve.y, axes)) for one, curve in zip(frame.series, frame.curves, strict=True)]


def _plot(look: dict[str, Any], axes: Axes) -> Plot:
    (left, right), (low, high) = look["xaxis"]["range"], look["yaxis"]["range"]
    return Plot(axes, (left, right), (low, high), axes.log)


def _traces(
    frame: CurveFrame, axes: Axes, ends: Ends, names: Labels, n: int, drawn: dict[tuple[Any, ...], list[Trace]]
) -> list[Trace]:
    """The traces of frame `n`. Pins stand still under most scrubbers: what has been `drawn` is not drawn again."""
    lines: list[Trace] = []
    marked: set[float] = set()
    present, curve = frame.series[0], frame.curves[0]
    for series, own, look in zip(frame.series, frame.curves, looks(frame.series), strict=True):
        places = tuple(place for place in _infinities(own, drawn) if place not in marked)
        marked.update(places)
        known = id(series), id(own), look, places
        if known not in drawn:
            drawn[known] = _lines(series, own, axes, ends, look, places, legend_of(names))
        shown = drawn[known]
        lines += [hidden(shown[0]), *shown[1:]] if series.slot and is_twin(present.setting, series.setting) else shown
    return [*_region(curve, axes, ends), *lines, *names.traces[n], _marker(curve, axes, ends, looks(frame.series)[0])]


def _infinities(curve: Curve, known: dict[Any, Any]) -> list[float]:
    """Where a curve is infinite."""
    if id(curve) not in known:
        known[id(curve)] = curve.x[np.isposinf(curve.y)].tolist()
    return known[id(curve)]  # type: ignore[no-any-return]


def _lines(
    series: Series, curve: Curve, axes: Axes, ends: Ends, look: LineLook, infinite: Sequence[float], legend: dict[str, Any]
) -> list[Trace]:
    """A setting's line, its modulator detached, its marks at infinity, and its minimum: always four traces."""
    stroke = {"color": look.light, "width": look.width, "dash": look.dash, "simplify": False}
    meta = {"dark": {"line.color": look.dark, "marker.color": look.dark}}
    shared = {"legendgroup": f"slot-{series.slot}", "meta": meta}
    y = height(curve.y, axes)
    line = {"uid": f"line-{series.slot}", "x": single(curve.x), "y": single(y), "line": stroke, "name": series.label}
    dotted = {
        "uid": f"detached-{series.slot}",
        "x": single(curve.x if curve.detached is not None else _nothing()),
        "y": single(height(curve.detached, axes)) if curve.detached is not None else _nothing(),
        "line": stroke | {"dash": "2px 3px", "width": 2.5},
        "name": say("{loss}, modulator detached", loss=series.label),
        "showlegend": curve.detached is not None,
    }
    own = {"meta": meta | {"narrow": legend["narrow"]}, "showlegend": legend["showlegend"], **SEEN}
    triangle = {"color": look.light, "size": 13, "symbol": "triangle-up"}
    diamond = {"color": look.light, "size": 13, "symbol": "diamond-open", "line": {"width": 3}}
    return [
        {"type": "scatter", "mode": "lines", "hovertemplate": HOVER, **line, **shared, **own},
        _or_empty({"type": "scatter", "mode": "lines", "hovertemplate": HOVER, **dotted, **shared}),
        _or_empty(_infinite(series, infinite, ends) | shared | {"marker": triangle}),
        _or_empty(_minimum(series, curve, axes) | shared | {"marker": diamond}),
    ]


def _or_empty(trace: Trace) -> Trace:
    """A trace without points has no look or name either, which frames would have to carry."""
    if np.isfinite(trace["y"]).any():
        return trace
    return trace | {name: {} for name in ("line", "marker", "meta") if name in trace} | {"name": ""}


HOVER = "%{x:.6g}: <b>%{y:.6g}</b><extra>%{fullData.name}</extra>"


def _infinite(series: Series, places: Sequence[float], ends: Ends) -> Trace:
    """A triangle where the axis ends, for the first of all lines that are infinite at a place."""
    return {
        "uid": f"infinite-{series.slot}",
        "type": "scatter",
        "mode": "markers",
        "x": single(places),
        "y": single(np.full(len(places), ends.high)),
        "cliponaxis": False,
        "showlegend": False,
        "name": series.label,
        "hovertemplate": "%{x:.6g}: <b>∞</b><extra>%{fullData.name}</extra>",
    }


def _minimum(series: Series, curve: Curve, axes: Axes) -> Trace:
    """The lowest loss, where it is not at an end of the axis: with soft targets."""
    minimum = curve.minimum if curve.minimum is not None and axes.quantity == "loss" else None
    x, y = minimum or (np.nan, np.nan)
    return {
        "uid": f"minimum-{series.slot}",
        "type": "scatter",
        "mode": "markers+text",
        "x": single(np.array([x])),
        "y": single(np.array([y])),
        "text": [say("min at {x:.3g}", x=x) if minimum else ""],
        "textposition": "bottom center",
        "showlegend": False,
        "name": say("minimum of {loss}", loss=series.label),
        "hovertemplate": HOVER,
    }


def _marker(curve: Curve, axes: Axes, ends: Ends, look: LineLook) -> Trace:
    # At infinity it stands at the axis's end.
    first, last = reach_of([curve.x])
    present = slice(curve.at, curve.at + 1)
    x, y = curve.x[present].clip(first, last), height(curve.y[present], axes)
    y = np.nan_to_num(y, nan=ends.low, posinf=ends.high).clip(ends.low, ends.high)
    return {
        "uid": "present",
        "type": "scatter",
        "mode": "markers",
        "x": single(x),
        "y": single(y),
        "name": say("the current sample"),
        "cliponaxis": False,
        "showlegend": False,
        "marker": {"color": look.light, "size": 19, "line": {"color": GROUND, "width": 3}},
        "meta": {"dark": {"marker.color": look.dark, "marker.line.color": GROUND_DARK}},
        "hovertemplate": say("the current sample<br>%{x:.6g}: <b>%{y:.6g}</b><extra></extra>"),
    }


def _region(curve: Curve, axes: Axes, ends: Ends) -> list[Trace]:
    """Where the multiplier is above 1: a band from bottom to top, and the border's value in it."""
    xs, ys = [], []
    for low, high in curve.raised:
        xs += [low, high, high, low, low, np.nan]
        ys += [ends.low, ends.low, ends.high, ends.high, ends.low, np.nan]
    inner = curve.raised[(curve.raised > curve.x[0]) & (curve.raised < curve.x[-1])]
    symbol = X_SYMBOLS[axes.x]
    band = {
        "uid": "region",
        "type": "scatter",
        "mode": "lines",
        "x": single(np.array(xs)),
        "y": single(np.array(ys)),
        "fill": "toself",
        "fillcolor": see_through(ORANGE, 0.16),
        "line": {"width": 0},
        "hoverinfo": "skip",
        "name": say("w > 1: a larger gradient than cross-entropy’s"),
        "showlegend": bool(len(curve.raised)),
    }
    top = ends.low * (ends.high / ends.low) ** 0.05 if axes.log else ends.low + 0.05 * (ends.high - ends.low)
    border = {
        "uid": "border",
        "type": "scatter",
        "mode": "text",
        "x": single(inner),
        "y": single(np.full(len(inner), top)),
        "text": [say(" w = 1 at {symbol} = {x}", symbol=symbol, x=format_number(x, 4)) for x in inner],
        "textposition": "middle right",
        "hoverinfo": "skip",
        "showlegend": False,
    }
    return [band, border]


def _nothing() -> Array:
    return np.empty(0)
