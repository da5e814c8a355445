"""`analysis.pairing` drawn: each class's probability after so many steps, its target, and where it ends."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..analysis.pairing import Trajectory
from ..evaluation.setting import Array
from .frames import Played, Trace, frames, single
from .theme import BLUE, GROUND, GROUND_DARK, INK, ORANGE, PAPER, layout, mix


def figure(name: str, trajectory: Trajectory, targets: Array, positions: Sequence[int], at: int) -> Played:
    """One of the four; a frame for each number of steps in `positions`, of which `at` is shown first."""
    titles = [f"{name}: loss {trajectory.loss[n] + 0.0:.4g} after {n} {'step' if n == 1 else 'steps'}" for n in positions]
    drawn = [_traces(trajectory, targets, n) for n in positions]
    look = layout(
        titles[at],
        xaxis={"title": {"text": "class"}, "dtick": 1, "range": [-0.6, len(targets) - 0.4]},
        yaxis={"title": {"text": "probability p"}, "range": [-0.04, 1.06]},
        bargap=0.35,
        hovermode="closest",
        height=300,
    )
    return Played(drawn[at], look, frames(drawn, titles))


def _traces(trajectory: Trajectory, targets: Array, n: int) -> list[Trace]:
    """Bars of p, a diamond at each target, and a bar across where p ends."""
    x = single(np.arange(len(targets)))
    shared = {"x": x, "hovertemplate": "class %{x}: <b>%{y:.6g}</b><extra>%{fullData.name}</extra>"}
    across = {"symbol": "line-ew", "size": 26, "line": {"width": 4, "color": ORANGE}}
    diamond = {"symbol": "diamond", "size": 12, "color": INK, "line": {"width": 2, "color": GROUND}}
    marks = shared | {"type": "scatter", "mode": "markers", "cliponaxis": False}
    return [
        shared
        | {
            "uid": "probs",
            "type": "bar",
            "name": "p",
            "y": single(trajectory.probs[n]),
            "marker": {"color": BLUE},
            "meta": {"dark": {"marker.color": mix(BLUE, GROUND, 0.26)}},
        },
        marks | {"uid": "limit", "name": "where p ends", "y": single(trajectory.limit), "marker": across},
        marks
        | {
            "uid": "targets",
            "name": "target t",
            "y": single(targets),
            "marker": diamond,
            "meta": {"dark": {"marker.color": PAPER, "marker.line.color": GROUND_DARK}},
        },
    ]
