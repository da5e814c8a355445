"""A lecture as one HTML file that is presented anywhere: nothing is fetched, so it opens offline and in ten years."""

from __future__ import annotations

import gzip
from base64 import b64encode
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from ....figures.browser import markup, program
from ....figures.export import COLOURS, POLICY, plotly_program, templates
from ....figures.player import CSS
from ....figures.theme import css
from ....languages import language, lookup
from ....lectures import Drag, Lecture, Poll, Question, Scene
from ....texts import Message, say
from ...components import live
from .. import remote
from .picture import Payloads
from .pictures import View, take

FOLDER = Path(__file__).parent


class SceneOfFile(NamedTuple):
    """A scene as the file has it; truth: the right answer in words; pictures: "before" and "after" the reveal, and the HTML."""

    title: str
    caption: tuple[str, ...]
    note: str
    question: Question | None
    truth: str
    pictures: tuple[tuple[str, str], ...]


def deck(lectures: dict[str, Lecture], progress: Callable[[], None]) -> str:
    """The file.

    Args:
        lectures: by the word of the language in which its interface is: one, or the same lecture in two languages.
        progress: called after each picture.
    """
    payloads = Payloads()
    decks = [_values(word, lecture, take(lecture, word, payloads, progress)) for word, lecture in lectures.items()]
    template = templates(next(iter(lectures)), FOLDER).get_template("deck.html.jinja")
    return template.render(
        decks=decks,
        policy=POLICY,
        css=_style(),
        data=b64encode(gzip.compress(f"[{','.join(payloads.every)}]".encode(), mtime=0)).decode(),
        plotly=plotly_program(),
        boot=program(FOLDER / "boot.js"),
    )


def _values(word: str, lecture: Lecture, pictures: dict[View, str]) -> dict[str, Any]:
    """A lecture in one language, as the template has it."""
    reader = lookup(word)
    return {
        "word": word,
        "language": language(word).tag,
        "name": language(word).name,
        "lecture": lecture,
        "say": lambda template: Message(template).translated(reader),
        "scenes": [_scene(scene, number, pictures, word) for number, scene in enumerate(lecture.scenes, 1)],
        "remote": markup(remote.FOLDER / "remote.html", reader),
        "live": f"<style>{css()}{(live.FOLDER / 'live.css').read_text(encoding='utf-8')}</style>"
        + markup(live.FOLDER / "live.html", reader),
        "program": program(FOLDER / "deck.js", reader),
    }


def _scene(scene: Scene, number: int, pictures: dict[View, str], word: str) -> SceneOfFile:
    shown = [(view, html) for view, html in pictures.items() if view.number == number]
    return SceneOfFile(
        scene.title,
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


@cache
def _style() -> str:
    files = (FOLDER / "deck.css", remote.FOLDER / "remote.css")
    return CSS + COLOURS + "".join(file.read_text(encoding="utf-8") for file in files)
