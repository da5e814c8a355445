"""How many of each class are found: recall by class, and what of them accuracy and balanced accuracy make."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ...analysis.training import Record, measure_values
from ...evaluation.setting import Array
from ...texts import say
from ..frames import Played, Trace, frames, single
from ..theme import GREY, layout
from .epochs import values_in_words
from .lines import LegendEntry

MARKS = ("circle", "square", "diamond", "triangle-up", "cross", "star")
"""By place, so that losses are told apart without any colour."""

APART, ROW = 13, 22
"""Pixels of height for a loss within a class, and what a class needs besides."""


def figure(lines: Sequence[LegendEntry], record: Record, at: int) -> Played:
    """A row for each class, then balanced accuracy and accuracy: of each loss all seeds' mean and range."""
    values = _values(record)
    rows = values.shape[-1]
    frame_traces = [
        [_loss(line, n, len(lines), values[e, n]) for n, line in enumerate(lines)] for e in range(len(record.epochs))
    ]
    titles = [_title(lines, record, e, epoch) for e, epoch in enumerate(record.epochs)]
    figure_layout = layout(
        titles[at],
        xaxis={"title": {"text": say("recall: share of the class that is found (%)")}, "range": [-2, 102], "zeroline": False},
        yaxis={
            "range": [rows - 0.5, -0.5],
            "tickvals": list(range(rows)),
            "ticktext": _row_labels(record),
            "showgrid": False,
            "zeroline": False,
            "ticks": "",
        },
        shapes=_rules(rows),
        hovermode="closest",
        showlegend=True,
        height=rows * (ROW + APART * len(lines)) + 110,
    )
    return Played(frame_traces[at], figure_layout, frames(frame_traces, titles))


def _values(record: Record) -> Array:
    """Recall by class, balanced accuracy and accuracy in percent, (E, L, S, C + 2)."""
    means = np.stack([measure_values(record, "balanced"), measure_values(record, "accuracy")], -1)
    return np.concatenate((100 * record.runs.recall, means), -1)


def _row_labels(record: Record) -> list[str]:
    """The classes; the rare one says so."""
    dataset_spec, classes = record.experiment.dataset_spec, record.runs.recall.shape[-1]
    names = [
        say("<b>class {c}, rare</b> ", c=c) if dataset_spec.ratio > 1 and c == dataset_spec.rare else say("class {c} ", c=c)
        for c in range(classes)
    ]
    return [*names, say("balanced<br>accuracy "), say("accuracy ")]


def _rules(rows: int) -> list[dict[str, Any]]:
    """Thin lines between rows, and a stronger one before what is no class."""
    rule = {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "layer": "below"}
    return [
        rule | {"y0": n - 0.5, "y1": n - 0.5, "line": {"color": GREY, "width": 2 if n == rows - 2 else 0.5}}
        for n in range(1, rows)
    ]


def _loss(line: LegendEntry, n: int, count: int, values: Array) -> Trace:
    """A loss's marks; values (S, rows)."""
    mean, low, high = values.mean(0), values.min(0), values.max(0)
    rows = len(mean)
    light, dark = line.colours
    offset = APART * (n - (count - 1) / 2) / (ROW + APART * count)
    error_bars = {"array": single(high - mean), "arrayminus": single(mean - low)}
    return {
        "uid": f"recall-{line.slot}",
        "type": "scatter",
        "mode": "markers",
        "x": single(mean),
        "y": single(np.arange(rows) + offset),
        "error_x": {"type": "data", "symmetric": False, **error_bars, "color": light, "thickness": 2, "width": 0},
        "marker": {"color": light, "size": 10, "symbol": MARKS[line.slot]},
        "meta": {"dark": {"marker.color": dark, "error_x.color": dark}},
        "cliponaxis": False,
        "name": line.label,
        "customdata": np.round(np.stack((low, high), 1), 1).tolist(),
        "hovertemplate": say("<b>%{x:.4g}%</b>, seeds %{customdata[0]} to %{customdata[1]}%<extra>%{fullData.name}</extra>"),
    }


def _title(lines: Sequence[LegendEntry], record: Record, e: int, epoch: int) -> str:
    """Of the rare class where there is one, else of all alike."""
    dataset_spec = record.experiment.dataset_spec
    rare = dataset_spec.ratio > 1
    values = measure_values(record, "rare" if rare else "balanced")[e].mean(-1)
    words = values_in_words(lines, values)
    if rare:
        return say("Epoch {epoch}: recall of the rare class {c}, {values}", epoch=epoch, c=dataset_spec.rare, values=words)
    return say("Epoch {epoch}: balanced accuracy, {values}", epoch=epoch, values=words)
