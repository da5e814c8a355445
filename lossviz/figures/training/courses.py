"""A measure by epoch, a line for each loss: wrong labels memorised, accuracy, and whatever else losses are compared by."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ...analysis.training import MEASURES, Record, measured
from ..batch.marks import note
from ..frames import Played, frames
from ..theme import layout
from .epochs import NONE, axis, courses, here, now, told
from .lines import Line


def figure(lines: Sequence[Line], found: Record, measure: str, at: int) -> Played:
    """The mean over seeds and, of few losses, a band from the lowest seed to the highest. `measure`: a key of `MEASURES`."""
    values = measured(found, measure)
    mean = values.mean(-1)
    known = values[np.isfinite(mean)]
    ends = (
        [max(-2.0, float(known.min(initial=100)) - 3), min(103.0, float(known.max(initial=0)) + 3)] if len(known) else [0, 100]
    )
    still = courses(lines, found.epochs, values)
    drawn = [
        [*still, now(epoch, ends), *(here(line, f"here-{line.slot}", epoch, y) for line, y in zip(lines, row, strict=True))]
        for epoch, row in zip(found.epochs, mean, strict=True)
    ]
    word = MEASURES[measure].title
    nothing = "there are none in some seeds" if np.isfinite(values).any() else "there are none"
    titles = [
        f"Epoch {epoch}: {word}, {told(lines, row)}" if len(known) else f"{word.capitalize()}: {nothing}"
        for epoch, row in zip(found.epochs, mean, strict=True)
    ]
    look = layout(
        titles[at],
        xaxis=axis(found.epochs),
        yaxis={"title": {"text": word}, "range": ends, "ticksuffix": " %", "zeroline": False},
        annotations=note("" if len(known) else NONE),
        hovermode="closest",
        showlegend=True,
        height=460,
    )
    return Played(drawn[at], look, frames(drawn, titles))
