"""`analysis.gradient_check` drawn: how far difference quotients, autograd and formula are apart, over the step size."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from ..analysis.gradient_check import Check, Scheme
from ..evaluation.setting import Array
from ..numbers import minus
from ..texts import say
from .frames import Played, Trace, single
from .sides import SideLook, side
from .theme import BLUE, GREEN, GROUND, INK, PAPER, PURPLE, VERMILLION, layout, mix, see_through

FORWARD, CENTRAL = SideLook(VERMILLION, 2, "solid", 15), SideLook(BLUE, 4, "7px 3px", 15)
SYMBOLS = {"forward": "diamond", "central": "circle"}
NAMES = {"forward": say("forward: (ℓ(z + h) − ℓ(z)) / h"), "central": say("central: (ℓ(z + h) − ℓ(z − h)) / 2h")}

TICKS = 7
"""About so many numbers at an axis."""


class ErrorScale(NamedTuple):
    """The height: from low to high, with a row for errors of exactly 0 where there are any."""

    low: float
    high: float
    zero: bool

    @property
    def nothing(self) -> float:
        """Where 0 is drawn: two decades below, a logarithm has no place for it."""
        return self.low / 100

    def put(self, error: Array) -> Array:
        """Errors, those of 0 in their row."""
        return np.where(error == 0, self.nothing, error)


def figure(title: str, check: Check, dtype: str) -> Played:
    """Errors of both quotients over h (H,), one step at least, and of autograd, which has none. `title`: what came out."""
    scale = _scale(check, dtype)
    traces = [
        *_guides(check, scale),
        *_quotient("central", CENTRAL, check, check.central, scale),
        *_quotient("forward", FORWARD, check, check.forward, scale),
        _level("autograd", say("autograd"), check.off(check.autograd), GREEN, "10px 3px 2px 3px", scale, _reach(check)),
    ]
    if dtype != "float64":
        name = say("formula in {dtype}", dtype=dtype)
        traces.append(_level("formula", name, check.off(check.formula), PURPLE, "2px 3px", scale, _reach(check)))
    return Played(traces, _layout(title, check, scale), [])


def _scale(check: Check, dtype: str) -> ErrorScale:
    levels = [check.off(check.autograd)] + ([check.off(check.formula)] if dtype != "float64" else [])
    errors = np.concatenate((check.forward.error, check.central.error, levels))
    errors = errors[np.isfinite(errors)]
    known = errors[(errors > LEAST) & (errors < 1 / LEAST)]
    low, high = (known.min(), known.max()) if len(known) else (1e-16, 1.0)
    return ErrorScale(10.0 ** np.floor(np.log10(low) - 0.3), 10.0 ** np.ceil(np.log10(high) + 0.3), bool((errors == 0).any()))


LEAST = 1e-30
"""What is less, or more than one over it, has no place in float32's axes."""


def _quotient(key: str, look: SideLook, check: Check, scheme: Scheme, scale: ErrorScale) -> tuple[Trace, Trace]:
    """A line, and a mark at the step to rely on; none where every step is as good."""
    at = -1 if scheme.best is None or scheme.exact else scheme.best
    line, mark = side(look, key, NAMES[key], single(check.h), single(scale.put(scheme.error)), at, HOVER, legendgroup=key)
    mark["marker"] = mark["marker"] | {"symbol": SYMBOLS[key]}
    line["text"] = [error_label(error) for error in scheme.error.tolist()]
    mark["text"] = line["text"][at : at + 1]
    return line, mark


HOVER = "h = %{x:.3g}: <b>%{text}</b>"


def error_label(error: float) -> str:
    """A distance from the formula in words."""
    if np.isnan(error):
        return say("not a number")
    return say("exactly the formula") if error == 0 else say("{error} off", error=minus(f"{error:.2g}"))


def _level(uid: str, name: str, off: float, colour: str, dash: str, scale: ErrorScale, reach: Array) -> Trace:
    """The error of what has no step, from side to side."""
    says = error_label(off)
    return {
        "uid": uid,
        "type": "scatter",
        "mode": "lines",
        "name": say("{name}: {error}", name=name, error=says),
        "x": single(reach),
        "y": single(scale.put(np.full(2, off))),
        "line": {"color": colour, "width": 3, "dash": dash},
        "meta": {"dark": {"line.color": mix(colour, GROUND, 0.26)}},
        "hovertemplate": say("<b>{error}</b><extra>{name}</extra>", error=says, name=name),
    }


def _reach(check: Check) -> Array:
    """The range of h, with room for marks at both ends."""
    return np.array([check.h[0] / 3, check.h[-1] * 3])


def _guides(check: Check, scale: ErrorScale) -> list[Trace]:
    """What theory says, unless nothing errs: what is cut off rises with h and h², what rounding does with 1/h."""
    drawn = (
        ("h", "∝ h\u2003", check.forward.cut, 0.8, "top left"),
        ("h2", "\u2003∝ h²", check.central.cut, 0.75, "bottom right"),
        ("rounding", "\u2003ε ℓ/h", check.rounding, 0.85, "top right"),
    )
    if check.forward.exact and check.central.exact:
        return []
    return [trace for guide in drawn for trace in _guide(*guide, check, scale)]


def _guide(key: str, says: str, y: Array, share: float, where: str, check: Check, scale: ErrorScale) -> tuple[Trace, Trace]:
    """A dotted line as far as it is in the picture, and its name at a share of it."""
    inside = (y > scale.low) & (y < scale.high)
    x, y = check.h[inside], y[inside]
    middle = np.array([int(share * len(x))] if len(x) else [], int)
    grey, pale = see_through(INK, 0.6), see_through(PAPER, 0.6)
    shared: Trace = {"type": "scatter", "showlegend": False, "hoverinfo": "skip"}
    line = {"color": grey, "width": 1.5, "dash": "2px 3px"}
    name = {"text": [says] * len(middle), "textposition": where, "textfont": {"size": 13, "color": grey}}
    return (
        shared
        | {"uid": f"guide-{key}", "mode": "lines", "x": single(x), "y": single(y), "line": line}
        | {"meta": {"dark": {"line.color": pale}}},
        shared
        | {"uid": f"name-{key}", "mode": "text", "x": single(x[middle]), "y": single(y[middle]), **name}
        | {"meta": {"dark": {"textfont.color": pale}}},
    )


def _layout(title: str, check: Check, scale: ErrorScale) -> dict[str, Any]:
    low, high = (round(float(np.log10(x))) for x in (scale.low, scale.high))
    decades = range(low, high + 1, max(1, -(-(high - low) // TICKS)))
    bottom = low - 3 if scale.zero else low
    return layout(
        title,
        xaxis={
            "title": {"text": say("step size h (units of logit)")},
            "type": "log",
            "range": np.log10(_reach(check)).tolist(),
            "exponentformat": "power",
        },
        yaxis={
            "title": {
                "text": say("distance from the formula (relative)")
                if check.relative
                else say("distance from the formula (nats per unit of logit)")
            },
            "type": "log",
            "range": [bottom, high],
            "tickvals": [*([scale.nothing] if scale.zero else []), *(10.0**n for n in decades)],
            "ticktext": [*(["0"] if scale.zero else []), *(minus(f"10<sup>{n}</sup>") for n in decades)],
        },
        hovermode="closest",
        height=520,
    )
