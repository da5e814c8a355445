"""Every class by itself, what it is confused with, and the samples behind that."""

from __future__ import annotations

from collections.abc import Iterator

from ....analysis.batch.class_table import sample_filter_of
from ....analysis.batch.rows import Columns, Hardest, hardest, tables
from ....analysis.batch.sample_filter import SampleFilter
from ....data.tables import table_bytes
from ....numbers import counted
from ....report.section import Download, Section, Table
from ....report.sections.classes import by_class
from ....report.sections.samples import HEADINGS
from ....state.fields import FIELDS
from ....texts import joined, say
from ... import elements as st
from ...components.markdown import literal
from ...controls.batch import BatchView
from ...controls.field import control
from ...controls.lines import chip
from ...session import value
from .section import draw_section

SAMPLES = 200
"""The most rows that are shown; the file has all."""


FILTERS = ("class", "label", "guess", "group")
"""What samples can be filtered by."""


def choose(view: BatchView) -> tuple[SampleFilter, tuple[str, ...]]:
    """Which samples, in a chip that says so; and what of it names nothing."""
    offered = FILTERS if view.query.survey.groups else FILTERS[:-1]
    words = [value(f"of_{name}") for name in offered]
    chosen_filters = [
        say("{filter} **{word}**", filter=FIELDS[f"of_{name}"].label, word=literal(word, 24))
        for name, word in zip(offered, words, strict=True)
        if word
    ]
    with chip(joined(chosen_filters) if chosen_filters else say("Filter"), "filter"):
        words = [str(control(f"of_{name}", placeholder="any") or "") for name in offered]
    return sample_filter_of(view.query.survey, *words, *[""] * (len(FILTERS) - len(words)))


def draw(view: BatchView, selection: SampleFilter, problems: tuple[str, ...]) -> None:
    """The tables; a group narrows all of them, a class, label or guess those of confusions and samples."""
    for problem in problems:
        st.warning(literal(problem))
    classes, confusions = by_class(view.query, view.analyses, selection)
    draw_section(view.query, _with_hint(classes))
    draw_section(view.query, confusions, first=False)
    draw_section(view.query, _samples(view, selection), first=False)


def _with_hint(section: Section) -> Section:
    """What a hand can do on a page."""
    return section._replace(sentences=(joined((section.sentences[0], say("Click a column heading to sort.")), " "),))


def _samples(view: BatchView, selection: SampleFilter) -> Section:
    """The chosen samples."""
    section = Section("classes", say("Samples"))
    if selection == SampleFilter():
        advice = say("Choose a class, label, prediction or group in Filter above to list its samples.")
        return section._replace(sentences=(advice,))
    chosen: Hardest = view.analyses.kept(
        ("chosen", view.query.spec, selection), lambda: hardest(_tables(view, selection), SAMPLES)
    )
    if not chosen.samples:
        return section._replace(sentences=(say("No samples match this filter."),))
    return section._replace(
        sentences=(_shares(chosen, view.query.survey.samples),),
        table=Table({name: column for name, column in chosen.columns.items() if not name.startswith("ce_")}, headings=HEADINGS),
        downloads=(
            Download(
                say("Filtered samples (CSV)"),
                "lossviz-chosen-samples.csv",
                lambda: table_bytes(_tables(view, selection), "csv"),
            ),
        ),
    )


def _shares(chosen: Hardest, every: int) -> str:
    """How many they are, and what they carry."""
    parts = {
        "part": say("{number:,} of {samples}", number=chosen.samples, samples=counted(every, "sample")),
        "loss": 100 * chosen.loss_share,
        "gradient": 100 * chosen.norm_share,
    }
    if chosen.samples <= SAMPLES:
        return say("{part!b}, with {loss:.1f}% of the loss and {gradient:.1f}% of the gradient.", **parts)
    return say(
        "{part!b}, with {loss:.1f}% of the loss and {gradient:.1f}% of the gradient. Showing the {most} with the largest loss. "
        "The CSV file has all of them.",
        **parts,
        most=SAMPLES,
    )


def _tables(view: BatchView, selection: SampleFilter) -> Iterator[Columns]:
    query = view.query
    own, ce = view.analyses.cached.all_stats((query.spec, query.ce))
    return tables(view.batch, query.spec, own, query.ce, ce, selection)
