"""How much the losses differ from the first, seed by seed, at the epoch on show."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ...analysis.training import MEASURES, Estimate, estimate
from ...analysis.training.percentage_points import format_signed
from ...evaluation.setting import Array
from ...fields import sentence_case
from ...texts import joined, say, then
from ..batch.marks import note
from ..frames import Played, Trace, frames, single
from ..theme import GREY, GREY_DARK, GROUND, GROUND_DARK, ground, layout
from .differences import SeedDifferences, margin_band, margins, nothing_to_compare
from .epochs import late_range, nonbreaking_estimate, nonbreaking_label
from .lines import LegendEntry

ROW, LOW_ROW = 84, 66
"""Pixels of height for a loss's seeds: where it has one row, and where it has three."""


def by_seed(comparison: SeedDifferences, at: int, judged_only: bool = False) -> Played:
    """A dot for each seed's difference to the first loss, and a bar for their mean's 95% interval.

    Of an experiment with a counterpart each loss has three rows: the difference as the experiment is, without what the claim is
    about, and the change between them, which is judged and drawn stronger. A seed is at the same height in all rows. Dots
    beyond the ends of the axis are triangles there. `judged_only`: only the row that is judged.
    """
    parts = comparison.contrast.parts
    drawn = range(len(parts) - 1 if judged_only else 0, len(parts))
    rows = [
        _Row(comparison, line, n, part, len(parts), judged_only)
        for n, line in enumerate(comparison.lines[1:])
        for part in drawn
    ]
    estimates = [estimate(part) for part in parts]
    judged = [parts[part] for part in drawn], [estimates[part] for part in drawn]
    intervals = [end for one in judged[1] for end in (one.low, one.high)]
    ends = late_range(comparison.epochs, *judged[0], *intervals, margins(comparison))
    empty_note = nothing_to_compare(comparison, estimates[0])
    height = max(1, len(rows))
    frame_traces = [
        [
            margin_band(comparison, [-0.55, height - 0.4], upright=True),
            *([] if empty_note else [_zero_line(comparison.lines, height), _separators(len(drawn), height, ends)]),
            *(
                t
                for k, row in enumerate(rows)
                for t in _seed_row(row, k, parts[row.part][e, row.n], estimates[row.part].at(e), ends)
            ),
        ]
        for e in range(len(comparison.epochs))
    ]
    cause = comparison.cause if judged_only and len(parts) > 1 else ""
    titles = [_seed_by_seed(comparison, empty_note, epoch, cause) for epoch in comparison.epochs]
    x_title = (
        say("{measure}, difference in points (higher is better)", measure=comparison.what)
        if MEASURES[comparison.measure].more
        else say("{measure}, difference in points (lower is better)", measure=comparison.what)
    )
    figure_layout = layout(
        titles[at],
        xaxis={"title": {"text": x_title}, "range": ends, "zeroline": False},
        yaxis={"range": [height - 0.4, -0.55], "visible": False},
        annotations=note(empty_note),
        hovermode="closest",
        showlegend=False,
        height=max(400, (ROW if len(drawn) == 1 else LOW_ROW) * height + 130),
    )
    return Played(frame_traces[at], figure_layout, frames(frame_traces, titles))


class _Row(NamedTuple):
    """A row of seeds: the n-th loss but the first, and which of `parts` it shows; `is_alone`: the loss has no other row."""

    comparison: SeedDifferences
    line: LegendEntry
    n: int
    part: int
    parts: int
    is_alone: bool = False

    @property
    def name(self) -> str:
        if self.parts == 1 or self.is_alone:
            return self.line.label
        cause = self.comparison.cause
        return (
            say("{loss}, with {cause}", loss=self.line.label, cause=cause),
            say("without {cause}", cause=cause),
            say("effect of {cause}: with − without", cause=cause),
        )[self.part]

    @property
    def is_effect(self) -> bool:
        return self.part == self.parts - 1


def _seed_by_seed(comparison: SeedDifferences, empty_note: str, epoch: int, cause: str) -> str:
    """What the rows are of; each says its own numbers."""
    if empty_note:
        return say("{measure}, seed by seed: nothing to compare", measure=then(comparison.what, sentence_case))
    first = nonbreaking_label(comparison.lines[0])
    if cause:
        return say("Epoch {epoch}, seed by seed: effect of {cause} relative to {loss}", epoch=epoch, cause=cause, loss=first)
    return say("Epoch {epoch}, seed by seed: {measure} relative to {loss}", epoch=epoch, measure=comparison.what, loss=first)


def in_words(seeds: Played) -> str:
    """What `by_seed` shows: its title and what its rows say, for those who do not see it."""
    rows = [then(trace["text"][0], str.strip) for trace in seeds.data if trace.get("mode") == "text"]
    return say("{title}. {rows}.", title=seeds.title, rows=joined(rows, "; ")) if rows else seeds.title


def _zero_line(lines: Sequence[LegendEntry], height: int) -> Trace:
    """The first loss's own place, in each row; not where names stand."""
    return {
        "uid": "zero",
        "type": "scatter",
        "mode": "lines",
        "x": [0, 0, None] * height,
        "y": [y for k in range(height) for y in (k - 0.2, k + 0.46, None)],
        "name": lines[0].label,
        "hoverinfo": "skip",
        **lines[0].style(2.5),
    }


def _separators(parts: int, height: int, ends: list[float]) -> Trace:
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


def _seed_row(row: _Row, k: int, differences: Array, estimates: Estimate, ends: list[float]) -> list[Trace]:
    """The k-th row: the seeds' dots, below them the mean with its interval, above them the row's name and numbers."""
    mean, low, high = (float(x[row.n]) for x in estimates[2:5])
    centre, interval = nonbreaking_estimate(mean, low, high)
    light, dark = row.line.colours
    heights = k + 0.16 * (np.linspace(-1, 1, len(differences)) if len(differences) > 1 else np.zeros(1))
    symbols = np.where(
        differences < ends[0], "triangle-left", np.where(differences > ends[1], "triangle-right", "circle")
    ).tolist()
    key = f"{row.line.slot}-{row.part}"
    dots = {
        "uid": f"seeds-{key}",
        "mode": "markers",
        "x": single(differences.clip(ends[0], ends[1])),
        "y": single(heights),
        "marker": {"color": light, "size": 9, "opacity": 0.8 if row.is_effect else 0.5, "symbol": symbols},
        "meta": {"dark": {"marker.color": dark}},
        "cliponaxis": False,
        "customdata": [[format_signed(x), n] for n, x in zip(row.comparison.seeds, differences, strict=True)],
        "hovertemplate": say("<b>%{customdata[0]} points</b>, seed %{customdata[1]}<extra></extra>"),
    }
    error_bars = {"array": single([high - mean]), "arrayminus": single([mean - low])}
    width = 5 if row.is_effect else 2.5
    bar = {
        "uid": f"interval-{key}",
        "mode": "markers",
        "x": single([mean]),
        "y": single([k + 0.32]),
        "error_x": {"type": "data", "symmetric": False, **error_bars, "color": light, "thickness": width, "width": 7},
        "marker": {"color": light, "size": 12, "symbol": "diamond", "line": {"color": GROUND, "width": 1.5}},
        "meta": {"dark": {"marker.color": dark, "error_x.color": dark, "marker.line.color": GROUND_DARK}},
        "hovertemplate": say("mean <b>{mean} points</b>{interval}<extra></extra>", mean=centre, interval=interval),
    }
    numbers = "" if np.isnan(mean) else f" <b>{centre}</b>{interval}"
    name = {
        "uid": f"name-{key}",
        "mode": "text",
        "x": [ends[0]],  # in full precision: what is left of the axis is not drawn
        "y": single([k - 0.36]),
        "text": [
            say(" <b>{row}</b> {numbers}", row=row.name, numbers=numbers)
            if row.is_effect and row.parts > 1 and not row.is_alone
            else say(" {row} {numbers}", row=row.name, numbers=numbers)
        ],
        "textposition": "middle right",
        "textfont": {"size": 15, "shadow": ground(GROUND)},
        "meta": {"dark": {"textfont.shadow": ground(GROUND_DARK)}, "narrow": {"textfont.size": 11}},
        "hoverinfo": "skip",
    }
    return [{"type": "scatter", "name": row.line.label, "showlegend": False, **trace} for trace in (dots, bar, name)]
