"""`analysis.optimum` drawn: what a model that minimises a loss says where the truth has probability η."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ..analysis.optimum import Optimum
from ..analysis.series import Series
from .frames import Played, Trace, frames, single
from .theme import DASHES, REFERENCE, layout, shade


class OptimumFrame(NamedTuple):
    """One position of the scrubber: the settings, and for each its optimum and decision threshold."""

    series: tuple[Series, ...]
    optima: tuple[Optimum, ...]
    thresholds: tuple[float, ...]


def figure(optima: Sequence[OptimumFrame], at: int, k: int, inverse: bool) -> Played:
    """η → p*, or with `inverse` p → the η that it stands for."""
    drawn = [_traces(frame, inverse) for frame in optima]
    texts = (f"true probability η of class {k}", PREDICTED)
    axes = [{"title": {"text": text}, "range": [0, 1], "uirevision": f"optimum {inverse}"} for text in texts]
    x, y = reversed(axes) if inverse else axes
    title = "True probability behind a prediction" if inverse else "Prediction that minimises the loss"
    return Played(drawn[at], layout(title, xaxis=x, yaxis=y, height=500, hovermode="closest"), frames(drawn))


PREDICTED = "probability p* that minimises the expected loss"


def _traces(frame: OptimumFrame, inverse: bool) -> list[Trace]:
    honest = {
        "uid": "honest",
        "type": "scatter",
        "mode": "lines",
        "x": [0, 1],
        "y": [0, 1],
        "line": {"color": REFERENCE, "width": 1.5},
        "hoverinfo": "skip",
        "name": "p* = η: a proper loss",
    }
    # One text for settings that decide alike.
    texts = [f"  decides at η = {at:.4g}" if np.isfinite(at) else "" for at in frame.thresholds]
    texts = [text if text not in texts[:i] else "" for i, text in enumerate(texts)]
    rows = zip(frame.series, frame.optima, frame.thresholds, texts, strict=True)
    return [honest, *(trace for row in rows for trace in _lines(*row, inverse))]


def _lines(series: Series, optimum: Optimum, threshold: float, text: str, inverse: bool) -> list[Trace]:
    light, dark = shade(series.setting.spec.key, series.slot)
    look = {"color": light, "width": 4 if series.slot == 0 else 2.5, "dash": DASHES[series.slot]}
    shared = {
        "type": "scatter",
        "legendgroup": f"slot-{series.slot}",
        "name": series.label,
        "meta": {"dark": {"line.color": dark, "marker.color": dark}},
        "hovertemplate": ("p = %{x:.6g} ⇒ η" if inverse else "η = %{x:.6g} ⇒ p*")
        + " = <b>%{y:.6g}</b><extra>%{fullData.name}</extra>",
    }
    pairs = (optimum.p, optimum.eta) if inverse else (optimum.eta, optimum.p)
    point = (0.5, threshold) if inverse else (threshold, 0.5)
    line = {"uid": f"optimum-{series.slot}", "mode": "lines", "x": single(pairs[0]), "y": single(pairs[1]), "line": look}
    mark = {
        "uid": f"threshold-{series.slot}",
        "mode": "markers+text",
        "x": single([point[0]]),
        "y": single([point[1]]),
        "text": [text],
        "textposition": "middle right",
        "showlegend": False,
        "marker": {"color": light, "size": 12, "symbol": "diamond"},
    }
    return [shared | line, shared | mark]
