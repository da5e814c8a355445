"""`analysis.training.odds_histogram` drawn: precision over recall, and recall over fallout (ROC), of the rare class."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ...analysis.training import Record
from ...analysis.training.ranking_curves import RankingCurve, curves, share
from ..batch.marks import percent
from ..frames import Played, Trace, frames
from ..theme import GREY, GREY_DARK, layout
from .epochs import told
from .lines import Line


def precision(lines: Sequence[Line], found: Record, at: int) -> Played:
    """Precision over recall, as steps whose area is the average precision, at the classes' shares in training."""
    told_, prior = curves(found), share(found)
    level = _reference("prior", [0, 1], [prior, prior], f"by chance: {100 * prior:.3g} % of the training samples")
    hover = "%{x:.3g} % found, <b>%{y:.3g} %</b> of those called so are"
    drawn = [
        [
            level,
            *(
                _line(line, one.recall, one.precision, hover, f"AP {one.average:.3f}", shape="vh")
                for line, one in _with(lines, row)
            ),
        ]
        for row in told_
    ]
    word = f"average precision of {_called(found)}"
    titles = _titles(lines, found, word, [[one.average for one in row] for row in told_])
    return _played(drawn, titles, at, (f"recall of class {found.experiment.dataset_spec.rare}", "precision"))


def roc(lines: Sequence[Line], found: Record, at: int) -> Played:
    """Recall over fallout, straight between the ends of cells, whose area counts equals half."""
    told_ = curves(found)
    level = _reference("chance", [0, 1], [0, 1], "by chance")
    hover = "%{x:.3g} % of the others taken for it, <b>%{y:.3g} %</b> of it found"
    drawn = [
        [level, *(_line(line, one.fallout, one.recall, hover, f"AUC {one.area:.3f}") for line, one in _with(lines, row))]
        for row in told_
    ]
    word = f"area under the ROC curve of {_called(found)}"
    titles = _titles(lines, found, word, [[one.area for one in row] for row in told_])
    return _played(drawn, titles, at, (f"others taken for class {found.experiment.dataset_spec.rare}", "recall"))


def _with(lines: Sequence[Line], row: Sequence[RankingCurve]) -> list[tuple[Line, RankingCurve]]:
    """The first loss is drawn last, above the others."""
    return list(zip(lines, row, strict=True))[::-1]


def _called(found: Record) -> str:
    dataset_spec = found.experiment.dataset_spec
    return f"the rare class {dataset_spec.rare}" if dataset_spec.ratio > 1 else f"class {dataset_spec.rare}"


def _titles(lines: Sequence[Line], found: Record, word: str, values: Sequence[Sequence[float]]) -> list[str]:
    return [f"Epoch {epoch}: {word}, {told(lines, np.array(row), '')}" for epoch, row in zip(found.epochs, values, strict=True)]


def _played(drawn: Sequence[Sequence[Trace]], titles: Sequence[str], at: int, axes: tuple[str, str]) -> Played:
    side: dict[str, Any] = {"range": [-1, 102], "zeroline": False, "ticksuffix": " %"}
    look = layout(
        titles[at],
        xaxis={"title": {"text": axes[0]}, **side},
        yaxis={"title": {"text": axes[1]}, **side},
        hovermode="closest",
        showlegend=True,
        height=440 + 20 * len(drawn[0]),
    )
    return Played(drawn[at], look, frames(drawn, titles))


def _line(line: Line, x: Any, y: Any, hover: str, number: str, shape: str = "linear") -> Trace:
    look = line.look(4 if line.slot == 0 else 3)
    return {
        "uid": f"curve-{line.slot}",
        "type": "scatter",
        "mode": "lines",
        "x": percent(x),
        "y": percent(y),
        "name": f"{line.label}, {number}",
        "legendrank": 1000 + line.slot,
        "hovertemplate": f"{hover}<extra>%{{fullData.name}}</extra>",
        **look,
        "line": look["line"] | {"shape": shape, "simplify": False},
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
