"""The axes of a figure of curves: what they are called, and how far they reach."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from ..analysis.curves import Curve
from ..evaluation.setting import Array
from ..texts import say
from .theme import layout


class Axes(NamedTuple):
    """What the axes are called, and whether the height is logarithmic.

    `x` and `quantity` are words of `analysis.curves`; `input_name` is what the loss is given, logits or log-probabilities;
    `source` is where the picture is known from.
    """

    x: str
    quantity: str
    log: bool
    k: int
    truth: bool
    input_name: str = say("logit")
    source: str = ""


class Ends(NamedTuple):
    """The range of the height, the same in every frame."""

    low: float
    high: float


X_SYMBOLS = {"p_t": "p<sub>t</sub>", "logit": "z", "margin": "m"}
Y_TITLES = {
    "loss": say("loss ℓ (nats)"),
    "gradient": say("gradient ∂ℓ/∂z (nats per unit of logit)"),
    "multiplier": say("multiplier w = ∂ℓ/∂z ÷ cross-entropy’s"),
    "curvature": say("curvature ∂²ℓ/∂z² (nats per squared unit of logit)"),
}
SIZE_TITLES = {
    "loss": say("loss ℓ (nats)"),
    "gradient": say("|gradient ∂ℓ/∂z| (nats per unit of logit)"),
    "multiplier": say("|multiplier w| = |∂ℓ/∂z ÷ cross-entropy’s|"),
    "curvature": say("|curvature ∂²ℓ/∂z²| (nats per squared unit of logit)"),
}
"""On a logarithmic axis, which has no sign."""

Y_NAMES = {
    "loss": say("Loss"),
    "gradient": say("Gradient"),
    "multiplier": say("Gradient multiplier"),
    "curvature": say("Curvature"),
}


def x_title(axes: Axes) -> str:
    """What is along the axis, in words."""
    if axes.x == "logit":
        return say("{input} z<sub>{k}</sub> of class {k}", input=axes.input_name, k=axes.k)
    if axes.x == "margin":
        return say("margin m: logit of class {k} minus the best other", k=axes.k) if axes.truth else say("margin m = ±z")
    if axes.truth:
        return say("p<sub>t</sub>, the probability of the true class")
    return say("p<sub>{k}</sub>, the probability of class {k}", k=axes.k)


def _title(axes: Axes) -> str:
    """What is drawn along which axis, in words, and where the picture is known from."""
    title = say("{quantity} along {axis}", quantity=Y_NAMES[axes.quantity], axis=_x_name(axes))
    return say("{title} ({source})", title=title, source=axes.source) if axes.source else title


def _x_name(axes: Axes) -> str:
    """What is along the axis, in a few words."""
    if axes.x == "logit":
        return x_title(axes)
    if axes.x == "margin":
        return say("margin m") if axes.truth else say("margin m = ±z")
    return "p<sub>t</sub>" if axes.truth else f"p<sub>{axes.k}</sub>"


def axes_layout(curves: Sequence[Curve], axes: Axes, ends: Ends) -> dict[str, Any]:
    """The layout of a figure of these curves: its title, and both axes."""
    reach = [np.log10(ends.low), np.log10(ends.high)] if axes.log else [ends.low, ends.high]
    return layout(
        _title(axes),
        xaxis={
            "title": {"text": x_title(axes)},
            "range": reach_of([curve.x for curve in curves]),
            "uirevision": axes.x,
        },
        yaxis={
            "title": {"text": (SIZE_TITLES if axes.log else Y_TITLES)[axes.quantity]},
            "type": "log" if axes.log else "linear",
            "range": reach,
            "uirevision": f"{axes.quantity} {axes.log}",
            **({"dtick": 2, "exponentformat": "power"} if axes.log and reach[1] - reach[0] > 5 else {}),
            **({"dtick": 1} if not axes.log and 2.5 < reach[1] - reach[0] <= 6 else {}),
        },
        hovermode="closest",
        height=470,
    )


def reach_of(places: Sequence[Array]) -> list[float]:
    """From the first to the last finite place."""
    x = np.concatenate(places)
    x = x[np.isfinite(x)]
    return [float(x.min()), float(x.max())]


def ends_of(frames: Sequence[Sequence[Curve]], axes: Axes) -> Ends:
    """A range for the curves of all frames: with room for every present sample, but not for what runs off to infinity."""
    heights = [height(curve.y, axes)[_inner(curve, axes)] for curves in frames for curve in curves]
    marks = np.array([height(present.y, axes)[present.at] for present, *_ in frames])
    values = np.concatenate([*heights, marks[np.isfinite(marks) & (np.abs(marks) <= 100)]])
    values = values[np.isfinite(values)]
    if axes.log:
        values = values[values > 0]
        low, high = (values.min(), values.max()) if len(values) else (0.1, 1.0)
        return Ends(float(max(low * 0.5, 1e-13)), float(max(high * 2, 1e-12)))
    low, high = (min(0.0, values.min()), max(0.0, values.max())) if len(values) else (0.0, 1.0)
    if axes.quantity == "loss" and CAP < high < 1.5 * CAP and not (marks[np.isfinite(marks)] > CAP).any():
        return Ends(float(low), CAP)
    room = 0.06 * (high - low or 1.0)
    return Ends(float(low - (room if low < 0 else 0.0)), float(high + room))


CAP = 4.0
"""Nats at which a picture of cross-entropy ends: above, lines only run up beside p = 0."""


def _inner(curve: Curve, axes: Axes) -> Any:
    """Where a curve decides how high the picture is: not beside p = 0, where every loss is as high as one likes."""
    if axes.x != "p_t" or axes.log:
        return slice(None)
    return (curve.x >= 0.01) & (curve.x <= 0.99)


def height(y: Array, axes: Axes) -> Array:
    """How high numbers are drawn: a logarithmic axis has their size, and none for 0."""
    if not axes.log:
        return y
    size = np.abs(y)
    return np.where(size > 0, size, np.nan)
