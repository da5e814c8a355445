"""How long each loss's steps are beside the first loss's, by epoch: what a loss changes may be its learning rate alone."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ...analysis.training import Record
from ...evaluation.setting import Array
from ..batch.marks import note
from ..frames import Played, frames
from ..theme import layout
from .epochs import axis, course, here, named, now, number
from .lines import Line

TICKS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100)
"""Numbers along the axis; others have none."""


def figure(lines: Sequence[Line], found: Record, at: int) -> Played:
    """A line for each loss: the length of its steps, ‖Δw‖, over the first loss's, both means over seeds, on a log axis."""
    shown = ratios(found)
    ends = _ends(shown)
    still = [
        course(line, f"mean-{line.slot}", found.epochs, row, "<b>%{y:.3g} ×</b> as long", legendgroup=f"loss-{line.slot}")
        for line, row in zip(lines, shown.T, strict=True)
    ]
    drawn = [
        [*still, now(epoch, ends), *(here(line, f"here-{line.slot}", epoch, y) for line, y in zip(lines, row, strict=True))]
        for epoch, row in zip(found.epochs, shown, strict=True)
    ]
    titles = [_title(lines, epoch, row) for epoch, row in zip(found.epochs, shown, strict=True)]
    look = layout(
        titles[at],
        xaxis=axis(found.epochs),
        yaxis={
            "title": {"text": "step length ÷ the first loss’s"},
            "type": "log",
            "range": np.log10(ends).tolist(),
            "tickvals": list(TICKS),
            "ticktext": [f"{x:g} ×" for x in TICKS],
            "zeroline": False,
        },
        annotations=note("" if np.isfinite(shown).any() else "No step has been taken yet."),
        hovermode="closest",
        showlegend=True,
        height=400,
    )
    return Played(drawn[at], look, frames(drawn, titles))


def ratios(found: Record) -> Array:
    """Each loss's mean step over the first loss's (E, L); nan before training, and where one of both does not move at all."""
    mean = found.runs.step_length.mean(-1)
    known = (mean > 0) & (mean[:, :1] > 0)
    over: Array = np.divide(mean, mean[:, :1], out=np.full_like(mean, np.nan), where=known)
    return over


def _ends(shown: Array) -> list[float]:
    """From the least to the most, and at least a factor of 1.5 to both sides of 1."""
    known = shown[np.isfinite(shown)]
    return [float(known.min(initial=1 / 1.5)) / 1.15, float(known.max(initial=1.5)) * 1.15]


def _title(lines: Sequence[Line], epoch: int, row: Array) -> str:
    """Whose steps are the longest beside the first loss's, or the shortest where none are longer."""
    if not np.isfinite(row).any():
        return f"Epoch {epoch}: no step has been taken yet" if not epoch else f"Epoch {epoch}: nothing moves"
    others = [(float(x), line) for x, line in zip(row[1:], lines[1:], strict=True) if np.isfinite(x)]
    if not others:
        return f"Epoch {epoch}: no other steps to compare with those of {named(lines[0])}"
    most, whose = max(others, key=lambda one: one[0])
    word = "the largest is" if len(others) > 1 else "it is"
    return f"Epoch {epoch}: length of a step beside that of {named(lines[0])}, {word} {number(most)}\u00a0× with {named(whose)}"
