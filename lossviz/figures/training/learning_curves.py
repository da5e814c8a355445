"""A measure by epoch, a line for each loss: wrong labels memorised, accuracy, and whatever else losses are compared by."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ...analysis.training import MEASURES, Record, measure_values
from ...evaluation.setting import Array
from ...texts import say, then
from ..batch.marks import note
from ..frames import Played, Trace, frames, single
from ..theme import GREY, GREY_DARK, layout
from .epochs import NONE, axis, epoch_line, epoch_marker, late_range, runaways, seed_curves, values_in_words
from .lines import LegendEntry


def figure(lines: Sequence[LegendEntry], record: Record, measure: str, at: int, best: Array | None = None) -> Played:
    """The mean over seeds and, of few losses, a band from the lowest seed to the highest. `measure`: a key of `MEASURES`.

    best (S,): what the best possible rule reaches in each seed, a share, where that is known; drawn is its mean.
    """
    values = measure_values(record, measure)
    mean = values.mean(-1)
    finite = values[np.isfinite(mean)]
    top = 0.0 if best is None else 100 * float(best.mean())
    best_of_all = np.full_like(mean, np.nan if best is None else top)
    ends = late_range(record.epochs, values, best_of_all, low=-2.0, high=103.0) if len(finite) else [0.0, 100.0]
    static_traces = seed_curves(lines, record.epochs, values)
    static_traces += [
        runaways(line, f"off-{line.slot}", record.epochs, row, ends) for line, row in zip(lines, mean.T, strict=True)
    ]
    if best is not None:
        static_traces.append(_ceiling(record.epochs, top))
    frame_traces = [
        [
            *static_traces,
            epoch_line(epoch, ends),
            *(epoch_marker(line, f"here-{line.slot}", epoch, y) for line, y in zip(lines, row, strict=True)),
        ]
        for epoch, row in zip(record.epochs, mean, strict=True)
    ]
    word = MEASURES[measure].title
    titles = [
        say("Epoch {epoch}: {measure}, {values}", epoch=epoch, measure=word, values=values_in_words(lines, row))
        if len(finite)
        else _nothing(word, values)
        for epoch, row in zip(record.epochs, mean, strict=True)
    ]
    figure_layout = layout(
        titles[at],
        xaxis=axis(record.epochs, record.experiment.epochs),
        yaxis={"title": {"text": word}, "range": ends, "ticksuffix": "%", "zeroline": False},
        annotations=note("" if len(finite) else NONE),
        hovermode="closest",
        showlegend=True,
        height=460,
    )
    return Played(frame_traces[at], figure_layout, frames(frame_traces, titles))


def _nothing(word: str, values: Array) -> str:
    """That there is nothing to measure, in some seeds or in any."""
    capitalized = then(word, str.capitalize)
    if np.isfinite(values).any():
        return say("{measure}: there are none in some seeds", measure=capitalized)
    return say("{measure}: there are none", measure=capitalized)


def _ceiling(epochs: Sequence[int], top: float) -> Trace:
    """What no model can do better, whatever the loss, but by luck."""
    return {
        "uid": "ceiling",
        "type": "scatter",
        "mode": "lines",
        "x": [epochs[0], epochs[-1]],
        "y": single([top] * 2),
        "name": say("best possible (Bayes), {accuracy:.3g}%", accuracy=top),
        "legendrank": 2000,
        "line": {"color": GREY, "width": 2.5, "dash": "2px 4px"},
        "meta": {"dark": {"line.color": GREY_DARK}},
        "hovertemplate": say("best possible (Bayes): <b>%{y:.4g}%</b><extra></extra>"),
    }
