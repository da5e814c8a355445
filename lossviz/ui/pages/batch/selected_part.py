"""One class, side or group of the batch: its shares, how it is predicted, and the way to its samples."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import streamlit as st

from ....analysis.batch.class_table import class_table, pair_table
from ....analysis.batch.counting_unit import DIVISIONS, partitions
from ....analysis.batch.parts import parts
from ....analysis.batch.sample_filter import SampleFilter
from ....state.batch import unit
from ...components.markdown import literal
from ...controls.batch import BatchView
from ...session import assign
from .cards import place, selected, steps

CONFUSIONS = 3
"""So many kinds of wrong decisions are named."""


def draw(view: BatchView, split: str, wanted: float | None, order: Sequence[int]) -> None:
    """The card of a part: the one clicked, or the first of the bars."""
    number = selected(wanted, order)
    names = partitions(view.query.survey)[split].names
    if number is None:
        return
    if number >= len(names):
        st.warning(f"part: found {number}; expected a number below {len(names)}, the number of {DIVISIONS[split][1]}.")
        return
    with st.container(border=True, key="card"):
        st.caption(" · ".join(x for x in (split, place(number, order, "bar")) if x))
        st.markdown(f"### {literal(names[number], 200)}")
        st.markdown(_shares(view, split, number))
        if split == "class":
            st.markdown(_decisions(view, number))
        with st.container(horizontal=True, gap="small"):
            steps("part", number, order)
            if split != "side":
                st.button("Show its samples", on_click=_open, args=(split, names, number), icon=":material/list:")


def _shares(view: BatchView, split: str, number: int) -> str:
    """Its shares as a table."""
    query = view.query
    own, ce = view.analyses.all_stats((query.spec, query.ce))
    every = len(partitions(query.survey)[split].names)
    shares = parts(own, ce, partitions(query.survey)[split], own, every)
    at = shares.numbers.index(number)
    present, base = f"{query.brief(query.scrub.at)}", "cross-entropy"
    counts = f"{100 * shares.counts[at]:.1f}%"
    rows = [
        (f"{unit(query.survey)}", counts, counts),
        ("loss", f"**{100 * shares.loss[at]:.1f}%**", f"{100 * shares.ce_loss[at]:.1f}%"),
        ("gradient", f"**{100 * shares.norm[at]:.1f}%**", f"{100 * shares.ce_norm[at]:.1f}%"),
    ]
    lines = [f"| share | {present} | {base} |", "|:--|--:|--:|", *(f"| {' | '.join(row)} |" for row in rows)]
    return "\n".join(lines)


def _decisions(view: BatchView, number: int) -> str:
    """Recall, precision, and what it is taken for."""
    sums, survey = view.analyses.class_sums(), view.query.survey
    table = class_table(sums, survey)
    recall, precision = (float(np.asarray(table[name])[number]) for name in ("recall (%)", "precision (%)"))
    lines = [f"Recall **{_percent(recall)}**, precision **{_percent(precision)}**."]
    pairs = pair_table(sums, survey, SampleFilter(label=number))
    wrong = list(zip(pairs["guess"], np.asarray(pairs["samples"]).tolist(), strict=True))[:CONFUSIONS]
    if wrong and survey.task != "multi-label":
        named = ", ".join(f"{literal(guess, 60)} ({count:,})" for guess, count in wrong)
        lines.append(f"Mistaken for: {named}.")
    return "  \n".join(lines)


def _percent(number: float) -> str:
    return "–" if np.isnan(number) else f"{number:.1f}%"


def _open(split: str, names: Sequence[str], number: int) -> None:
    """The class table with the filter of this part."""
    word = "of_group" if split == "group" else "of_class"
    assign({"ask": "classes", word: names[number] if split == "group" else str(number)})
