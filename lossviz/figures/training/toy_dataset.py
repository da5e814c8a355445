"""`analysis.training.plane` drawn before training: the samples of the first seed, and the middles of the classes to drag."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...analysis.training.plane import PlaneTruth
from ...numbers import minus
from ...texts import say
from ..frames import Played, Trace
from ..picture import Picture
from ..player.handles import Handle, Placement
from ..theme import CLASSES, GROUND, GROUND_DARK, INK, PAPER, layout
from .plane import axes, bayes_boundary, plane_layout, probability_heatmap, sample_markers, samples_in_words

STEP = 0.05
"""Of the grid that a middle moves on."""

ASPECT_RATIO = 0.8
"""How high the picture is for its width, whatever is in it: it does not jump when a middle is let go of."""


def picture(plane: PlaneTruth) -> Picture:
    """Samples with their labels, who is wrong, what the best rule would say, and the two middles."""
    one = figure(plane)
    first, second = (minus(f"({x:.4g}, {y:.4g})") for x, y in plane.means)
    return Picture(
        one,
        say(
            "{title}; {samples}; centers of class 0 at {first} and class 1 at {second}",
            title=one.title,
            samples=samples_in_words(plane.samples),
            first=first,
            second=second,
        ),
    )


def figure(plane: PlaneTruth) -> Played:
    """The dataset before training."""
    samples = plane.samples
    title = (
        say("Before training: {wrong:,} of {all:,} labels are wrong", wrong=samples.total_wrong, all=samples.total)
        if samples.total_wrong
        else say("Before training: all labels are right")
    )
    figure_layout = layout(title, **_axes(plane), hovermode="closest", **plane_layout(ASPECT_RATIO, 16))
    ground = probability_heatmap(plane.x, plane.y, plane.truth, say("true probability")) | {"showscale": False}
    traces = [ground, _drag_grid(figure_layout), *sample_markers(samples), bayes_boundary(plane)]
    return Played([*traces, *(_mean_marker(plane, c) for c in (0, 1))], figure_layout, [])


def handles(number: int, figure: Played) -> list[Handle]:
    """The two middles as handles of the figure, which is picture `number` of its player.

    Let go of, they commit {"action": "place", "control": "mean0" or "mean1", "x": …, "y": …}.
    """
    uids = [trace["uid"] for trace in figure.data]
    return [
        Handle(number, uids.index(f"mean{c}"), uids.index("moves"), Placement(f"mean{c}"), say("Center of class {c}", c=c))
        for c in (0, 1)
    ]


def _axes(plane: PlaneTruth) -> dict[str, Any]:
    """Those of the plane, with room for both middles, which rare samples may leave out of sight."""
    both = axes(plane)
    for name, means in zip(("xaxis", "yaxis"), plane.means.T, strict=True):
        low, high = both[name]["range"]
        both[name]["range"] = [min(low, float(means.min()) - 0.5), max(high, float(means.max()) + 0.5)]
    return both


def _drag_grid(figure_layout: dict[str, Any]) -> Trace:
    """The places that a middle may take, which nobody sees: as much of the grid as the picture shows."""
    across, up = (
        np.arange(np.ceil(low / STEP), np.floor(high / STEP) + 1).round() * STEP
        for low, high in (figure_layout[name]["range"] for name in ("xaxis", "yaxis"))
    )
    return {"uid": "moves", "type": "scatter", "x": across.round(2), "y": up.round(2), "visible": False}


def _mean_marker(plane: PlaneTruth, c: int) -> Trace:
    light, dark = CLASSES[c]
    x, y = plane.means[c]
    return {
        "uid": f"mean{c}",
        "type": "scatter",
        "mode": "markers+text",
        "x": [float(x)],
        "y": [float(y)],
        "text": [f"<b>{c}</b>"],
        "textfont": {"color": GROUND, "size": 15},
        "name": say("center of class {c}, to drag", c=c),
        "showlegend": True,
        "cliponaxis": False,
        "marker": {
            "size": 34 - 12 * c,
            "symbol": ("circle", "diamond")[c],
            "color": light,
            "line": {"color": INK, "width": 2.5},
        },
        "meta": {"dark": {"marker.color": dark, "marker.line.color": PAPER, "textfont.color": GROUND_DARK}},
        "hovertemplate": say("center of class {c}: (%{{x:.4g}}, %{{y:.4g}})<extra></extra>", c=c),
    }
