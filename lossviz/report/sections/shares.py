"""Where do the loss and the gradient come from? Share curves, and figure 4 of the focal loss paper."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

import numpy as np

from ...analysis.batch.batch_stats import BatchStats
from ...analysis.batch.columns import Columns, columns_of
from ...analysis.batch.counting_unit import by_entry
from ...analysis.batch.questions import BY, QUESTIONS
from ...analysis.batch.shares import Lorenz, carried_by, cumulative, lorenz, part_carrying
from ...analysis.listing import listing
from ...figures.batch import shares as drawing
from ...figures.picture import Picture
from ...state.batch import BatchQuery, LabelledLoss, unit
from ...texts import say
from ..analyses import Analyses
from ..section import Section, Table
from .hardest_share import carried

Frames = Sequence[Sequence[drawing.ShareCurve]]


VARIANTS = {"loss": say("Shares of the loss"), "gradient": say("Shares of the gradient")}


def shares(query: BatchQuery, analyses: Analyses, by: str = "loss") -> Section:
    """Lorenz curves of the present loss at every γ, beside what it is compared with; by: "loss" or "gradient"."""
    others = query.lines[1:]
    stats = analyses.all_stats((*query.specs, *(line.spec for line in others)))
    own = len(query.positions)
    compared = [_curve(line, one, by) for line, one in zip(others, stats[own:], strict=True)]
    frames = [[_curve(line, one, by), *compared] for line, one in zip(query.positions, stats[:own], strict=True)]
    titles = [_half(query, frame[0].curve, by, n) for n, frame in enumerate(frames)]
    at = query.scrub.at
    return Section(
        "shares",
        QUESTIONS["shares"],
        VARIANTS[by],
        headline=carried(query, analyses, by),
        name="shares",
        figures=(Picture(drawing.lorenz(frames, at, by, unit(query.survey), titles), titles[at], wide=True),),
        scrub=query.moving,
        csv=partial(_csv, query, frames),
        table=Table(_listed(query, analyses, by), print_only=True, shares=SHARES, headings=HEADINGS),
        notes=(
            say(
                "The thin line is where all {units} would carry the same share. Up to 300 points of each curve are drawn, each "
                "exact; neighbors between them differ by less than 1.6%.",
                units=unit(query.survey),
            ),
        ),
    )


def _half(query: BatchQuery, curve: Lorenz, by: str, n: int) -> str:
    """What the smallest part is that carries half."""
    if not np.isfinite(curve.carried).any():
        return say("{loss}: the {by} is 0 everywhere", loss=query.brief(n), by=BY[by])
    return say(
        "{loss}: half of the {by} comes from {part:.3g}% of the {units}",
        loss=query.brief(n),
        by=BY[by],
        part=100 * part_carrying(curve, 0.5),
        units=unit(query.survey),
    )


HEADINGS = {
    "loss function": say("loss function"),
    "share of the": say("share of the"),
    "hardest 1% carry": say("hardest 1% carry"),
    "hardest 10% carry": say("hardest 10% carry"),
    "half comes from": say("half comes from"),
}

SHARES = ("hardest 1% carry", "hardest 10% carry", "half comes from")


def figure_4(query: BatchQuery, analyses: Analyses) -> Iterator[Section]:
    """Positives and negatives apart, as in the paper; none where there are no two sides."""
    if not by_entry(query.survey.task):
        return
    stats = analyses.all_stats([line.spec for line in query.lines])
    figures = tuple(_side(query, stats, *side) for side in SIDES)
    yield Section(
        "shares",
        say("Figure 4 of the focal loss paper"),
        headline=_concentrated(stats),
        name="figure-4",
        figures=figures,
        csv=partial(_figure_4_csv, figures),
        notes=(
            say(
                "Lin et al. 2017, figure 4. Sorted from the easiest to the hardest; each curve ends at 1. In the paper γ "
                "hardly changes the foreground and leaves nearly all of the background’s loss to a few hard examples. The "
                "lines are the pinned losses or, without pins, the paper’s γ."
            ),
        ),
    )


def _concentrated(stats: Sequence[BatchStats]) -> str:
    """What the hardest 1% of each side carry of its loss."""
    background, foreground = (100 * carried_by(lorenz(stats[0].loss_by.every(side, 2)), 0.01) for side in (0, 1))
    if not np.isfinite(background + foreground):
        return ""
    return say(
        "RetinaNet’s figure 4 for this batch: the hardest 1% of the background carry {background!b} of its loss, those of the "
        "foreground {foreground}.",
        background=f"{background:.1f}%",
        foreground=f"{foreground:.1f}%",
    )


SIDES = (
    (1, say("foreground"), say("Cumulative normalized loss of the foreground")),
    (0, say("background"), say("Cumulative normalized loss of the background")),
)
"""The number, name and title of each."""


def _side(query: BatchQuery, stats: Sequence[BatchStats], side: int, name: str, title: str) -> Picture:
    curves = [
        drawing.ShareCurve(line.label, line.spec.key, line.slot, cumulative(one.loss_by.every(side, 2)))
        for line, one in zip(query.lines, stats, strict=True)
    ]
    return Picture(drawing.foreground([curves], 0, name, [title]), title)


def _curve(line: LabelledLoss, stats: BatchStats, by: str) -> drawing.ShareCurve:
    histogram = stats.loss if by == "loss" else stats.norm
    return drawing.ShareCurve(line.label, line.spec.key, line.slot, lorenz(histogram))


def _listed(query: BatchQuery, analyses: Analyses, by: str) -> Columns:
    """What the hardest carry under each loss."""
    stats = analyses.all_stats([line.spec for line in query.lines])
    curves = [_curve(line, one, by) for line, one in zip(query.lines, stats, strict=True)]
    return columns_of(
        [
            {
                "loss function": curve.label,
                "share of the": BY[by],
                "hardest 1% carry": carried_by(curve.curve, 0.01),
                "hardest 10% carry": carried_by(curve.curve, 0.1),
                "half comes from": part_carrying(curve.curve, 0.5),
            }
            for curve in curves
        ]
    )


def _csv(query: BatchQuery, frames: Frames) -> str:
    header = ("γ", "loss", "hardest share", "share carried")
    blocks = (((query.specs[n].gamma, curve.label), tuple(curve.curve)) for n, frame in enumerate(frames) for curve in frame)
    return listing(header, blocks)


def _figure_4_csv(pictures: Sequence[Picture]) -> str:
    header = ("side", "loss", "share of the side", "cumulative normalized loss")
    rows = (
        ((picture.figure.title, trace["name"]), (np.asarray(trace["x"], np.float64), np.asarray(trace["y"], np.float64)))
        for picture in pictures
        for trace in picture.figure.data
        if trace.get("name")
    )
    return listing(header, rows)
