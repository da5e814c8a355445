"""`analysis.identities` drawn: both sides of a statement along its knob, and where the knob is."""

from __future__ import annotations

import numpy as np

from ..analysis.identities import Comparison, Identity
from ..texts import say
from .frames import Played, Trace, frames, single
from .sides import OTHER, OURS, side
from .theme import layout


def figure(identity: Identity, comparison: Comparison, at: int, titles: list[str]) -> Played:
    """Left as a wide line, right as a dashed one upon it; a frame for each position of the knob."""
    drawn = [_traces(identity, comparison, n) for n in range(len(comparison.knob))]
    look = layout(
        titles[at],
        xaxis={
            "title": {"text": say("{symbol}: {meaning}", symbol=identity.knob.symbol, meaning=identity.knob.meaning)},
            "uirevision": identity.key,
        },
        yaxis={"title": {"text": say("value of each side")}, "uirevision": identity.key, "range": _range(comparison)},
        hovermode="closest",
        height=440,
    )
    return Played(drawn[at], look, frames(drawn, titles))


def _range(comparison: Comparison) -> list[float]:
    values = np.concatenate((comparison.left, comparison.right))
    values = values[np.isfinite(values)]
    low, high = (float(values.min()), float(values.max())) if len(values) else (0.0, 1.0)
    room = 0.06 * (high - low) or 0.1
    return [low - room, high + room]


def _traces(identity: Identity, comparison: Comparison, n: int) -> list[Trace]:
    x = single(comparison.knob)
    left = side(OURS, "left", identity.left, x, single(comparison.left), n, HOVER)
    right = side(OTHER, "right", identity.right, x, single(comparison.right), n, HOVER)
    return [line_or_mark for pair in zip(left, right, strict=True) for line_or_mark in pair]


HOVER = "%{x:.6g}: <b>%{y:.10g}</b>"
