"""Names that stand in the lines of a picture at every position of its scrubber, instead of a legend."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from ..analysis.series import Series
from ..evaluation.setting import Array
from ..naming.short_names import short_names
from .frames import Trace
from .line_labels import Box, Label, Line, place_among, places
from .line_looks import is_twin
from .theme import PAGE


class Screen(NamedTuple):
    """The smallest plot that pictures are looked at in."""

    name: str
    box: Box


WIDE, PHONE = Screen("wide", Box(1080, 400, 15)), Screen("phone", Box(290, 300, 12))


class Plot(NamedTuple):
    """What the axes mean, by any `words` that tell it apart, and their ranges; `log`: the second is of powers of ten."""

    words: Any
    x: tuple[float, float]
    y: tuple[float, float]
    log: bool = False


@dataclass(frozen=True)
class Plotted:
    """A line of a picture, the present setting's first. Its numbers follow from the setting and the `Plot`."""

    series: Series
    x: Array = field(compare=False)
    y: Array = field(compare=False)


class Labels(NamedTuple):
    """Two traces for each position of the scrubber, and whether lines are named by them on a large screen and on a phone."""

    traces: list[list[Trace]]
    wide: bool
    phone: bool


def labels(positions: Sequence[Sequence[Plotted]], at: int, plot: Plot) -> Labels:
    """Names for the lines at each position of a scrubber; pins keep the places that they have at position `at`."""
    wide, phone = (_every(positions, at, plot, screen) for screen in (WIDE, PHONE))
    blank = [NOTHING] * len(positions)
    rows = zip(wide or blank, phone or blank, strict=True)
    traces = [
        [_trace("labels", large.pins, small.pins), _trace("label-0", large.present, small.present)] for large, small in rows
    ]
    return Labels(traces, bool(wide), bool(phone))


def legend_of(labels: Labels) -> dict[str, Any]:
    """Whether the legend names a line, which it does where no label can; `narrow`: on a phone, where that differs."""
    narrow = {"showlegend": not labels.phone} if labels.wide != labels.phone else {}
    return {"showlegend": not labels.wide, "narrow": narrow}


GAP = ", ".join(f"{x}em {y}em 2px {PAGE}" for x in (-0.3, -0.15, 0, 0.15, 0.3) for y in (-0.15, 0, 0.15))
"""Around letters, so that a line has a gap there: shadows that lie close, as a font has nothing else to stand on."""

SEEN = {"opacity": 1, "hoverinfo": "all"}


def hidden(trace: Trace) -> Trace:
    """A trace of a pin that is the present setting: nothing is drawn or named twice. Its numbers stay, so that no frame of a
    scrubber has to carry them."""
    return trace | {"opacity": 0, "hoverinfo": "skip", "showlegend": False}


Spot = tuple[float, float, str, str]
"""A name and its place, in the numbers of the axes, and which part of it is there. Near an edge that is its outer end: a plot
that is smaller than was thought then cuts nothing off."""


class Spots(NamedTuple):
    """The names of pins, and the present setting's if no pin is the same."""

    pins: tuple[Spot, ...]
    present: tuple[Spot, ...]


NOTHING = Spots((), ())


@dataclass(frozen=True, eq=False)
class _Pins:
    """The pins' lines and labels on a screen, each told from others by being itself."""

    series: tuple[Series, ...]
    screen: Screen
    lines: tuple[Line, ...]
    labels: tuple[Label, ...]
    spots: tuple[Spot, ...]


def _every(positions: Sequence[Sequence[Plotted]], at: int, plot: Plot, screen: Screen) -> list[Spots]:
    """The names at each position; none if they do not fit."""
    fixed = _pins(tuple(positions[at]), plot, screen)
    if not fixed.labels:
        return []
    result: list[Spots] = []
    near = screen.box.width / 2
    for present, *others in positions:
        pins = fixed if _are_same(others, fixed.series) else _riding(tuple(others), present, fixed, plot)
        label = _present_label(present, pins, near, plot)
        near = label.x if label else near
        own = (_spot(label, _name(present, pins), plot, screen),) if label else ()
        result.append(Spots(pins.spots, own))
    return result


def _are_same(others: Sequence[Plotted], series: Sequence[Series]) -> bool:
    return all(one.series is other for one, other in zip(others, series, strict=True))


@lru_cache(maxsize=512)
def _pins(shown: tuple[Plotted, ...], plot: Plot, screen: Screen) -> _Pins:
    """The pins among what is shown, with labels if they fit and differ."""
    lines = _lines(shown, plot, screen)[1:]
    labels = places(lines, screen.box) if len({line.text for line in lines}) == len(lines) else ()
    return _labelled(shown[1:], lines, labels, plot, screen)


def _riding(others: tuple[Plotted, ...], present: Plotted, fixed: _Pins, plot: Plot) -> _Pins:
    """Pins that move under the scrubber, and their labels with them."""
    lines = _lines((present, *others), plot, fixed.screen)[1:]
    labels = (label._replace(y=float(line.at(np.array(label.x)))) for line, label in zip(lines, fixed.labels, strict=True))
    return _labelled(others, lines, tuple(labels), plot, fixed.screen)


def _labelled(pins: Sequence[Plotted], lines: tuple[Line, ...], labels: tuple[Label, ...], plot: Plot, screen: Screen) -> _Pins:
    spots = tuple(_spot(label, line.text, plot, screen) for label, line in zip(labels, lines, strict=False))
    return _Pins(tuple(pin.series for pin in pins), screen, lines, labels, spots)


@lru_cache(maxsize=8192)
def _present_label(present: Plotted, pins: _Pins, near: float, plot: Plot) -> Label | None:
    """The present line's label; it has none where a pin that is the same names it."""
    if any(is_twin(present.series.setting, pin.setting) for pin in pins.series):
        return None
    line = _line(present, _name(present, pins), plot, pins.screen)
    return place_among(line, pins.lines, pins.labels, near, pins.screen.box)


def _name(present: Plotted, pins: _Pins) -> str:
    return _names((present.series, *pins.series), pins.screen)[0]


def _names(series: Sequence[Series], screen: Screen) -> tuple[str, ...]:
    names = short_names(tuple(one.setting.spec for one in series))
    return tuple(name.phone if screen is PHONE else name.wide for name in names)


def _lines(shown: tuple[Plotted, ...], plot: Plot, screen: Screen) -> tuple[Line, ...]:
    names = _names([one.series for one in shown], screen)
    return tuple(_line(one, name, plot, screen) for one, name in zip(shown, names, strict=True))


def _line(one: Plotted, text: str, plot: Plot, screen: Screen) -> Line:
    (left, right), (low, high), box = plot.x, plot.y, screen.box
    with np.errstate(invalid="ignore", divide="ignore"):
        height = np.log10(one.y) if plot.log else one.y
    x, y = (one.x - left) / (right - left) * box.width, (height - low) / (high - low) * box.height
    return Line((plot, one.series), text, x, y)


def _spot(label: Label, text: str, plot: Plot, screen: Screen) -> Spot:
    (left, right), (low, high), box = plot.x, plot.y, screen.box
    side = (NARROWER * (box.width - label.x) < label.half) - (NARROWER * label.x < label.half)
    at = label.x + side * label.half
    x, y = left + at / box.width * (right - left), low + label.y / box.height * (high - low)
    return x, 10**y if plot.log else y, text, ANCHORS[side]


NARROWER = 0.55
"""As narrow as this, by the width that was thought of, is a plot beside the words of a scene: a label that would not be whole
there is near an edge."""

ANCHORS = {-1: "middle right", 0: "middle center", 1: "middle left"}
"""Where Plotly puts a text beside its place, by the side of the plot that it is near to."""


@lru_cache(maxsize=4096)
def _trace(uid: str, wide: tuple[Spot, ...], phone: tuple[Spot, ...]) -> Trace:
    return {
        "uid": uid,
        "type": "scatter",
        "mode": "text",
        **_texts(wide),
        "textfont": {"shadow": GAP},
        "meta": {"narrow": _texts(phone)},
        "hoverinfo": "skip",
        "showlegend": False,
    }


def _texts(spots: Sequence[Spot]) -> dict[str, Any]:
    """Names and their places as a trace has them."""
    x, y = ([float(f"{spot[axis]:.6g}") for spot in spots] for axis in (0, 1))
    return {"x": x, "y": y, "text": [text for _, _, text, _ in spots], "textposition": [anchor for *_, anchor in spots]}
