"""What does “mean” divide by?"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np

from ...analysis.batch.columns import Row, columns_of
from ...analysis.batch.questions import QUESTIONS
from ...analysis.batch.reductions import OVER, Reduction, reductions
from ...analysis.listing import table
from ...state.batch import BatchQuery
from ...texts import Message, joined, say
from ..analyses import Analyses
from ..section import Download, Section, Table

HEADINGS = {
    "a mean over": say("a mean over"),
    "divides by": say("divides by"),
    "mean loss": say("mean loss"),
    "mean length of the gradient": say("mean length of the gradient"),
    "× the gradient of the mean over samples": say("× the gradient of the mean over samples"),
}


def reduced(query: BatchQuery, analyses: Analyses) -> Section:
    """What each library's mean would be on this batch."""
    (stats,) = analyses.all_stats((query.spec,))
    means = reductions(stats.sums, query.spec)
    rows = [_row(one) for one in means]
    users: dict[str, str] = {OVER[one.normalizer]: joined(one.used_by, "; ") for one in means}
    listed = [row | {"who does this": users[str(row["a mean over"])]} for row in rows]
    return Section(
        "reductions",
        QUESTIONS["reductions"],
        headline=_range(means),
        sentences=(
            say(
                "A “mean” is a sum divided by a count, and libraries disagree on which count. The gradient is divided by it "
                "too, so switching libraries can change the effective learning rate by the factor in the last column."
            ),
        ),
        table=Table(columns_of(rows), headings=HEADINGS),
        points=(*(say("{over}: {libraries}", over=over, libraries=names) for over, names in users.items() if names),),
        downloads=(Download(say("Reductions (CSV)"), "lossviz-reductions.csv", partial(table, listed)),),
    )


def _range(means: Sequence[Reduction]) -> Message:
    """The smallest and the largest mean, and how far apart they are."""
    known = [one for one in means if one.normalizer not in ("sum", "torch") and np.isfinite(one.mean)]
    low, high = min(known, key=lambda one: one.mean), max(known, key=lambda one: one.mean)
    if not high.mean > low.mean > 0:
        return say("On this batch, the mean is {mean!b} whatever it divides by.", mean=f"{high.mean:.4g}")
    return say(
        "The same losses have a mean of {low!b} over {few} or {high!b} over {many}: {times} times as large.",
        low=f"{low.mean:.4g}",
        few=OVER[low.normalizer],
        high=f"{high.mean:.4g}",
        many=OVER[high.normalizer],
        times=f"{float(f'{high.mean / low.mean:.3g}'):,g}",
    )


def _row(one: Reduction) -> Row:
    return {
        "a mean over": OVER[one.normalizer],
        "divides by": one.denominator,
        "mean loss": one.mean,
        "mean length of the gradient": one.norm,
        "× the gradient of the mean over samples": one.scale,
    }
