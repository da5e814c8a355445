"""What is done with a lecture: take it alone, or present it to a room."""

from __future__ import annotations

from ... import elements as st
from ...lecture.stage import open_scene
from ...session import assign


def draw(name: str, disabled: bool = False) -> None:
    """The two buttons."""
    st.button(
        "Take the tour",
        on_click=open_scene,
        args=(name, 1),
        type="primary",
        icon=":material/play_arrow:",
        disabled=disabled,
        help="At your own pace: you answer each question before its answer is shown.",
    )
    st.button(
        "Present",
        on_click=_present,
        args=(name,),
        icon=":material/slideshow:",
        disabled=disabled,
        help="In large type, with keys or a clicker: → and PageDown go on, ← and PageUp back, b makes it dark, n opens "
        "your notes in a window of their own, f fills the screen, Esc ends it.",
    )


def _present(name: str) -> None:
    assign({"big": "1"})
    open_scene(name, 1)
