"""The questions about a batch, and what they are called on the page and in a report."""

from __future__ import annotations

from .advisor_sentences import TITLE

QUESTIONS = {
    "samples": "Which samples drive the loss?",
    "shares": "Where do the loss and the gradient come from?",
    "difficulty": "How hard is the batch, and where do loss and gradient lie?",
    "parts": "Which classes or groups dominate?",
    "classes": "How does each class fare?",
    "advisor": TITLE,
    "suspects": "Which labels are doubtful?",
    "calibration": "Are the probabilities right?",
    "reductions": "What does “mean” mean?",
}
"""Every question by its key, which is its word in a link, in screen order."""
