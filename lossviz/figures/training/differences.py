"""Paired differences to the first loss drawn: by epoch with their intervals, and seed by seed at the epoch on show."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ...analysis.sample import Array
from ...analysis.training import MEASURES, Difference, Record, differences, measured
from ...analysis.training.points import clear, signed, size, sizes
from ..batch.marks import ground, note
from ..frames import Played, Trace, frames, single
from ..theme import layout
from .epochs import NONE, axis, band, course, here, interval, named, now, reach
from .lines import Line

ROW = 84
"""Pixels of height for a loss's seeds."""


def by_epoch(lines: Sequence[Line], found: Record, measure: str, at: int) -> Played:
    """A measure of each loss minus the first one's, by epoch: the mean over seeds and its 95 % interval.

    `measure`: a key of `MEASURES`. `at`: which of `found.epochs` is on show; there is a frame for each.
    """
    of = differences(measured(found, measure))
    ends = reach(of.mean, of.low, of.high)
    still = [_zero(lines[0], found), *(t for n, line in enumerate(lines[1:]) for t in _course(line, found, of, n))]
    drawn = [
        [*still, now(epoch, ends), *(here(line, f"here-{line.slot}", epoch, of.mean[e, n]) for n, line in enumerate(lines[1:]))]
        for e, epoch in enumerate(found.epochs)
    ]
    titles = _titles(lines, found, measure, of)
    height = {"title": {"text": "difference in points"}, "range": ends, "zeroline": False}
    look = layout(
        titles[at],
        xaxis=axis(found.epochs),
        yaxis=height,
        annotations=note(_nothing(lines, of), 0.72),
        hovermode="closest",
        showlegend=True,
        height=400 + 22 * len(lines),
    )
    return Played(drawn[at], look, frames(drawn, titles))


def by_seed(lines: Sequence[Line], found: Record, measure: str, at: int) -> Played:
    """A row for each loss but the first: a dot for each seed's difference to it, and a bar for their mean's 95 % interval.

    A seed is at the same height in all rows. Dots beyond the ends of the axis are triangles there.
    """
    values = measured(found, measure)
    of, paired = differences(values), values[:, 1:] - values[:, :1]
    ends = reach(paired, of.low, of.high)
    nothing = _nothing(lines, of)
    drawn = [
        [
            *([] if nothing else [_balance(lines)]),
            *(t for n, line in enumerate(lines[1:]) for t in _seeds(line, n, values[e], of, e, ends)),
        ]
        for e in range(len(found.epochs))
    ]
    titles = _titles(lines, found, measure, of, ", seed by seed")
    rows = max(1, len(lines) - 1)
    more = "more is better" if MEASURES[measure].more else "less is better"
    look = layout(
        titles[at],
        xaxis={"title": {"text": f"{_word(measure)}, difference in points ({more})"}, "range": ends, "zeroline": False},
        yaxis={"range": [rows - 0.4, -0.55], "visible": False},
        annotations=note(nothing),
        hovermode="closest",
        showlegend=False,
        height=max(400, ROW * rows + 130),
    )
    return Played(drawn[at], look, frames(drawn, titles))


def _word(measure: str) -> str:
    return MEASURES[measure].title


def _titles(lines: Sequence[Line], found: Record, measure: str, of: Difference, how: str = "") -> list[str]:
    """What each epoch shows: the difference of one loss, or in which directions those of several are; `how` it is shown."""
    if len(lines) < 2:
        return [f"{_word(measure).capitalize()}: one loss, which is compared with nothing"] * len(found.epochs)
    if np.isnan(of.mean).all():
        return [f"{_word(measure).capitalize()}: there is nothing to compare"] * len(found.epochs)
    say = _of_one if len(lines) == 2 else _of_several
    return [f"Epoch {epoch}{how}: {say(lines, measure, of, e)}" for e, epoch in enumerate(found.epochs)]


def _of_one(lines: Sequence[Line], measure: str, of: Difference, e: int) -> str:
    mean, low, high = (float(x[e, 0]) for x in of[:3])
    called, what = named(lines[1]), _word(measure)
    if np.isnan(low):
        return f"{called} changes {what} by {signed(mean)} points for the only seed, which has no interval"
    if not clear(low, high):
        return f"{called} makes no clear difference to {what}, {signed(mean)} points {interval(low, high)}"
    about = sizes(low, high).replace(" ", "\u00a0")
    return f"{called} {'raises' if mean > 0 else 'lowers'} {what} by {size(mean)} points {about}"


def _of_several(lines: Sequence[Line], measure: str, of: Difference, e: int) -> str:
    mean, low, high = of.mean[e], of.low[e], of.high[e]
    if np.isnan(low).all():
        return (
            f"{_word(measure)} changes by {signed(mean.min())} to {signed(mean.max())} points for the only seed, "
            "which has no interval"
        )
    sure = clear(low, high)
    up, down = int((sure & (mean > 0)).sum()), int((sure & (mean < 0)).sum())
    rest = len(mean) - up - down
    parts = ((down, "lower"), (up, "higher"), (rest, "not clearly different"))
    said = ", ".join(f"{n}\u00a0loss{'es' if n > 1 else ''} {which}" for n, which in parts if n)
    return f"{_word(measure)} against {named(lines[0])}: {said}"


def _nothing(lines: Sequence[Line], of: Difference) -> str:
    if len(lines) < 2:
        return "Choose a second loss to compare."
    return NONE if np.isnan(of.mean).all() else ""


def _zero(first: Line, found: Record) -> Trace:
    """The first loss, from which nothing differs less than itself."""
    ends = [found.epochs[0], found.epochs[-1]]
    return course(first, "zero", ends, np.zeros(2), "compared with", hoverinfo="skip")


def _course(line: Line, found: Record, of: Difference, n: int) -> list[Trace]:
    mean, low, high = (x[:, n] for x in of[:3])
    hover = "<b>%{customdata[0]} points</b> %{customdata[1]}"
    texts = [[signed(a), interval(b, c) if np.isfinite(b) else ""] for a, b, c in zip(mean, low, high, strict=True)]
    return [
        band(line, f"band-{line.slot}", found.epochs, low, high, legendgroup=f"loss-{line.slot}"),
        course(line, f"mean-{line.slot}", found.epochs, mean, hover, customdata=texts, legendgroup=f"loss-{line.slot}"),
    ]


def _balance(lines: Sequence[Line]) -> Trace:
    """The first loss's own place."""
    return {
        "uid": "zero",
        "type": "scatter",
        "mode": "lines",
        "x": [0, 0],
        "y": [-0.55, max(1, len(lines) - 1) - 0.4],
        "name": lines[0].label,
        "hoverinfo": "skip",
        **lines[0].look(2.5),
    }


def _seeds(line: Line, n: int, values: Array, of: Difference, e: int, ends: list[float]) -> list[Trace]:
    """A row: the seeds' dots, below them the mean with its interval, above them the loss's name and numbers."""
    paired = values[n + 1] - values[0]
    mean, low, high = (float(x[e, n]) for x in of[:3])
    light, dark = line.colours
    heights = n + 0.16 * (np.linspace(-1, 1, len(paired)) if len(paired) > 1 else np.zeros(1))
    symbols = np.where(paired < ends[0], "triangle-left", np.where(paired > ends[1], "triangle-right", "circle")).tolist()
    texts = [
        f"seed {s}: {first:.4g} → {own:.4g}, <b>{signed(own - first)} points</b>"
        for s, (first, own) in enumerate(zip(values[0], values[n + 1], strict=True))
    ]
    dots = {
        "uid": f"seeds-{line.slot}",
        "mode": "markers",
        "x": single(paired.clip(ends[0], ends[1])),
        "y": single(heights),
        "marker": {"color": light, "size": 9, "opacity": 0.75, "symbol": symbols},
        "meta": {"dark": {"marker.color": dark}},
        "cliponaxis": False,
        "hovertext": texts,
        "hovertemplate": "%{hovertext}<extra></extra>",
    }
    reach_ = {"array": single([high - mean]), "arrayminus": single([mean - low])}
    bar = {
        "uid": f"interval-{line.slot}",
        "mode": "markers",
        "x": single([mean]),
        "y": single([n + 0.32]),
        "error_x": {"type": "data", "symmetric": False, **reach_, "color": light, "thickness": 4, "width": 7},
        "marker": {"color": light, "size": 12, "symbol": "diamond", "line": {"color": "#FFFFFF", "width": 1.5}},
        "meta": {"dark": {"marker.color": dark, "error_x.color": dark, "marker.line.color": "#10161C"}},
        "hovertemplate": f"mean <b>{signed(mean)} points</b> {interval(low, high)}<extra></extra>",
    }
    numbers = "" if np.isnan(mean) else f"  <b>{signed(mean)}</b> {interval(low, high) if np.isfinite(low) else ''}"
    name = {
        "uid": f"name-{line.slot}",
        "mode": "text",
        "x": [ends[0]],  # in full precision: what is left of the axis is not drawn
        "y": single([n - 0.36]),
        "text": [f" {line.label}{numbers}"],
        "textposition": "middle right",
        "textfont": {"size": 14, "shadow": ground("#FFFFFF")},
        "meta": {"dark": {"textfont.shadow": ground("#10161C")}, "narrow": {"textfont.size": 11}},
        "hoverinfo": "skip",
    }
    return [{"type": "scatter", "name": line.label, "showlegend": False, **trace} for trace in (dots, bar, name)]
