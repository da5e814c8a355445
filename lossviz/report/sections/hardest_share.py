"""What the hardest of a batch carry, in one sentence."""

from __future__ import annotations

import numpy as np

from ...analysis.batch.batch_stats import BatchStats
from ...analysis.batch.shares import carried_by, lorenz
from ...state.batch import BatchQuery, unit
from ...texts import Message, say
from ..analyses import Analyses

MARKED = 0.01
"""The hardest share that is named."""


def carried(query: BatchQuery, analyses: Analyses) -> Message:
    """The share of the gradient and of the loss that the hardest 1% carry, against cross-entropy where that is another loss."""
    own, ce = analyses.all_stats((query.spec, query.ce))
    gradient, loss, base = _carried(own, "gradient"), _carried(own, "loss"), _carried(ce, "gradient")
    if not np.isfinite(gradient):
        return say("The gradient is 0 everywhere: there is nothing to share.")
    if query.survey.samples * query.survey.classes == 1:
        return say("The batch has only one sample, which carries everything.")
    values = {"units": unit(query.survey), "gradient": f"{100 * gradient:.1f}%", "loss": f"{100 * loss:.1f}%"}
    if query.ce == query.spec or not np.isfinite(base):
        return say("The hardest 1% of the {units} carry {gradient!b} of the gradient and {loss} of the loss.", **values)
    return say(
        "The hardest 1% of the {units} carry {gradient!b} of the gradient (cross-entropy: {ce}) and {loss} of the loss.",
        ce=f"{100 * base:.1f}%",
        **values,
    )


def _carried(stats: BatchStats, by: str) -> float:
    return carried_by(lorenz(stats.loss if by == "loss" else stats.norm), MARKED)
