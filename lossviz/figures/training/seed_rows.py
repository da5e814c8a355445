"""How much the losses differ from the first, seed by seed, at the epoch on show."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ...analysis.training import MEASURES, Estimate, estimate
from ...analysis.training.percentage_points import format_signed
from ...evaluation.setting import Array
from ..batch.marks import ground, note
from ..frames import Played, Trace, frames, single
from ..theme import GREY, GREY_DARK, GROUND, GROUND_DARK, layout
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
    more = "higher is better" if MEASURES[comparison.measure].more else "lower is better"
    figure_layout = layout(
        titles[at],
        xaxis={"title": {"text": f"{comparison.what}, difference in points ({more})"}, "range": ends, "zeroline": False},
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
        return (f"{self.line.label}, with {cause}", f"without {cause}", f"effect of {cause}: with − without")[self.part]

    @property
    def is_effect(self) -> bool:
        return self.part == self.parts - 1


def _seed_by_seed(comparison: SeedDifferences, empty_note: str, epoch: int, cause: str) -> str:
    """What the rows are of; each says its own numbers."""
    if empty_note:
        return f"{comparison.what[0].upper()}{comparison.what[1:]}, seed by seed: nothing to compare"
    if cause:
        return f"Epoch {epoch}, seed by seed: effect of {cause} relative to {nonbreaking_label(comparison.lines[0])}"
    return f"Epoch {epoch}, seed by seed: {comparison.what} relative to {nonbreaking_label(comparison.lines[0])}"


def in_words(seeds: Played) -> str:
    """What `by_seed` shows: its title and what its rows say, for those who do not see it."""
    rows = [str(trace["text"][0]).strip() for trace in seeds.data if trace.get("mode") == "text"]
    return f"{seeds.title}. {'; '.join(rows)}." if rows else seeds.title


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
        "hovertext": [
            f"<b>{format_signed(x)} points</b>, seed {n}" for n, x in zip(row.comparison.seeds, differences, strict=True)
        ],
        "hovertemplate": "%{hovertext}<extra></extra>",
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
        "hovertemplate": f"mean <b>{centre} points</b>{interval}<extra></extra>",
    }
    numbers = "" if np.isnan(mean) else f" <b>{centre}</b>{interval}"
    name = {
        "uid": f"name-{key}",
        "mode": "text",
        "x": [ends[0]],  # in full precision: what is left of the axis is not drawn
        "y": single([k - 0.36]),
        "text": [f" {f'<b>{row.name}</b>' if row.is_effect and row.parts > 1 and not row.is_alone else row.name} {numbers}"],
        "textposition": "middle right",
        "textfont": {"size": 15, "shadow": ground(GROUND)},
        "meta": {"dark": {"textfont.shadow": ground(GROUND_DARK)}, "narrow": {"textfont.size": 11}},
        "hoverinfo": "skip",
    }
    return [{"type": "scatter", "name": row.line.label, "showlegend": False, **trace} for trace in (dots, bar, name)]
