"""What is said where a sample cannot be taken as it is."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

FARTHEST = 1000.0
"""Logits beyond this are taken for it where something is to be moved or multiplied."""


def show_adjustments(logits: Sequence[float], *more: str) -> None:
    """A caption of what was done to a sample, if anything was; `more` are sentences of the page's own, or ""."""
    far = f"Logits beyond ±{FARTHEST:g} are taken for ±{FARTHEST:g}." if max(map(abs, logits)) > FARTHEST else ""
    sentences = [one for one in (*more, far) if one]
    if sentences:
        st.caption(" ".join(sentences))


def single_logit_note(logits: Sequence[float], pair: str) -> str:
    """What is said of a single logit that gets a second one; `pair` says where it stands."""
    return f"A single logit z is taken as the two logits {pair}." if len(logits) == 1 else ""
