"""`analysis.training.total_wrong` drawn: digits with wrong labels, and under each what a loss's model says it is, by epoch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ...analysis.training.mislabelled_digits import ANSWERS, SIDE, MislabelledDigits
from ...evaluation.setting import Array
from ...texts import joined, say
from ..batch.marks import note
from ..frames import Played, Trace, frames, single
from ..picture import Picture
from ..theme import BLUE, GREY, GREY_DARK, INK, PAPER, VERMILLION, dark, fixed, layout, see_through
from .decision_regions import epoch_in_words
from .lines import LegendEntry
from .plane import format_percent

ACROSS = 5
"""Digits in a row."""

WIDTH, HEIGHT = SIDE + 4, SIDE + 6
"""Of a digit with its words and some room, in pixels of the digit."""

MARKERS = (("x", VERMILLION), ("circle", BLUE), ("diamond-open", GREY))
"""The mark of each of ANSWERS."""


def pictures(digits: MislabelledDigits, lines: Sequence[LegendEntry], at: int) -> list[Picture]:
    """A picture for each loss, with a frame for each epoch, of which `at` is shown first."""
    figures = [figure(digits, line, n, at) for n, line in enumerate(lines)]
    return [
        Picture(one, say("{title}. {answers}", title=one.title, answers=_answers_text(digits, n, at)))
        for n, one in enumerate(figures)
    ]


def figure(digits: MislabelledDigits, line: LegendEntry, n: int, at: int) -> Played:
    """The n-th loss, which `line` names."""
    titles = [_title(digits, line, n, e) for e in range(len(digits.epochs))]
    static_traces = [_digits(digits), _labels(digits)]
    frame_traces = [
        [*static_traces, *(_answers(digits, n, e, answer) for answer in range(len(ANSWERS)))] for e in range(len(digits.epochs))
    ]
    rows, none = _rows(digits), "" if len(digits.labels) else say("No label is wrong: nothing to memorize.")
    figure_layout = layout(
        titles[at],
        **_axes(digits),
        hovermode="closest",
        **fixed(10, 10, (80, 120), (130 + 100 * rows, 210 + 62 * rows)),
        annotations=note(none),
    )
    return Played(frame_traces[at], figure_layout, frames(frame_traces, titles))


def _rows(digits: MislabelledDigits) -> int:
    return max(1, -(-len(digits.labels) // ACROSS))


def _axes(digits: MislabelledDigits) -> dict[str, Any]:
    """No axes but pixels of one size; below them, what is drawn."""
    bare = dict.fromkeys(("showline", "showgrid", "zeroline", "showticklabels"), False)
    hidden: dict[str, Any] = bare | {"ticks": "", "fixedrange": True, "automargin": False, "constrain": "domain"}
    return {
        "xaxis": hidden | {"title": {"text": _x_title(digits)}, "range": [-0.5, ACROSS * WIDTH - 0.5]},
        "yaxis": hidden | {"range": [_rows(digits) * HEIGHT - 0.5, -0.5], "scaleanchor": "x", "constraintoward": "top"},
    }


def _x_title(digits: MislabelledDigits) -> str:
    """What is drawn, and how many of all."""
    shown = len(digits.labels)
    if not shown:
        return ""
    if shown == digits.total:
        return say("label → truth; first seed, all wrong labels")
    return say("label → truth; first seed, {shown} of {all:,} wrong labels drawn", shown=shown, all=digits.total)


def _title(digits: MislabelledDigits, line: LegendEntry, n: int, e: int) -> str:
    if not digits.total:
        return say("{loss}: no wrong label", loss=line.label)
    return say(
        "{loss}: {when}, {share} of wrong labels repeated",
        loss=line.label,
        when=epoch_in_words(digits.epochs[e]),
        share=format_percent(digits.repeated[e, n]),
    )


def _answers_text(digits: MislabelledDigits, n: int, at: int) -> str:
    rows = zip(digits.labels, digits.truth, digits.predictions[at, n], strict=True)
    texts = (say("labeled {label}, truly {truth}: predicted {guess}", label=a, truth=b, guess=c) for a, b, c in rows)
    return joined(texts, "; ")


def _places(digits: MislabelledDigits) -> tuple[Array, Array]:
    """The upper left corner of each digit."""
    n = np.arange(len(digits.labels))
    return (n % ACROSS * WIDTH + 2).astype(np.float64), (n // ACROSS * HEIGHT + 3).astype(np.float64)


def _digits(digits: MislabelledDigits) -> Trace:
    """All images as one, in whole percent of ink."""
    paper = np.zeros((_rows(digits) * HEIGHT, ACROSS * WIDTH), np.uint8)
    for image, x, y in zip(digits.images, *_places(digits), strict=True):
        paper[int(y) : int(y) + SIDE, int(x) : int(x) + SIDE] = np.rint(100 * image)
    return {
        "uid": "digits",
        "type": "heatmap",
        "z": paper,
        "zmin": 0,
        "zmax": 100,
        "colorscale": [[0, see_through(INK, 0)], [1, INK]],
        "showscale": False,
        "hoverinfo": "skip",
        "meta": {"dark": {"colorscale": [[0, see_through(PAPER, 0)], [1, PAPER]]}},
    }


def _labels(digits: MislabelledDigits) -> Trace:
    """Above each digit, the label that is wrong and the truth."""
    x, y = _places(digits)
    return {
        "uid": "labels",
        "type": "scatter",
        "mode": "text",
        "x": single(x + SIDE / 2 - 0.5),
        "y": single(y - 1.6),
        "text": [f"<b>{label}</b> → {truth}" for label, truth in zip(digits.labels, digits.truth, strict=True)],
        "textfont": {"size": 14},
        "hoverinfo": "skip",
        "showlegend": False,
    }


def _answers(digits: MislabelledDigits, n: int, e: int, answer: int) -> Trace:
    """Below the digits of which the model gives one kind of answer, what it says; first a gap, which keeps the legend."""
    selected, (symbol, colour) = digits.answers[e, n] == answer, MARKERS[answer]
    x, y = (np.append(np.nan, place[selected]) for place in _places(digits))
    predictions = digits.predictions[e, n, selected]
    on_dark = GREY_DARK if colour == GREY else dark(colour)
    return {
        "uid": f"said-{answer}",
        "type": "scatter",
        "mode": "markers+text",
        "x": single(x + SIDE / 2 - 2.5),
        "y": single(y + SIDE + 0.7),
        "text": ["", *(say(" says {guess}", guess=guess) for guess in predictions.tolist())],
        "textposition": "middle right",
        "textfont": {"size": 14},
        "marker": {"symbol": symbol, "size": 11, "color": colour, "line": {"width": 2, "color": colour}},
        "meta": {
            "dark": {"marker.color": on_dark, "marker.line.color": on_dark},
            "narrow": {"textfont.size": 12, "text": ["", *(f" {guess}" for guess in predictions)]},
        },
        "name": ANSWERS[answer],
        "showlegend": bool(len(digits.labels)),
        "hoverinfo": "skip",
    }
