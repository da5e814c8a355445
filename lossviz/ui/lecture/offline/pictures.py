"""The pictures of a lecture: each scene before and after its reveal, as its page draws it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from ....analysis.mistakes import CARDS
from ....errors import InputError
from ....lectures import Lecture, Scene, draft_of, place
from ....texts import say
from ...server.page_reader import PageError, read_page
from ...session import keys
from ...session.lecture_state import LectureState
from ...session.store import Session
from ..stage import OWN
from .picture import Payloads, draw

LARGEST = 40_000_000
"""Characters of what all pictures are drawn from, beyond which nobody would want the file."""


class SceneState(NamedTuple):
    """A picture of a scene: its number, whether the answer is still to come, and the link to what it shows."""

    number: int
    sealed: bool
    link: str


def views(lecture: Lecture) -> list[SceneState]:
    """Every picture, in order: two where there is a question."""
    return [view for number, scene in enumerate(lecture.scenes, 1) for view in _of_scene(number, scene)]


def _of_scene(number: int, scene: Scene) -> Iterator[SceneState]:
    if scene.question:
        yield SceneState(number, True, scene.link)
    yield SceneState(number, False, scene.then or scene.link)


def on_paper(lecture: Lecture) -> list[SceneState]:
    """The first picture of each scene: nothing on it tells an answer."""
    return list({view.number: view for view in reversed(views(lecture))}.values())[::-1]


def take(
    lecture: Lecture, wanted: Iterable[SceneState], language: str, payloads: Payloads, progress: Callable[[], None]
) -> dict[SceneState, str]:
    """Pictures as HTML, in a language; `progress` is called after each.

    Raises:
        InputError: if a page cannot be drawn, or all is too large.
    """
    pictures = {}
    for view in wanted:
        pictures[view] = _picture(lecture, view, language, payloads)
        if sum(map(len, payloads.every)) > LARGEST:
            raise InputError(
                "lecture",
                say("scenes that need more than {size} MB by scene {number}", size=LARGEST // 10**6, number=view.number),
                say("fewer scenes, or scenes with fewer samples, in a file to take along"),
            )
        progress()
    return pictures


def _picture(lecture: Lecture, view: SceneState, language: str, payloads: Payloads) -> str:
    path, words = place(view.link)
    state = LectureState(draft=draft_of(lecture), drawn_ahead=(OWN, view.number, view.sealed))
    if not view.sealed:
        state.revealed.add((OWN, view.number))
    guesses = {} if view.sealed else {f"guess-{key}": card.choices[card.answer] for key, card in CARDS.items()}
    words |= {"lecture": OWN, "scene": str(view.number), "lang": language}
    try:
        return draw(read_page(path, words, {keys.SESSION: Session(lecture=state), **guesses}), payloads)
    except PageError as error:
        raise InputError(
            "lecture",
            say("scene {number} could not be drawn ({problem})", number=view.number, problem=str(error)),
            say("a scene that its page shows"),
        ) from None
