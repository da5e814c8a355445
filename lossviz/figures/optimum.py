"""`analysis.optimum` drawn: what a model that minimises a loss says where the truth has probability η."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from ..analysis.optimum import Optimum
from ..analysis.series import Series
from ..texts import say
from .frames import Played, Trace, frames, single
from .labelled_lines import SEEN, Labels, Plot, Plotted, hidden, labels, legend_of
from .line_looks import LineLook, is_twin, looks
from .theme import GROUND, GROUND_DARK, REFERENCE, ground, layout


class OptimumFrame(NamedTuple):
    """One position of the scrubber: the settings, and for each its optimum and decision threshold."""

    series: tuple[Series, ...]
    optima: tuple[Optimum, ...]
    thresholds: tuple[float, ...]


def figure(optima: Sequence[OptimumFrame], at: int, k: int, inverse: bool) -> Played:
    """η → p*, or with `inverse` p → the η that it stands for."""
    plot = Plot((k, inverse), (0, 1), (0, 1))
    names = labels([_plotted(frame, inverse) for frame in optima], at, plot)
    drawn = [[*_traces(frame, inverse, names), *names.traces[n]] for n, frame in enumerate(optima)]
    texts = (say("true probability η of class {k}", k=k), PREDICTED)
    axes = [{"title": {"text": text}, "range": [0, 1], "uirevision": f"optimum {inverse}"} for text in texts]
    x, y = reversed(axes) if inverse else axes
    title = say("True probability behind a prediction") if inverse else say("Prediction that minimizes the loss")
    return Played(drawn[at], layout(title, xaxis=x, yaxis=y, height=500, hovermode="closest"), frames(drawn))


def _plotted(frame: OptimumFrame, inverse: bool) -> list[Plotted]:
    pairs = ((one.p, one.eta) if inverse else (one.eta, one.p) for one in frame.optima)
    return [Plotted(series, *pair) for series, pair in zip(frame.series, pairs, strict=True)]


PREDICTED = say("probability p* that minimizes the expected loss")


def _traces(frame: OptimumFrame, inverse: bool, names: Labels) -> list[Trace]:
    honest = {
        "uid": "honest",
        "type": "scatter",
        "mode": "lines",
        "x": [0, 1],
        "y": [0, 1],
        "line": {"color": REFERENCE, "width": 1.5},
        "hoverinfo": "skip",
        "name": say("p* = η: a proper loss"),
    }
    # One text for settings that decide alike.
    texts = [say("  decides at η = {eta:.4g}", eta=at) if np.isfinite(at) else "" for at in frame.thresholds]
    texts = [text if text not in texts[:i] else "" for i, text in enumerate(texts)]
    present = frame.series[0].setting
    result: list[Trace] = [honest]
    rows = zip(frame.series, frame.optima, frame.thresholds, texts, looks(frame.series), strict=True)
    for series, optimum, threshold, text, look in rows:
        shown = _lines(series, optimum, (threshold, text), inverse, look, legend_of(names))
        result += map(hidden, shown) if series.slot and is_twin(present, series.setting) else shown
    return result


def _lines(
    series: Series, optimum: Optimum, mark_at: tuple[float, str], inverse: bool, look: LineLook, legend: dict[str, Any]
) -> list[Trace]:
    threshold, text = mark_at
    meta = {"dark": {"line.color": look.dark, "marker.color": look.dark}}
    shared = {
        "type": "scatter",
        "legendgroup": f"slot-{series.slot}",
        "name": series.label,
        **SEEN,
        "hovertemplate": ("p = %{x:.6g} ⇒ η" if inverse else "η = %{x:.6g} ⇒ p*")
        + " = <b>%{y:.6g}</b><extra>%{fullData.name}</extra>",
    }
    pairs = (optimum.p, optimum.eta) if inverse else (optimum.eta, optimum.p)
    point = (0.5, threshold) if inverse else (threshold, 0.5)
    line = {
        "uid": f"optimum-{series.slot}",
        "mode": "lines",
        "x": single(pairs[0]),
        "y": single(pairs[1]),
        "line": {"color": look.light, "width": look.width, "dash": look.dash},
        "meta": meta | {"narrow": legend["narrow"]},
        "showlegend": legend["showlegend"],
    }
    mark = {
        "uid": f"threshold-{series.slot}",
        "mode": "markers+text",
        "x": single([point[0]]),
        "y": single([point[1]]),
        "text": [text],
        "textposition": "middle right",
        "showlegend": False,
        "marker": {"color": look.light, "size": 12, "symbol": "diamond"},
        "textfont": {"shadow": ground(GROUND)},
        "meta": {"dark": meta["dark"] | {"textfont.shadow": ground(GROUND_DARK)}},
    }
    return [shared | line, shared | mark]
