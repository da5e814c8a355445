"""How hard is the batch, and where over p_t do loss and gradient lie?"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from ...analysis.batch.counting_unit import partitions
from ...analysis.batch.difficulty import Difficulty, difficulty
from ...analysis.batch.questions import QUESTIONS
from ...analysis.listing import listing
from ...figures.batch import difficulty as drawing
from ...figures.picture import Picture
from ...state.batch import BatchQuery, splits, unit
from ..analyses import Analyses
from ..section import Section


def hardness(query: BatchQuery, analyses: Analyses, by: str = "loss", split: str = "", counts: str = "log") -> Section:
    """The histogram over p_t, and the mass of loss or gradient over it; split: the first on offer if none is named."""
    stats = analyses.all_stats(query.specs)
    at = query.scrub.at
    partition = partitions(query.survey)[split or splits(query.survey)[0]]
    frames = [difficulty(one, partition, stats[at]) for one in stats]
    titles = [_where(query, frame, by, n) for n, frame in enumerate(frames)]
    figure = drawing.figure(frames, at, by, unit(query.survey), titles, counts == "log")
    return Section(
        "difficulty",
        QUESTIONS["difficulty"],
        name="difficulty",
        figures=(Picture(figure, titles[at], wide=True),),
        scrub=query.moving,
        csv=partial(_csv, query, frames),
    )


def _where(query: BatchQuery, frame: Difficulty, by: str, n: int) -> str:
    """How much of the loss lies where the model is right by more than half."""
    mass = frame.loss if by == "loss" else frame.norm
    easy = mass[:, len(frame.edges) // 2 :].sum()
    return f"{query.brief(n)}: {100 * easy:.1f}% of the {by} lies at p_t > ½"


def _csv(query: BatchQuery, frames: Sequence[Difficulty]) -> str:
    header = ("γ", "loss", "part", "p_t from", "p_t to", f"share of {unit(query.survey)}", "share of loss", "share of gradient")
    blocks = (
        ((*query.position(n), name), (frame.edges[:-1], frame.edges[1:], frame.counts[i], frame.loss[i], frame.norm[i]))
        for n, frame in enumerate(frames)
        for i, name in enumerate(frame.names)
    )
    return listing(header, blocks)
