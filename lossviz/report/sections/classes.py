"""How does each class fare, and what is taken for what?"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ...analysis.batch.class_table import COLUMNS, HEADINGS, class_table, pair_table
from ...analysis.batch.columns import Columns, rows
from ...analysis.batch.questions import QUESTIONS
from ...analysis.batch.sample_filter import SampleFilter
from ...analysis.listing import table
from ...numbers import counted
from ...state.batch import BatchQuery
from ...texts import Message, say
from ..analyses import Analyses
from ..section import Download, Section, Table

CLASSES = 2_000
"""So many rows are printed; a file of more would be long to open."""

PAIRS, PAIRS_PRINTED = 500, 100
"""So many kinds of wrong decisions are shown on a page, and printed."""

PAIR_MEANINGS = {name: COLUMNS[name] for name in ("% of label", "% of loss")}


def by_class(query: BatchQuery, analyses: Analyses, selection: SampleFilter | None = None) -> Iterator[Section]:
    """All classes, and the kinds of wrong decisions; `selection`: its group narrows both, the rest of it the decisions."""
    chosen = selection or SampleFilter()
    sums = analyses.class_sums(chosen.group)
    yield _classes(class_table(sums, query.survey))
    yield _confusions(pair_table(sums, query.survey, chosen), any_wrong=bool(sums.confusions.size.any()))


def _classes(columns: Columns) -> Section:
    number = len(columns["number"])
    return Section(
        "classes",
        QUESTIONS["classes"],
        headline=_lowest(columns),
        sentences=(say("The only class.") if number == 1 else say("All {number:,} classes.", number=number),),
        table=Table(columns, printed=CLASSES, by="% of loss", digits="%.3g", meanings=COLUMNS, headings=HEADINGS),
        downloads=(Download(say("Classes (CSV)"), "lossviz-classes.csv", lambda: table(rows(columns))),),
    )


def _lowest(columns: Columns) -> Message:
    """The class of which the fewest samples are predicted as it."""
    recall = np.asarray(columns["recall (%)"], np.float64)
    if np.isnan(recall).all():
        return say("No class has any samples with its label.")
    row = int(np.nanargmin(recall))
    return say(
        "Recall is lowest for {name!b}: {recall!b}; it has {loss:.1f}% of the loss.",
        recall=f"{recall[row]:.1f}%",
        name=columns["class"][row],
        loss=float(columns["% of loss"][row]),
    )


def _confusions(columns: Columns, any_wrong: bool) -> Section:
    section = Section("classes", say("Which classes are confused?"))
    kinds = len(columns["label"])
    if not kinds:
        return section._replace(
            sentences=(say("No wrong decision matches this selection.") if any_wrong else say("No wrong decision here."),)
        )
    return section._replace(
        sentences=(say("{kinds} of wrong decisions, the largest share of the loss first.", kinds=counted(kinds, "kind")),),
        table=Table(columns, PAIRS, PAIRS_PRINTED, digits="%.3g", headings=HEADINGS, meanings=PAIR_MEANINGS),
        downloads=(Download(say("Confusions (CSV)"), "lossviz-confusions.csv", lambda: table(rows(columns))),),
    )
