"""`analysis.batch.difficulty` drawn: how many samples lie where over p_t, and below how much of the loss or the gradient.

A line for each part, none on top of another: on a logarithmic axis stacked heights could not be compared.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from ...analysis.batch.difficulty import Difficulty
from ...evaluation.setting import Array
from ...texts import say
from ..frames import Played, Trace, frames, single
from ..text import escaped
from ..theme import BLUE, GREEN, GREY, GREY_DARK, ORANGE, PURPLE, SKY, dark, layout
from .marks import WORDS, note, percent

COLOURS = (BLUE, ORANGE, GREEN, PURPLE, SKY)
"""By part; the sixth, which is what is left, is grey."""

SYMBOLS = ("circle", "square", "diamond", "triangle-up", "x", "cross")
"""By part as well, so that lines are told apart without any color."""


def figure(series: Sequence[Difficulty], at: int, what: str, unit: str, titles: Sequence[str], log: bool) -> Played:
    """Lines over p_t by part: the share of the `unit` on top, below that of what is asked for: "loss" or "gradient"."""
    edges = series[0].edges
    cells = [say("{low:.4g} to {high:.4g}", low=low, high=high) for low, high in pairwise(edges)]
    shared = {"x": single((edges[:-1] + edges[1:]) / 2), "text": cells}
    drawn = [_traces(frame, what, unit, log, shared) for frame in series]
    silent = say("The {by} is 0 everywhere.", by=WORDS[what])
    looks = [{"annotations": note("" if _mass(frame, what).any() else silent, 0.2)} for frame in series]
    counts = np.concatenate([frame.counts.reshape(-1) for frame in series])
    mass = np.concatenate([_mass(frame, what).reshape(-1) for frame in series])
    axis = {"range": [0, 1], "title": {"text": say("p<sub>t</sub>, the probability of the true class")}, "uirevision": "p_t"}
    look = layout(
        titles[at],
        xaxis={**axis, "title": {"text": ""}, "matches": "x2", "showticklabels": False, "anchor": "y"},
        xaxis2={**axis, "anchor": "y2"},
        yaxis={"title": {"text": _share(unit)}, "domain": [0.53, 1], **_height(counts, log)},
        yaxis2={"title": {"text": _share(WORDS[what])}, "domain": [0, 0.47], "anchor": "x2", **_height(mass, False)},
        **looks[at],
        hovermode="closest",
        showlegend=True,
        height=600,
    )
    return Played(drawn[at], look, frames(drawn, titles, looks))


def _share(of: str) -> str:
    """What is along a height, in two rows."""
    return say("share of<br>the {whole} (%)", whole=of)


def _mass(frame: Difficulty, what: str) -> Array:
    return frame.loss if what == "loss" else frame.norm


def _height(share: Array, log: bool) -> dict[str, Any]:
    """The same in every frame. A logarithmic axis begins below the smallest share that there is."""
    top = 100 * float(share.max(initial=0)) or 1.0
    if not log:
        return {"range": [0, 1.05 * top], "uirevision": "linear"}
    low = 100 * float(share[share > 0].min(initial=top / 100))
    return {
        "type": "log",
        "range": [np.log10(low / 2), np.log10(2 * top)],
        "uirevision": "log",
        "exponentformat": "none",
        **({"dtick": 1} if top / low > 30 else {}),
    }


def _traces(frame: Difficulty, what: str, unit: str, log: bool, shared: dict[str, Any]) -> list[Trace]:
    # Nothing has no place on a logarithmic axis, and a line down to it would only say so.
    counts = np.where(frame.counts > 0, frame.counts, np.nan) if log else frame.counts
    shown = (("x", "y", "count", unit, counts), ("x2", "y2", "mass", WORDS[what], _mass(frame, what)))
    traces = []
    for xaxis, yaxis, uid, of, shares in shown:
        hover = say(
            "p<sub>t</sub> from %{{text}}: <b>%{{y:.4g}}%</b> of the {whole}<extra>%{{fullData.name}}</extra>", whole=of
        )
        for s, name in enumerate(frame.names):
            light, on_dark = (COLOURS[s], dark(COLOURS[s])) if s < len(COLOURS) else (GREY, GREY_DARK)
            traces.append(
                {
                    "uid": f"{uid}-{s}",
                    "type": "scatter",
                    "mode": "lines+markers",
                    **shared,
                    "y": percent(shares[s]),
                    "xaxis": xaxis,
                    "yaxis": yaxis,
                    "name": escaped(name, 40),
                    "legendgroup": f"part-{s}",
                    "showlegend": uid == "count",
                    "line": {"color": light, "width": 2},
                    "marker": {"color": light, "size": 7, "symbol": SYMBOLS[s]},
                    "meta": {"dark": {"line.color": on_dark, "marker.color": on_dark}},
                    "hovertemplate": hover,
                }
            )
    return traces
