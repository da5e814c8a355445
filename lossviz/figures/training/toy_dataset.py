"""`analysis.training.plane` drawn before training: the samples of the first seed, and the middles of the classes to drag."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...analysis.training.plane import Plane
from ..frames import Played, Trace
from ..picture import Picture
from ..theme import CLASSES, GROUND, GROUND_DARK, INK, PAPER, layout
from . import plane

STEP = 0.05
"""Of the grid that a middle moves on."""

STEEP = 0.8
"""How high the picture is for its width, whatever is in it: it does not jump when a middle is let go of."""


def picture(found: Plane) -> Picture:
    """Samples with their labels, who is wrong, what the best rule would say, and the two middles."""
    one = figure(found)
    middles = " and ".join(f"class {c} at ({x:.4g}, {y:.4g})" for c, (x, y) in enumerate(found.middles)).replace("-", "−")
    return Picture(one, f"{one.title}; {plane.told(found.points)}; middles of {middles}")


def figure(found: Plane) -> Played:
    """The world before training."""
    points = found.points
    wrong = f"{points.total_wrong:,} of {points.total:,} labels are wrong" if points.total_wrong else "all labels are right"
    look = layout(f"Before training: {wrong}", **_axes(found), hovermode="closest", **plane.room(STEEP, 16))
    ground = plane.field(found.x, found.y, found.truth, "in truth") | {"showscale": False}
    traces = [ground, _moves(look), *plane.samples(points), plane.best(found)]
    return Played([*traces, *(_middle(found, c) for c in (0, 1))], look, [])


def handles(number: int, figure: Played) -> list[dict[str, Any]]:
    """The two middles as handles of the figure, which is picture `number` of its stage.

    Let go of, they commit {"action": "place", "control": "mean0" or "mean1", "x": …, "y": …}.
    """
    uids = [trace["uid"] for trace in figure.data]
    return [
        {
            "picture": number,
            "marker": uids.index(f"mean{c}"),
            "follow": uids.index("moves"),
            "label": f"Middle of class {c}",
            "send": {"action": "place", "control": f"mean{c}"},
        }
        for c in (0, 1)
    ]


def _axes(found: Plane) -> dict[str, Any]:
    """Those of the plane, with room for both middles, which rare samples may leave out of sight."""
    axes = plane.axes(found)
    for name, middles in zip(("xaxis", "yaxis"), found.middles.T, strict=True):
        low, high = axes[name]["range"]
        axes[name]["range"] = [min(low, float(middles.min()) - 0.5), max(high, float(middles.max()) + 0.5)]
    return axes


def _moves(look: dict[str, Any]) -> Trace:
    """The places that a middle may take, which nobody sees: as much of the grid as the picture shows."""
    across, up = (
        np.arange(np.ceil(low / STEP), np.floor(high / STEP) + 1).round() * STEP
        for low, high in (look[name]["range"] for name in ("xaxis", "yaxis"))
    )
    return {"uid": "moves", "type": "scatter", "x": across.round(2), "y": up.round(2), "visible": False}


def _middle(found: Plane, c: int) -> Trace:
    light, dark = CLASSES[c]
    x, y = found.middles[c]
    return {
        "uid": f"mean{c}",
        "type": "scatter",
        "mode": "markers+text",
        "x": [float(x)],
        "y": [float(y)],
        "text": [f"<b>{c}</b>"],
        "textfont": {"color": GROUND, "size": 15},
        "name": f"middle of class {c}, to drag",
        "showlegend": True,
        "cliponaxis": False,
        "marker": {
            "size": 34 - 12 * c,
            "symbol": ("circle", "diamond")[c],
            "color": light,
            "line": {"color": INK, "width": 2.5},
        },
        "meta": {"dark": {"marker.color": dark, "marker.line.color": PAPER, "textfont.color": GROUND_DARK}},
        "hovertemplate": f"middle of class {c}: (%{{x:.4g}}, %{{y:.4g}})<extra></extra>",
    }
