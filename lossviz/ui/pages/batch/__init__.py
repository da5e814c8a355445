"""Batch: which of many samples drive a loss, and nine questions about that."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from ....analysis.batch.questions import QUESTIONS
from ....texts import say
from ... import elements as st
from ...components.markdown import literal
from ...controls import upload
from ...controls.batch import BatchView
from ...controls.field import control
from ...controls.lines import view_line
from ...session import assign, value
from . import advisor, by_class, calibration, difficulty, doubtful_labels, downloads, parts, shares, top_samples


class QuestionView(NamedTuple):
    """What answers a question: the words that say how, the controls of these in the view line, and what draws it.

    `draw` is called with what `choose` has returned.
    """

    words: tuple[str, ...]
    choose: Callable[[BatchView], tuple[Any, ...]]
    draw: Callable[..., None]


def _no_choice(_: BatchView) -> tuple[()]:
    return ()


ANSWERS = {
    "samples": QuestionView(("by", "under"), top_samples.choose, top_samples.draw),
    "shares": QuestionView(("by", "lorenz"), shares.choose, shares.draw),
    "difficulty": QuestionView(("by", "split", "counts"), difficulty.choose, difficulty.draw),
    "parts": QuestionView(("split",), parts.choose, parts.draw),
    "classes": QuestionView(("of_class", "of_label", "of_guess", "of_group"), by_class.choose, by_class.draw),
    "advisor": QuestionView(("advice",), advisor.choose, advisor.draw),
    "suspects": QuestionView(("label_score",), doubtful_labels.choose, doubtful_labels.draw),
    "calibration": QuestionView((), _no_choice, calibration.draw_calibration),
    "reductions": QuestionView((), _no_choice, calibration.draw_reductions),
}


def draw(view: BatchView | None) -> None:
    """The page."""
    if view is None:
        _empty()
        return
    with view_line("ask", *ANSWERS[str(value("ask"))].words):
        answer = ANSWERS[str(control("ask", tuple(QUESTIONS), row=True, bare=True))]
        chosen = answer.choose(view)
    answer.draw(view, *chosen)
    _about_batch(view)
    downloads.draw(view)


def _about_batch(view: BatchView) -> None:
    """What was read, and how; and the mean loss."""
    (stats,) = view.analyses.all_stats((view.query.spec,))
    mean = stats.samples.loss / stats.samples.counts
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(
            say(
                "{batch}: {content} · mean loss **{mean:.4g}**",
                batch=literal(view.query.survey.name, 80),
                content=upload.in_words(view.query.survey),
                mean=mean,
            )
        )
        with st.popover("Import details"):
            upload.details(view.query.survey)


def _empty() -> None:
    st.markdown(
        say(
            "**No file yet.** Choose a file with your own model’s predictions: CSV, NPZ or Parquet. {private} A link to this "
            "page contains the settings, not the file.",
            private=upload.PRIVATE,
        )
    )
    with st.container(horizontal=True, gap="small"):
        upload.upload_button()
        st.button("Back to the digits", on_click=_back)


def _back() -> None:
    assign({"batch": "digits"})
