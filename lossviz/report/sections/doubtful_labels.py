"""Which labels are doubtful?"""

from __future__ import annotations

from functools import partial

from ...analysis.batch.label_ranking import columns
from ...analysis.batch.pruning import DoubtfulLabels
from ...analysis.batch.questions import QUESTIONS
from ...analysis.batch.suspect_sentences import remarks, summary
from ...analysis.batch.suspects import ranked, unavailable
from ...data.predictions import Survey
from ...data.tables import table_bytes
from ...state.batch import BatchQuery
from ...texts import say
from ..analyses import Analyses
from ..section import Download, Section, Table

SHOWN, PRINTED = 200, 100
"""So many labels are on a page, and printed; the file has all."""

HEADINGS = {
    "row": say("Row"),
    "id": say("Name"),
    "group": say("Group"),
    "class": say("Class"),
    "label": say("Label"),
    "guess": say("Predicted"),
    "self_confidence": say("p of the label"),
    "guess_confidence": say("p of the prediction"),
    "normalized_margin": say("Margin"),
    "suspect": say("Marked suspect"),
}


def doubtful_labels(query: BatchQuery, analyses: Analyses, score: str = "normalized-margin") -> Section:
    """How many labels look wrong, and which; in the order of a score."""
    survey, judgement = query.survey, analyses.suspects()
    section = Section("suspects", QUESTIONS["suspects"])
    if judgement is None:
        return section._replace(sentences=(unavailable(survey),))
    lines = summary(judgement, survey)
    labels = ranked(judgement.errors, score)
    section = section._replace(
        headline=(lines[0]),
        sentences=(*lines[1:],),
        notes=(*remarks(judgement, survey, query.spec.activation),),
    )
    if not len(labels.row):
        return section
    download = Download(
        say("Doubtful labels (CSV)"),
        "lossviz-doubtful-labels.csv",
        partial(_csv, labels, survey),
        say("All {number:,} on the list.", number=len(labels.row)),
    )
    table = Table(columns(labels, survey), SHOWN, PRINTED, digits="%.3g", headings=HEADINGS)
    return section._replace(table=table, downloads=(download,))


def _csv(labels: DoubtfulLabels, survey: Survey) -> str:
    return table_bytes([columns(labels, survey)], "csv").decode()
