"""`analysis.identities` drawn: both sides of a statement along its knob, and where the knob is."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..analysis.identities import Checked, Identity
from ..analysis.sample import Array
from .frames import Played, Trace, frames, single
from .theme import BLUE, VERMILLION, layout, mix

LEFT, RIGHT = BLUE, VERMILLION


def figure(identity: Identity, found: Checked, at: int, titles: list[str]) -> Played:
    """Left as a wide line, right as a dashed one upon it; a frame for each position of the knob."""
    drawn = [_traces(identity, found, n) for n in range(len(found.knob))]
    look = layout(
        titles[at],
        xaxis={"title": {"text": f"{identity.knob.symbol}: {identity.knob.means}"}, "uirevision": identity.key},
        yaxis={"title": {"text": "value of each side"}, "uirevision": identity.key, "range": _range(found)},
        hovermode="closest",
        height=440,
    )
    return Played(drawn[at], look, frames(drawn, titles))


def _range(found: Checked) -> list[float]:
    values = np.concatenate((found.left, found.right))
    values = values[np.isfinite(values)]
    low, high = (float(values.min()), float(values.max())) if len(values) else (0.0, 1.0)
    room = 0.06 * (high - low) or 0.1
    return [low - room, high + room]


def _traces(identity: Identity, found: Checked, n: int) -> list[Trace]:
    x = single(found.knob)
    sides = (
        ("left", identity.left, single(found.left), LEFT, {"width": 7, "dash": "solid"}, 20),
        ("right", identity.right, single(found.right), RIGHT, {"width": 3, "dash": "8px 6px"}, 11),
    )
    return [*(_line(x, *side[:5]) for side in sides), *(_mark(x, n, *side[:4], side[5]) for side in sides)]


HOVER = {"type": "scatter", "hovertemplate": "%{x:.6g}: <b>%{y:.10g}</b><extra>%{fullData.name}</extra>"}


def _line(x: Array, uid: str, name: str, values: Array, colour: str, look: dict[str, Any]) -> Trace:
    line = {"color": colour, "simplify": False, **look}
    own = {"uid": uid, "name": name, "mode": "lines", "x": x, "y": values, "line": line}
    return HOVER | own | {"meta": {"dark": {"line.color": mix(colour, "#FFFFFF", 0.26)}}}


def _mark(x: Array, n: int, uid: str, name: str, values: Array, colour: str, size: int) -> Trace:
    here = slice(n, n + 1)
    own = {"uid": f"{uid}-here", "name": name, "mode": "markers", "x": x[here], "y": values[here], "showlegend": False}
    dark = {"marker.color": mix(colour, "#FFFFFF", 0.26), "marker.line.color": "#10161C"}
    return (
        HOVER
        | own
        | {"marker": {"color": colour, "size": size, "line": {"color": "#FFFFFF", "width": 2}}, "meta": {"dark": dark}}
    )
