"""Sections as one HTML file, for the page's download and for `python -m lossviz report`."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from ..figures.export import page_values, templates
from ..figures.player.payload import encode
from .contents import ReportData
from .section import Section, Sentence, Strong, Table
from .sections import report_sections


class PrintedTable(NamedTuple):
    """Cells as they are read, what is left out of them, and what the columns mean."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    cut: str
    meanings: tuple[tuple[str, str], ...]


class PrintedSection(NamedTuple):
    """A section without what stands above it already: its title, where it goes on; its sentences."""

    title: str
    variant: str
    sentences: tuple[Sentence, ...]
    figures: bool
    table: PrintedTable | None
    conclusions: tuple[Sentence, ...]
    points: tuple[Sentence, ...]
    notes: tuple[Sentence, ...]


def report(data: ReportData, link: str = "") -> str:
    """The file; `link` leads back to the page."""
    sections = tuple(report_sections(data.query, data))
    title = f"lossviz: {data.query.survey.name} under {data.query.lines[0].label}"
    models = [encode(one.figures, one.scrub, 1, "lossviz-report") for one in sections if one.figures]
    environment = templates(Path(__file__).parent)
    environment.tests["strong"] = lambda text: isinstance(text, Strong)
    template = environment.get_template("report.html.jinja")
    return template.render(page_values(title, models, link), sections=list(printed(sections)))


def printed(sections: Iterable[Section]) -> Iterator[PrintedSection]:
    """Sections below each other: a title that several share stands once, and so does each sentence below it."""
    title, read = "", set[Sentence]()
    for one in sections:
        if one.title != title:
            read = set()
        sentences, notes = (tuple(x for x in texts if x not in read) for texts in (one.sentences, one.notes))
        yield PrintedSection(
            "" if one.title == title else one.title,
            one.variant,
            sentences,
            bool(one.figures),
            printed_table(one.table) if one.table else None,
            one.conclusions,
            one.points,
            notes,
        )
        title = one.title
        read.update(sentences, notes)


def printed_table(table: Table) -> PrintedTable:
    """The rows that are printed, as texts."""
    part = table.for_print()
    columns = [column.tolist() if isinstance(column, np.ndarray) else column for column in part.columns.values()]
    cells = tuple(tuple(map(cell, row)) for row in zip(*columns, strict=True))
    cut = ""
    if part.rows < table.rows:
        kind = f"Those {part.rows:,} of {table.rows:,} with the largest {table.by}" if table.by else first_of(part, table)
        cut = f"{kind} are shown; the Batch page makes a file of all of them."
    meanings = tuple((name, table.meanings[name]) for name in part.columns if name in table.meanings)
    return PrintedTable(tuple(table.headings.get(name, name) for name in part.columns), cells, cut, meanings)


def first_of(part: Table, table: Table) -> str:
    """How many rows of a table are seen."""
    return f"The first {part.rows:,} of {table.rows:,}"


def cell(value: Any) -> str:
    """A value as it is read: whole numbers whole, what is unknown as a dash."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return "–" if math.isnan(value) else f"{value:,.0f}" if value.is_integer() and abs(value) < 1e15 else f"{value:.6g}"
    return str(value)
