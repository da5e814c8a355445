"""Which samples drive the loss?"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np

from ...analysis.batch.columns import Columns
from ...analysis.batch.contributions import Contributions, Pair, contributions
from ...analysis.batch.questions import BY, QUESTIONS
from ...analysis.listing import listing
from ...figures.batch import contributions as drawing
from ...figures.picture import Picture
from ...state.batch import BatchQuery
from ...texts import say
from ..analyses import Analyses
from ..section import Section, Table
from .hardest_share import carried

NUMBERS = ("p_t", "loss", "norm", "ce_loss", "ce_norm", "loss_share", "norm_share", "ce_loss_share", "ce_norm_share")

PRINTED = ("row", "name", "label", "guess", "p_t", "loss", "norm", "loss_share", "norm_share")

HEADINGS = {
    "row": say("row"),
    "id": say("name"),
    "name": say("name"),
    "label": say("label"),
    "guess": say("predicted"),
    "p_t": "p_t",
    "loss": say("loss"),
    "norm": say("gradient"),
    "loss_share": say("share of the loss"),
    "norm_share": say("share of the gradient"),
}


def samples(query: BatchQuery, analyses: Analyses, by: str = "loss", under: str = "chosen", row: int | None = None) -> Section:
    """Bars of the samples with the largest share, at every γ; under: the loss that ranks them, "cross-entropy" or "chosen".

    `row`: of the batch, whose bar is marked.
    """
    names = query.survey.class_names

    def compute() -> list[Contributions]:
        *own, ce = analyses.all_stats((*query.specs, query.ce))
        pairs = (Pair(spec, one, query.ce, ce) for spec, one in zip(query.specs, own, strict=True))
        return [contributions(pair, by, under, names=names) for pair in pairs]

    frames = analyses.kept(("contributions", query.specs, query.ce, by, under, names), compute)
    titles = [_carried(query, frame, by, n) for n, frame in enumerate(frames)]
    at = query.scrub.at
    figure = drawing.figure(frames, at, by, titles, query.spec.key, query.names, row)
    return Section(
        "samples",
        QUESTIONS["samples"],
        headline=carried(query, analyses, by),
        name="samples",
        figures=(Picture(figure, titles[at], wide=True),),
        scrub=query.moving,
        csv=partial(_csv, query, frames),
        table=Table(_listed(frames[at]), digits="%.3g", headings=HEADINGS, print_only=True, shares=PRINTED[-2:]),
    )


def _carried(query: BatchQuery, frame: Contributions, by: str, n: int) -> str:
    share = frame.loss_share if by == "loss" else frame.norm_share
    drawn, total = len(frame.row), query.survey.samples
    values = {"loss": query.brief(n), "drawn": drawn, "total": total, "share": 100 * share.sum(), "by": BY[by]}
    if total == 1:
        return say("{loss}: the only sample carries {share:.3g}% of the {by}", **values)
    if drawn == 1:
        return say("{loss}: {drawn} of {total:,} samples carries {share:.3g}% of the {by}", **values)
    return say("{loss}: {drawn} of {total:,} samples carry {share:.3g}% of the {by}", **values)


def _listed(frame: Contributions) -> Columns:
    columns = {name: getattr(frame, name) for name in PRINTED}
    return {name: column if isinstance(column, np.ndarray) else tuple(column) for name, column in columns.items()}


def _csv(query: BatchQuery, frames: Sequence[Contributions]) -> str:
    header = ("γ", "loss function", "row", "name", "label", "the model says", *NUMBERS)
    blocks = (
        (
            (*query.position(n), int(frame.row[i]), frame.name[i], frame.label[i], frame.guess[i]),
            tuple(getattr(frame, name)[i : i + 1] for name in NUMBERS),
        )
        for n, frame in enumerate(frames)
        for i in range(len(frame.row))
    )
    return listing(header, blocks)
