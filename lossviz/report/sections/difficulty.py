"""How hard is the batch, and where over p_t do loss and gradient lie?"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np

from ...analysis.batch.counting_unit import partitions
from ...analysis.batch.difficulty import Difficulty, difficulty
from ...analysis.batch.questions import BY, QUESTIONS
from ...analysis.listing import listing
from ...figures.batch import difficulty as drawing
from ...figures.picture import Picture
from ...state.batch import BatchQuery, splits, unit
from ...texts import Message, say
from ..analyses import Analyses
from ..section import Section


def hardness(query: BatchQuery, analyses: Analyses, by: str = "loss", split: str = "", counts: str = "log") -> Section:
    """The histogram over p_t, and the mass of loss or gradient over it; split: the first on offer if none is named."""
    *stats, ce = analyses.all_stats((*query.specs, query.ce))
    at = query.scrub.at
    partition = partitions(query.survey)[split or splits(query.survey)[0]]
    frames = [difficulty(one, partition, stats[at]) for one in stats]
    titles = [_where(query, frame, by, n) for n, frame in enumerate(frames)]
    figure = drawing.figure(frames, at, by, unit(query.survey), titles, counts == "log")
    return Section(
        "difficulty",
        QUESTIONS["difficulty"],
        headline=_easy(query, frames[at], difficulty(ce, partition, stats[at]), by),
        name="difficulty",
        figures=(Picture(figure, titles[at], wide=True),),
        scrub=query.moving,
        csv=partial(_csv, query, frames),
    )


def _where(query: BatchQuery, frame: Difficulty, by: str, n: int) -> str:
    """How much of the loss comes from the very easy."""
    return say(
        "{loss}: {share:.1f}% of the {by} lies at p<sub>t</sub> > {sure:g}",
        loss=query.brief(n),
        share=100 * _above(frame, by, SURE),
        by=BY[by],
        sure=SURE,
    )


SURE = 0.9
"""Where the title begins to count: an edge of the cells."""


def _easy(query: BatchQuery, frame: Difficulty, ce: Difficulty, by: str) -> Message:
    """How many the model gets right by more than half, and what these carry."""
    values = {"units": unit(query.survey), "by": BY[by], "counted": f"{100 * _above(frame, 'count', 0.5):.1f}%"}
    values |= {"carried": f"{100 * _above(frame, by, 0.5):.1f}%", "base": f"{100 * _above(ce, by, 0.5):.1f}%"}
    if query.ce == query.spec:
        return say("{counted!b} of the {units} have pₜ above ½ and carry {carried!b} of the {by}.", **values)
    return say(
        "{counted!b} of the {units} have pₜ above ½ and carry {carried!b} of the {by} (cross-entropy: {base}).", **values
    )


def _above(frame: Difficulty, what: str, p: float) -> float:
    """The share of what is counted, or of loss or gradient, above a p_t."""
    mass = {"count": frame.counts, "loss": frame.loss, "gradient": frame.norm}[what]
    return float(mass[:, int(np.searchsorted(frame.edges, p - 1e-9)) :].sum())


def _csv(query: BatchQuery, frames: Sequence[Difficulty]) -> str:
    header = ("γ", "loss", "part", "p_t from", "p_t to", f"share of {unit(query.survey)}", "share of loss", "share of gradient")
    blocks = (
        ((*query.position(n), name), (frame.edges[:-1], frame.edges[1:], frame.counts[i], frame.loss[i], frame.norm[i]))
        for n, frame in enumerate(frames)
        for i, name in enumerate(frame.names)
    )
    return listing(header, blocks)
