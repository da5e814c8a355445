"""`analysis.training.odds_histogram` drawn: precision over recall, and recall over fallout (ROC), of the rare class."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ...analysis.training import Record
from ...analysis.training.ranking_curves import RankingCurve, ranking_curves, rare_share
from ...texts import say
from ..batch.marks import percent
from ..frames import Played, Trace, frames
from ..theme import GREY, GREY_DARK, layout
from .epochs import values_in_words
from .lines import LegendEntry


def precision(lines: Sequence[LegendEntry], record: Record, at: int) -> Played:
    """Precision over recall, as steps whose area is the average precision, at the classes' shares in training."""
    epoch_curves, prior = ranking_curves(record), rare_share(record)
    name = say("chance: {share:.3g}% of the training samples", share=100 * prior)
    level = _reference("prior", [0, 1], [prior, prior], name)
    hover = say("recall %{x:.3g}%, precision <b>%{y:.3g}%</b><extra>%{fullData.name}</extra>")
    frame_traces = [
        [
            level,
            *(
                _line(line, one.recall, one.precision, hover, _with_average_precision(line, one), shape="vh")
                for line, one in _last_first(lines, row)
            ),
        ]
        for row in epoch_curves
    ]
    dataset_spec = record.experiment.dataset_spec
    word = (
        say("average precision of the rare class {c}", c=dataset_spec.rare)
        if dataset_spec.ratio > 1
        else say("average precision of class {c}", c=dataset_spec.rare)
    )
    titles = _titles(lines, record, word, [[one.average_precision for one in row] for row in epoch_curves])
    return _figure(frame_traces, titles, at, (say("recall of class {c}", c=dataset_spec.rare), say("precision")))


def _with_average_precision(line: LegendEntry, one: RankingCurve) -> str:
    return say("{loss}, AP {number:.3f}", loss=line.label, number=one.average_precision)


def roc(lines: Sequence[LegendEntry], record: Record, at: int) -> Played:
    """Recall over fallout, straight between the ends of cells, whose area counts equals half."""
    epoch_curves = ranking_curves(record)
    level = _reference("chance", [0, 1], [0, 1], say("chance"))
    hover = say("false positive rate %{x:.3g}%, recall <b>%{y:.3g}%</b><extra>%{fullData.name}</extra>")
    frame_traces = [
        [level, *(_line(line, one.fallout, one.recall, hover, _with_area(line, one)) for line, one in _last_first(lines, row))]
        for row in epoch_curves
    ]
    dataset_spec = record.experiment.dataset_spec
    word = (
        say("area under the ROC curve of the rare class {c}", c=dataset_spec.rare)
        if dataset_spec.ratio > 1
        else say("area under the ROC curve of class {c}", c=dataset_spec.rare)
    )
    titles = _titles(lines, record, word, [[one.area for one in row] for row in epoch_curves])
    x_title = say("false positive rate: other samples predicted as class {c}", c=dataset_spec.rare)
    return _figure(frame_traces, titles, at, (x_title, say("recall")))


def _with_area(line: LegendEntry, one: RankingCurve) -> str:
    return say("{loss}, AUC {number:.3f}", loss=line.label, number=one.area)


def _last_first(lines: Sequence[LegendEntry], row: Sequence[RankingCurve]) -> list[tuple[LegendEntry, RankingCurve]]:
    """The first loss is drawn last, above the others."""
    return list(zip(lines, row, strict=True))[::-1]


def _titles(lines: Sequence[LegendEntry], record: Record, word: str, values: Sequence[Sequence[float]]) -> list[str]:
    return [
        say("Epoch {epoch}: {measure}, {values}", epoch=epoch, measure=word, values=values_in_words(lines, np.array(row), ""))
        for epoch, row in zip(record.epochs, values, strict=True)
    ]


def _figure(frame_traces: Sequence[Sequence[Trace]], titles: Sequence[str], at: int, axes: tuple[str, str]) -> Played:
    side: dict[str, Any] = {"range": [-1, 102], "zeroline": False, "ticksuffix": "%"}
    figure_layout = layout(
        titles[at],
        xaxis={"title": {"text": axes[0]}, **side},
        yaxis={"title": {"text": axes[1]}, **side},
        hovermode="closest",
        showlegend=True,
        height=440 + 20 * len(frame_traces[0]),
    )
    return Played(frame_traces[at], figure_layout, frames(frame_traces, titles))


def _line(line: LegendEntry, x: Any, y: Any, hover: str, name: str, shape: str = "linear") -> Trace:
    figure_layout = line.style(4 if line.slot == 0 else 3)
    return {
        "uid": f"curve-{line.slot}",
        "type": "scatter",
        "mode": "lines",
        "x": percent(x),
        "y": percent(y),
        "name": name,
        "legendrank": 1000 + line.slot,
        "hovertemplate": hover,
        **figure_layout,
        "line": figure_layout["line"] | {"shape": shape, "simplify": False},
    }


def _reference(uid: str, x: list[float], y: list[float], name: str) -> Trace:
    return {
        "uid": uid,
        "type": "scatter",
        "mode": "lines",
        "x": percent(x),
        "y": percent(y),
        "name": name,
        "legendrank": 2000,
        "line": {"color": GREY, "width": 1.5},
        "meta": {"dark": {"line.color": GREY_DARK}},
        "hoverinfo": "skip",
    }
