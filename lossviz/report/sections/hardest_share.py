"""What the hardest of a batch carry, in one sentence."""

from __future__ import annotations

import numpy as np

from ...analysis.batch.shares import carried_by, lorenz
from ...state.batch import BatchQuery, unit
from ...texts import Message, say
from ..analyses import Analyses

MARKED = 0.01
"""The hardest share that is named."""


def carried(query: BatchQuery, analyses: Analyses, by: str = "gradient") -> Message:
    """The share of the gradient and of the loss that the hardest carry, against cross-entropy where that is another loss.

    `by`: which of both is the question, and is seen first.
    """
    own, ce = analyses.all_stats((query.spec, query.ce))
    part = max(MARKED, 1 / float(own.norm.counts.sum()))
    gradient, loss, base = (carried_by(lorenz(x), part) for x in (own.norm, own.loss, ce.norm if by == "gradient" else ce.loss))
    if not np.isfinite(gradient):
        return say("The gradient is 0 everywhere: there is nothing to share.")
    if part == 1:
        return say("The batch has only one sample, which carries everything.")
    has_ce = query.ce != query.spec and np.isfinite(base)
    values = {"units": unit(query.survey), "gradient": f"{100 * gradient:.1f}%", "loss": f"{100 * loss:.1f}%"}
    return Message(SENTENCES[by, part > MARKED, has_ce], values | {"ce": f"{100 * base:.1f}%", "number": round(1 / part)})


SENTENCES = {
    ("gradient", False, False): say("The hardest 1% of the {units} carry {gradient!b} of the gradient and {loss} of the loss."),
    ("gradient", False, True): say(
        "The hardest 1% of the {units} carry {gradient!b} of the gradient (cross-entropy: {ce}) and {loss} of the loss."
    ),
    ("gradient", True, False): say(
        "The hardest of the {number} {units} carries {gradient!b} of the gradient and {loss} of the loss."
    ),
    ("gradient", True, True): say(
        "The hardest of the {number} {units} carries {gradient!b} of the gradient (cross-entropy: {ce}) and {loss} of the loss."
    ),
    ("loss", False, False): say("The hardest 1% of the {units} carry {loss!b} of the loss and {gradient} of the gradient."),
    ("loss", False, True): say(
        "The hardest 1% of the {units} carry {loss!b} of the loss (cross-entropy: {ce}) and {gradient} of the gradient."
    ),
    ("loss", True, False): say(
        "The hardest of the {number} {units} carries {loss!b} of the loss and {gradient} of the gradient."
    ),
    ("loss", True, True): say(
        "The hardest of the {number} {units} carries {loss!b} of the loss (cross-entropy: {ce}) and {gradient} of the gradient."
    ),
}
"""By what is asked for, whether one percent would be a part of one, and whether cross-entropy is another loss."""
