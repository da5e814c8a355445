"""How long each loss's steps are beside the first loss's, by epoch: what a loss changes may be its learning rate alone."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ...analysis.training import Record
from ...evaluation.setting import Array
from ...texts import say
from ..batch.marks import note
from ..frames import Played, frames
from ..theme import layout
from .epochs import axis, curve, epoch_line, epoch_marker, format_number, nonbreaking_label
from .lines import LegendEntry

TICKS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100)
"""Numbers along the axis; others have none."""


def figure(lines: Sequence[LegendEntry], record: Record, at: int) -> Played:
    """A line for each loss: the length of its steps, ‖Δw‖, over the first loss's, both means over seeds, on a log axis."""
    length_ratios = ratios(record)
    ends = _ends(length_ratios)
    static_traces = [
        curve(line, f"mean-{line.slot}", record.epochs, row, say("<b>%{y:.3g} ×</b> as long"), legendgroup=f"loss-{line.slot}")
        for line, row in zip(lines, length_ratios.T, strict=True)
    ]
    frame_traces = [
        [
            *static_traces,
            epoch_line(epoch, ends),
            *(epoch_marker(line, f"here-{line.slot}", epoch, y) for line, y in zip(lines, row, strict=True)),
        ]
        for epoch, row in zip(record.epochs, length_ratios, strict=True)
    ]
    titles = [_title(lines, epoch, row) for epoch, row in zip(record.epochs, length_ratios, strict=True)]
    figure_layout = layout(
        titles[at],
        xaxis=axis(record.epochs, record.experiment.epochs),
        yaxis={
            "title": {"text": say("step length ÷ the first loss’s")},
            "type": "log",
            "range": np.log10(ends).tolist(),
            "tickvals": list(TICKS),
            "ticktext": [f"{x:g} ×" for x in TICKS],
            "zeroline": False,
        },
        annotations=note("" if np.isfinite(length_ratios).any() else say("No step has been taken yet.")),
        hovermode="closest",
        showlegend=True,
        height=400,
    )
    return Played(frame_traces[at], figure_layout, frames(frame_traces, titles))


def ratios(record: Record) -> Array:
    """Each loss's mean step over the first loss's (E, L); nan before training, and where one of both does not move at all."""
    mean = record.runs.step_length.mean(-1)
    finite = (mean > 0) & (mean[:, :1] > 0)
    over: Array = np.divide(mean, mean[:, :1], out=np.full_like(mean, np.nan), where=finite)
    return over


def _ends(length_ratios: Array) -> list[float]:
    """From the least to the most, and at least a factor of 1.5 to both sides of 1."""
    finite = length_ratios[np.isfinite(length_ratios)]
    return [float(finite.min(initial=1 / 1.5)) / 1.15, float(finite.max(initial=1.5)) * 1.15]


def _title(lines: Sequence[LegendEntry], epoch: int, row: Array) -> str:
    """Whose steps are the longest beside the first loss's, or the shortest where none are longer."""
    if not np.isfinite(row).any():
        return (
            say("Epoch {epoch}: nothing moves", epoch=epoch)
            if epoch
            else say("Epoch {epoch}: no step has been taken yet", epoch=epoch)
        )
    others = [(float(x), line) for x, line in zip(row[1:], lines[1:], strict=True) if np.isfinite(x)]
    values = {"epoch": epoch, "first": nonbreaking_label(lines[0])}
    if not others:
        return say("Epoch {epoch}: no other steps to compare with {first}", **values)
    most, whose = max(others, key=lambda one: one[0])
    values |= {"ratio": format_number(most), "other": nonbreaking_label(whose)}
    if len(others) > 1:
        return say("Epoch {epoch}: step length relative to {first}, the largest is {ratio}\u00a0× with {other}", **values)
    return say("Epoch {epoch}: step length relative to {first}, it is {ratio}\u00a0× with {other}", **values)
