"""The labels that look wrong, how many they are, and a look at one of them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import streamlit as st

from ....analysis.batch.label_ranking import columns, ranking
from ....analysis.batch.pruning import DoubtfulLabels
from ....analysis.batch.suspect_sentences import remarks, summary
from ....analysis.batch.suspects import Suspects, judging_activation, one_order, ranked, suspects, unavailable
from ....data.tables import table_bytes
from ...components.markdown import literal
from ...controls.batch import Asked
from ...controls.field import control
from ...session import assign
from . import selected_sample

SHOWN = 200
"""So many labels are on the screen; the files have all."""

LARGEST = 5_000_000
"""Of so many labels at most a file with every one is made."""

HEADINGS = {
    "row": "Row",
    "id": "Name",
    "group": "Group",
    "class": "Class",
    "label": "Label",
    "guess": "The model says",
    "self_confidence": "p of the label",
    "guess_confidence": "p of what the model says",
    "normalized_margin": "Margin",
    "suspect": "Marked suspect",
}


def draw(asked: Asked) -> None:
    """The number of wrong labels, the list, and the sample that was chosen from it."""
    survey, activation = asked.survey, _activation(asked)
    reason = unavailable(survey)
    if reason:
        st.info(reason)
        return
    with st.spinner(f"Judging the labels of {survey.samples:,} samples"):
        judgement = asked.held.answer(("suspects", activation), partial(suspects, asked.held.batch, activation))
    st.markdown("  \n".join(literal(sentence, 1000) for sentence in summary(judgement, survey)))
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="picture"):
        score = str(control("label_score", idle=_idle(asked)))
        _downloads(asked, judgement, score)
    _list(asked, ranked(judgement.errors, score))
    for remark in remarks(judgement, survey, asked.spec.activation):
        st.caption(remark)
    selected_sample.draw(asked)


def _activation(asked: Asked) -> str:
    return judging_activation(asked.survey, asked.spec.activation)


def _idle(asked: Asked) -> str | None:
    if one_order(asked.survey, _activation(asked)):
        return "Both put the labels in the same order: of a yes or no, the margin is twice the self-confidence less 1."
    return None


def _list(asked: Asked, errors: DoubtfulLabels) -> None:
    if not len(errors.row):
        return
    if len(errors.row) > SHOWN:
        st.markdown(f"Shown are the first {SHOWN} of {len(errors.row):,}; the file has all of them.")
    shown = errors.at(slice(0, SHOWN))
    table = columns(shown, asked.survey)
    number = partial(st.column_config.NumberColumn, format="%.3g")
    st.dataframe(
        table,
        hide_index=True,
        column_config={
            name: number(HEADINGS[name]) if values.dtype.kind == "f" else HEADINGS[name] for name, values in table.items()
        },
        key="suspects",
        on_select=partial(_pick, shown.row.tolist()),
        selection_mode="single-row",
    )


def _pick(rows: Sequence[int]) -> None:
    """The row of the table that was chosen becomes the sample that is looked at."""
    chosen = st.session_state["suspects"].selection.rows
    assign({"row": rows[chosen[0]] if chosen else None})


def _downloads(asked: Asked, judgement: Suspects, score: str) -> None:
    errors = len(judgement.errors.row)
    large = judgement.total > LARGEST
    button: Any = partial(st.download_button, mime="text/csv", on_click="ignore", icon=":material/table:")
    if errors:
        button(
            "Doubtful labels (CSV)",
            partial(_errors_csv, asked, judgement, score),
            "lossviz-doubtful-labels.csv",
            help=f"All {errors:,} of the list.",
        )
    button(
        "Every label, ranked (CSV)",
        partial(_every_csv, asked, judgement, score),
        "lossviz-every-label.csv",
        disabled=large,
        help=f"{judgement.total:,} labels are more than the {LARGEST:,} that a file is made of."
        if large
        else f"All {judgement.total:,}, most doubtful first; estimated_error marks those of the list.",
    )


def _errors_csv(asked: Asked, judgement: Suspects, score: str) -> str:
    return table_bytes([columns(ranked(judgement.errors, score), asked.survey)], "csv").decode()


def _every_csv(asked: Asked, judgement: Suspects, score: str) -> str:
    return table_bytes(ranking(asked.held.batch, _activation(asked), judgement.errors, score), "csv").decode()
