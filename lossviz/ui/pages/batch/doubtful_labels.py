"""The labels that look wrong, how many they are, and a look at one of them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st

from ....analysis.batch.label_ranking import ranking
from ....analysis.batch.suspects import Suspects, judging_activation, one_order
from ....data.tables import table_bytes
from ....report.section import Download
from ....report.sections.doubtful_labels import doubtful_labels
from ...controls.batch import BatchView
from ...controls.field import control
from ...session import assign
from ...session.keys import SUSPECTS_TABLE
from . import selected_sample
from .section import draw_download, draw_rest, draw_sentences, draw_table

LARGEST = 5_000_000
"""Of so many labels at most a file with every one is made."""


def draw(view: BatchView) -> None:
    """The number of wrong labels, the list, and the sample that was chosen from it."""
    judgement = view.analyses.suspects()
    if judgement is None:
        st.info(doubtful_labels(view.query, view.analyses).sentences[0][0])
        return
    sentences = st.container()
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="picture"):
        score = str(control("label_score", idle=_idle(view)))
        section = doubtful_labels(view.query, view.analyses, score)
        for download in (*section.downloads, _every_label(view, judgement, score)):
            draw_download(download)
    with sentences:
        draw_sentences(section)
    if section.table:
        shown = section.table.first(section.table.shown).columns["row"]
        draw_table(section.table, SUSPECTS_TABLE, partial(_select, list(map(int, shown))))
    draw_rest(section._replace(downloads=()))
    selected_sample.draw(view)


def _activation(view: BatchView) -> str:
    return judging_activation(view.query.survey, view.query.spec.activation)


def _idle(view: BatchView) -> str | None:
    if one_order(view.query.survey, _activation(view)):
        return "Both put the labels in the same order: of a yes or no, the margin is twice the self-confidence less 1."
    return None


def _select(rows: Sequence[int]) -> None:
    """The row of the table that was chosen becomes the sample that is looked at."""
    chosen = st.session_state[SUSPECTS_TABLE].selection.rows
    assign({"row": rows[chosen[0]] if chosen else None})


def _every_label(view: BatchView, judgement: Suspects, score: str) -> Download:
    large = judgement.total > LARGEST
    return Download(
        "Every label, ranked (CSV)",
        "lossviz-every-label.csv",
        partial(_csv, view, judgement, score),
        f"{judgement.total:,} labels are more than the {LARGEST:,} that a file is made of."
        if large
        else f"All {judgement.total:,}, most doubtful first; estimated_error marks those of the list.",
        large,
    )


def _csv(view: BatchView, judgement: Suspects, score: str) -> str:
    return table_bytes(ranking(view.batch, _activation(view), judgement.errors, score), "csv").decode()
