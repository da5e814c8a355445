"""The balance of two sides over α or the power of class weights, as lines: a part of `advisor`."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...analysis.batch.advisor import Advice
from ...evaluation.setting import Array
from ...texts import say
from ..frames import Played, Trace, single
from ..theme import DASHES, GREY, GREY_DARK, GROUND, GROUND_DARK, INK, VERMILLION, dark, layout, mix
from .cells import AXES, PRESENT, Present, called, cell, knob_axis, short
from .marks import note


def lines(advice: Advice, present: Present, name: str = PRESENT) -> Played:
    """The ratio of the sides over the knob, a line for each γ, and where they are balanced."""
    first, second = short(advice)
    numbers = np.isfinite(advice.knobs)
    knobs, ratio = advice.knobs[numbers], advice.ratio[:, numbers]
    x = knob_axis(advice, knobs)
    room = 0.03 * float(x[-1] - x[0] or 1.0)
    ends = [float(x[0]) - room, float(x[-1]) + room]
    # A ratio of 0 or ∞ has no place on a logarithmic axis.
    finite = np.where(np.isfinite(ratio) & (ratio > 0), ratio, np.nan)
    axes = {
        "xaxis": {
            "title": {"text": AXES[advice.knob]},
            "range": ends,
            "tickvals": x.tolist(),
            "ticktext": [f"{knob:.4g}" for knob in knobs],
            "zeroline": False,
        },
        "yaxis": {
            "title": {"text": say("gradient of {first} ÷ {second}", first=first, second=second)},
            "type": "log",
            **_decades(finite),
        },
    }
    drawn = [_line(advice, i, knobs, finite[i], present[0]) for i in range(len(advice.gammas))]
    none = "" if np.isfinite(finite).any() else say("Only one of the two sides has a gradient.")
    title = say(
        "Gradient of {first} ÷ {second} over {knob}, a line for each γ", first=first, second=second, knob=called(advice.knob)
    )
    look = layout(title, **axes, hovermode="closest", height=500, annotations=note(none))
    return Played([_even(ends), *drawn, _present_mark(advice, x, finite, present, name)], look, [])


def _decades(ratio: Array) -> dict[str, Any]:
    known = np.log10(ratio[np.isfinite(ratio)])
    low, high = min(-0.5, float(known.min(initial=0))), max(0.5, float(known.max(initial=0)))
    room = 0.04 * (high - low)
    return {"range": [low - room, high + room], **({"dtick": 1} if 3 < high - low < 12 else {})}


def _line(advice: Advice, i: int, knobs: Array, ratio: Array, gamma: float) -> Trace:
    """γ's line, the darker the larger γ is; the present one is the broadest."""
    share = i / max(1, len(advice.gammas) - 1)
    towards = (GROUND, 0.62 * (1 - 2 * share)) if share < 0.5 else (INK, 0.6 * (2 * share - 1))
    on_dark = (GROUND_DARK, 0.5 * (1 - 2 * share)) if share < 0.5 else (GROUND, 0.75 * (2 * share - 1))
    own = cell(advice.gammas[i : i + 1], gamma) is not None
    return {
        "uid": f"gamma-{i}",
        "type": "scatter",
        "mode": "lines+markers",
        "x": single(knob_axis(advice, knobs)),
        "y": single(ratio),
        "text": [f"{knob:.4g}" for knob in knobs],
        "name": f"γ = {advice.gammas[i]:.4g}",
        "line": {"color": mix(VERMILLION, *towards), "width": 4.5 if own else 2.5, "dash": DASHES[i % len(DASHES)]},
        "marker": {"size": 7, "color": mix(VERMILLION, *towards)},
        "meta": {"dark": {"line.color": mix(dark(VERMILLION), *on_dark), "marker.color": mix(dark(VERMILLION), *on_dark)}},
        "hovertemplate": say("{knob} %{{text}}: <b>%{{y:.5g}}</b><extra>%{{fullData.name}}</extra>", knob=called(advice.knob)),
    }


def _even(ends: list[float]) -> Trace:
    return {
        "uid": "even",
        "type": "scatter",
        "mode": "lines+text",
        "x": ends,
        "y": [1, 1],
        "text": ["<b>1:1</b>", ""],
        "textposition": "top right",
        "textfont": {"size": 16},
        "line": {"color": GREY, "width": 2},
        "meta": {"dark": {"line.color": GREY_DARK}},
        "hoverinfo": "skip",
        "showlegend": False,
    }


def _present_mark(advice: Advice, x: Array, ratio: Array, present: Present, name: str) -> Trace:
    """The present setting on its γ's line, nowhere where that is not drawn; α off balances as α = ½ does."""
    i, knob = cell(advice.gammas, present[0]), present[1]
    x_present = float(knob_axis(advice, np.array(0.5 if knob is None and advice.knob == "alpha" else knob or 0.0)))
    height = np.nan if i is None else float(np.exp(np.interp(x_present, x, np.log(ratio[i]))))
    return {
        "uid": "present",
        "type": "scatter",
        "mode": "markers",
        "x": single([x_present if np.isfinite(height) else np.nan]),
        "y": single([height]),
        "name": name,
        "cliponaxis": False,
        "showlegend": bool(np.isfinite(height)),
        "marker": {"color": VERMILLION, "size": 17, "line": {"color": GROUND, "width": 3}},
        "meta": {"dark": {"marker.color": dark(VERMILLION), "marker.line.color": GROUND_DARK}},
        "hovertemplate": say("{name}: <b>%{{y:.5g}}</b><extra></extra>", name=name),
    }
