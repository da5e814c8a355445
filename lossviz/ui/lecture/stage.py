"""Which lecture is on, at which scene; to turn to another one, to show an answer, and to leave."""

from __future__ import annotations

from contextlib import suppress
from typing import NamedTuple
from urllib.parse import urlencode

from ...lectures import Lecture, Scene, place, shipped
from ...lectures.rooms import ROOMS, NoRoomError
from ...texts import enumerated, say
from ..server.ahead import draw_ahead
from ..session import address, assign, bind_widget
from ..session.store import current_session

OWN = "own"
"""The name of the lecture that a session has opened or made itself."""


class OnStage(NamedTuple):
    """A lecture by its name in links, and the number of the scene that is on, counted from 1."""

    name: str
    lecture: Lecture
    number: int

    @property
    def scene(self) -> Scene:
        """The scene that is on."""
        return self.lecture.scenes[self.number - 1]

    @property
    def next_scene(self) -> Scene | None:
        """The one behind it, None at the end."""
        return self.lecture.scenes[self.number] if self.number < len(self.lecture.scenes) else None

    @property
    def is_sealed(self) -> bool:
        """Whether its answer is still to come."""
        return self.scene.question is not None and (self.name, self.number) not in current_session().lecture.revealed


def lecture_of(name: str) -> Lecture | None:
    """The lecture of a name, in the language of the reader; None if there is none."""
    present = current_session()
    if name == OWN:
        return present.lecture.presentable
    return shipped.lecture(name, present.language) if name in shipped.NAMES else None


def on_stage() -> tuple[OnStage | None, tuple[str, ...]]:
    """What is on, as the address says, and what of that cannot be."""
    name, number = str(bind_widget("lecture", "")[0]), bind_widget("scene", None)[0]
    if not name or number is None:
        return None, ()
    lecture = lecture_of(name)
    if lecture is None:
        return None, (_unknown(name),)
    count = len(lecture.scenes)
    problem = say("scene: {number:g} of {count} scenes. Using {count} instead.", number=number, count=count)
    return OnStage(name, lecture, min(int(number), count)), (problem,) if number > count else ()


def _unknown(name: str) -> str:
    if name == OWN:
        return say("lecture: this session has no lecture of its own. Open its file on the page “Lecture”.")
    return say("lecture: “{name}” is unknown; there are {names}.", name=name, names=enumerated(shipped.NAMES))


def open_scene(name: str, number: int) -> None:
    """Turn to a scene, which then is as its link says; for callbacks. Past the ends there is none to turn to."""
    lecture = lecture_of(name)
    if lecture and 1 <= number <= len(lecture.scenes):
        _open(lecture.scenes[number - 1].link, name, number)


def reveal() -> None:
    """Show the answer of the scene that is on, and what its reveal opens; for callbacks."""
    at, _ = on_stage()
    if at and at.is_sealed:
        current_session().lecture.revealed.add((at.name, at.number))
        if at.scene.then:
            _open(at.scene.then, at.name, at.number)


def ask_again() -> None:
    """Seal the question of the scene that is on once more, and let the room answer again; for callbacks."""
    at, _ = on_stage()
    present = current_session()
    if at and present.lecture.room and at.scene.question and not at.is_sealed:
        with suppress(NoRoomError):
            ROOMS.again(present.lecture.room.code, present.lecture.room.host)
        present.lecture.revealed.discard((at.name, at.number))
        _open(at.scene.link, at.name, at.number)


def leave() -> None:
    """End the lecture where one stands; for callbacks."""
    assign({"lecture": "", "scene": None})


def _open(link: str, name: str, number: int) -> None:
    path, words = place(link)
    address.open_link(path, words | {"lecture": name, "scene": str(number)})


def draw_next(at: OnStage | None) -> None:
    """Have what a person sees next computed: what the reveal opens, and the next scene."""
    present = current_session()
    place_now = (at.name, at.number, at.is_sealed) if at else None
    if at is None or present.lecture.drawn_ahead == place_now:
        return
    present.lecture.drawn_ahead = place_now
    following = at.next_scene
    for link in (at.scene.then if at.is_sealed else "", following.link if following else ""):
        if link:
            path, words = place(link)
            draw_ahead(path, urlencode(words | {"lang": present.language}))
