"""What Python remembers of lectures from run to run: the one that a session makes, its answers, and its room."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

from ...analysis.training import Experiment
from ...figures.player.guess import Guess
from ...lectures import Draft, Lecture
from ...lectures.rooms import Room

SceneKey: TypeAlias = tuple[str, int]
"""A scene by the name of its lecture and its number there."""


class Addition(NamedTuple):
    """A scene that was added from a page: in which run, by which click of the browser, and its number in the draft."""

    run: int
    click: str
    scene: int


@dataclass
class LectureState:
    """The lecture that a session makes or has opened, what has been answered of lectures, and the room that is open."""

    draft: Draft | None = None
    """The lecture that this session has opened or makes itself."""
    page_title: str = ""
    """What the last page but Lecture is called."""
    last_place: tuple[str, str] = ("", "")
    """The path and the words of the last page but Lecture that was on the screen."""
    last_addition: Addition | None = None
    """The scene that was added last from a page."""
    saving: tuple[str, str, int] | None = None
    """A file that the browser is to save: its name, its text, and a number that tells it from others."""
    faults: tuple[str, ...] = ()
    """What is wrong with the file that was opened last as one."""

    scene: SceneKey | None = None
    """The scene on show."""
    sealed: bool = False
    """Whether the answer to its question is still to come, so that nothing may give it away."""
    show: tuple[str, ...] = ()
    """The words of the controls that it shows."""
    locked: bool = False
    """Whether its controls wait for an answer, so that nobody tries out what is asked."""
    guess: Guess | None = None
    """The line that is dragged along the axis of its figure, where its question asks for a place there."""
    answers: dict[SceneKey, int | float | None] = field(default_factory=dict)
    """What a person has answered: which option, or which number."""
    revealed: set[SceneKey] = field(default_factory=set)
    """The scenes of whose question the answer has been shown."""
    last_remote: float = 0.0
    """The number of the last press on a lecture's remote control that has been obeyed."""
    trainings: frozenset[Experiment] = frozenset()
    """The trainings of the scenes of the lecture that is on, which began with it."""
    drawn_ahead: Hashable = None
    """The place in a lecture from which what comes next has been computed ahead."""

    room: Room | None = None
    """The room that this session has opened."""
    room_gone: bool = False
    """Whether it was there, and is not any more."""
    room_left: bool = False
    """Whether it was closed: the browser is not to come back to it."""
    room_problem: str = ""
    """Why no room could be opened."""

    def answer(self, value: int | float | None) -> None:
        """Take an answer to the question of the scene on show, until it is over."""
        if self.scene and self.sealed:
            self.answers[self.scene] = value

    def added_in(self, run: int) -> int | None:
        """The number of the scene that was added in a run; 0 where there was no room, None where none was to be."""
        if self.draft is None or self.last_addition is None or self.last_addition.run != run:
            return None
        return self.draft.position(self.last_addition.scene) + 1

    @property
    def presentable(self) -> Lecture | None:
        """What can be shown of the lecture that this session has opened or makes itself."""
        return self.draft.presentable if self.draft else None
