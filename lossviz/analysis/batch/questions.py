"""The questions about a batch, and what they are called on the page and in a report."""

from __future__ import annotations

from ...texts import say
from .advisor_sentences import TITLE

QUESTIONS = {
    "samples": say("Which samples drive the loss?"),
    "shares": say("Where do the loss and the gradient come from?"),
    "difficulty": say("How hard is the batch, and which samples carry the loss?"),
    "parts": say("Which classes or groups dominate?"),
    "classes": say("How well does each class do?"),
    "advisor": TITLE,
    "suspects": say("Which labels look wrong?"),
    "calibration": say("Are the probabilities calibrated?"),
    "reductions": say("What does a “mean” loss divide by?"),
}
"""Every question by its key, which is its word in a link, in screen order."""

BY = {"loss": say("loss"), "gradient": say("gradient")}
"""What is shared, by its word in a link."""
