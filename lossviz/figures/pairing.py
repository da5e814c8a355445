"""`analysis.pairing` drawn as a 2×2: each class's probability after so many steps, its target, and where it ends."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from ..analysis.pairing import Trajectory
from ..evaluation.setting import Array
from ..texts import say
from .frames import Played, Trace, frames, single
from .theme import BLUE, GROUND, GROUND_DARK, INK, ORANGE, PAPER, layout, mix

ROWS = {"softmax": (0.56, 0.91), "sigmoid": (0.0, 0.35)}
COLUMNS = {"categorical": (0.0, 0.475), "binary": (0.525, 1.0)}
"""Where the row of an activation and the column of its terms are, in parts of the picture."""

TERMS = {"categorical": say("categorical terms"), "binary": say("binary terms")}


MANY = 5
"""With more classes than this the bars are narrow on a small screen."""


class Corner(NamedTuple):
    """One of the four: its activation and terms, the endings of its axes' names, and how it does."""

    activation: str
    terms: str
    axis: str
    trajectory: Trajectory


def figure(
    pairs: Sequence[tuple[str, str]], trajectories: Sequence[Trajectory], targets: Array, positions: Sequence[int], at: int
) -> Played:
    """All four in a square; a frame for each number of steps in `positions`, of which `at` is shown first."""
    corners = [
        Corner(*pair, "" if n == 0 else str(n + 1), trajectory)
        for n, (pair, trajectory) in enumerate(zip(pairs, trajectories, strict=True))
    ]
    titles = [_title(n) for n in positions]
    drawn = [[trace for corner in corners for trace in _traces(corner, targets, n)] for n in positions]
    heads = [{"annotations": [_head(corner, n) for corner in corners]} for n in positions]
    axes = {name: axis for corner in corners for name, axis in _axes(corner, len(targets)).items()}
    look = layout(titles[at], **axes, **heads[at], bargap=0.35, hovermode="closest", height=560)
    return Played(drawn[at], look, frames(drawn, titles, heads))


def _title(n: int) -> str:
    if n == 1:
        return say("Probabilities after {n} step of gradient descent, with categorical or binary terms", n=n)
    return say("Probabilities after {n} steps of gradient descent, with categorical or binary terms", n=n)


def _axes(corner: Corner, classes: int) -> dict[str, Any]:
    x, y = f"x{corner.axis}", f"y{corner.axis}"
    below, left = corner.activation == "sigmoid", corner.terms == "categorical"
    return {
        f"xaxis{corner.axis}": {
            "title": {"text": say("class") if below else ""},
            "dtick": 1,
            "range": [-0.6, classes - 0.4],
            "domain": COLUMNS[corner.terms],
            "anchor": y,
        },
        f"yaxis{corner.axis}": {
            "title": {"text": say("probability p") if left else ""},
            "range": [-0.04, 1.06],
            "domain": ROWS[corner.activation],
            "anchor": x,
        },
    }


def _head(corner: Corner, n: int) -> dict[str, Any]:
    """What stands above one of the four: which it is, and its loss."""
    return {
        "text": say(
            "{activation}, {terms}<br>loss <b>{loss:.4g}</b>",
            activation=corner.activation,
            terms=TERMS[corner.terms],
            loss=corner.trajectory.loss[n] + 0.0,
        ),
        "x": COLUMNS[corner.terms][0],
        "xref": "paper",
        "xanchor": "left",
        "align": "left",
        "y": ROWS[corner.activation][1],
        "yref": "paper",
        "yanchor": "bottom",
        "yshift": 3,
        "showarrow": False,
    }


def _traces(corner: Corner, targets: Array, n: int) -> list[Trace]:
    """Bars of p, a diamond at each target, and a bar across final p."""
    first, end = corner.axis == "", f"-{corner.axis}" if corner.axis else ""
    x = single(np.arange(len(targets)))
    shared = {
        "x": x,
        "xaxis": f"x{corner.axis}",
        "yaxis": f"y{corner.axis}",
        "showlegend": first,
        "hovertemplate": say("class %{x}: <b>%{y:.6g}</b><extra>%{fullData.name}</extra>"),
    }
    across = {"symbol": "line-ew", "size": 26 if len(targets) <= MANY else 14, "line": {"width": 4, "color": ORANGE}}
    diamond = {"symbol": "diamond", "size": 12, "color": INK, "line": {"width": 2, "color": GROUND}}
    marks = shared | {"type": "scatter", "mode": "markers", "cliponaxis": False}
    return [
        shared
        | {
            "uid": f"probs{end}",
            "type": "bar",
            "name": "p",
            "legendgroup": "probs",
            "y": single(corner.trajectory.probs[n]),
            "marker": {"color": BLUE},
            "meta": {"dark": {"marker.color": mix(BLUE, GROUND, 0.26)}},
        },
        marks
        | {
            "uid": f"limit{end}",
            "name": say("final p"),
            "legendgroup": "limit",
            "y": single(corner.trajectory.limit),
            "marker": across,
        },
        marks
        | {
            "uid": f"targets{end}",
            "name": say("target t"),
            "legendgroup": "targets",
            "y": single(targets),
            "marker": diamond,
            "meta": {"dark": {"marker.color": PAPER, "marker.line.color": GROUND_DARK}},
        },
    ]
