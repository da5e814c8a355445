"""`analysis.batch.shares` drawn: what the hardest carry, and figure 4 of Lin et al. 2017."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from ...analysis.batch.shares import Lorenz, carried_by
from ...evaluation.setting import Array
from ...texts import say
from ..frames import Played, Trace, frames, single
from ..text import escaped
from ..theme import DASHES, GREY, GREY_DARK, GROUND, GROUND_DARK, ground, layout, shade
from .marks import WORDS, note, percent

LEAST = 1e-5
"""The smallest share that the axis shows."""

MARKED = 0.01
"""The share at which the present loss says what it carries."""


class ShareCurve(NamedTuple):
    """A curve with its legend, its loss's key, and its slot: 0 for the present loss."""

    label: str
    key: str
    slot: int
    curve: Lorenz


def lorenz(curves: Sequence[Sequence[ShareCurve]], at: int, by: str, unit: str, titles: Sequence[str]) -> Played:
    """What share of the loss or the gradient the hardest `unit` carry; a title and the curves for each frame."""
    least = _least(curves)
    known: dict[tuple[int, int], Trace] = {}
    drawn = [_traces(frame, by, unit, least, known) for frame in curves]
    looks = [{"annotations": _nothing(frame, by)} for frame in curves]
    axes: dict[str, Any] = {
        "xaxis": {
            "title": {"text": say("share of the {units}, hardest first (%)", units=unit)},
            "type": "log",
            "range": [np.log10(100 * least), 2],
            "dtick": 1,
            "exponentformat": "none",
            "ticksuffix": "%",
            "uirevision": "part",
        },
        "yaxis": {
            "title": {"text": say("share of the {by} they carry (%)", by=WORDS[by])},
            "range": [0, 102],
            "ticksuffix": "%",
            "uirevision": by,
        },
    }
    look = layout(titles[at], **axes, **looks[at], hovermode="closest", showlegend=True, height=500)
    return Played(drawn[at], look, frames(drawn, titles, looks))


def foreground(curves: Sequence[Sequence[ShareCurve]], at: int, side: str, titles: Sequence[str]) -> Played:
    """The cumulative distribution of the normalised loss of one side, from the easiest to the hardest."""
    hover = say("the easiest %{{x:.4%}} of the {side} have %{{y:.4%}} of its loss<extra>%{{fullData.name}}</extra>", side=side)
    drawn = [[_line(one, *map(single, one.curve)) | {"hovertemplate": hover} for one in frame] for frame in curves]
    looks = [{"annotations": _nothing(frame, "loss")} for frame in curves]
    axes = {
        "xaxis": {"title": {"text": say("fraction of the {side}, from easiest to hardest", side=side)}, "range": [0, 1.002]},
        "yaxis": {"title": {"text": say("cumulative normalized loss")}, "range": [0, 1.01]},
    }
    look = layout(titles[at], **axes, **looks[at], hovermode="closest", showlegend=True, height=470)
    return Played(drawn[at], look, frames(drawn, titles, looks))


def _least(curves: Sequence[Sequence[ShareCurve]]) -> float:
    """Where the axis begins: at half of the smallest share there is, but with room on both sides of the marked one."""
    parts = [one.curve.part[one.curve.part > 0] for frame in curves for one in frame]
    smallest = min((float(part.min()) for part in parts if len(part)), default=MARKED)
    return float(np.clip(smallest / 2, LEAST, MARKED / 5))


def _traces(frame: Sequence[ShareCurve], by: str, unit: str, least: float, known: dict[tuple[int, int], Trace]) -> list[Trace]:
    """What is compared with stands still under the scrubber: what is `known` is not drawn again."""
    hover = say(
        "the hardest %{{x:.4g}}% of the {units} carry <b>%{{y:.5g}}%</b> of the {by}<extra>%{{fullData.name}}</extra>",
        units=unit,
        by=WORDS[by],
    )
    lines = []
    for one in frame:
        place = id(one.curve), one.slot
        if place not in known:
            # The present one is drawn last, above the others; a legend begins with it all the same.
            known[place] = _line(one, *_filled(one.curve, least)) | {"hovertemplate": hover, "legendrank": 1000 + one.slot}
        lines.append(known[place])
    return [_equality(least), *lines[::-1], _mark(frame[0])]


def _line(one: ShareCurve, x: Any, y: Any) -> Trace:
    light, dark = shade(one.key, one.slot)
    return {
        "uid": f"curve-{one.slot}",
        "type": "scatter",
        "mode": "lines",
        "x": x,
        "y": y,
        "name": escaped(one.label),
        "line": {"color": light, "width": 4 if one.slot == 0 else 2.5, "dash": DASHES[one.slot]},
        "meta": {"dark": {"line.color": dark}},
    }


def _filled(curve: Lorenz, least: float) -> tuple[Any, Any]:
    """A curve in percent with points between its own: its straight pieces are none on a logarithmic axis."""
    own = curve.part[curve.part >= least]
    x: Array = np.union1d(own, np.geomspace(least, 1, 120))
    return percent(x), percent(np.interp(x, curve.part, curve.carried))


def _equality(least: float) -> Trace:
    x = percent(np.geomspace(least, 1, 80))
    return {
        "uid": "equality",
        "type": "scatter",
        "mode": "lines",
        "x": x,
        "y": x,
        "name": say("equal shares"),
        "legendrank": 2000,
        "line": {"color": GREY, "width": 1.5},
        "meta": {"dark": {"line.color": GREY_DARK}},
        "hoverinfo": "skip",
    }


def _mark(present: ShareCurve) -> Trace:
    carried = carried_by(present.curve, MARKED)
    light, dark = shade(present.key, present.slot)
    return {
        "uid": "mark",
        "type": "scatter",
        "mode": "markers+text",
        "x": percent([MARKED]),
        "y": percent([carried]),
        "text": [f"<b>{100 * carried:.1f}%</b>  " if np.isfinite(carried) else ""],
        "textposition": "top left",
        "textfont": {"size": 18, "shadow": ground(GROUND)},
        "showlegend": False,
        "cliponaxis": False,
        "name": escaped(present.label),
        "marker": {"color": light, "size": 15, "line": {"color": GROUND, "width": 3}},
        "meta": {"dark": {"marker.color": dark, "marker.line.color": GROUND_DARK, "textfont.shadow": ground(GROUND_DARK)}},
        "hovertemplate": say("the hardest {part:.0%} carry <b>%{{y:.5g}}%</b><extra>%{{fullData.name}}</extra>", part=MARKED),
    }


def _nothing(frame: Sequence[ShareCurve], by: str) -> list[dict[str, Any]]:
    finite = any(np.isfinite(one.curve.carried).any() for one in frame)
    return note("" if finite else say("The {by} is 0 everywhere: there is nothing to share.", by=WORDS[by]))
