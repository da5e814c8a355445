"""`analysis.batch.contributions` drawn: a bar for each sample, within the bar that it would have under cross-entropy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from ...analysis.batch.contributions import Contributions
from ...evaluation.setting import Array
from ...texts import say
from ..frames import Played, Trace, frames
from ..text import escaped
from ..theme import layout, see_through, shade
from .marks import WORDS, marked_row, note, percent

ROW = 26
"""Pixels of height for a bar."""

AXES = {"loss": say("share of the batch’s loss (%)"), "gradient": say("share of the batch’s gradient, by norm (%)")}


def figure(
    series: Sequence[Contributions],
    at: int,
    by: str,
    titles: Sequence[str],
    loss_key: str,
    loss_labels: Sequence[str],
    marked: int | None = None,
) -> Played:
    """Each sample's share of the loss or the gradient, the largest on top. `loss_labels`: the loss's name in each frame.

    The bars' `customdata` are the samples' row numbers. Where cross-entropy is the loss itself it gets no bars of its own.
    `marked`: the row number of the sample whose bar is marked.
    """
    about = _described(series)
    drawn = [_traces(frame, by, loss_key, name, about) for frame, name in zip(series, loss_labels, strict=True)]
    if all(np.array_equal(*_shares(frame, by)) for frame in series):
        drawn = [traces[1:] for traces in drawn]
    looks = [_texts(frame, by, about) | {"shapes": _mark(frame, marked)} for frame in series]
    rows = max(len(frame.row) for frame in series)
    most = max((float(np.max(share, initial=0)) for frame in series for share in _shares(frame, by)), default=0.0)
    look = layout(
        titles[at],
        xaxis={"title": {"text": AXES[by]}, "range": [0, 104 * most or 1.0], "uirevision": by},
        yaxis={"range": [rows - 0.4, -0.6], "showgrid": False, "zeroline": False, "ticks": "", **looks[at]["yaxis"]},
        annotations=looks[at]["annotations"],
        shapes=looks[at]["shapes"],
        barmode="overlay",
        hovermode="closest",
        showlegend=True,
        height=ROW * max(rows, 4) + 150,
    )
    return Played(drawn[at], look, frames(drawn, titles, looks))


def _mark(frame: Contributions, row: int | None) -> list[dict[str, Any]]:
    rows = frame.row.tolist()
    return marked_row(rows.index(row) if row in rows else None)


def _shares(frame: Contributions, by: str) -> tuple[Array, Array]:
    """Under the loss, and under cross-entropy."""
    return (frame.loss_share, frame.ce_loss_share) if by == "loss" else (frame.norm_share, frame.ce_norm_share)


class _About(NamedTuple):
    """What a figure says of a sample whatever the loss: beside its bar, and where the mouse is."""

    tick: str
    hover: str


def _described(series: Sequence[Contributions]) -> dict[int, _About]:
    """Each sample of all frames, by its row number: most are in many of them."""
    about: dict[int, _About] = {}
    for frame in series:
        for i, row in enumerate(frame.row.tolist()):
            if row not in about:
                about[row] = _about(frame, i)
    return about


def _about(frame: Contributions, i: int) -> _About:
    brief = {"name": escaped(frame.name[i], 20), "label": escaped(frame.label[i], 18)}
    values = {"name": escaped(frame.name[i], 60), "label": escaped(frame.label[i], 60)}
    values |= {"guess": escaped(frame.guess[i], 60), "p_t": f"{frame.p_t[i]:.4g}"}
    if frame.suspect[i]:
        return _About(
            say("{name} · {label} ⚑ ", **brief),
            say("<b>{name}</b> · {label} · ⚑ a suspect<br>predicted {guess}, p<sub>t</sub> = {p_t}", **values),
        )
    return _About(
        say("{name} · {label} ", **brief),
        say("<b>{name}</b> · {label}<br>predicted {guess}, p<sub>t</sub> = {p_t}", **values),
    )


def _traces(frame: Contributions, by: str, key: str, label: str, about: Mapping[int, _About]) -> list[Trace]:
    own, base = _shares(frame, by)
    shared = {
        "type": "bar",
        "orientation": "h",
        "y": list(range(len(frame.row))),
        "customdata": frame.row.tolist(),
        "hovertext": [_hover(about[row], frame, by, i) for i, row in enumerate(frame.row.tolist())],
        "hovertemplate": "%{hovertext}<extra></extra>",
    }
    light, dark = shade("cross-entropy", 0)
    outline = {
        "uid": "cross-entropy",
        "legendrank": 1001,  # drawn first, told last
        "name": say("cross-entropy"),
        "x": percent(base),
        "width": 0.84,
        "marker": {"color": see_through(light, 0.14), "line": {"color": light, "width": 1.5}},
        "meta": {"dark": {"marker.color": see_through(dark, 0.2), "marker.line.color": dark}},
    }
    light, dark = shade(key, 0)
    solid = {
        "uid": "chosen",
        "name": escaped(label),
        "x": percent(own),
        "width": 0.46,
        "marker": {"color": light},
        "meta": {"dark": {"marker.color": dark}},
    }
    return [shared | outline, shared | solid]


def _hover(about: _About, frame: Contributions, by: str, i: int) -> str:
    own, base = (100 * share[i] for share in _shares(frame, by))
    return say(
        "{about}<br>loss {loss:.6g}, cross-entropy {ce_loss:.6g}<br>gradient norm {norm:.6g}, cross-entropy {ce_norm:.6g}<br>"
        "<b>{own:.4g}%</b> of the {by}, cross-entropy {base:.4g}%",
        about=about.hover,
        loss=frame.loss[i],
        ce_loss=frame.ce_loss[i],
        norm=frame.norm[i],
        ce_norm=frame.ce_norm[i],
        own=own,
        by=WORDS[by],
        base=base,
    )


def _texts(frame: Contributions, by: str, about: Mapping[int, _About]) -> dict[str, Any]:
    """What of the layout is the frame's own: who the bars are, and a word where there are none."""
    texts = [about[row].tick for row in frame.row.tolist()]
    silent = (
        "" if _shares(frame, by)[0].any() else say("The {by} is 0 for every sample: there is nothing to share.", by=WORDS[by])
    )
    return {"yaxis": {"tickvals": list(range(len(texts))), "ticktext": texts}, "annotations": note(silent)}
