"""The questions about a batch, and what they are called on the page and in a report."""

from __future__ import annotations

from .advisor_sentences import TITLE

QUESTIONS = {
    "samples": "Which samples drive the loss?",
    "shares": "Where do the loss and the gradient come from?",
    "difficulty": "How hard is the batch, and which samples carry the loss?",
    "parts": "Which classes or groups dominate?",
    "classes": "How well does each class do?",
    "advisor": TITLE,
    "suspects": "Which labels look wrong?",
    "calibration": "Are the probabilities calibrated?",
    "reductions": "What does a “mean” loss divide by?",
}
"""Every question by its key, which is its word in a link, in screen order."""
