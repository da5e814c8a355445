"""Notes on how a sample was adjusted."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

FARTHEST = 1000.0
"""Logits are clipped to this where something is to be moved or multiplied."""


def show_adjustments(logits: Sequence[float], *more: str) -> None:
    """Caption of the adjustments, if any; `more` are sentences of the page itself, or ""."""
    far = f"Logits are clipped to ±{FARTHEST:,g}." if max(map(abs, logits)) > FARTHEST else ""
    sentences = [one for one in (*more, far) if one]
    if sentences:
        st.caption(" ".join(sentences))


def single_logit_note(logits: Sequence[float], pair: str) -> str:
    """Note on a single logit that gets a second one; `pair` says where it stands."""
    return f"A single logit z stands for the two logits {pair}." if len(logits) == 1 else ""
