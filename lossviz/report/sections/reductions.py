"""What does “mean” divide by?"""

from __future__ import annotations

from functools import partial

from ...analysis.batch.columns import Row, columns_of
from ...analysis.batch.questions import QUESTIONS
from ...analysis.batch.reductions import OVER, Reduction, reductions
from ...analysis.listing import table
from ...state.batch import BatchQuery
from ..analyses import Analyses
from ..section import Download, Section, Table, plain


def reduced(query: BatchQuery, analyses: Analyses) -> Section:
    """What each library's mean would be on this batch."""
    (stats,) = analyses.all_stats((query.spec,))
    means = reductions(stats.sums, query.spec)
    rows = [_row(one) for one in means]
    users = {OVER[one.normalizer]: "; ".join(one.used_by) for one in means}
    listed = [row | {"who does this": users[str(row["a mean over"])]} for row in rows]
    return Section(
        "reductions",
        QUESTIONS["reductions"],
        sentences=plain(
            "A “mean” is a sum divided by something, and libraries do not agree by what. The gradient is divided with it: a "
            "change of library can be a change of the learning rate by the factor in the fifth column."
        ),
        table=Table(columns_of(rows), digits="%.6g"),
        points=plain(*(f"{over}: {names}" for over, names in users.items() if names)),
        downloads=(Download("Reductions (CSV)", "lossviz-reductions.csv", partial(table, listed)),),
    )


def _row(one: Reduction) -> Row:
    return {
        "a mean over": OVER[one.normalizer],
        "divides by": one.denominator,
        "mean loss": one.mean,
        "mean length of the gradient": one.norm,
        "× the gradient of the mean over samples": one.scale,
    }
