"""A section as a page draws it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from ....analysis.batch.columns import Columns
from ....data import spreadsheet
from ....figures.player.payload import NO_PICKS
from ....languages import localized_pieces
from ....numbers import counted
from ....report.section import Download, Section, Table
from ....state.batch import BatchQuery, LabelledLoss
from ....texts import Strong, joined, say, then
from ... import elements as st
from ...components.figure_panel import show_figures
from ...components.markdown import literal
from ...language import reader
from ...session.store import current_session

LONGEST = 1000
"""Characters of a sentence's words."""

FEW, TALL = 12, 455
"""So many rows are all seen at once; pixels of a table with more."""


def draw_section(query: BatchQuery, section: Section, first: bool = True) -> None:
    """Headline, figures below it, then words and tables. Only the `first` section of a page goes without its title."""
    draw_headline(section, first)
    draw_figures(query, section)
    if not section.headline:
        draw_sentences(section)
    if section.table and not section.table.print_only:
        draw_table(section.table)
    if section.headline:
        draw_sentences(section)
    draw_rest(section)


def draw_with_card(query: BatchQuery, section: Section, picks: Mapping[int, str], draw_card: Callable[[], None]) -> None:
    """The figures with a card beside them, on a phone below their scrubber; then the rest.

    `picks`: by the index of a figure, the word that a click on its bars sets.
    """
    draw_headline(section)
    below = st.container()
    picture, card = below.columns([5, 2], gap="small")
    files = st.container()
    with card:
        draw_card()
    with picture:
        draw_figures(query, section, picks, files)
    draw_sentences(section)
    draw_rest(section)


def draw_headline(section: Section, first: bool = True) -> None:
    """What was found. Below the first, a title says what is next."""
    if not first:
        st.markdown(say("### {title}", title=section.title))
    if section.headline and not current_session().lecture.sealed:
        st.container(key=f"headline-{section.name or section.question}").markdown(markdown(section.headline))


def draw_sentences(section: Section) -> None:
    """What else there is to say."""
    for sentence in () if current_session().lecture.sealed else section.sentences:
        st.markdown(markdown(sentence))


def draw_figures(query: BatchQuery, section: Section, picks: Mapping[int, str] = NO_PICKS, files: Any = None) -> None:
    """The figures under their scrubber, with buttons to download them: in `files`, or below."""
    if section.figures and section.csv:
        show_figures(section.name, section.figures, section.scrub, description(query), section.csv, picks=picks, files=files)


def draw_table(table: Table, key: str | None = None, on_select: Callable[[], None] | None = None) -> None:
    """The rows that are shown, and how many these are; `on_select` is called when one of them is chosen."""
    part = table.first(table.shown)
    chooses: dict[str, Any] = {"on_select": on_select, "selection_mode": "single-row", "key": key} if on_select else {}
    height: Any = "auto" if part.rows <= FEW else TALL
    st.dataframe(inert(part.columns), hide_index=True, column_config=_looks(part), height=height, **chooses)
    if part.rows < table.rows:
        st.markdown(
            say("Showing the first {shown:,} of {rows:,} rows. The CSV file has all of them.", shown=part.rows, rows=table.rows)
        )


def draw_rest(section: Section) -> None:
    """What follows from the table, its files, and the small print."""
    for sentence in section.conclusions:
        st.markdown(markdown(sentence))
    if section.points:
        st.markdown("\n".join(f"- {markdown(point)}" for point in section.points))
    for download in section.downloads:
        draw_download(download)
    for note in section.notes:
        st.caption(markdown(note))


def draw_download(download: Download) -> None:
    """A button for a table's file."""
    st.download_button(
        download.label,
        download.data,
        download.file,
        "text/csv",
        on_click="ignore",
        icon=":material/table:",
        help=download.help,
        disabled=download.disabled,
    )


def markdown(sentence: str) -> str:
    """A sentence whose words mean nothing to Markdown, but for those that are to be seen first."""
    return "".join(map(_piece, localized_pieces(sentence, reader())))


def _piece(text: str) -> str:
    words = literal(text, LONGEST)
    if isinstance(text, Strong):
        return f"**{words}**"
    return f"{' ' if text.startswith(' ') else ''}{words}{' ' if text.endswith(' ') else ''}"


def inert(columns: Columns) -> dict[str, Any]:
    """The table as it is drawn. Streamlit makes a CSV of what it draws, so that texts are inert here too."""
    return {
        name: [then(cell, spreadsheet.inert) for cell in column] if _is_text(column) else column
        for name, column in columns.items()
    }


def _is_text(column: Any) -> bool:
    return len(column) > 0 and isinstance(column[0], str)


def _looks(table: Table) -> dict[str, Any]:
    """Numbers in so many digits; what the columns are called and mean."""
    return {name: _look(column, table.digits, table.headings.get(name), table.meanings.get(name))
            for name, column in table.columns.items()}  # fmt: skip


def _look(column: Any, digits: str, heading: str | None, meaning: str | None) -> Any:
    kind = column.dtype.kind if isinstance(column, np.ndarray) else "O"
    if kind in "iuf":
        return st.column_config.NumberColumn(heading, format=digits if kind == "f" else None, help=meaning)
    return st.column_config.Column(heading, help=meaning)


def description(query: BatchQuery) -> str:
    """What an exported file says it shows."""
    survey = query.survey
    batch = say(
        "Batch {name}: {samples}, {classes}. Made with lossviz.",
        name=survey.name,
        samples=counted(survey.samples, "sample"),
        classes=counted(len(survey.counts), "class", "classes"),
    )
    return joined((*map(_line, query.lines), batch), "\n")


def _line(line: LabelledLoss) -> str:
    if line.slot == 0:
        return say("Current loss: {loss}.", loss=line.label)
    return say("Comparison {slot}: {loss}.", slot=line.slot, loss=line.label)
