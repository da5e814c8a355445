"""`analysis.identities` drawn: both sides of a statement along its knob, and where the knob is."""

from __future__ import annotations

import numpy as np

from ..analysis.identities import Checked, Identity
from .frames import Played, Trace, frames, single
from .sides import OTHER, OURS, side
from .theme import layout


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
    left = side(OURS, "left", identity.left, x, single(found.left), n, HOVER)
    right = side(OTHER, "right", identity.right, x, single(found.right), n, HOVER)
    return [line_or_mark for pair in zip(left, right, strict=True) for line_or_mark in pair]


HOVER = "%{x:.6g}: <b>%{y:.10g}</b>"
