"""What came true of what each loss's model said: frequency over confidence, and how many predictions are where."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ...analysis.training import Record
from ...analysis.training.calibration import BINS, calibration
from ...evaluation.setting import Array
from ...texts import say
from ..batch.marks import percent
from ..frames import Played, Trace, frames, single
from ..theme import GREY, GREY_DARK, GROUND, GROUND_DARK, layout
from .epochs import format_number, shared_range, values_in_words
from .lines import LegendEntry

SMALLEST, LARGEST = 5.0, 22.0
"""Diameters of a marker with none of the predictions and with all of them: its ground grows with their share."""


def figure(lines: Sequence[LegendEntry], record: Record, at: int) -> Played:
    """Above, a marker for each bin of confidence and a line for each loss, all seeds together; below, how many are in it.

    Classes count by their shares in training. The calibration error is debiased, the mean over seeds, as in `MEASURES`; beside
    it, what perfect calibration would show without debiasing.
    """
    _, chance, error = (100 * x.mean(-1) for x in calibration(record.runs.reliability))
    bins = record.runs.reliability[..., :3].sum(2)
    frame_traces = [_traces(lines, epoch_bins, row) for epoch_bins, row in zip(bins, error, strict=True)]
    titles = [_title(lines, *row) for row in zip(record.epochs, error, chance, strict=True)]
    side = {"range": [-2, 102], "zeroline": False, "ticksuffix": "%"}
    figure_layout = layout(
        titles[at],
        xaxis={**side, "matches": "x2", "showticklabels": False, "anchor": "y"},
        xaxis2={**side, "title": {"text": say("confidence: the largest probability")}, "anchor": "y2"},
        yaxis={"title": {"text": say("accuracy: share that is right")}, "domain": [0.34, 1], **side},
        yaxis2={
            "title": {"text": say("predictions")},
            "range": [0, shared_range(100 * bins[..., 0] / bins[..., 0].sum(-1, keepdims=True))[1]],
            "ticksuffix": "%",
            "domain": [0, 0.25],
            "anchor": "x2",
            "nticks": 4,
        },
        hovermode="closest",
        showlegend=True,
        height=580,
    )
    return Played(frame_traces[at], figure_layout, frames(frame_traces, titles))


def _title(lines: Sequence[LegendEntry], epoch: int, error: Array, chance: Array) -> str:
    """Both numbers of an epoch, (L,) each."""
    return say(
        "Epoch {epoch}: calibration error (ECE, debiased), {values}; chance alone would show {chance}",
        epoch=epoch,
        values=values_in_words(lines, error),
        chance=_span(chance),
    )


def _span(percents: Array) -> str:
    """One number, or the least and the most of several."""
    low, high = (format_number(float(x)) for x in (percents.min(), percents.max()))
    return f"{low}%" if low == high else say("{low} to {high}%", low=low, high=high)


def _traces(lines: Sequence[LegendEntry], bins: Array, error: Array) -> list[Trace]:
    """Of an epoch: bins (L, BINS, 3), the errors (L,) in percent."""
    losses = [_loss(line, own, float(e)) for line, own, e in zip(lines, bins, error, strict=True)]
    return [_diagonal(), *(curve for curve, _ in losses[::-1]), *(count for _, count in losses[::-1])]


def _loss(line: LegendEntry, bins: Array, error: float) -> tuple[Trace, Trace]:
    """A loss's curve and its counts; bins (BINS, 3)."""
    counts, sure, right = bins.T
    nonempty, share = counts > 0, counts / counts.sum()
    light, dark = line.colours
    figure_layout = line.style(3)
    shared = {"type": "scatter", "legendgroup": f"loss-{line.slot}", "legendrank": 1000 + line.slot}
    size = SMALLEST + (LARGEST - SMALLEST) * np.sqrt(share[nonempty])
    curve = {
        "uid": f"bins-{line.slot}",
        "mode": "lines+markers",
        "x": percent(sure[nonempty] / counts[nonempty]),
        "y": percent(right[nonempty] / counts[nonempty]),
        "marker": {"color": light, "size": single(size), "opacity": 1, "line": {"color": GROUND, "width": 1.5}},
        "customdata": percent(share[nonempty]),
        "name": say("{loss}, debiased ECE {error}%", loss=line.label, error=format_number(error)),
        "hovertemplate": say(
            "confidence <b>%{x:.3g}%</b>, accuracy <b>%{y:.3g}%</b><br>%{customdata:.3g}% of the predictions"
            "<extra>%{fullData.name}</extra>"
        ),
        "cliponaxis": False,
        **figure_layout,
        "meta": {"dark": {"line.color": dark, "marker.color": dark, "marker.line.color": GROUND_DARK}},
    }
    steps = {
        "uid": f"counts-{line.slot}",
        "mode": "lines",
        "x": percent(np.repeat(np.arange(BINS + 1) / BINS, 2)[1:-1]),
        "y": percent(np.repeat(share, 2)),
        "xaxis": "x2",
        "yaxis": "y2",
        "name": line.label,
        "showlegend": False,
        "hovertemplate": say("<b>%{y:.3g}%</b> of the predictions<extra>%{fullData.name}</extra>"),
        **line.style(2.5),
    }
    return shared | curve, shared | steps


def _diagonal() -> Trace:
    return {
        "uid": "diagonal",
        "type": "scatter",
        "mode": "lines",
        "x": [0, 100],
        "y": [0, 100],
        "line": {"color": GREY, "width": 1.5},
        "meta": {"dark": {"line.color": GREY_DARK}},
        "hoverinfo": "skip",
        "name": say("perfect calibration"),
        "legendrank": 2000,
    }
