"""A mistake drawn: loss and gradient of the wrong and of the right program along the logit that is moved."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..analysis.mistakes import ProgramCurve
from ..evaluation.setting import Array
from ..texts import say
from .frames import Played, Trace, single
from .sides import RIGHT, WRONG, side
from .theme import layout

SHOWN = 30.0
"""Losses above this are off the figure, unless the present one is: the rest would be a flat line."""


def figure(
    title: str,
    names: tuple[str, str],
    moved: int,
    z: Array,
    at: int,
    wrong: ProgramCurve,
    right: ProgramCurve,
    revealed: bool = True,
) -> Played:
    """Loss above, gradient below, at each z (K,); `at` is the present place, `names` what the two programs are called.

    The axes have room for both programs; the wrong one's lines are there once it is `revealed`.
    """
    x = single(z)
    traces: list[Trace] = []
    alone = RIGHT if revealed else RIGHT._replace(dash="solid")
    for row, axis, what in ((0, "y", "loss"), (1, "y2", "gradient")):
        pairs = (
            side(
                look, f"{what}-{key}", name, x, single(values[row]), at, HOVER, yaxis=axis, legendgroup=key, showlegend=row == 0
            )
            for look, key, name, values in ((WRONG, "wrong", names[0], wrong), (alone, "right", names[1], right))
            if revealed or key == "right"
        )
        traces += [line_or_mark for pair in zip(*pairs, strict=True) for line_or_mark in pair]
    look = layout(
        title,
        xaxis={
            "title": {"text": say("logit z<sub>{k}</sub> of the target’s class", k=moved)},
            "anchor": "y2",
            "range": [z[0], z[-1]],
        },
        yaxis={"title": {"text": say("loss (nats)")}, "domain": [0.54, 1], **_range(at, wrong[0], right[0])},
        yaxis2={"title": {"text": say("gradient ∂ℓ/∂z")}, "domain": [0, 0.46], **_range(at, wrong[1], right[1])},
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


HOVER = "z = %{x:.5g}: <b>%{y:.6g}</b>"
