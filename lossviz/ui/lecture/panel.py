"""Beside the picture: title, caption and question of the scene that is on; and which controls stay."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ...texts import say
from .. import elements as st
from ..components.markdown import literal
from ..session import value
from ..session.store import current_session
from ..stylesheet import stylesheet
from . import question, remote, room
from .axis import guess_of
from .own import edit_scene
from .stage import OWN, OnStage

STYLE = stylesheet(Path(__file__).with_name("lecture.css"))


LINES = ":is(.st-key-setting, .st-key-view)"
"""The setting and what is drawn of it."""


@contextmanager
def scene_columns(at: OnStage | None) -> Iterator[None]:
    """Where the page is drawn: all of the width, or beside the scene that is on."""
    _note(at)
    if at is None:
        yield
        return
    st.html(STYLE)
    words, picture = st.columns([3, 5] if value("big") == "1" else [2, 5], gap="medium")
    with words, st.container(key="scene", gap="small"):
        _draw(at)
    with picture:
        yield
    _hide_controls(at)


def _note(at: OnStage | None) -> None:
    """Remember what the scene that is on allows."""
    present = current_session().lecture
    present.scene = (at.name, at.number) if at else None
    present.show = at.scene.show if at else ()
    present.sealed = at is not None and at.is_sealed
    is_answered = present.room is None and present.scene is not None and present.answers.get(present.scene) is not None
    present.locked = present.sealed and not is_answered
    present.guess = guess_of(at) if at else None


def _draw(at: OnStage) -> None:
    remote.mount(at)
    st.markdown(say("### {title}", title=literal(at.scene.title)))
    for paragraph in filter(None, at.scene.caption.split("\n\n")):
        st.markdown(literal(paragraph))
    if at.scene.question:
        question.draw(at, at.scene.question)
    room.draw(at)
    if at.name == OWN and value("big") != "1":
        st.button("Edit this scene", on_click=edit_scene, args=(at.number,), icon=":material/edit:", type="tertiary")


def _hide_controls(at: OnStage) -> None:
    """Only what the scene asks for stays of the two lines above the picture."""
    present = current_session()
    kept = {present.widget_values.popovers.get(word, word) for word in at.scene.show if word in present.drawn}
    classes = ", ".join(f".st-key-{place}, :has(.st-key-{place})" for place in sorted(kept))
    hidden = f"{LINES} > :not({classes})" if kept else LINES
    st.html(f"<style>{hidden} {{ display: none !important; }}</style>")
