"""`analysis.batch.advisor` drawn: a map of γ and α, or of γ and class weights, and the balance of the two sides as lines."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from ...analysis.batch.advisor import Advice
from ...evaluation.setting import Array
from ...texts import say
from ..frames import Played, Trace, single
from ..theme import DIVERGING, DIVERGING_DARK, GROUND, GROUND_DARK, INK, PAPER, SEQUENTIAL, SEQUENTIAL_DARK, layout
from .balance import lines
from .cells import AXES, PRESENT, Present, at_knob, brief, called, cell, cell_text, ink, knob_axis, position, short, tick
from .marks import note

__all__ = ["grid", "lines"]


class Kind(NamedTuple):
    """What a map shows: in words, whether it is a factor (drawn by its logarithm, around 1) or a share, and the bar's title."""

    words: str
    factor: bool
    unit: str


def _kind(advice: Advice, what: str) -> Kind:
    first, second = short(advice)
    return {
        "ratio": Kind(
            say("Gradient of {first} ÷ {second}", first=first, second=second),
            True,
            say("{first} ÷<br>{second}", first=first, second=second),
        ),
        "hardest_1": Kind(
            say("Share of the gradient from the hardest 1% of the {units}", units=advice.units), False, OF_THE_GRADIENT
        ),
        "hardest_10": Kind(
            say("Share of the gradient from the hardest 10% of the {units}", units=advice.units), False, OF_THE_GRADIENT
        ),
        "scale": Kind(say("Mean gradient ÷ cross-entropy’s"), True, say("× cross-<br>entropy’s")),
        "suspects": Kind(say("Share of the gradient from suspects"), False, OF_THE_GRADIENT),
    }[what]


OF_THE_GRADIENT = say("% of the<br>gradient")

GAMMA = say("focusing γ")


def grid(advice: Advice, what: str, present: Present, name: str = PRESENT) -> Played:
    """The map, a number in each cell: "ratio" or "scale" around 1, "hardest_1", "hardest_10" or "suspects" as shares.

    `name`: what the marked place is called.
    """
    kind = _kind(advice, what)
    values = np.asarray(getattr(advice, what), np.float64)
    # Cells stand side by side whatever their values are, so that each has room for its number.
    axes = {
        "xaxis": _axis(AXES[advice.knob], advice.knobs),
        "yaxis": _axis(GAMMA, advice.gammas),
    }
    title = say("{quantity}, by γ and {knob}", quantity=kind.words, knob=called(advice.knob))
    unknown = "" if np.isfinite(values).any() or np.isinf(values).any() else say("Nothing to show for this batch.")
    look = layout(title, **axes, hovermode="closest", height=66 + 54 * max(len(advice.gammas), 4), annotations=note(unknown))
    look["showlegend"] = True
    return Played([_cells(advice, kind, values), _numbers(kind, values), *_marked(advice, present, name)], look, [])


def _axis(title: str, values: Array) -> dict[str, Any]:
    ends = [-0.5, len(values) - 0.5]
    ticks = {"tickvals": list(range(len(values))), "ticktext": [tick(x) for x in values]}
    return {"title": {"text": title}, "range": ends, "showgrid": False, "zeroline": False, "ticks": "", **ticks}


def _heights(kind: Kind, values: Array) -> tuple[Array, float, float]:
    """What the colours stand for, and their ends; 0 and ∞ are at the ends of a logarithm."""
    if not kind.factor:
        return 100 * values, 0.0, 100.0
    with np.errstate(divide="ignore"):
        heights = np.log10(values)
    most = float(np.clip(np.abs(heights[np.isfinite(heights)]).max(initial=0), 0.5, 6))
    return np.clip(heights, -most, most), -most, most


def _cells(advice: Advice, kind: Kind, values: Array) -> Trace:
    heights, low, high = _heights(kind, values)
    light, on_dark = _scales(kind)
    bar: dict[str, Any] = {"title": {"text": kind.unit, "side": "top"}, "thickness": 14}
    if kind.factor:
        ticks = np.arange(np.ceil(low), np.floor(high) + 1) if high >= 1 else np.log10([0.5, 1, 2])
        bar |= {"tickvals": ticks.tolist(), "ticktext": [cell_text(float(f"{10**x:.3g}"), True) for x in ticks]}
    texts = [
        [
            say(
                "γ = {gamma:.4g}, {knob}<br>{quantity}: <b>{value}</b>",
                gamma=gamma,
                knob=at_knob(advice.knob, knob),
                quantity=kind.words,
                value=_exact(values[i, j], kind),
            )
            for j, knob in enumerate(advice.knobs)
        ]
        for i, gamma in enumerate(advice.gammas)
    ]
    return {
        "uid": "cells",
        "type": "heatmap",
        "z": single(heights),
        "zmin": low,
        "zmax": high,
        "colorscale": light,
        "colorbar": bar,
        "xgap": 1,
        "ygap": 1,
        "hovertext": texts,
        "hovertemplate": "%{hovertext}<extra></extra>",
        "meta": {"dark": {"colorscale": on_dark}, "narrow": {"showscale": False}},
    }


def _exact(value: float, kind: Kind) -> str:
    if not np.isfinite(value):
        return say("unknown") if np.isnan(value) else "∞"
    return f"{value:.6g}" if kind.factor else f"{100 * value:.5g}%"


def _scales(kind: Kind) -> tuple[list[list[Any]], list[list[Any]]]:
    return (DIVERGING, DIVERGING_DARK) if kind.factor else (SEQUENTIAL, SEQUENTIAL_DARK)


def _numbers(kind: Kind, values: Array) -> Trace:
    """Each cell's number, black or white by what is behind it."""
    heights, low, high = _heights(kind, values)
    rows, columns = (place.ravel() for place in np.indices(values.shape))
    light, on_dark = (
        [ink(scale, (h - low) / (high - low), ground) for h in heights.ravel()]
        for scale, ground in zip(_scales(kind), (GROUND, GROUND_DARK), strict=True)
    )
    return {
        "uid": "numbers",
        "type": "scatter",
        "mode": "text",
        "x": single(columns),
        "y": single(rows),
        "text": [cell_text(x, kind.factor) for x in values.ravel()],
        "textfont": {"size": 14, "color": light},
        "meta": {
            "dark": {"textfont.color": on_dark},
            "narrow": {"textfont.size": 10, "text": [brief(x, kind.factor) for x in values.ravel()]},
        },
        "hoverinfo": "skip",
        "showlegend": False,
    }


def _column(advice: Advice, knob: float | None) -> float | None:
    """Where a value of the knob is among the columns, the one without it included; None where it is off and has no column."""
    if knob is None:
        off = cell(advice.knobs, None)
        return None if off is None else float(off)
    numbers = np.isfinite(advice.knobs)
    first = int(numbers.argmax())
    return first + position(knob_axis(advice, advice.knobs[numbers]), knob_axis(advice, np.array(knob)))


def _marked(advice: Advice, present: Present, name: str) -> list[Trace]:
    """A frame around the present setting's cell, or around its row where no column is its own; a cross between cells."""
    gamma, knob = present
    i, j = position(advice.gammas, gamma), _column(advice, knob)
    row = j is None
    j = (len(advice.knobs) - 1) / 2 if j is None else j
    shared = {"type": "scatter", "mode": "lines", "hoverinfo": "skip", "name": name}
    if not (i.is_integer() and (row or j.is_integer())):
        look = {"symbol": "x", "size": 15, "color": INK, "line": {"color": GROUND, "width": 2}}
        cross = {"mode": "markers", "x": single([j]), "y": single([i]), "marker": look}
        return [shared | cross | {"uid": "present", "showlegend": True}]
    half = len(advice.knobs) / 2 if row else 0.5
    x = single([j - half, j + half, j + half, j - half, j - half])
    y = single([i - 0.5, i - 0.5, i + 0.5, i + 0.5, i - 0.5])
    frame = {"x": x, "y": y, "cliponaxis": False}
    halo = {"uid": "halo", "line": {"color": GROUND, "width": 8}, "showlegend": False}
    line = {"uid": "present", "line": {"color": INK, "width": 4}, "showlegend": True}
    over = ({"meta": {"dark": {"line.color": GROUND_DARK}}}, {"meta": {"dark": {"line.color": PAPER}}})
    return [shared | frame | look | dressed for look, dressed in zip((halo, line), over, strict=True)]
