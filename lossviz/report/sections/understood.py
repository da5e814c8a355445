"""What was detected in a batch, and the first two numbers."""

from __future__ import annotations

from ...numbers import counted
from ...state.batch import BatchQuery
from ..analyses import Analyses
from ..section import Section


def understood(query: BatchQuery, analyses: Analyses) -> Section:
    """Sizes, task, targets, notes of the reader, the loss and its mean."""
    # The mean loss to six digits: it is what one compares with the log of a training.
    survey, (stats,) = query.survey, analyses.all_stats((query.spec,))
    classes = counted(len(survey.counts), "class", "classes")
    return Section(
        "",
        "Import details",
        sentences=(
            f"Detected: {counted(survey.samples, 'sample')} of {classes}, {survey.task}, with "
            f"{'soft targets' if survey.soft else 'hard labels'} and {survey.output_type}. {survey.output_type_reason}",
            *survey.notes,
            f"Under {query.lines[0].label}, the mean loss is {stats.samples.loss / stats.samples.counts:.6g} and the "
            f"mean gradient norm {stats.samples.norm / stats.samples.counts:.6g}.",
        ),
    )
