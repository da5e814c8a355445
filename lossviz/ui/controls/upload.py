"""A file of one's own: the dialog in which it is chosen, its columns are mapped, and what was detected is shown."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...data.files.columns import ColumnMapping
from ...data.files.loader import Preview, preview, read
from ...data.files.problems import FileProblem
from ...data.files.writer import examples
from ...data.predictions import Batch, Survey
from ...data.spreadsheet import inert
from ...numbers import counted
from ...report.sections.understood import WORDS
from ...state.fields import UPLOAD
from ...texts import joined, say, then
from .. import elements as st
from ..components.markdown import literal
from ..server.batch_cache import CachedBatch, release_closed_sessions, upload
from ..server.budget import budget
from ..session import value
from ..session.keys import FILE_UPLOAD
from ..session.store import FileReading, current_session
from .file_mapping import mapping_controls, remedies

PRIVATE = say(
    "Your file stays in this session’s memory: it is never written to disk, nobody else can see it, and it is deleted when you "
    "leave."
)

RECIPE = """import lossviz, torch

logits, labels = [], []
for x, y in loader:                      # your evaluation loop, with torch.no_grad()
    logits.append(model(x).cpu()); labels.append(y)
lossviz.save_predictions("predictions.parquet", torch.cat(logits), torch.cat(labels))
"""


TABLED = 1000
"""Classes that are listed in the dialog; the class table has all."""


def uploaded() -> CachedBatch | None:
    """The batch that this session has uploaded."""
    return current_session().uploaded


def upload_button() -> None:
    """The button that opens the dialog."""
    label = say("Choose a file") if uploaded() is None else say("Choose another file")
    st.button(label, on_click=_open, icon=":material/upload_file:")


def upload_dialog(device: str) -> None:
    """The dialog, if it has been asked for."""
    if current_session().upload_dialog:
        current_session().upload_dialog = False
        st.dialog("Your own predictions", width="large")(_dialog)(device)


def ask_for_file() -> None:
    """Whoever has just chosen their own file, and has brought none, wants the dialog."""
    if value("batch") == UPLOAD and uploaded() is None:
        _open()


def _open() -> None:
    current_session().upload_dialog = True


def _dialog(device: str) -> None:
    st.markdown(
        say(
            "CSV, NPZ or Parquet with one row per sample: its **logits** (or probabilities) and its **label** (or soft "
            "targets); optionally an `id`, a `group` and a `suspect` flag. {private}",
            private=PRIVATE,
        )
    )
    st.file_uploader("File", ["csv", "tsv", "txt", "npz", "parquet", "pq"], label_visibility="collapsed", key=FILE_UPLOAD)
    file = st.session_state[FILE_UPLOAD]  # what the widget returns is a copy, and would double the file
    if file is None:
        _help()
        return
    if refusal := budget.refusal(file.file_id):
        st.error(refusal)
        return
    batch = understood(file)
    if batch is None:
        return
    st.success(say("Detected: {content}", content=in_words(batch.survey)))
    use = st.button("Analyze this file", icon=":material/check:", key="use", type="primary")
    details(batch.survey)
    if use:
        present = current_session()
        present.uploaded, present.noisy, present.reading = upload(batch, device), None, None
        st.rerun()


def understood(file: Any) -> Batch | None:
    """A file's first rows, its mapping, and the batch that comes of both; None, with what is wrong, if it is refused."""
    place = st.empty()  # a call to it ends this run if the tab is gone
    shown = preview(file, file.name, lambda _: place.empty())
    _preview(shown)
    if shown.problem:
        st.warning(literal(shown.problem))
    mapping = mapping_controls(shown, file.file_id)
    if mapping is None:
        return None
    key = (file.file_id, mapping, mapping.by_name)
    present = current_session()
    if present.reading is None or present.reading.key != key:
        present.reading = FileReading(key, _read(file, mapping))
    result = present.reading.result
    if isinstance(result, FileProblem):
        _refused(result, mapping, file.file_id)
        return None
    return result


def _help() -> None:
    """Example files, and how to write one from a notebook."""
    with st.container(horizontal=True, gap="small"):
        for name, data in examples().items():
            st.download_button(say("Example {format}", format=name.rsplit(".")[-1].upper()), data, name, on_click="ignore")
    st.markdown("To write such a file from a PyTorch evaluation loop:")
    st.code(RECIPE, language="python", wrap_lines=True)


def _preview(shown: Preview) -> None:
    if shown.rows:
        st.caption(say("{format}, first {rows}", format=shown.format, rows=counted(len(shown.rows), "row")))
        width = 14
        columns = [inert(name) for name in shown.columns[:width]]
        # Streamlit offers what a table shows as CSV, so that texts are inert in it.
        rows = [dict(zip(columns, map(inert, row[:width]), strict=True)) for row in shown.rows]
        st.dataframe(rows, hide_index=True, height=180)
    if len(shown.columns) > 14:
        st.caption(say("… and {columns}.", columns=counted(len(shown.columns) - 14, "more column")))


def _read(file: Any, mapping: ColumnMapping) -> Batch | FileProblem:
    """The batch, or why it is refused."""
    release_closed_sessions()
    bar = st.Progress(0.0, say("Reading"))
    try:
        return budget.add(read(file, file.name, mapping, bar.fill))
    except FileProblem as problem:
        return problem.with_traceback(None)
    finally:
        bar.empty()


def _refused(problem: FileProblem, mapping: ColumnMapping, file: str) -> None:
    """What is wrong and where, and what may be said to have the file read after all."""
    st.error(literal(problem.message))
    remedies(problem, mapping, file)
    if problem.rows:
        more = [say("… and {rows}", rows=counted(problem.more, "more row"))] if problem.more else []
        st.code(joined((*map(str, problem.rows), *more), "\n"), language=None, wrap_lines=True)
        st.caption("Nothing was imported. Fix or remove these rows and try again.")


def in_words(survey: Survey) -> str:
    """What was detected, in a line."""
    classes = say("one sigmoid logit") if survey.classes == 1 else counted(survey.classes, "class", "classes")
    size = say("**{number:,}** samples × **{classes}**", number=survey.samples, classes=classes)
    if survey.samples == 1:
        size = say("**{number:,}** sample × **{classes}**", number=survey.samples, classes=classes)
    targets = say("soft targets") if survey.soft else say("hard labels")
    parts = [size, WORDS[survey.task], targets, WORDS[survey.output_type]]
    if survey.ignored:
        parts.append(say("{rows} ignored", rows=counted(survey.rows - survey.samples, "row")))
    if survey.suspects is not None:
        parts.append(counted(survey.suspects, "suspect"))
    if survey.groups:
        parts.append(counted(len(survey.groups), "group"))
    return joined(parts, " · ")


def details(survey: Survey) -> None:
    """How that was decided, how many there are of each class, and what was changed on the way in."""
    st.markdown(literal(survey.output_type_reason))
    for note in survey.notes:
        st.markdown(literal(note))
    counts = np.asarray(survey.counts)
    largest = np.argsort(-counts, kind="stable")[:TABLED] if len(counts) > TABLED else np.arange(len(counts))
    if len(counts) > TABLED:
        st.caption(say("Showing the {most:,} classes with the most samples, of {all:,} classes.", most=TABLED, all=len(counts)))
    called = (say("negatives"), say("positives")).__getitem__ if survey.classes == 1 else survey.class_label
    numbers = (counts.round(3) if survey.soft else counts.astype(np.int64))[largest].tolist()
    heads = say("class"), say("samples")
    cells = ((then(called(k), inert), number) for k, number in zip(largest.tolist(), numbers, strict=True))
    rows = [dict(zip(heads, row, strict=True)) for row in cells]
    st.dataframe(rows, hide_index=True, height=min(38 * (len(rows) + 1), 220), width=260)
