"""What was understood of a batch, and the first two numbers."""

from __future__ import annotations

from ...numbers import counted
from ...state.batch import BatchQuery
from ..analyses import Analyses
from ..section import Section, plain


def understood(query: BatchQuery, analyses: Analyses) -> Section:
    """Sizes, task, targets, notes of the reader, the loss and its mean."""
    survey, (stats,) = query.survey, analyses.all_stats((query.spec,))
    classes = counted(len(survey.counts), "class", "classes")
    return Section(
        "",
        "What was understood",
        sentences=plain(
            f"{counted(survey.samples, 'sample')}, {classes}; task {survey.task}; "
            f"{'soft' if survey.soft else 'hard'} targets; {survey.output_type}. {survey.output_type_reason}",
            *survey.notes,
            f"Loss: {query.lines[0].label}. Mean loss {stats.samples.loss / stats.samples.counts:.6g}, "
            f"mean length of the gradient {stats.samples.norm / stats.samples.counts:.6g}.",
        ),
    )
