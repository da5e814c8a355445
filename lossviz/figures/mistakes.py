"""A mistake drawn: loss and gradient of the wrong and of the right program along the logit that is moved."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..analysis.sample import Array
from ..mistakes import Side
from .frames import Played, Trace, single
from .theme import BLUE, VERMILLION, layout, mix

WRONG, RIGHT = VERMILLION, BLUE
SHOWN = 30.0
"""Losses above this are off the figure, unless the present one is: the rest would be a flat line."""


def figure(title: str, moved: int, z: Array, at: int, wrong: Side, right: Side) -> Played:
    """Loss above, gradient below, at each z (K,); `at` is the present place."""
    traces: list[Trace] = []
    for row, axis, what in ((0, "y", "loss"), (1, "y2", "gradient")):
        for name, side, colour, width, dash in (
            ("wrong", wrong[row], WRONG, 5, "solid"),
            ("right", right[row], RIGHT, 3, "9px 5px"),
        ):
            traces += _pair(f"{what}-{name}", name, z, side, at, colour, {"width": width, "dash": dash}, axis, row == 0)
    look = layout(
        title,
        xaxis={"title": {"text": f"logit z<sub>{moved}</sub> of the target’s class"}, "anchor": "y2", "range": [z[0], z[-1]]},
        yaxis={"title": {"text": "loss (nats)"}, "domain": [0.56, 1], **_range(at, wrong[0], right[0])},
        yaxis2={"title": {"text": "gradient ∂ℓ/∂z"}, "domain": [0, 0.44], **_range(at, wrong[1], right[1])},
        hovermode="closest",
        height=560,
    )
    return Played(traces, look, [])


def _range(at: int, *sides: Array) -> dict[str, Any]:
    """From the least to the most that is finite and not far off."""
    values = np.concatenate(sides)
    marks = [float(side[at]) for side in sides if np.isfinite(side[at])]
    limit = max([SHOWN, *map(abs, marks)])
    values = values[np.isfinite(values) & (np.abs(values) <= limit)]
    low, high = (float(values.min()), float(values.max())) if len(values) else (0.0, 1.0)
    room = 0.07 * (high - low) or 0.1
    return {"range": [low - room, high + room]}


def _pair(
    uid: str, name: str, z: Array, y: Array, at: int, colour: str, line: dict[str, Any], axis: str, told: bool
) -> list[Trace]:
    """A line and the mark of the present place on it."""
    dark, here = mix(colour, "#FFFFFF", 0.26), slice(at, at + 1)
    shared = {"type": "scatter", "yaxis": axis, "name": name, "legendgroup": name, "hovertemplate": HOVER}
    whole = {"uid": uid, "mode": "lines", "x": single(z), "y": single(y), "line": {"color": colour, **line}, "showlegend": told}
    mark = {"uid": f"{uid}-here", "mode": "markers", "x": single(z[here]), "y": single(y[here]), "showlegend": False}
    marker = {"color": colour, "size": 13, "line": {"color": "#FFFFFF", "width": 2}}
    on_dark = {"marker.color": dark, "marker.line.color": "#10161C"}
    return [
        shared | whole | {"meta": {"dark": {"line.color": dark}}},
        shared | mark | {"marker": marker, "meta": {"dark": on_dark}},
    ]


HOVER = "z = %{x:.5g}: <b>%{y:.6g}</b><extra>%{fullData.name}</extra>"
