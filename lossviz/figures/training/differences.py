"""Paired differences to the first loss drawn: by epoch with their intervals, and seed by seed at the epoch on show."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ...analysis.training import MEASURES, Contrast, Estimate, estimate
from ...analysis.training.percentage_points import NOTHING, signed, size
from ...evaluation.setting import Array
from ..batch.marks import ground, note
from ..frames import Played, Trace, frames, single
from ..theme import GREY, GREY_DARK, GROUND, GROUND_DARK, layout, see_through
from .epochs import NONE, axis, band, course, estimated, here, named, now, reach
from .lines import Line

ROW, LOW_ROW = 84, 66
"""Pixels of height for a loss's seeds: where it has one row, and where it has three."""


class Comparison(NamedTuple):
    """What is drawn: losses, the first of which the others differ from; the epochs; differences by seed of a measure.

    seeds: their numbers. changes: what the counterpart is without, in words ("the noise"). margin: the smallest difference that
    matters, in points.
    """

    lines: Sequence[Line]
    epochs: tuple[int, ...]
    seeds: Sequence[int]
    found: Contrast
    measure: str
    cause: str
    margin: float

    @property
    def what(self) -> str:
        """The measure in words."""
        return MEASURES[self.measure].title

    @property
    def judged(self) -> Estimate:
        """What a claim is about, by epoch."""
        return estimate(self.found.judged)


def by_epoch(told: Comparison, at: int) -> Played:
    """What is judged, by epoch: of each loss but the first the mean over seeds and its 95% interval.

    `at`: which of the epochs is on show; there is a frame for each.
    """
    of, lines = told.judged, told.lines
    ends = reach(of.mean, of.low, of.high, _margins(told))
    still = [_matters(told, [told.epochs[0], told.epochs[-1]], upright=False), _zero(lines[0], told.epochs)]
    still += [t for n, line in enumerate(lines[1:]) for t in _course(line, told.epochs, of, n)]
    drawn = [
        [*still, now(epoch, ends), *(here(line, f"here-{line.slot}", epoch, of.mean[e, n]) for n, line in enumerate(lines[1:]))]
        for e, epoch in enumerate(told.epochs)
    ]
    titles = _titles(told, of)
    words = "difference in points" if told.found.counterpart is None else f"effect of {told.cause} in points"
    look = layout(
        titles[at],
        xaxis=axis(told.epochs),
        yaxis={"title": {"text": words}, "range": ends, "zeroline": False},
        annotations=note(_nothing(told, of), 0.72),
        hovermode="closest",
        showlegend=True,
        height=400 + 22 * len(lines),
    )
    return Played(drawn[at], look, frames(drawn, titles))


def by_seed(told: Comparison, at: int) -> Played:
    """A dot for each seed's difference to the first loss, and a bar for their mean's 95% interval.

    Of an experiment with a counterpart each loss has three rows: the difference as the experiment is, without what the claim is
    about, and the change between them, which is judged and drawn stronger. A seed is at the same height in all rows. Dots
    beyond the ends of the axis are triangles there.
    """
    parts = told.found.parts
    rows = [_Row(told, line, n, part, len(parts)) for n, line in enumerate(told.lines[1:]) for part in range(len(parts))]
    of = [estimate(part) for part in parts]
    ends = reach(*parts, *(one.low for one in of), *(one.high for one in of), _margins(told), farther=1.2)
    nothing = _nothing(told, of[-1])
    height = max(1, len(rows))
    drawn = [
        [
            _matters(told, [-0.55, height - 0.4], upright=True),
            *([] if nothing else [_balance(told.lines, height), _between(len(parts), height, ends)]),
            *(t for k, row in enumerate(rows) for t in _seeds(row, k, parts[row.part][e, row.n], of[row.part].at(e), ends)),
        ]
        for e in range(len(told.epochs))
    ]
    titles = [_seed_by_seed(told, nothing, epoch) for epoch in told.epochs]
    more = "more is better" if MEASURES[told.measure].more else "less is better"
    look = layout(
        titles[at],
        xaxis={"title": {"text": f"{told.what}, difference in points ({more})"}, "range": ends, "zeroline": False},
        yaxis={"range": [height - 0.4, -0.55], "visible": False},
        annotations=note(nothing),
        hovermode="closest",
        showlegend=False,
        height=max(400, (ROW if len(parts) == 1 else LOW_ROW) * height + 130),
    )
    return Played(drawn[at], look, frames(drawn, titles))


class _Row(NamedTuple):
    """A row of seeds: the n-th loss but the first, and which of `parts` it shows."""

    told: Comparison
    line: Line
    n: int
    part: int
    parts: int

    @property
    def name(self) -> str:
        if self.parts == 1:
            return self.line.label
        changes = self.told.cause
        return (f"{self.line.label}, with {changes}", f"without {changes}", f"effect of {changes}: with − without")[self.part]

    @property
    def judged(self) -> bool:
        return self.part == self.parts - 1


def _margins(told: Comparison) -> Array:
    return np.array([[-told.margin, told.margin]] * len(told.epochs))


def _titles(told: Comparison, of: Estimate) -> list[str]:
    """What each epoch shows: the difference of one loss that is judged, or of several how many are beyond the margin."""
    what = f"{told.what[0].upper()}{told.what[1:]}"
    if len(told.lines) < 2:
        return [f"{what}: only one loss, nothing to compare it with"] * len(told.epochs)
    if np.isnan(of.mean).all():
        return [f"{what}: nothing to compare"] * len(told.epochs)
    what = told.what if told.found.counterpart is None else f"effect of {told.cause} on {told.what}"
    relative = f"{what} relative to {named(told.lines[0])}"
    return [f"Epoch {epoch}, {relative}: {_found(of.at(e), told.margin)}" for e, epoch in enumerate(told.epochs)]


def _found(of: Estimate, margin: float) -> str:
    """The difference of one loss after an epoch; of several how many are beyond the margin."""
    return _of_one(of) if len(of.mean) == 1 else _of_several(of, margin)


def _of_one(of: Estimate) -> str:
    mean, ends = estimated(*(float(x[0]) for x in of[2:5]))
    return f"{mean}\u00a0points{ends or ' (no interval)'}"


def _of_several(of: Estimate, margin: float) -> str:
    if np.isnan(of.low).all():
        return f"{signed(np.nanmin(of.mean))} to {signed(np.nanmax(of.mean))}\u00a0points (no intervals)"
    least = max(margin, NOTHING)
    down, up = int((of.high < -least).sum()), int((of.low > least).sum())
    below, above = ("0", "0") if margin < NOTHING else (f"−{size(margin)}", f"+{size(margin)}")
    return f"{down} of {len(of.mean)}\u00a0losses below {below}\u00a0points, {up} above {above}"


def _seed_by_seed(told: Comparison, nothing: str, epoch: int) -> str:
    """What the rows are of; each says its own numbers."""
    if nothing:
        return f"{told.what[0].upper()}{told.what[1:]}, seed by seed: nothing to compare"
    return f"Epoch {epoch}, seed by seed: {told.what} relative to {named(told.lines[0])}"


def in_words(seeds: Played) -> str:
    """What `by_seed` shows: its title and what its rows say, for those who do not see it."""
    rows = [str(trace["text"][0]).strip() for trace in seeds.data if trace.get("mode") == "text"]
    return f"{seeds.title}. {'; '.join(rows)}." if rows else seeds.title


def _nothing(told: Comparison, of: Estimate) -> str:
    if len(told.lines) < 2:
        return "Choose a second loss to compare."
    return NONE if np.isnan(of.mean).all() else ""


def _matters(told: Comparison, along: Sequence[float], upright: bool) -> Trace:
    """The band of differences that are too small to matter."""
    ends, across = [along[0], along[1], along[1], along[0]], [-told.margin] * 2 + [told.margin] * 2
    return {
        "uid": "margin",
        "type": "scatter",
        "mode": "none",
        "x": across if upright else ends,
        "y": ends if upright else across,
        "fill": "toself",
        "fillcolor": see_through(GREY, 0.22),
        "meta": {"dark": {"fillcolor": see_through(GREY_DARK, 0.26)}},
        "hoverinfo": "skip",
        "name": f"margin, ±{size(told.margin)} points: too small to matter",
        "visible": told.margin > 0,
        "legendrank": 2000,
    }


def _zero(first: Line, epochs: Sequence[int]) -> Trace:
    """The first loss, from which nothing differs less than itself."""
    return course(first, "zero", [epochs[0], epochs[-1]], np.zeros(2), "compared with", hoverinfo="skip")


def _course(line: Line, epochs: Sequence[int], of: Estimate, n: int) -> list[Trace]:
    mean, low, high = (x[:, n] for x in of[2:5])
    hover = "<b>%{customdata[0]} points</b>%{customdata[1]}"
    texts = [list(estimated(*row)) for row in zip(mean.tolist(), low.tolist(), high.tolist(), strict=True)]
    named_ = {"name": "band: 95% interval, each epoch by itself", "showlegend": n == 0, "legendrank": 1999}
    return [
        band(line, f"band-{line.slot}", epochs, low, high, legendgroup=f"loss-{line.slot}", **named_),
        course(line, f"mean-{line.slot}", epochs, mean, hover, customdata=texts, legendgroup=f"loss-{line.slot}"),
    ]


def _balance(lines: Sequence[Line], height: int) -> Trace:
    """The first loss's own place, in each row; not where names stand."""
    return {
        "uid": "zero",
        "type": "scatter",
        "mode": "lines",
        "x": [0, 0, None] * height,
        "y": [y for k in range(height) for y in (k - 0.2, k + 0.46, None)],
        "name": lines[0].label,
        "hoverinfo": "skip",
        **lines[0].look(2.5),
    }


def _between(parts: int, height: int, ends: list[float]) -> Trace:
    """A rule between one loss's rows and the next one's."""
    edges = np.arange(parts, height, parts) - 0.55 if parts > 1 else np.zeros(0)
    return {
        "uid": "between",
        "type": "scatter",
        "mode": "lines",
        "x": [x for _ in edges for x in (*ends, None)],
        "y": [y for edge in edges.tolist() for y in (edge, edge, None)],
        "line": {"color": GREY, "width": 1},
        "meta": {"dark": {"line.color": GREY_DARK}},
        "hoverinfo": "skip",
        "showlegend": False,
    }


def _seeds(row: _Row, k: int, apart: Array, of: Estimate, ends: list[float]) -> list[Trace]:
    """The k-th row: the seeds' dots, below them the mean with its interval, above them the row's name and numbers."""
    mean, low, high = (float(x[row.n]) for x in of[2:5])
    centre, ends_ = estimated(mean, low, high)
    light, dark = row.line.colours
    heights = k + 0.16 * (np.linspace(-1, 1, len(apart)) if len(apart) > 1 else np.zeros(1))
    symbols = np.where(apart < ends[0], "triangle-left", np.where(apart > ends[1], "triangle-right", "circle")).tolist()
    key = f"{row.line.slot}-{row.part}"
    dots = {
        "uid": f"seeds-{key}",
        "mode": "markers",
        "x": single(apart.clip(ends[0], ends[1])),
        "y": single(heights),
        "marker": {"color": light, "size": 9, "opacity": 0.8 if row.judged else 0.5, "symbol": symbols},
        "meta": {"dark": {"marker.color": dark}},
        "cliponaxis": False,
        "hovertext": [f"<b>{signed(x)} points</b>, seed {n}" for n, x in zip(row.told.seeds, apart, strict=True)],
        "hovertemplate": "%{hovertext}<extra></extra>",
    }
    reach_ = {"array": single([high - mean]), "arrayminus": single([mean - low])}
    width = 5 if row.judged else 2.5
    bar = {
        "uid": f"interval-{key}",
        "mode": "markers",
        "x": single([mean]),
        "y": single([k + 0.32]),
        "error_x": {"type": "data", "symmetric": False, **reach_, "color": light, "thickness": width, "width": 7},
        "marker": {"color": light, "size": 12, "symbol": "diamond", "line": {"color": GROUND, "width": 1.5}},
        "meta": {"dark": {"marker.color": dark, "error_x.color": dark, "marker.line.color": GROUND_DARK}},
        "hovertemplate": f"mean <b>{centre} points</b>{ends_}<extra></extra>",
    }
    numbers = "" if np.isnan(mean) else f" <b>{centre}</b>{ends_}"
    name = {
        "uid": f"name-{key}",
        "mode": "text",
        "x": [ends[0]],  # in full precision: what is left of the axis is not drawn
        "y": single([k - 0.36]),
        "text": [f" {f'<b>{row.name}</b>' if row.judged and row.parts > 1 else row.name} {numbers}"],
        "textposition": "middle right",
        "textfont": {"size": 15, "shadow": ground(GROUND)},
        "meta": {"dark": {"textfont.shadow": ground(GROUND_DARK)}, "narrow": {"textfont.size": 11}},
        "hoverinfo": "skip",
    }
    return [{"type": "scatter", "name": row.line.label, "showlegend": False, **trace} for trace in (dots, bar, name)]
