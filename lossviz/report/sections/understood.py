"""What was detected in a batch, and the first two numbers."""

from __future__ import annotations

from ...data.predictions import Survey
from ...numbers import counted
from ...state.batch import BatchQuery
from ...texts import joined, say
from ..analyses import Analyses
from ..section import Section


def understood(query: BatchQuery, analyses: Analyses) -> Section:
    """Sizes, task, targets, notes of the reader, the loss and its mean."""
    # The mean loss to six digits: it is what one compares with the log of a training.
    survey, (stats,) = query.survey, analyses.all_stats((query.spec,))
    return Section(
        "",
        say("Import details"),
        sentences=(
            joined([_detected(survey), survey.output_type_reason], " "),
            *survey.notes,
            say(
                "Under {loss}, the mean loss is {mean:.6g} and the mean gradient norm {norm:.6g}.",
                loss=query.lines[0].label,
                mean=stats.samples.loss / stats.samples.counts,
                norm=stats.samples.norm / stats.samples.counts,
            ),
        ),
    )


WORDS = {
    "binary": say("binary"),
    "two-logit": say("two-logit"),
    "multi-class": say("multi-class"),
    "multi-label": say("multi-label"),
    "logits": say("logits"),
    "probabilities": say("probabilities"),
}
"""Tasks, and what a file has, in words."""


def _detected(survey: Survey) -> str:
    values = {
        "samples": counted(survey.samples, "sample"),
        "classes": counted(len(survey.counts), "class", "classes"),
        "task": WORDS[survey.task],
        "outputs": WORDS[survey.output_type],
    }
    if survey.soft:
        return say("Detected: {samples} of {classes}, {task}, with soft targets and {outputs}.", **values)
    return say("Detected: {samples} of {classes}, {task}, with hard labels and {outputs}.", **values)
