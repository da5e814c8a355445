"""The scenes of a lecture as its files have them, and what all files of lectures need to draw."""

from __future__ import annotations

import gzip
from base64 import b64encode
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from ....figures.browser import markup, program
from ....figures.export import POLICY, plotly_program
from ....figures.theme import css
from ....languages import language, lookup
from ....lectures import Drag, Lecture, Poll, Question, Scene
from ....texts import Message, say
from ...components import live
from .picture import Payloads
from .pictures import SceneState

FOLDER = Path(__file__).parent


class SceneOfFile(NamedTuple):
    """A scene as a file has it; truth: the right answer in words; pictures: "before" and "after" the reveal, and the HTML."""

    title: str
    link: str
    caption: tuple[str, ...]
    note: str
    question: Question | None
    truth: str
    pictures: tuple[tuple[str, str], ...]


def in_language(lecture: Lecture, word: str, pictures: Mapping[SceneState, str], entry: str) -> dict[str, Any]:
    """A lecture in one language, as a template has it; `entry` is the module with which its program begins."""
    reader = lookup(word)
    return {
        "word": word,
        "language": language(word).tag,
        "name": language(word).name,
        "lecture": lecture,
        "say": lambda template: Message(template).translated(reader),
        "scenes": [_scene(scene, number, pictures, word) for number, scene in enumerate(lecture.scenes, 1)],
        "live": f"<style>{_live_style()}</style>" + markup(live.FOLDER / "live.html", reader),
        "program": program(FOLDER / entry, reader),
    }


def to_draw(payloads: Payloads) -> dict[str, str]:
    """What draws the pictures, and from what: for a template, whatever its language."""
    data = gzip.compress(f"[{','.join(payloads.every)}]".encode(), mtime=0)
    return {
        "policy": POLICY,
        "data": b64encode(data).decode(),
        "plotly": plotly_program(),
        "boot": program(FOLDER / "boot.js"),
    }


@cache
def _live_style() -> str:
    return css() + (live.FOLDER / "live.css").read_text(encoding="utf-8")


def _scene(scene: Scene, number: int, pictures: Mapping[SceneState, str], word: str) -> SceneOfFile:
    shown = [(view, html) for view, html in pictures.items() if view.number == number]
    return SceneOfFile(
        scene.title,
        scene.link,
        tuple(filter(None, scene.caption.split("\n\n"))),
        scene.note,
        scene.question,
        _truth(scene.question, word),
        tuple(("before" if view.sealed else "after", html) for view, html in shown),
    )


def _truth(question: Question | None, word: str) -> str:
    """The right answer."""
    match question:
        case None:
            return ""
        case Poll():
            return next(option.text for option in question.options if option.right)
        case Drag():
            parts = {"value": question.value, "tolerance": question.tolerance}
            return say("{value:g} (± {tolerance:g} counts as right)", **parts).translated(lookup(word))
