"""Lecture: scenes one after the other, to present or to take alone; shipped ones, and one's own from a file."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from ....lectures import Lecture, Scene, shipped, write
from ....numbers import counted
from ....texts import joined, say
from ... import elements as st
from ...components.markdown import literal
from ...lecture.own import edit_copy
from ...lecture.stage import OWN, open_scene
from ...session import assign, bind_widget
from ...session.store import current_session
from ...stylesheet import stylesheet
from . import acts, downloads, editor, own_file

STYLE = stylesheet(Path(__file__).with_name("lecture.css"))


def draw() -> None:
    """The page."""
    st.html(STYLE)
    present = current_session()
    chosen = _chosen()
    menu, scenes = st.columns([1, 3] if chosen == OWN else [2, 3], gap="large")
    with menu, st.container(key="lectures", gap="small"):
        for name in shipped.NAMES:
            _row(name, shipped.lecture(name, present.language).title, name == chosen)
        if present.lecture.draft:
            _row(OWN, present.lecture.draft.lecture.title or say("My lecture"), chosen == OWN)
        own_file.draw()
    with scenes, st.container(key="main-thing", gap="small"):
        if chosen == OWN and present.lecture.draft:
            editor.draw(present.lecture.draft)
        else:
            _draw_lecture(chosen, shipped.lecture(chosen, present.language))


def _chosen() -> str:
    """The name of the lecture that the address says; without one, of the session's own, or of the first one."""
    name = str(bind_widget("lecture", "")[0])
    if name in shipped.NAMES:
        return name
    return OWN if current_session().lecture.draft else shipped.NAMES[0]


def _row(name: str, title: str, on: bool) -> None:
    kind: Literal["primary", "secondary"] = "primary" if on else "secondary"
    st.button(literal(title), on_click=_choose, args=(name,), key=f"lecture-{name}", width="stretch", type=kind)


def _choose(name: str) -> None:
    assign({"lecture": name})


def _draw_lecture(name: str, lecture: Lecture) -> None:
    questions = sum(scene.question is not None for scene in lecture.scenes)
    st.markdown(say("## {title}", title=literal(lecture.title)))
    contents = joined((counted(len(lecture.scenes), "scene"), counted(questions, "question")), " · ")
    st.markdown(contents)
    with st.container(horizontal=True, gap="small"):
        acts.draw(name)
        st.download_button(
            "Markdown file",
            lambda: write(lecture),
            f"{name}.md",
            "text/markdown",
            on_click="ignore",
            icon=":material/download:",
            help="The whole lecture as text: change it, and open it here again.",
        )
        downloads.draw(name, lecture)
        st.button(
            "Edit a copy",
            on_click=edit_copy,
            args=(lecture,),
            icon=":material/edit:",
            help="Make a lecture of your own out of it, in place of the one you may have.",
        )
    with st.container(key="scenes", gap=None):
        for number, scene in enumerate(lecture.scenes, 1):
            _scene_row(name, number, scene)
    if lecture.remark:
        with st.expander("For the lecturer"):
            st.markdown(literal(lecture.remark))


def _scene_row(name: str, number: int, scene: Scene) -> None:
    """A scene, which a click opens."""
    mark = say(" · question") if scene.question else ""
    label = say("{number}. {title}{mark}", number=number, title=literal(scene.title), mark=mark)
    st.button(label, on_click=open_scene, args=(name, number), key=f"scene-{number}", type="tertiary")
