"""Which classes or groups dominate?"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np

from ...analysis.batch.batch_stats import BatchStats
from ...analysis.batch.counting_unit import DIVISIONS, Partition, counted_parts, partitions
from ...analysis.batch.parts import GroupShares, divided, parts
from ...analysis.batch.questions import QUESTIONS
from ...analysis.listing import listing
from ...figures.batch import parts as drawing
from ...figures.picture import Picture
from ...figures.text import escaped
from ...state.batch import BatchQuery, splits, unit
from ...texts import Message, joined, say
from ..analyses import Analyses
from ..section import Section

SHARES = {"side": say("Shares by side"), "class": say("Shares by class"), "group": say("Shares by group")}
"""What stands above each."""


def division(query: BatchQuery, analyses: Analyses, split: str = "", part: int | None = None) -> Section:
    """Shares of parts; split: the first on offer if none is named.

    `part`: the number of the one whose bars are marked.
    """
    split = split or splits(query.survey)[0]
    *own, ce = analyses.all_stats((*query.specs, query.ce))
    at = query.scrub.at
    partition = partitions(query.survey)[split]
    frames = [parts(one, ce, partition, own[at]) for one in own]
    titles = [_spread(query, one, partition, split, n) for n, one in enumerate(own)]
    figure = drawing.figure(frames, at, titles, query.names, DIVISIONS[split], part)
    return Section(
        "parts",
        QUESTIONS["parts"],
        SHARES[split],
        headline=_most(query, frames[at]),
        name="parts",
        figures=(Picture(figure, titles[at], wide=True),),
        scrub=query.moving,
        csv=partial(_csv, query, partition, ce, own),
        notes=(_rest(frames[at], split),) if frames[at].rest else (),
    )


def _most(query: BatchQuery, frame: GroupShares) -> Message:
    """The part with the largest gradient, of those that stand by themselves."""
    if not frame.norm.any():
        return say("The gradient is 0 everywhere: there is nothing to share.")
    first = int(np.argmax(frame.norm[: frame.alone]))
    values = {
        "part": frame.names[first],
        "units": unit(query.survey),
        "counted": f"{100 * frame.counts[first]:.1f}%",
        "carried": f"{100 * frame.norm[first]:.1f}%",
        "base": f"{100 * frame.ce_norm[first]:.1f}%",
    }
    if query.ce == query.spec:
        return say(
            "The largest share of the gradient, {carried!b}, comes from {part!b}, with {counted} of the {units}.", **values
        )
    return say(
        "The largest share of the gradient, {carried!b} (cross-entropy: {base}), comes from {part!b}, with {counted} of the "
        "{units}.",
        **values,
    )


def _spread(query: BatchQuery, stats: BatchStats, partition: Partition, split: str, n: int) -> str:
    """In how many parts half of the gradient is; of two sides, how they compare."""
    norm = divided(stats, partition).norm.sum(1)
    if not norm.any():
        return say("{loss}: the gradient is 0 everywhere", loss=query.brief(n))
    if len(norm) == 2 and norm.all():
        first, second = (escaped(name, 40) for name in partition.names)
        return say(
            "{loss}: the gradient of {second} is {times} times that of {first}",
            loss=query.brief(n),
            second=second,
            times=f"{float(f'{norm[1] / norm[0]:.3g}'):g}",
            first=first,
        )
    few = int(np.searchsorted(np.cumsum(np.sort(norm)[::-1]), norm.sum() / 2 * (1 - 1e-12))) + 1
    return say(
        "{loss}: half of the gradient comes from {few:,} of {parts}",
        loss=query.brief(n),
        few=few,
        parts=counted_parts(len(norm), split),
    )


def _rest(frame: GroupShares, split: str) -> str:
    """What is not drawn, and where it is."""
    drawn = say(
        "Not drawn: the other {parts}, with {loss:.1f}% of the loss and {gradient:.1f}% of the gradient.",
        parts=counted_parts(frame.rest, split),
        loss=100 * frame.loss[-1],
        gradient=100 * frame.norm[-1],
    )
    return joined([drawn, LISTED[split]], " ")


LISTED = {
    "side": say("The CSV file lists every side."),
    "class": say("The CSV file lists every class. Class table lists all of them."),
    "group": say("The CSV file lists every group."),
}
"""Where those are that are not drawn."""


def _csv(query: BatchQuery, partition: Partition, ce: BatchStats, own: Sequence[BatchStats]) -> str:
    """Every part, those too that the figure leaves out."""
    columns = (unit(query.survey), "loss", "gradient", "cross-entropy's loss", "cross-entropy's gradient")
    header = ("γ", "loss", "part", *(f"share of {name}" for name in columns))
    at = own[query.scrub.at]
    frames = [parts(one, ce, partition, at, len(partition.names)) for one in own]
    blocks: Any = (
        ((*query.position(n), name), tuple(column[i : i + 1] for column in frame[1:6]))
        for n, frame in enumerate(frames)
        for i, name in enumerate(frame.names)
    )
    return listing(header, blocks)
