"""Curves: what losses say along one logit, from a hopeless sample to a settled one, side by side and under a scrubber."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache, partial
from typing import Any

import numpy as np

from ...analysis.comparison import comparison
from ...analysis.curves import QUANTITIES, axes
from ...analysis.listing import listing
from ...analysis.scrub import Scrub
from ...analysis.series import Series
from ...evaluation.setting import Array, Setting, baseline
from ...figures import curves as drawing
from ...figures import optimum as optima
from ...figures.curve_axes import Axes
from ...figures.curve_sentences import Point, optimum_sentence, sentence, with_same_parameters
from ...figures.line_looks import is_twin
from ...figures.picture import Picture
from ...figures.player.handles import Handle, Slide
from ...naming.short_names import short_names
from ...numbers import subscript
from ...state.pins import PAPER_FIGURE, Pin, papers_losses, series, series_of
from ...state.plots import CurveView, classes_for, curve_view, scrub, scrubbed_view, scrubs_for
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

ScrubbedSeries = Sequence[tuple[Series, ...]]
"""The settings on show, the present one first, at each position of the scrubber."""


def draw(view: SampleView, pins: tuple[Pin, ...]) -> None:
    """The page."""
    shown = _controls(view)
    picture, moves = curve_view(values(), view), scrub(values(), view, STEPS)
    by_position = _series_by_position(view, pins, moves)
    if shown in QUANTITIES:
        _draw_curves(view, picture, moves, by_position, pins)
    else:
        _true_probability(picture, moves, by_position, inverse=shown == "recovery")


def _controls(view: SampleView) -> str:
    """What a picture has no use for is not asked."""
    with view_line("y", "x", "scale", "scrub"):
        shown = str(control("y", row=True, bare=True))
        k = curve_view(values(), view).k
        if shown in QUANTITIES:
            control("x", axes(view.setting, k), bare=True)
            control("scale", bare=True)
        if offered := scrubs_for(view):
            control("scrub", offered, bare=True)
        has_modulator = shown in ("gradient", "multiplier") and view.setting.spec.has_gamma
        if has_modulator or len(view.setting.logits) > 1:
            with popover("More", key="chip-more"):
                if len(view.setting.logits) > 1:
                    control("along", classes_for(view))
                if has_modulator:
                    control("modulator")
    return shown


def _series_by_position(view: SampleView, pins: tuple[Pin, ...], moves: Scrub) -> ScrubbedSeries:
    """Pins move with the sample, but not with the present loss's parameters."""
    views = [scrubbed_view(view, moves.control, value) for value in moves.values]
    if moves.control.startswith("z"):
        return [series(one, pins)[0] for one in views]
    pinned = series(view, pins)[0][1:]
    return [(series_of(one.setting), *pinned) for one in views]


def _draw_curves(
    view: SampleView, picture: CurveView, moves: Scrub, by_position: ScrubbedSeries, pins: tuple[Pin, ...]
) -> None:
    # With a detached line for every pin nobody could tell them apart.
    attached = picture._replace(detached=False)
    frames = [
        drawing.CurveFrame(shown, tuple(cache.curve(one.setting, attached if one.slot else picture) for one in shown))
        for shown in by_position
    ]
    truth = view.setting.targets[picture.k] == 1 or view.setting.spec.activation == "sigmoid"
    figure_axes = Axes(
        picture.axis, picture.quantity, picture.log, picture.k, truth, input_name(view), _source(view, picture, pins)
    )
    figure = drawing.figure(frames, moves.at, figure_axes)
    marker, line = drawing.marker(frames)
    reach = np.round(frames[moves.at].curves[0].z, 6).tolist()
    values = [z if np.isfinite(z) else str(z) for z in reach]
    handle = Handle(0, marker, line, Slide(f"z{picture.k}", values, frames[moves.at].curves[0].at))
    sentences = _sentences(view, picture, moves, by_position)
    arrays = [[(curve.x, curve.y, curve.z) for curve in frame.curves] for frame in frames]
    _show(
        Picture(figure, _alt(figure.title, by_position[moves.at]), True, sentences),
        moves,
        by_position,
        partial(_csv, (picture.axis, picture.quantity, f"z{picture.k}"), moves, by_position, arrays),
        [handle],
    )


def _sentences(view: SampleView, picture: CurveView, moves: Scrub, by_position: ScrubbedSeries) -> tuple[str, ...]:
    """What is seen, at each position of the scrubber."""
    attached = picture._replace(detached=False)
    k = subscript(picture.k)
    truth = view.setting.targets[picture.k] == 1 or view.setting.spec.activation == "sigmoid"
    symbol = {"p_t": "pₜ" if truth else f"p{k}", "logit": f"z{k}", "margin": "m"}[picture.axis]
    is_named = bool(moves.control) and not moves.control.startswith("z")
    points = (Point(symbol, f"{moves.symbol} = {value:g}" if is_named else "") for value in moves.values)
    return tuple(_sentence(shown[0].setting, attached, point) for shown, point in zip(by_position, points, strict=True))


@lru_cache(maxsize=4096)
def _sentence(setting: Setting, picture: CurveView, point: Point) -> str:
    ce = setting._replace(spec=baseline(setting.spec))
    compared = comparison(picture.quantity, cache.curve(setting, picture), cache.curve(ce, picture))
    text = sentence(picture.quantity, compared, point, is_twin(setting, ce))
    return with_same_parameters(text, setting.spec, ce.spec)


def _source(view: SampleView, picture: CurveView, pins: tuple[Pin, ...]) -> str:
    """Where the picture is known from."""
    family = set(papers_losses(view))
    is_known = (picture.quantity, picture.axis, picture.log) == ("loss", "p_t", False)
    return PAPER_FIGURE if is_known and family and family <= set(pins) else ""


def _true_probability(picture: CurveView, moves: Scrub, by_position: ScrubbedSeries, inverse: bool) -> None:
    frames = [_optima(shown, picture.k) for shown in by_position]
    figure = optima.figure(frames, moves.at, picture.k, inverse)
    names = (short_names(tuple(one.setting.spec for one in frame.series))[0].wide for frame in frames)
    sentences = tuple(optimum_sentence(frame.optima[0], name, inverse) for frame, name in zip(frames, names, strict=True))
    arrays = [[(optimum.eta, optimum.p, optimum.loss) for optimum in frame.optima] for frame in frames]
    _show(
        Picture(figure, _alt(figure.title, by_position[moves.at]), True, sentences),
        moves,
        by_position,
        partial(_csv, ("true probability", "p that minimises the loss", "loss"), moves, by_position, arrays),
    )
    st.caption(
        "A sample is of class k with probability η. Which p minimizes the expected loss? For a proper loss it is η, for any "
        "other loss it is not. Soft-label forms other than per-term get η as a soft target."
    )


def _optima(series: tuple[Series, ...], k: int) -> optima.OptimumFrame:
    minima, thresholds = zip(*(cache.optimum(one.setting, k) for one in series), strict=True)
    return optima.OptimumFrame(series, minima, thresholds)


def input_name(view: SampleView) -> str:
    """What the present loss takes."""
    return say("log-probability") if view.setting.spec.activation == "exp" else say("logit")


def _show(picture: Picture, moves: Scrub, by_position: ScrubbedSeries, csv: Any, handles: Sequence[Handle] = ()) -> None:
    show_figures("curves", [picture], moves if moves.control else None, of_sample(by_position[moves.at]), csv, handles)


def _alt(title: str, series: Iterable[Series]) -> str:
    return say("{title}. {settings}", title=title, settings=joined((one.label for one in series), "; "))


def _csv(names: Sequence[str], moves: Scrub, by_position: ScrubbedSeries, arrays: Sequence[Sequence[Sequence[Array]]]) -> str:
    """All positions of the scrubber; what does not move with it stands there once for each."""
    position = moves.symbol if moves.control else "position"
    blocks = (
        ((value, one.label), columns)
        for value, shown, arrays_of_each in zip(moves.values, by_position, arrays, strict=True)
        for one, columns in zip(shown, arrays_of_each, strict=True)
    )
    return listing((position, "setting", *names), blocks)
