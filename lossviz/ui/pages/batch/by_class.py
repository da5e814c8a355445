"""Every class by itself, what it is confused with, and the samples behind that."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import streamlit as st

from ....analysis.batch.class_table import COLUMNS, Table, class_table, first, pair_table, rows, sample_filter_of
from ....analysis.batch.classes import ClassSums, total
from ....analysis.batch.rows import Hardest, hardest, tables
from ....analysis.batch.sample_filter import SampleFilter
from ....analysis.listing import table
from ....data.spreadsheet import inert
from ....data.tables import table_bytes
from ....numbers import counted
from ...components.markdown import literal
from ...controls.batch import Asked
from ...controls.field import control

PAIRS, SAMPLES = 500, 200
"""So many rows are shown; the files have all."""


def draw(asked: Asked) -> None:
    """The tables; a group narrows all of them, a class, label or guess those of confusions and samples."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="picture"):
        words = [str(control(f"of_{name}", placeholder="any") or "") for name in ("class", "label", "guess")]
        words.append(str(control("of_group", placeholder="any") or "") if asked.survey.groups else "")
    selection, problems = sample_filter_of(asked.survey, *words)
    for problem in problems:
        st.warning(literal(problem))
    sums: ClassSums = asked.held.answer(
        ("classes", asked.spec, selection.group), partial(total, asked.held.batch, asked.spec, selection.group)
    )
    _classes(class_table(sums, asked.survey))
    _confusions(pair_table(sums, asked.survey, selection), sums)
    _samples(asked, selection)


def _classes(found: Table) -> None:
    number = counted(len(found["number"]), "class", "classes")
    st.markdown(f"**{'The only class' if number == '1 class' else f'All {number}'}.** A click on a column’s name sorts by it.")
    st.dataframe(
        _shown(found), hide_index=True, column_config=_looks(found), height="auto" if len(found["number"]) < 10 else 390
    )
    _download("Classes (CSV)", lambda: table(rows(found)), "lossviz-classes.csv")


def _confusions(found: Table, sums: ClassSums) -> None:
    st.markdown("##### What is taken for what")
    kinds = len(found["label"])
    if not kinds:
        st.markdown("No wrong decision here." if not sums.confusions.size.any() else "No wrong decision goes with this choice.")
        return
    cut = f" The first {PAIRS} are shown; the file has all." if kinds > PAIRS else ""
    st.markdown(f"{counted(kinds, 'kind')} of wrong decisions, the largest share of the loss first.{cut}")
    shown = first(found, PAIRS)
    st.dataframe(_shown(shown), hide_index=True, column_config=_looks(shown), height="auto" if kinds < 10 else 390)
    _download("Confusions (CSV)", lambda: table(rows(found)), "lossviz-confusions.csv")


def _samples(asked: Asked, selection: SampleFilter) -> None:
    """The chosen samples."""
    st.markdown("##### Samples")
    if selection == SampleFilter():
        st.markdown("Name a class, label, guess or group above to list its samples.")
        return
    key = ("chosen", asked.spec, selection)
    found: Hardest = asked.held.answer(key, lambda: hardest(_tables(asked, selection), SAMPLES))
    if not found.samples:
        st.markdown("No sample goes with this choice.")
        return
    cut = f" The {SAMPLES} with the largest loss are shown; the file has all." if found.samples > SAMPLES else ""
    st.markdown(
        f"**{found.samples:,} of {counted(asked.survey.samples, 'sample')}**, with {100 * found.loss_share:.1f}% of the loss "
        f"and {100 * found.norm_share:.1f}% of the gradient.{cut}"
    )
    shown: Table = {name: column for name, column in found.columns.items() if not name.startswith("ce_")}
    st.dataframe(_shown(shown), hide_index=True, column_config=_looks(shown), height="auto" if found.samples < 10 else 390)
    _download("Chosen samples (CSV)", lambda: table_bytes(_tables(asked, selection), "csv"), "lossviz-chosen-samples.csv")


def _tables(asked: Asked, selection: SampleFilter) -> Any:
    own, ce = asked.held.all_stats((asked.spec, asked.ce))
    return tables(asked.held.batch, asked.spec, own, asked.ce, ce, selection)


def _shown(found: Table) -> Table:
    """The table as it is drawn. Streamlit makes a CSV of what it draws, so that texts are inert here too."""
    return {name: [inert(cell) for cell in column] if _is_text(column) else column for name, column in found.items()}


def _is_text(column: Any) -> bool:
    return len(column) > 0 and isinstance(column[0], str)


def _looks(found: Table) -> dict[str, Any]:
    """Numbers that are not whole in four digits; what the columns mean."""
    return {
        name: st.column_config.NumberColumn(format="%.4g" if column.dtype.kind == "f" else None, help=COLUMNS.get(name))
        for name, column in found.items()
        if isinstance(column, np.ndarray) and column.dtype.kind in "iuf"
    }


def _download(label: str, data: Any, file: str) -> None:
    st.download_button(label, data, file, "text/csv", on_click="ignore", icon=":material/table:")
