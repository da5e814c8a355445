"""Every class by itself, what it is confused with, and the samples behind that."""

from __future__ import annotations

from collections.abc import Iterator

import streamlit as st

from ....analysis.batch.class_table import sample_filter_of
from ....analysis.batch.rows import Columns, Hardest, hardest, tables
from ....analysis.batch.sample_filter import SampleFilter
from ....data.tables import table_bytes
from ....numbers import counted
from ....report.section import Download, Section, Strong, Table, plain
from ....report.sections.classes import by_class
from ...components.markdown import literal
from ...controls.batch import BatchView
from ...controls.field import control
from .section import draw_section

SAMPLES = 200
"""So many rows are shown; the file has all."""


def draw(view: BatchView) -> None:
    """The tables; a group narrows all of them, a class, label or guess those of confusions and samples."""
    survey = view.query.survey
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="picture"):
        words = [str(control(f"of_{name}", placeholder="any") or "") for name in ("class", "label", "guess")]
        words.append(str(control("of_group", placeholder="any") or "") if survey.groups else "")
    selection, problems = sample_filter_of(survey, *words)
    for problem in problems:
        st.warning(literal(problem))
    classes, confusions = by_class(view.query, view.analyses, selection)
    draw_section(view.query, _with_hint(classes))
    draw_section(view.query, confusions)
    draw_section(view.query, _samples(view, selection))


def _with_hint(section: Section) -> Section:
    """What a hand can do on a page."""
    return section._replace(sentences=((*section.sentences[0], " A click on a column’s name sorts by it."),))


def _samples(view: BatchView, selection: SampleFilter) -> Section:
    """The chosen samples."""
    section = Section("classes", "Samples")
    if selection == SampleFilter():
        return section._replace(sentences=plain("Name a class, label, guess or group above to list its samples."))
    chosen: Hardest = view.analyses.kept(
        ("chosen", view.query.spec, selection), lambda: hardest(_tables(view, selection), SAMPLES)
    )
    if not chosen.samples:
        return section._replace(sentences=plain("No sample goes with this choice."))
    cut = f" The {SAMPLES} with the largest loss are shown; the file has all." if chosen.samples > SAMPLES else ""
    return section._replace(
        sentences=(
            (
                Strong(f"{chosen.samples:,} of {counted(view.query.survey.samples, 'sample')}"),
                f", with {100 * chosen.loss_share:.1f}% of the loss and {100 * chosen.norm_share:.1f}% of the gradient.{cut}",
            ),
        ),
        table=Table({name: column for name, column in chosen.columns.items() if not name.startswith("ce_")}),
        downloads=(
            Download(
                "Chosen samples (CSV)",
                "lossviz-chosen-samples.csv",
                lambda: table_bytes(_tables(view, selection), "csv"),
            ),
        ),
    )


def _tables(view: BatchView, selection: SampleFilter) -> Iterator[Columns]:
    query = view.query
    own, ce = view.analyses.cached.all_stats((query.spec, query.ce))
    return tables(view.batch, query.spec, own, query.ce, ce, selection)
