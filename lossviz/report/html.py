"""Sections as one HTML file, for the page's download and for `python -m lossviz report`."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from ..figures.export import page_values, templates
from ..figures.player.payload import encode
from ..languages import ENGLISH, localized_pieces, lookup
from ..numbers import minus
from ..texts import Strong, say
from .contents import ReportData
from .section import Section, Table
from .sections import report_sections

STYLE = Path(__file__).with_name("report.css").read_text(encoding="utf-8")


class PrintedTable(NamedTuple):
    """Cells as they are read, what is left out of them, and what the columns mean."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    cut: str
    meanings: tuple[tuple[str, str], ...]


class PrintedSection(NamedTuple):
    """A section without what stands above it already: its title, where it goes on; its sentences.

    anchor: what a link within the report leads to.
    """

    anchor: str
    title: str
    variant: str
    headline: str
    sentences: tuple[str, ...]
    figures: bool
    table: PrintedTable | None
    conclusions: tuple[str, ...]
    points: tuple[str, ...]
    notes: tuple[str, ...]


def report(data: ReportData, link: str = "", language: str = ENGLISH) -> str:
    """The file; `link` leads back to the page."""
    reader = lookup(language)
    sections = tuple(report_sections(data.query, data))
    title = say("{batch} under {loss}", batch=data.query.survey.name, loss=data.query.lines[0].label)
    models = [encode(one.figures, one.scrub, 1, "lossviz-report", lookup=reader) for one in sections if one.figures]
    environment = templates(language, Path(__file__).parent)
    environment.tests["strong"] = lambda text: isinstance(text, Strong)
    environment.filters["pieces"] = partial(localized_pieces, lookup=reader)
    template = environment.get_template("report.html.jinja")
    values: dict[str, Any] = {**page_values(title, models, link, language)}
    values["css"] += STYLE
    values["sections"] = list(printed(sections))
    values["findings"] = findings(sections)
    return template.render(values)


def anchor(number: int) -> str:
    """What a link within the report leads to."""
    return f"section-{number}"


def findings(sections: Sequence[Section]) -> list[tuple[str, str]]:
    """What was found, each once: the first headline of each question, and where its section begins."""
    first: dict[str, str] = {}
    questions = set[tuple[str, str]]()
    for number, one in enumerate(sections):
        if one.headline and (one.question, one.title) not in questions:
            first.setdefault(one.headline, anchor(number))
        questions.add((one.question, one.title))
    return list(first.items())


def printed(sections: Iterable[Section]) -> Iterator[PrintedSection]:
    """Sections below each other: a title that several share stands once, and so does each sentence below it."""
    title, read = "", set[str]()
    for number, one in enumerate(sections):
        if one.title != title:
            read = set()
        sentences, notes = (tuple(x for x in texts if x not in read) for texts in (one.sentences, one.notes))
        yield PrintedSection(
            anchor(number),
            "" if one.title == title else one.title,
            one.variant,
            one.headline if one.headline not in read else "",
            sentences,
            bool(one.figures),
            printed_table(one.table) if one.table else None,
            one.conclusions,
            one.points,
            notes,
        )
        title = one.title
        read.update(sentences, notes, [one.headline])


def printed_table(table: Table) -> PrintedTable:
    """The rows that are printed, as texts."""
    part = table.for_print()
    columns = [texts(name, column, table) for name, column in part.columns.items()]
    cells = tuple(zip(*columns, strict=True))
    headings = {name: table.headings.get(name, name) for name in part.columns}
    meanings = tuple((heading, table.meanings[name]) for name, heading in headings.items() if name in table.meanings)
    return PrintedTable(tuple(headings.values()), cells, _cut(part.rows, table), meanings)


def _cut(rows: int, table: Table) -> str:
    """That there are more rows than are printed, if there are."""
    if rows == table.rows:
        return ""
    if not table.by:
        return say("Showing the first {rows:,} of {all:,} rows. The Batch page has a file of all.", rows=rows, all=table.rows)
    return say(
        "Showing the {rows:,} of {all:,} rows with the largest {by}. The Batch page has a file of all.",
        rows=rows,
        all=table.rows,
        by=table.headings.get(table.by, table.by),
    )


NAMED = ("row", "number")
"""Columns of whole numbers that name something: they are written without commas."""


def texts(name: str, column: Any, table: Table) -> tuple[str, ...]:
    """The values of a column as they are read."""
    values = column.tolist() if isinstance(column, np.ndarray) else column
    if name in table.shares:
        return tuple(percent(value) for value in values)
    return tuple(str(value) if name in NAMED else cell(value, table.digits) for value in values)


def percent(share: float) -> str:
    """A share in percent, to three digits.

    >>> percent(0.164277), percent(1.0)
    ('16.4%', '100%')
    """
    return "–" if math.isnan(share) else f"{float(f'{100 * share:.3g}'):.10g}%"


def cell(value: Any, digits: str = "%.4g") -> str:
    """A value as it is read: whole numbers with commas, others to as many digits as mean something, a dash for the unknown.

    >>> cell(1797), cell(0.0470712), cell(2.0), cell(float("nan"))
    ('1,797', '0.04707', '2', '–')
    """
    if isinstance(value, bool):
        return say("yes") if value else say("no")
    if isinstance(value, float):
        if math.isnan(value):
            return "–"
        whole = value.is_integer() and abs(value) < 1e15
        return minus(f"{value:,.0f}" if whole else digits % value)
    return minus(f"{value:,}") if isinstance(value, int) else str(value)
