"""One's own lecture: its scenes in their order, and beside them the one that is worked on."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

from ....lectures import Draft, scene_faults
from ....lectures.limits import TITLE
from ....lectures.repair import excess
from ....texts import say
from ... import elements as st
from ...components.markdown import literal
from ...lecture.own import change, save, undo
from ...lecture.stage import OWN
from ...session.store import current_session
from . import acts, downloads, entries, scene_editor


def draw(draft: Draft) -> None:
    """What is done with the lecture, its title, its scenes, and what the lecturer should know."""
    with st.container(horizontal=True, gap="small"):
        acts.draw(OWN, disabled=draft.presentable is None)
        st.button(
            "Download",
            on_click=save,
            icon=":material/download:",
            disabled=not draft.ids,
            help="The whole lecture as one Markdown file, which opens here again. It is kept nowhere else.",
        )
        if draft.presentable:
            downloads.draw(OWN, draft.presentable)
        if draft.before:
            st.button("Undo", on_click=undo, icon=":material/undo:", help=_what_is_undone(draft, draft.before))
    if more := excess(draft.lecture) if draft.ids else 0:
        st.warning(say("The file is {bytes:,} bytes longer than one that opens here again. Shorten some texts.", bytes=more))
    entries.text(say("Lecture title"), "draft-title", draft.lecture.title, partial(_retitle, "title"), max_chars=TITLE)
    if draft.ids:
        scenes, scene = st.columns([1, 2], gap="medium")
        with scenes, st.container(key="draft-scenes", gap=None):
            for number, one in enumerate(draft.ids, 1):
                _scene_row(draft, number, one)
        with scene, st.container(key="draft-scene", gap="small"):
            scene_editor.draw(draft)
    else:
        st.info("No scenes yet. Open any page and press “Add to lecture” at its top.")
    with st.expander("For the lecturer"):
        entries.lines(say("What to know beforehand"), "draft-remark", draft.lecture.remark, partial(_retitle, "remark"))


def _what_is_undone(draft: Draft, before: Draft) -> str:
    if set(draft.ids) < set(before.ids):
        return say("Bring back the scene that was deleted.")
    return say("Bring back “{title}”, which this lecture has replaced.", title=literal(before.lecture.title))


def _retitle(part: str, text: str) -> None:
    draft = current_session().lecture.draft
    if draft:
        change(draft.retitled(**{part: text}))


def _scene_row(draft: Draft, number: int, one: int) -> None:
    """A scene, which a click opens beside the list."""
    scene = draft.scene(one)
    mark = say(" · unfinished") if scene_faults(scene) else say(" · question") if scene.question else ""
    label = say("{number}. {title}{mark}", number=number, title=literal(scene.title), mark=mark)
    kind: Any = "secondary" if one == draft.chosen else "tertiary"
    st.button(label, on_click=_choose, args=(one,), key=f"draft-row-{one}", type=kind, width="stretch")


def _choose(one: int) -> None:
    draft = current_session().lecture.draft
    if draft and draft.position(one) >= 0:
        change(replace(draft, chosen=one))
