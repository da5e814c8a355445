"""Lecture: scenes one after the other, to present or to take alone; shipped ones, and one's own from a file."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from ....lectures import Lecture, Scene, shipped, write
from ....numbers import counted
from ....texts import joined, say
from ... import elements as st
from ...components.markdown import literal
from ...lecture.stage import OWN, lecture_of, open_scene
from ...session import assign, bind_widget
from ...session.store import current_session
from ...stylesheet import stylesheet
from . import own_file, take_along

STYLE = stylesheet(Path(__file__).with_name("lecture.css"))


def draw() -> None:
    """The page."""
    st.html(STYLE)
    chosen, lecture = _chosen()
    menu, scenes = st.columns([2, 3], gap="large")
    with menu, st.container(key="lectures", gap="small"):
        for name in (*shipped.NAMES, *([OWN] if current_session().lecture else ())):
            _row(name, name == chosen)
        own_file.draw()
    with scenes, st.container(key="main-thing", gap="small"):
        _draw_lecture(chosen, lecture)


def _chosen() -> tuple[str, Lecture]:
    """The lecture that the address names, or the first one."""
    name = str(bind_widget("lecture", "")[0])
    lecture = lecture_of(name)
    if lecture:
        return name, lecture
    first = shipped.NAMES[0]
    return first, shipped.lecture(first, current_session().language)


def _row(name: str, on: bool) -> None:
    lecture = lecture_of(name)
    assert lecture
    kind: Literal["primary", "secondary"] = "primary" if on else "secondary"
    st.button(literal(lecture.title), on_click=_choose, args=(name,), key=f"lecture-{name}", width="stretch", type=kind)


def _choose(name: str) -> None:
    assign({"lecture": name})


def _draw_lecture(name: str, lecture: Lecture) -> None:
    questions = sum(scene.question is not None for scene in lecture.scenes)
    st.markdown(say("## {title}", title=literal(lecture.title)))
    contents = joined((counted(len(lecture.scenes), "scene"), counted(questions, "question")), " · ")
    st.markdown(contents)
    with st.container(horizontal=True, gap="small"):
        st.button(
            "Take the tour",
            on_click=open_scene,
            args=(name, 1),
            type="primary",
            icon=":material/play_arrow:",
            help="At your own pace: you answer each question before its answer is shown.",
        )
        st.button(
            "Present",
            on_click=_present,
            args=(name,),
            icon=":material/slideshow:",
            help="In large type, with keys or a clicker: → and PageDown go on, ← and PageUp back, b makes it dark, n opens "
            "your notes in a window of their own, f fills the screen, Esc ends it.",
        )
        st.download_button(
            "Markdown file",
            lambda: write(lecture),
            f"{name}.md",
            "text/markdown",
            on_click="ignore",
            icon=":material/download:",
            help="The whole lecture as text: change it, and open it here again.",
        )
        take_along.draw(name, lecture)
    with st.container(key="scenes", gap=None):
        for number, scene in enumerate(lecture.scenes, 1):
            _scene_row(name, number, scene)
    if lecture.remark:
        with st.expander("For the lecturer"):
            st.markdown(literal(lecture.remark))


def _present(name: str) -> None:
    assign({"big": "1"})
    open_scene(name, 1)


def _scene_row(name: str, number: int, scene: Scene) -> None:
    """A scene, which a click opens."""
    mark = say(" · question") if scene.question else ""
    label = say("{number}. {title}{mark}", number=number, title=literal(scene.title), mark=mark)
    st.button(label, on_click=open_scene, args=(name, number), key=f"scene-{number}", type="tertiary")
