"""`analysis.microscope` drawn: the relative error of every formula along the logit, of the loss above, of its gradient below.

Above the errors that are numbers are three lanes for answers that have none: 0, ∞ and nan where the truth is none of these.
Errors below the axis, an error of 0 among them, are drawn on its lower end, and those above it on its upper end. Rounding makes
errors jump from one logit to the next: a line is as high as the largest of a few neighbours.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..analysis.microscope import (
    FORMULAS,
    INF,
    NAN,
    OFF,
    OFF_BY,
    QUANTITIES,
    ZERO,
    Accuracy,
    AccuracyProfile,
    Break,
    Exact,
    FocalCase,
)
from ..evaluation.setting import Array
from ..numbers import minus
from ..texts import say
from .frames import Played, Trace, single
from .theme import (
    BLUE,
    DASHES,
    GREEN,
    GREY,
    GREY_DARK,
    GROUND,
    GROUND_DARK,
    ORANGE,
    PURPLE,
    VERMILLION,
    dark,
    layout,
    see_through,
)

COLOURS = dict(zip(FORMULAS, (VERMILLION, ORANGE, PURPLE, GREEN, BLUE), strict=True))
SYMBOLS = dict(zip(FORMULAS, ("circle", "square", "diamond", "triangle-up", "x"), strict=True))
STROKES = dict(zip(FORMULAS, DASHES, strict=False))
"""Each formula's own, so that none needs a colour to be told from the others."""

LANES = {ZERO: say("is 0"), INF: say("is ∞"), NAN: say("is NaN")}
NAMES = {"loss": say("relative error of the loss"), "grad": say("relative error of the gradient")}


class Height(NamedTuple):
    """A logarithmic axis of errors: the powers of ten from low to high, and lanes above, each so many powers high."""

    low: int
    high: int
    lane: float

    def error(self, error: Array) -> Array:
        """Where errors are drawn."""
        heights: Array = np.clip(error, 10.0**self.low, 10.0**self.high)
        return heights

    def place(self, kind: int, formula: str) -> float:
        """Where a formula has its line in a lane: below each other, so that none hides another."""
        share = (list(FORMULAS).index(formula) + 1) / (len(FORMULAS) + 1)
        return float(10 ** (self.high + self.lane * (list(LANES).index(kind) + 1 - share)))

    @property
    def axis(self) -> dict[str, Any]:
        """Its ticks and its range, as Plotly has them."""
        step = next(step for step in (1, 2, 4) if (self.high - self.low) / step <= 7)
        powers = [*range(0, self.low + step // 2, -step), self.low]
        lanes = [10 ** (self.high + self.lane * (i + 0.5)) for i in range(len(LANES))]
        return {
            "type": "log",
            "tickvals": [*(10.0**power for power in powers), *lanes],
            "ticktext": [*(self._power(power) for power in powers), *LANES.values()],
            "range": [self.low - 0.03 * (self.high - self.low), self.high + 3.1 * self.lane],
        }

    def _power(self, power: int) -> str:
        """A power of ten, the lowest with all that is below it."""
        return minus(f"{'≤ ' if power == self.low else ''}10<sup>{power}</sup>")


def height(case: FocalCase) -> Height:
    """From a tenth of the dtype's ε to a hundred times the truth."""
    low, high = math.floor(math.log10(case.epsilon)) - 1, 2
    return Height(low, high, 0.11 * (high - low))


def figure(title: str, profile: AccuracyProfile, chosen: str, reach: float) -> Played:
    """Logits from −reach to reach, the chosen formula's lines on top of the others'."""
    scale = height(profile.case)
    traces: list[Trace] = []
    for quantity, axis in zip(QUANTITIES, ("y", "y2"), strict=True):
        traces += _ground(profile, quantity, scale, reach, axis)
        for key in sorted(FORMULAS, key=lambda key: key == chosen):
            traces += _formula(profile, quantity, key, scale, key == chosen, axis)
    look = layout(
        title,
        xaxis={"title": {"text": say("logit z")}, "anchor": "y2", "range": [-reach, reach], "uirevision": f"reach {reach}"},
        yaxis={"title": {"text": NAMES["loss"]}, "domain": [0.54, 1], **scale.axis},
        yaxis2={"title": {"text": NAMES["grad"]}, "domain": [0, 0.46], **scale.axis},
        hovermode="closest",
        height=760,
    )
    return Played(traces, look, [])


def _ground(profile: AccuracyProfile, quantity: str, scale: Height, reach: float, axis: str) -> list[Trace]:
    """What is below the lines: where the truth is too small for the dtype, and the errors that lines are compared with."""
    ends = single(np.array([-reach, reach]))
    step = say(" ε of {dtype}", dtype=profile.case.dtype)
    texts = (say(" 1%, and ε below"), " ") if profile.case.epsilon > OFF_BY / 3 else (" 1%", step)
    lines = (("break", OFF_BY, texts[0]), ("epsilon", profile.case.epsilon, texts[1]), ("top", 10.0**scale.high, " "))
    rules = [
        {
            "uid": f"{quantity}-{uid}",
            "type": "scatter",
            "mode": "lines+text",
            "x": ends,
            "y": single(np.full(2, at)),
            "yaxis": axis,
            "text": [text, ""],
            "textposition": "top right",
            "textfont": {"size": 13},
            "line": {"color": GREY, "width": 1.5, "dash": "solid" if uid == "top" else "6px 4px"},
            "hoverinfo": "skip",
            "showlegend": False,
            "meta": {"dark": {"line.color": GREY_DARK}},
        }
        for uid, at, text in lines
    ]
    return [_too_small(profile, quantity, scale, reach, axis), *rules]


def _too_small(profile: AccuracyProfile, quantity: str, scale: Height, reach: float, axis: str) -> Trace:
    """A band, if there is one in the picture."""
    exact: Exact = getattr(profile, quantity)
    x = profile.z[(np.abs(exact.value) < profile.case.normal) & (np.abs(profile.z) <= reach)]
    corners = np.array([x.min(), x.max(), x.max(), x.min()]) if len(x) else np.empty(0)
    low, high = (float(10**power) for power in scale.axis["range"])
    return {
        "uid": f"{quantity}-too-small",
        "type": "scatter",
        "mode": "lines",
        "x": single(corners),
        "y": single(np.array([low, low, high, high])[: len(corners)]),
        "yaxis": axis,
        "fill": "toself",
        "fillcolor": see_through(GREY, 0.22),
        "line": {"width": 0},
        "hoverinfo": "skip",
        "name": say("true value below {dtype}’s smallest normal number", dtype=profile.case.dtype),
        "legendgroup": "too-small",
        "showlegend": quantity == "loss" and bool(len(corners)),
    }


def _formula(profile: AccuracyProfile, quantity: str, key: str, scale: Height, chosen: bool, axis: str) -> list[Trace]:
    """A formula's errors, its answers that have none, and where it breaks."""
    colour = COLOURS[key]
    shared = {
        "type": "scatter",
        "name": FORMULAS[key].title,
        "legendgroup": key,
        "yaxis": axis,
        "opacity": 1.0 if chosen else 0.75,
    }
    accuracy = profile.accuracies[key][quantity]
    line = {"color": colour, "width": 4.5 if chosen else 2, "dash": STROKES[key], "simplify": False}
    errors = {
        "uid": f"{quantity}-{key}",
        "mode": "lines",
        "x": single(profile.z),
        "y": single(scale.error(_largest(accuracy))),
        "line": line,
        "hovertemplate": HOVER,
        "showlegend": quantity == "loss",
        "meta": {"dark": {"line.color": dark(colour)}},
    }
    own = [one for one in profile.breaks if one.formula == key and one.quantity == quantity]
    return [
        shared | errors,
        shared | _lanes(profile.z, accuracy, f"{quantity}-{key}-lanes", key, scale, chosen),
        shared | _marks(own, f"{quantity}-{key}-breaks", key, scale, chosen),
    ]


HOVER = say("z = %{x:.4g}: off by up to <b>%{y:.2g}</b> of the true value<extra>%{fullData.name}</extra>")


NEIGHBOURS = 2
"""To either side."""


def _largest(accuracy: Accuracy) -> Array:
    """The largest error around each logit, and gaps where the answer is in a lane."""
    laned = np.isin(accuracy.kind, list(LANES))
    padded = np.pad(np.where(laned, 0.0, accuracy.error), NEIGHBOURS)
    around = np.lib.stride_tricks.sliding_window_view(padded, 2 * NEIGHBOURS + 1).max(1)
    return np.where(laned, np.nan, around)


def _lanes(z: Array, accuracy: Accuracy, uid: str, key: str, scale: Height, chosen: bool) -> Trace:
    """A line in the lane of each kind, with a gap where the formula gives another."""
    runs = {kind: _runs(z, accuracy.kind == kind) for kind in LANES}
    return {
        "uid": uid,
        "mode": "lines+markers",
        "x": single(np.concatenate([*runs.values()])),
        "y": single(np.concatenate([np.full(len(run), scale.place(kind, key)) for kind, run in runs.items()])),
        "line": {"color": COLOURS[key], "width": 4.5 if chosen else 2, "dash": STROKES[key], "simplify": False},
        "marker": {"color": COLOURS[key], "size": 4.5 if chosen else 2},
        "text": [word for kind, word in LANES.items() for _ in runs[kind]],
        "hovertemplate": "z = %{x:.4g}: <b>%{text}</b><extra>%{fullData.name}</extra>",
        "showlegend": False,
        "meta": {"dark": {"line.color": dark(COLOURS[key]), "marker.color": dark(COLOURS[key])}},
    }


def _runs(z: Array, mask: NDArray[np.bool_]) -> Array:
    """Those logits where something is so, a gap after each run of them."""
    at = np.flatnonzero(mask)
    ends = np.flatnonzero(np.diff(at, append=len(z) + 1) > 1) + 1
    return np.insert(z[at], ends, np.nan)


def _marks(own: list[Break], uid: str, key: str, scale: Height, chosen: bool) -> Trace:
    """Where it breaks, with the logits written out for the formula that is chosen."""
    y = [OFF_BY if one.kind == OFF else scale.place(one.kind, key) for one in own]
    return {
        "uid": uid,
        "mode": "markers+text",
        "x": single([one.z for one in own]),
        "y": single(y),
        "text": [minus(f" {one.z:.3g} ") if chosen else "" for one in own],
        "textposition": [_text_position(one) for one in own],
        "cliponaxis": False,
        "textfont": {"size": 14},
        "marker": {
            "symbol": SYMBOLS[key],
            "color": COLOURS[key],
            "size": 13 if chosen else 8,
            "line": {"color": GROUND, "width": 1.5},
        },
        "hovertemplate": say("breaks at z = <b>%{x:.4g}</b><extra>%{fullData.name}</extra>"),
        "showlegend": False,
        "meta": {"dark": {"marker.color": dark(COLOURS[key]), "marker.line.color": GROUND_DARK}},
    }


def _text_position(one: Break) -> str:
    """Where a break's logit is written: where there is room, on its own side of 0."""
    if one.kind != OFF:
        return "top center"
    return f"{'top' if abs(one.z) < 1 else 'bottom'} {'left' if one.side < 0 else 'right'}"
