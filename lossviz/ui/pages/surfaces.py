"""Surfaces: a loss, or its gradient, over two logits, over p_t and γ, or over three probabilities; and the way down."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from ...analysis.descent import Path
from ...analysis.listing import listing
from ...analysis.scrub import Scrub
from ...analysis.series import Series
from ...analysis.surfaces import Sheet, Surface
from ...evaluation.setting import Array, Setting, baseline
from ...figures import surfaces as drawing
from ...figures.descent import Descent, steps
from ...figures.map import FIELD, MARKER, contour
from ...figures.picture import Picture
from ...figures.player.handles import Handle, Placement
from ...figures.solid import surface
from ...numbers import format_number, subscript
from ...state.pins import Pin, series_of, setting_of
from ...state.plots import (
    SurfaceView,
    classes_for,
    comparisons_for,
    planes_for,
    scrub,
    scrubbed_view,
    scrubs_for,
    surface_view,
)
from ...state.sample import SampleView
from ...texts import joined, say
from .. import elements as st
from ..components.figure_panel import of_sample, show_figures
from ..controls.field import control, popover
from ..controls.lines import view_line
from ..server import cache
from ..session import values

STEPS = 51
"""About so many positions of the scrubber."""


class SurfaceSeries(NamedTuple):
    """One setting at every position of the scrubber: its names, the ways down, and what is drawn under which title."""

    series: Sequence[Series]
    paths: Sequence[Path | None]
    views: Sequence[drawing.SurfaceFrame]
    titles: Sequence[str]


def draw(view: SampleView, pins: tuple[Pin, ...]) -> None:
    """The page."""
    picture = _controls(view)
    if picture is None:
        st.info("Nothing to plot: a single logit needs a loss with γ. Choose another task or a focal loss.")
        return
    moves = scrub(values(), view, STEPS)
    views = [scrubbed_view(view, moves.control, value) for value in moves.values]
    sides = [_side([series_of(one.setting) for one in views], picture)]
    if picture.comparison != "alone":
        sides.append(_side([_other(one, pins, picture) for one in views], picture))
    _show(picture, moves, sides)


def _controls(view: SampleView) -> SurfaceView | None:
    with view_line("over", "height", "drawn", "beside", "other", "scrub"):
        if offered := planes_for(view):
            control("over", offered, bare=True, menu=True)
            control("height", bare=True, menu=True)
            control("drawn", bare=True)
            if control("beside", bare=True, menu=True) != "alone":
                control("other", comparisons_for(values(), view), bare=True)
        if moving := scrubs_for(view):
            control("scrub", moving, bare=True)
        picture = surface_view(values(), view)
        if picture and len(view.setting.logits) > 1:
            with popover("Axes and descent", "axes", help="Which classes span the plane, and the steps of gradient descent."):
                _plane(view, picture)
    return surface_view(values(), view)


def _plane(view: SampleView, picture: SurfaceView) -> None:
    for name in ("first", "second", "third")[: len(picture.plane.classes)]:
        control(name, classes_for(view))
    if picture.plane.kind == "logits":
        control("rate")
        control("steps")


def _other(view: SampleView, pins: tuple[Pin, ...], picture: SurfaceView) -> Series:
    if picture.other == 0:
        return series_of(view.setting._replace(spec=baseline(view.setting.spec)), 1)
    pin = pins[picture.other - 1]
    return series_of(setting_of(pin, view), picture.other, pin.targets)


def _side(series: Sequence[Series], picture: SurfaceView) -> SurfaceSeries:
    paths: Sequence[Path | None] = [None] * len(series)
    if picture.plane.kind == "logits" and picture.steps:
        paths = cache.paths(tuple(one.setting for one in series), picture.plane, picture.rate, picture.steps)
    views = [_view(one.setting, picture, path) for one, path in zip(series, paths, strict=True)]
    return SurfaceSeries(series, paths, views, [one.label for one in series])


def _view(setting: Setting, picture: SurfaceView, path: Path | None) -> drawing.SurfaceFrame:
    flat, solid = cache.surface(setting, picture.plane, picture.height)
    arrows = cache.arrows(setting, picture.plane) if picture.plane.kind == "logits" else None
    return drawing.SurfaceFrame(flat, solid, arrows, path, path if picture.height == "loss" else None)


def _show(picture: SurfaceView, moves: Scrub, sides: Sequence[SurfaceSeries]) -> None:
    input_name = say("log-probability") if sides[0].series[0].setting.spec.activation == "exp" else say("logit")
    words, at = _words(picture, input_name), moves.at
    drawn = [_difference(*sides)] if picture.comparison == "difference" else sides
    shared = drawing.scale([view for side in drawn for view in side.views], words.signed)
    pictures: list[Picture] = []
    for draw_one, kind in ((surface, "3-D"), (contour, "contour")):
        if picture.drawn in (kind, "both"):
            pictures += [_picture(draw_one, side, words, at, shared) for side in drawn]
    pictures[0] = pictures[0]._replace(sentences=tuple(_sentence(drawn, picture, i) for i in range(len(moves.values))))
    if beyond := _beyond(picture, sides[0].views[at].flat.present):
        st.caption(beyond)
    maps = [i for i, one in enumerate(pictures) if one.figure.data[0]["type"] == "contour"]
    solids = [i for i in range(len(pictures)) if i not in maps]
    if sides[0].paths[at] is not None:
        pictures.append(_steps(sides, at))
    show_figures(
        "surfaces",
        pictures,
        moves if moves.control else None,
        of_sample([side.series[at] for side in sides]),
        partial(_csv, picture, moves, sides),
        [_handle(i, pictures[i]) for i in maps],
        [(i, "scene") for i in solids],
    )


def _beyond(picture: SurfaceView, present: tuple[float, float, float]) -> str:
    """Which logits keep the present sample out of sight, and what brings it back; only logits are axes without an end."""
    if picture.plane.kind != "logits":
        return ""
    places = zip(picture.plane.classes, present[:2], strict=True)
    infinite = [f"z{subscript(k)} = {'∞' if z > 0 else '−∞'}" for k, z in places if np.isinf(z)]
    if not infinite:
        return ""
    first, *others = infinite
    outside = say("With {first}, the current sample is outside the figure.", first=first)
    if others:
        outside = say("With {first} and {second}, the current sample is outside the figure.", first=first, second=others[0])
    remedy = say("To bring it back, click on the map, or enter finite logits in the sample menu above.")
    if picture.drawn == "3-D":
        remedy = say("To bring it back, enter finite logits in the sample menu above.")
    return joined((outside, remedy), " ")


def _handle(number: int, picture: Picture) -> Handle:
    marker = next(i for i, trace in enumerate(picture.figure.data) if trace["uid"] == MARKER)
    return Handle(number, marker, FIELD, Placement())


def _sentence(sides: Sequence[SurfaceSeries], picture: SurfaceView, i: int) -> str:
    """What the present sample has in each of the pictures."""
    height = {
        "loss": say("the loss"),
        "norm": say("the gradient norm"),
        "component": say("the gradient for class {number}", number=picture.plane.component),
    }[picture.height]
    (setting, value), *others = [(side.titles[i], format_number(side.views[i].flat.present[2], 4)) for side in sides]
    parts = {"height": height, "setting": setting, "value": value}
    if others:
        parts |= {"other": others[0][0], "second": others[0][1]}
        return say("At the dot, {height} is {value} under {setting} and {second} under {other}.", **parts)
    if picture.comparison == "difference":
        return say("At the dot, the difference in {height} is {value}: {setting}.", **parts)
    return say("At the dot, {height} is {value} under {setting}.", **parts)


def _difference(ours: SurfaceSeries, other: SurfaceSeries) -> SurfaceSeries:
    """One setting minus the other, point by point, under the first one's marker, arrows and path."""
    views = [_minus(a, b) for a, b in zip(ours.views, other.views, strict=True)]
    titles = [say("{a} minus {b}", a=a, b=b) for a, b in zip(ours.titles, other.titles, strict=True)]
    return ours._replace(views=views, titles=titles)


def _minus(ours: drawing.SurfaceFrame, other: drawing.SurfaceFrame) -> drawing.SurfaceFrame:
    flat = ours.flat._replace(**_less(ours.flat, other.flat))
    return drawing.SurfaceFrame(flat, ours.solid._replace(**_less(ours.solid, other.solid)), None, ours.path, None)


def _less(a: Surface | Sheet, b: Surface | Sheet) -> dict[str, Any]:
    """Heights of one surface minus another's over the same plane; ∞ − ∞ is undefined, and drawn as nothing."""
    with np.errstate(invalid="ignore"):
        return {"values": a.values - b.values, "present": (*a.present[:2], a.present[2] - b.present[2])}


def _picture(
    draw_one: Callable[..., Any], side: SurfaceSeries, words: drawing.Words, at: int, shared: drawing.HeightRange
) -> Picture:
    key = side.series[at].setting.spec.key
    figure = draw_one(side.views, at, words, side.titles, key, shared)
    parts = {"height": words.height, "x": words.x, "y": words.y, "setting": side.titles[at]}
    return Picture(figure, say("{height} over {x} and {y}: {setting}", **parts), paired=True)


def _steps(sides: Sequence[SurfaceSeries], at: int) -> Picture:
    descents = [[_step_line(side, i) for side in sides] for i in range(len(sides[0].series))]
    return Picture(steps(descents, at), say("Loss by gradient descent step"), wide=True)


def _step_line(side: SurfaceSeries, i: int) -> Descent:
    one, path = side.series[i], side.paths[i]
    assert path is not None
    return Descent(one.label, one.setting.spec.key, one.slot, path)


def _words(picture: SurfaceView, input_name: str) -> drawing.Words:
    plane, classes = picture.plane, picture.plane.classes
    height = {
        "loss": say("loss ℓ (nats)"),
        "norm": say("‖∂ℓ/∂z‖ (nats per logit)"),
        "component": say("∂ℓ/∂z<sub>{number}</sub> (nats per logit)", number=plane.component),
    }[picture.height]
    height = say("difference in {height}", height=height) if picture.comparison == "difference" else height
    signed = picture.height == "component" or picture.comparison == "difference"
    if plane.kind == "logits":
        x, y = (say("{input} z<sub>{number}</sub>", input=input_name, number=i) for i in classes)
        return drawing.Words(x, y, height, signed)
    if plane.kind == "gamma":
        return drawing.Words("p<sub>t</sub>", "γ", height, signed)
    return drawing.Words("", "", height, signed, tuple(f"p<sub>{i}</sub>" for i in classes))  # type: ignore[arg-type]


def _csv(picture: SurfaceView, moves: Scrub, sides: Sequence[SurfaceSeries]) -> str:
    """All heights at all positions of the scrubber; rows with a step are places of gradient descent, with their loss."""
    position = moves.symbol if moves.control else "position"
    return listing((position, "setting", "step", "x", "y", picture.height), _blocks(moves, sides))


def _blocks(moves: Scrub, sides: Sequence[SurfaceSeries]) -> Iterator[tuple[tuple[str | float, ...], tuple[Array, ...]]]:
    for side in sides:
        for value, series, view, path in zip(moves.values, side.series, side.views, side.paths, strict=True):
            x, y = np.meshgrid(view.flat.x, view.flat.y)
            yield (value, series.label, ""), (x.ravel(), y.ravel(), view.flat.values.ravel())
            for step, place in enumerate(zip(*path, strict=True) if path else ()):
                yield (value, series.label, step), tuple(np.array([number]) for number in place)
