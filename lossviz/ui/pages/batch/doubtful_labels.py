"""The labels that look wrong, how many they are, and a look at one of them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from ....analysis.batch.label_ranking import ranking
from ....analysis.batch.pruning import SCORES
from ....analysis.batch.suspects import Suspects, judging_activation, one_order, unavailable
from ....data.tables import table_bytes
from ....report.section import Download
from ....report.sections.doubtful_labels import doubtful_labels
from ....texts import say
from ... import elements as st
from ...controls.batch import BatchView
from ...controls.field import control
from ...session import assign
from ...session.keys import SUSPECTS_TABLE
from . import selected_sample
from .section import draw_download, draw_headline, draw_rest, draw_sentences, draw_table

LARGEST = 5_000_000
"""The most labels of a file that lists every one."""


def choose(view: BatchView) -> tuple[str]:
    """What puts the labels in order."""
    if unavailable(view.query.survey):
        return (SCORES[0],)
    return (str(control("label_score", idle=_idle(view), bare=True)),)


def draw(view: BatchView, score: str) -> None:
    """The number of wrong labels, the list with a card of one of them, and the files."""
    section, judgement = doubtful_labels(view.query, view.analyses, score), view.analyses.suspects()
    if judgement is None:
        st.info(section.sentences[0])
        return
    draw_headline(section)
    if section.table:
        shown = list(map(int, section.table.first(section.table.shown).columns["row"]))
        table, card = st.columns([5, 2], gap="small")
        with table:
            draw_table(section.table, SUSPECTS_TABLE, partial(_select, shown))
        with card:
            selected_sample.draw(view, list(dict.fromkeys(shown)), "label")
    with st.container(horizontal=True, gap="small"):
        for download in (*section.downloads, _every_label(view, judgement, score)):
            draw_download(download)
    draw_sentences(section)
    draw_rest(section._replace(downloads=()))


def _activation(view: BatchView) -> str:
    return judging_activation(view.query.survey, view.query.spec.activation)


def _idle(view: BatchView) -> str | None:
    if one_order(view.query.survey, _activation(view)):
        return say("Both give the same order: for a yes-or-no label, the margin is twice the self-confidence minus 1.")
    return None


def _select(rows: Sequence[int]) -> None:
    """The row of the table that was chosen becomes the sample that is looked at."""
    chosen = st.session_state[SUSPECTS_TABLE].selection.rows
    assign({"row": rows[chosen[0]] if chosen else None})


def _every_label(view: BatchView, judgement: Suspects, score: str) -> Download:
    large = judgement.total > LARGEST
    return Download(
        say("Every label, ranked (CSV)"),
        "lossviz-every-label.csv",
        partial(_csv, view, judgement, score),
        say("Only up to {most:,} labels fit into one file; this batch has {total:,}.", most=LARGEST, total=judgement.total)
        if large
        else say(
            "All {total:,} labels, most doubtful first; the column estimated_error marks those on the list.",
            total=judgement.total,
        ),
        large,
    )


def _csv(view: BatchView, judgement: Suspects, score: str) -> str:
    return table_bytes(ranking(view.batch, _activation(view), judgement.errors, score), "csv").decode()
