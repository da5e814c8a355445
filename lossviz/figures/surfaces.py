"""What the map and the solid of `analysis.surfaces` share: their words, their one scale, and what is drawn at each position."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ..analysis.descent import Path
from ..analysis.surfaces import Arrows, Sheet, Surface
from ..evaluation.setting import Array
from ..texts import say
from .frames import Trace
from .theme import DIVERGING, DIVERGING_DARK, SEQUENTIAL, SEQUENTIAL_DARK

ROOT3_2 = np.sqrt(3) / 2
"""The height of a triangle with unit side."""


class Words(NamedTuple):
    """What the axes and the height are called; `corners` names those of a triangle; `signed` heights are drawn around 0."""

    x: str
    y: str
    height: str
    signed: bool
    corners: tuple[str, str, str] | None = None


class HeightRange(NamedTuple):
    """The range of heights that the colours span, shared by all frames and by both of two settings."""

    low: float
    high: float


class SurfaceFrame(NamedTuple):
    """One position of the scrubber: the surface (`flat` on the map), arrows and path on the map, and a way down the solid."""

    flat: Surface
    solid: Surface | Sheet
    arrows: Arrows | None
    path: Path | None
    way: Path | None


def scale(views: Sequence[SurfaceFrame], signed: bool) -> HeightRange:
    """The range of all finite heights; symmetric about 0 for signed ones. What is rare and huge is left to be cut."""
    values = np.concatenate([view.solid.values.ravel() for view in views])
    values = values[np.isfinite(values)]
    if not len(values):
        return HeightRange(-1.0 if signed else 0.0, 1.0)
    if signed:
        size = float(np.abs(values).max()) or 1.0
        return HeightRange(-size, size)
    low, high, most = min(0.0, float(values.min())), float(values.max()), float(np.quantile(values, 0.97))
    high = high if high < 3 * most else most
    return HeightRange(low, high if high > low else low + 1.0)


def ends(x: Array) -> list[float]:
    """The range of an axis that holds these places and no more."""
    return [float(x[0]), float(x[-1])]


def colours(words: Words) -> Trace:
    """The colours of heights on a light and on a dark page, and the bar that tells them."""
    light, dark = (DIVERGING, DIVERGING_DARK) if words.signed else (SEQUENTIAL, SEQUENTIAL_DARK)
    return {
        "colorscale": light,
        "meta": {"dark": {"colorscale": dark}},
        "colorbar": {
            "title": {"text": words.height, "side": "right"},
            "thickness": 14,
            "len": 0.9,
            "exponentformat": "power",
        },
    }


def hover(words: Words) -> str:
    """What is said of the point under the hand."""
    return say(
        "{x} %{{x:.4g}}<br>{y} %{{y:.4g}}<br><b>%{{z:.5g}}</b> {height}<extra></extra>",
        x=words.x,
        y=words.y,
        height=words.height,
    )
