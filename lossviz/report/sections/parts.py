"""Which classes or groups dominate?"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np

from ...analysis.batch.batch_stats import BatchStats
from ...analysis.batch.counting_unit import DIVISIONS, Partition, partitions
from ...analysis.batch.parts import GroupShares, parts
from ...analysis.batch.questions import QUESTIONS
from ...analysis.listing import listing
from ...figures.batch import parts as drawing
from ...figures.picture import Picture
from ...figures.text import escaped
from ...numbers import counted
from ...state.batch import BatchQuery, splits, unit
from ..analyses import Analyses
from ..section import Section, plain


def division(query: BatchQuery, analyses: Analyses, split: str = "") -> Section:
    """Shares of parts; split: the first on offer if none is named."""
    split = split or splits(query.survey)[0]
    *own, ce = analyses.all_stats((*query.specs, query.ce))
    at = query.scrub.at
    partition = partitions(query.survey)[split]
    frames = [parts(one, ce, partition, own[at]) for one in own]
    titles = [_most(query, frame, n) for n, frame in enumerate(frames)]
    figure = drawing.figure(frames, at, titles, query.names, DIVISIONS[split])
    return Section(
        "parts",
        QUESTIONS["parts"],
        f"Shares by {split}",
        name="parts",
        figures=(Picture(figure, titles[at], wide=True),),
        scrub=query.moving,
        csv=partial(_csv, query, partition, ce, own),
        notes=plain(_rest(frames[at], split)) if frames[at].rest else (),
    )


def _most(query: BatchQuery, frame: GroupShares, n: int) -> str:
    """The part with the largest gradient, of those that stand by themselves."""
    first = int(np.argmax(frame.norm[: frame.alone]))
    share = f"{100 * frame.counts[first]:.1f}% of the {unit(query.survey)}, {100 * frame.norm[first]:.1f}% of the gradient"
    return f"{query.brief(n)}: {escaped(frame.names[first], 40)}, {share}"


def _rest(frame: GroupShares, split: str) -> str:
    """What is not drawn, and where it is."""
    rest = counted(frame.rest, *DIVISIONS[split])
    where = " The question “classes” has a table of all classes." if split == "class" else ""
    return (
        f"The other {rest} have {100 * frame.loss[-1]:.1f}% of the loss and {100 * frame.norm[-1]:.1f}% of the gradient; the "
        f"CSV lists every {DIVISIONS[split][0]}.{where}"
    )


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
