"""The answer above the picture: a place of one height for the verdict, the progress bar and whatever keeps both from coming."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ... import elements as st
from ...stylesheet import stylesheet

STYLE = stylesheet(Path(__file__).with_name("training.css"))


@contextmanager
def answer_row() -> Iterator[None]:
    """The place, which is as high whatever it has in it: a sentence at its left, a button or a popover at its right."""
    st.html(STYLE)
    with st.container(horizontal=True, vertical_alignment="top", gap="small", key="answer"):
        yield


def sentence(text: str) -> None:
    """The sentence of the page, in Markdown."""
    with st.container(key="answer-sentence"):
        st.markdown(text)


def draw_sentence(text: str, label: str, small_print: str) -> None:
    """A sentence, and the small print behind a label."""
    with answer_row():
        sentence(text)
        with st.popover(label, key="answer-note"):
            st.markdown(small_print)
