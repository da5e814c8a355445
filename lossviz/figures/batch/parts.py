"""`analysis.batch.parts` drawn: what share of the samples, of the loss and of the gradient each part has."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ...analysis.batch.parts import GroupShares
from ...texts import say, then
from ..frames import Played, Trace, frames
from ..text import escaped
from ..theme import GREY, GREY_DARK, GROUND, INK, ORANGE, layout, mix, shade
from .marks import marked_row, note, percent

ROW = 46
"""Pixels of height for the three bars of a part."""

LOSS, GRADIENT = mix(ORANGE, GROUND, 0.35), mix(ORANGE, INK, 0.3)
LOSS_DARK, GRADIENT_DARK = mix(ORANGE, INK, 0.3), mix(ORANGE, GROUND, 0.35)
"""A hue that no loss on offer has, since the loss is the same for all bars."""


def figure(
    series: Sequence[GroupShares],
    at: int,
    titles: Sequence[str],
    loss_labels: Sequence[str],
    noun: tuple[str, str] = ("part", say("parts")),
    marked: int | None = None,
) -> Played:
    """Three bars for each part, and a diamond where cross-entropy's gradient ends. `loss_labels`: its name a frame.

    What many small parts have together gets no bars, beside which theirs would be slivers: the axis says how many are shown of
    how many. `noun`: what they are called. The bars' `customdata` are the numbers of their parts; `marked`: of the one whose
    bars are marked.
    """
    x_title = _x_title(series[0], noun)
    series = [_alone(frame) for frame in series]
    drawn = [_traces(frame, name) for frame, name in zip(series, loss_labels, strict=True)]
    looks = [_texts(frame) | {"shapes": _mark(frame, marked)} for frame in series]
    rows = max(len(frame.names) for frame in series)
    columns = [column for frame in series for column in (frame.counts, frame.loss, frame.norm, frame.ce_norm)]
    most = max((float(np.max(column, initial=0)) for column in columns), default=0.0)
    look = layout(
        titles[at],
        xaxis={"title": {"text": x_title}, "range": [0, 104 * most or 1.0], "uirevision": "share"},
        yaxis={"range": [rows - 0.45, -0.55], "showgrid": False, "zeroline": False, "ticks": "", **looks[at]["yaxis"]},
        annotations=looks[at]["annotations"],
        shapes=looks[at]["shapes"],
        barmode="overlay",
        hovermode="closest",
        showlegend=True,
        height=ROW * max(rows, 3) + 160,
    )
    return Played(drawn[at], look, frames(drawn, titles, looks))


def _x_title(frame: GroupShares, noun: tuple[str, str]) -> str:
    """What is along the axis, and how many parts are shown of how many, where that is not all."""
    if not frame.rest:
        return say("share of the whole batch (%)")
    return say(
        "share of the whole batch (%)<br>{shown} of {all:,} {parts} shown; the table lists all",
        shown=frame.alone,
        all=frame.alone + frame.rest,
        parts=noun[1],
    )


def _alone(frame: GroupShares) -> GroupShares:
    """The parts that stand by themselves."""
    n = frame.alone
    columns = {name: getattr(frame, name)[:n] for name in ("names", "counts", "loss", "norm", "ce_loss", "ce_norm")}
    return frame._replace(**columns, rest=0)


def _mark(frame: GroupShares, part: int | None) -> list[dict[str, Any]]:
    return marked_row(frame.numbers.index(part) if part in frame.numbers else None)


def _texts(frame: GroupShares) -> dict[str, Any]:
    """What of the layout is the frame's own: the names of the parts, and a word where there is no gradient to share."""
    texts = [then(escaped(name, 26), _spaced) for name in frame.names]
    silent = "" if frame.norm.any() or frame.loss.any() else say("Loss and gradient are 0 everywhere.")
    return {"yaxis": {"tickvals": list(range(len(texts))), "ticktext": texts}, "annotations": note(silent)}


def _spaced(text: str) -> str:
    """A text with some room after it."""
    return f"{text} "


def _traces(frame: GroupShares, label: str) -> list[Trace]:
    bars = (
        ("count", say("share of the samples"), frame.counts, -0.4, (GREY, GREY_DARK)),
        ("loss", say("of the loss ({loss})", loss=escaped(label)), frame.loss, -0.13, (LOSS, LOSS_DARK)),
        ("gradient", say("of its gradient"), frame.norm, 0.14, (GRADIENT, GRADIENT_DARK)),
    )
    shared = {
        "text": [escaped(name, 60) for name in frame.names],
        "customdata": list(frame.numbers),
        "hovertemplate": say("%{text}: <b>%{x:.5g}%</b><extra>%{fullData.name}</extra>"),
    }
    bar_traces = [
        shared
        | {
            "uid": uid,
            "type": "bar",
            "orientation": "h",
            "y": list(range(len(frame.names))),
            "x": percent(share),
            "offset": offset,
            "width": 0.25,
            "name": name,
            "textposition": "none",
            "marker": {"color": light},
            "meta": {"dark": {"marker.color": dark}},
        }
        for uid, name, share, offset, (light, dark) in bars
    ]
    light, dark = shade("cross-entropy", 0)
    diamond = {
        "uid": "cross-entropy",
        "type": "scatter",
        "mode": "markers",
        "y": [i + 0.265 for i in range(len(frame.names))],
        "x": percent(frame.ce_norm),
        "name": say("of cross-entropy’s gradient"),
        "cliponaxis": False,
        "marker": {"symbol": "diamond-open", "size": 11, "color": light, "line": {"width": 2.5}},
        "meta": {"dark": {"marker.color": dark}},
    }
    return [*bar_traces, shared | diamond]
