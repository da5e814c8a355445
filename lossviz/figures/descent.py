"""`analysis.descent` drawn as loss against step, a line for each setting."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ..analysis.descent import Path
from ..texts import say
from .frames import Played, Trace, frames, single
from .theme import DASHES, layout, shade


class Descent(NamedTuple):
    """The way down under one setting: its legend, its loss's key, its slot, and the path."""

    label: str
    key: str
    slot: int
    path: Path


def steps(descents: Sequence[Sequence[Descent]], at: int) -> Played:
    """Loss against step of gradient descent; for each position of the scrubber the way down under each setting."""
    drawn = [[_descent(*one) for one in frame] for frame in descents]
    losses = np.concatenate([one.path.loss for frame in descents for one in frame])
    losses = losses[np.isfinite(losses)]
    low, high = min(0.0, losses.min(initial=0.0)), losses.max(initial=0.0) or 1.0
    axes = {
        "xaxis": {"title": {"text": say("step of gradient descent")}},
        "yaxis": {"title": {"text": say("loss ℓ (nats)")}, "range": [1.06 * low, 1.06 * high]},
    }
    return Played(drawn[at], layout(say("Loss by step, from the current sample"), **axes, height=380), frames(drawn))


def _descent(label: str, key: str, slot: int, path: Path) -> Trace:
    light, dark = shade(key, slot)
    return {
        "uid": f"descent-{slot}",
        "type": "scatter",
        "mode": "lines+markers",
        "x": single(np.arange(len(path.loss))),
        "y": single(path.loss),
        "name": label,
        "showlegend": True,
        "line": {"color": light, "width": 3, "dash": DASHES[slot]},
        "marker": {"size": 5, "color": light},
        "meta": {"dark": {"line.color": dark, "marker.color": dark}},
        "hovertemplate": say("step %{x}: <b>%{y:.6g}</b><extra>%{fullData.name}</extra>"),
    }
