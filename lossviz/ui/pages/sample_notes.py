"""Notes on how a sample was adjusted."""

from __future__ import annotations

from collections.abc import Sequence

from ...texts import joined, say
from .. import elements as st

FARTHEST = 1000.0
"""Logits are clipped to this where something is to be moved or multiplied."""


def show_adjustments(logits: Sequence[float], *more: str) -> None:
    """Caption of the adjustments, if any; `more` are sentences of the page itself, or ""."""
    far = say("Logits are clipped to ±{farthest:,g}.", farthest=FARTHEST) if max(map(abs, logits)) > FARTHEST else ""
    sentences = [one for one in (*more, far) if one]
    if sentences:
        st.caption(joined(sentences, " "))


def single_logit_note(logits: Sequence[float], positive: int) -> str:
    """Note on a single logit that gets a second one; `positive` is the class that it is of, 0 or 1."""
    if len(logits) != 1:
        return ""
    if positive:
        return say("A single logit z stands for the two logits (0, z): class 1 is the positive one.")
    return say("A single logit z stands for the two logits (z, 0): class 0 is the positive one.")
