"""`analysis.batch.calibration` drawn: what came true of what was said, and the loss at other temperatures."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...analysis.batch.calibration import Calibration
from ...analysis.batch.calibration_sentences import temperatures
from ...analysis.batch.calibration_temperature import Temperature
from ...texts import say
from ..frames import Played, Trace, single
from ..theme import BLUE, GREY, GREY_DARK, GROUND, GROUND_DARK, ORANGE, dark, layout, see_through
from .marks import percent


def reliability(diagram: Calibration) -> Played:
    """What share came true in each bin of confidence, with 95% intervals, against the diagonal; below, how many are in it."""
    share = diagram.counts / (diagram.counts.sum() or 1.0)
    title = say("95% interval of the debiased ECE: {low:.4f} to {high:.4f}", low=diagram.ece_low, high=diagram.ece_high)
    axis = {"range": [-0.02, 1.02], "uirevision": "confidence"}
    look = layout(
        title,
        xaxis={**axis, "matches": "x2", "showticklabels": False, "anchor": "y"},
        xaxis2={**axis, "title": {"text": say("confidence: the predicted probability")}, "anchor": "y2"},
        yaxis={"title": {"text": say("observed frequency")}, "range": [-0.03, 1.03], "domain": [0.3, 1]},
        yaxis2={
            "title": {"text": say("predictions (%)")},
            "range": [0, 105 * float(share.max(initial=0)) or 1.0],
            "domain": [0, 0.22],
            "anchor": "x2",
            "nticks": 4,
        },
        hovermode="closest",
        showlegend=True,
        height=560,
    )
    return Played([_diagonal(), _gaps(diagram), _bins(diagram), _counts(diagram, share)], look, [])


def _diagonal() -> Trace:
    return {
        "uid": "diagonal",
        "type": "scatter",
        "mode": "lines",
        "x": [0, 1],
        "y": [0, 1],
        "line": {"color": GREY, "width": 1.5},
        "meta": {"dark": {"line.color": GREY_DARK}},
        "hoverinfo": "skip",
        "name": say("perfect calibration"),
    }


def _gaps(diagram: Calibration) -> Trace:
    """From each point to the diagonal, as one line with gaps."""
    x = np.repeat(diagram.confidence, 3)
    y = np.stack([diagram.frequency, diagram.confidence, np.full(len(diagram.confidence), np.nan)], 1).ravel()
    return {
        "uid": "gaps",
        "type": "scatter",
        "mode": "lines",
        "x": single(x),
        "y": single(y),
        "line": {"color": see_through(ORANGE, 0.55), "width": 7},
        "hoverinfo": "skip",
        "name": say("gap"),
    }


def _bins(diagram: Calibration) -> Trace:
    edges = diagram.edges
    texts = [
        say(
            "predicted {low:.4g} to {high:.4g}, mean <b>{sure:.4g}</b><br>observed <b>{true:.4g}</b> "
            "(95%: {least:.4g} to {most:.4g})<br>{count:.10g} predictions",
            low=low,
            high=high,
            sure=sure,
            true=true,
            least=least,
            most=most,
            count=count,
        )
        for low, high, sure, true, least, most, count in zip(
            edges[:-1],
            edges[1:],
            diagram.confidence,
            diagram.frequency,
            diagram.low,
            diagram.high,
            diagram.counts,
            strict=True,
        )
    ]
    reach = {
        "array": single(diagram.high - diagram.frequency),
        "arrayminus": single(diagram.frequency - diagram.low),
    }
    return {
        "uid": "bins",
        "type": "scatter",
        "mode": "markers",
        "cliponaxis": False,
        "x": single(diagram.confidence),
        "y": single(diagram.frequency),
        "error_y": {"type": "data", "symmetric": False, **reach, "color": BLUE, "thickness": 2, "width": 5},
        "marker": {"color": BLUE, "size": 11},
        "meta": {"dark": {"marker.color": dark(BLUE), "error_y.color": dark(BLUE)}},
        "name": say("observed, 95% interval of each bin"),
        "hovertext": texts,
        "hovertemplate": "%{hovertext}<extra></extra>",
    }


def _counts(diagram: Calibration, share: Any) -> Trace:
    return {
        "uid": "counts",
        "type": "bar",
        "x": single((diagram.edges[:-1] + diagram.edges[1:]) / 2),
        "y": percent(share),
        "width": single(0.94 * np.diff(diagram.edges)),
        "xaxis": "x2",
        "yaxis": "y2",
        "marker": {"color": GREY},
        "meta": {"dark": {"marker.color": GREY_DARK}},
        "name": say("predictions"),
        "showlegend": False,
        "hovertext": [say("{count:.10g} predictions", count=count) for count in diagram.counts],
        "hovertemplate": say("%{hovertext}: <b>%{y:.4g}%</b><extra></extra>"),
    }


def temperature(temperature: Temperature) -> Played:
    """The mean loss over T, with its minimum and T = 1."""
    axes = {
        "xaxis": {
            "title": {"text": say("temperature T that divides the logits")},
            "type": "log",
            "tickvals": TICKS,
            "ticktext": [f"{t:g}" for t in TICKS],
            "range": [float(np.log10(temperature.curve_t.min())), float(np.log10(temperature.curve_t.max()))],
        },
        "yaxis": {"title": {"text": say("mean negative log-likelihood (nats)")}, "range": _height(temperature)},
    }
    look = layout(_title(temperature), **axes, hovermode="closest", showlegend=True, height=440)
    return Played([_curve(temperature), *_marks(temperature)], look, [])


def _title(temperature: Temperature) -> str:
    """The best T with its interval, or that the loss falls to an end of what was tried."""
    values = {"t": temperature.t, "interval": temperatures(temperature)}
    match temperature.end:
        case "lowest":
            return say("The loss falls down to the lowest temperature, T = {t:.3g} (95%: {interval})", **values)
        case "highest":
            return say("The loss falls up to the highest temperature, T = {t:.3g} (95%: {interval})", **values)
    return say("T = {t:.3g} is best (95%: {interval})", **values)


TICKS = (0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20)


def _height(temperature: Temperature) -> list[float]:
    """From a little below the best to where T = 1 and the flat end are well inside; sharpened mistakes may run off."""
    y = temperature.curve_nll[np.isfinite(temperature.curve_nll)]
    low, high = float(temperature.nll_best), float(y.max(initial=temperature.nll_at_1))
    high = min(high, low + 4 * max(temperature.nll_at_1 - low, float(y[-1]) - low if len(y) else 0.0, 1e-6))
    room = 0.08 * (high - low or 1.0)
    return [max(0.0, low - room) if low >= 0 else low - room, high + room]


def _curve(temperature: Temperature) -> Trace:
    # At the minimum as well, so that the line passes through its marker.
    t, order = np.unique(np.append(temperature.curve_t, temperature.t), return_index=True)
    nll = np.append(temperature.curve_nll, temperature.nll_best)[order]
    return {
        "uid": "nll",
        "type": "scatter",
        "mode": "lines",
        "x": single(t),
        "y": single(nll),
        "line": {"color": BLUE, "width": 4},
        "meta": {"dark": {"line.color": dark(BLUE)}},
        "name": say("cross-entropy of the logits ÷ T"),
        "hovertemplate": "T = %{x:.4g}: <b>%{y:.6g}</b><extra></extra>",
    }


BEST = {"": say("the best"), "lowest": say("the lowest tried"), "highest": say("the highest tried")}
"""What the best T is called, by the end at which it is."""


def _marks(temperature: Temperature) -> list[Trace]:
    shared = {"type": "scatter", "mode": "markers+text", "cliponaxis": False, "hovertemplate": "T = %{x:.6g}: <b>%{y:.8g}</b>"}
    as_given = {
        "uid": "given",
        "x": single([1.0]),
        "y": single([temperature.nll_at_1]),
        "text": ["T = 1" if abs(np.log(temperature.t)) > 1.2 else ""],  # beside the best its legend has to do
        "textposition": "top left" if temperature.t < 1 else "top right",
        "marker": {"size": 13, "color": GREY, "symbol": "square"},
        "meta": {"dark": {"marker.color": GREY_DARK}},
        "name": say("unchanged: T = 1"),
    }
    best = {
        "uid": "best",
        "x": single([temperature.t]),
        "y": single([temperature.nll_best]),
        "text": [f"<b>T = {temperature.t:.3g}</b>"],
        "textposition": "top center",
        "marker": {"size": 15, "color": ORANGE, "symbol": "diamond", "line": {"color": GROUND, "width": 2}},
        "meta": {"dark": {"marker.line.color": GROUND_DARK}},
        "name": BEST[temperature.end],
    }
    return [shared | as_given, shared | best]
