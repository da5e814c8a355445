"""What keeps a scene that is being made from being shown, part by part, so that it can be told where it is mended."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import TypeAlias

from ..errors import InputError
from ..texts import say
from .check import length_faults, link_faults, option_faults, show_faults
from .faults import quoted
from .lecture import Drag, Lecture, Poll, Question, Scene
from .limits import TEXT, TITLE
from .normal import normalized

Faults: TypeAlias = "dict[str, tuple[InputError, ...]]"
"""Faults by the part of the scene that they are about."""


@lru_cache(maxsize=512)
def scene_faults(scene: Scene) -> Faults:
    """What is wrong with a scene, by its parts.

    Returns:
        for "title", "link", "show", "question", "options", "value", "then" and so on what is wrong with it; nothing for a
        scene that can be shown.

    Example:
        >>> print(*scene_faults(Scene("", "/curves"))["title"])
        Title: found nothing; expected the title of the scene.
    """
    scene = _normalized(scene)
    faults: Faults = {
        "title": (
            *_missing(scene.title, say("Title"), say("the title of the scene")),
            *_long(scene.title, say("Title"), TITLE),
        ),
        "link": tuple(link_faults(scene.link, say("Link"))),
        "caption": _long(scene.caption, say("Caption")),
        "note": _long(scene.note, say("Note")),
        "show": tuple(show_faults(scene.show, say("Controls that stay"))),
        "then": tuple(_faults_of_then(scene)),
        **(_faults_of_question(scene.question) if scene.question else {}),
    }
    return {part: every for part, every in faults.items() if every}


def _normalized(scene: Scene) -> Scene:
    return normalized(Lecture("", (scene,))).scenes[0]


def _faults_of_then(scene: Scene) -> Iterable[InputError]:
    return link_faults(scene.then, say("Link of the answer")) if scene.then and scene.question else ()


def _faults_of_question(question: Question) -> Faults:
    where = say("Question")
    faults: Faults = {"question": (*_missing(question.text, where, say("the question")), *_long(question.text, where))}
    faults["why"] = _long(question.why, say("Reason"))
    if isinstance(question, Poll):
        return faults | _faults_of_options(question)
    return faults | {
        "value": tuple(_faults_of_value(question)),
        "misconception": _long(question.misconception, say("Misconception")),
    }


def _faults_of_options(poll: Poll) -> Faults:
    """Those of all answers under "options", those of the first one under "option 0"."""
    faults: Faults = {"options": tuple(option_faults(poll.options, say("Answers")))}
    for number, option in enumerate(poll.options):
        where = say("Answer {letter}", letter=chr(ord("A") + number % 26))
        missing = _missing(option.text, where, say("an answer"))
        faults[f"option {number}"] = (*missing, *_long(option.text, where), *_long(option.misconception, where))
    return faults


def _faults_of_value(drag: Drag) -> Iterator[InputError]:
    if not math.isfinite(drag.value):
        yield InputError(say("Value"), quoted(""), say("a number"))
    if not (math.isfinite(drag.tolerance) and drag.tolerance > 0):
        tolerance = f"{drag.tolerance:g}" if math.isfinite(drag.tolerance) else quoted("")
        yield InputError(say("Tolerance"), tolerance, say("a number greater than 0"))


def _missing(text: str, where: str, expected: str) -> tuple[InputError, ...]:
    return () if text else (InputError(where, quoted(""), expected),)


def _long(text: str, where: str, most: int = TEXT) -> tuple[InputError, ...]:
    return tuple(length_faults(text, most, where))
