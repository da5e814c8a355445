"""Batch: which of many samples drive a loss, and nine questions about that."""

from __future__ import annotations

import streamlit as st

from ....analysis.batch.questions import QUESTIONS
from ....analysis.batch.shares import carried_by, lorenz, part_carrying
from ....state.batch import unit
from ...components.markdown import literal
from ...controls import upload
from ...controls.batch import BatchView
from ...controls.field import control
from ...controls.lines import view_line
from ...session import assign
from . import advisor, by_class, calibration, doubtful_labels, downloads, shares, top_samples

DRAWN = {
    "samples": top_samples.draw,
    "shares": shares.draw_shares,
    "difficulty": shares.draw_difficulty,
    "parts": shares.draw_parts,
    "classes": by_class.draw,
    "advisor": advisor.draw,
    "suspects": doubtful_labels.draw,
    "calibration": calibration.draw_calibration,
    "reductions": calibration.draw_reductions,
}
"""What draws the answer to each question."""


def draw(view: BatchView | None) -> None:
    """The page."""
    if view is None:
        _empty()
        return
    with view_line("ask"):
        question = str(control("ask", tuple(QUESTIONS), row=True, bare=True))
    st.markdown(headline(view))
    DRAWN[question](view)
    _about_batch(view)
    downloads.draw(view)


def _about_batch(view: BatchView) -> None:
    """What was read, and how."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"{literal(view.query.survey.name, 80)}: {upload.in_words(view.query.survey)}")
        with st.popover("Import details"):
            upload.details(view.query.survey)


def _empty() -> None:
    st.markdown(
        "**No file is here yet.** *Choose a file* takes your own model's predictions: CSV, NPZ or Parquet. "
        f"{upload.PRIVATE} A link to this page holds the settings, not the file."
    )
    st.button("Back to the digits", on_click=_back)


def _back() -> None:
    assign({"batch": "digits"})


def headline(view: BatchView) -> str:
    """The answer in two sentences: mean loss, and what the hardest carry."""
    own, ce = view.analyses.all_stats((view.query.spec, view.query.ce))
    curve, base = lorenz(own.norm), lorenz(ce.norm)
    mean = own.samples.loss / own.samples.counts
    one = f"The hardest 1% of the {unit(view.query.survey)} carry **{100 * carried_by(curve, 0.01):.1f}%** of the gradient"
    against = f" (cross-entropy: {100 * carried_by(base, 0.01):.1f}%)" if view.query.ce != view.query.spec else ""
    half = f"half of it comes from {100 * part_carrying(curve, 0.5):.2f}% of them."
    return f"{view.query.lines[0].label}: mean loss **{mean:.4g}**. {one}{against}; {half}"
