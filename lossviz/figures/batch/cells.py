"""The cells of a table that is drawn: their numbers, what these are written in, and where a value is among them."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...analysis.batch.advisor import Advice, without_role
from ...evaluation.setting import Array
from ...numbers import minus
from ...texts import say
from ..text import escaped
from ..theme import BLACK, WHITE, mix


def called(knob: str) -> str:
    """The knob's name."""
    return {"alpha": "α", "power": say("class-weight power")}[knob]


def at_knob(knob: str, value: float | None) -> str:
    """A value of the knob with its name."""
    return say("{knob} {value}", knob=called(knob), value=tick(value))


def tick(value: float | None) -> str:
    """A value of the knob: a number, or that it is off."""
    return say("off") if value is None or np.isnan(value) else f"{value:.4g}"


def short(advice: Advice) -> tuple[str, str]:
    """The two sides without what they are."""
    first, second = (escaped(without_role(side), 40) for side in advice.sides)
    return first, second


AXES = {
    "alpha": say("α, the factor on positives; negatives get 1 − α"),
    "power": say("power of the class weights (N / n<sub>c</sub>)<sup>power</sup>"),
}
"""What is along the axis."""

Present = tuple[float, float | None]
"""γ and the knob's value; None where the knob is off."""

PRESENT = say("the current setting")
"""What the place is called that is marked."""


def cell(values: Array, at: float | None) -> int | None:
    """Where a value is among these, if it is; None is off."""
    off = at is None or np.isnan(at)
    places = np.flatnonzero(np.isnan(values) if off else np.isclose(values, at or 0.0, rtol=1e-9, atol=1e-12))
    return int(places[0]) if len(places) else None


def cell_text(value: float, factor: bool) -> str:
    """A number of a cell: a factor, or a share in percent."""
    if not np.isfinite(value):
        return "–" if np.isnan(value) else "∞"
    value = value if factor else 100 * value
    if value != 0 and not 1e-3 <= abs(value) < 10**4:
        base, power = f"{value:.2e}".split("e")
        return minus(f"{float(base):g}·10<sup>{int(power)}</sup>")
    return f"{float(f'{value:.3g}'):.10g}"


def brief(value: float, factor: bool) -> str:
    """A number of a cell in four letters, for a small screen: two digits, or one where it begins with .00."""
    shown = value if factor else 100 * value
    if not np.isfinite(shown) or shown == 0:
        return cell_text(value, factor)
    if shown < 9.5e-4:
        return "≈ 0"
    if shown >= 999.5:
        return f"{shown / 1000:.0f}k" if shown < 999_500 else "≫"
    return f"{float(f'{shown:.{1 if shown < 0.0095 else 2}g}'):.10g}".removeprefix("0" if shown < 1 else " ")


def position(values: Array, at: Any) -> float:
    """Where a value is along cells: a whole number where it is a cell's own."""
    place = float(np.interp(at, values, np.arange(len(values))))
    return float(round(place)) if abs(place - round(place)) < 1e-6 else place


def knob_axis(advice: Advice, knobs: Array) -> Array:
    """The knob as an axis that lets each value have room: α by its log-odds, whose unit is a factor e of the ratio."""
    if advice.knob != "alpha":
        return knobs
    with np.errstate(divide="ignore"):
        odds: Array = np.clip(np.log(knobs) - np.log1p(-knobs), -40, 40)
    return odds


def ink(scale: list[list[Any]], share: float, ground: str) -> str:
    """Black or white, whichever is easier to read on this colour of a scale; an empty cell has the page's ground."""
    behind = _between(scale, share) if np.isfinite(share) else ground
    light = _luminance(behind)
    return BLACK if (light + 0.05) ** 2 > 1.05 * 0.05 else WHITE


def _between(scale: list[list[Any]], share: float) -> str:
    n = max(1, int(np.searchsorted([stop for stop, _ in scale], share).clip(1, len(scale) - 1)))
    (a, low), (b, high) = scale[n - 1], scale[n]
    return mix(low, high, (share - a) / (b - a))


def _luminance(colour: str) -> float:
    """As WCAG 2 has it."""
    channels = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])
