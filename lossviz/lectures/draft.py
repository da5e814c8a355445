"""A lecture that is being made: what was done to it, what can be undone, and whether it is saved. Nothing changes in place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from .lecture import Lecture, Question, Scene
from .limits import SCENES
from .normal import normalized
from .scene_faults import scene_faults

PutAway = Mapping[tuple[int, type], tuple[Question, str]]


@dataclass(frozen=True)
class Draft:
    """A lecture, whose scenes have numbers of their own that they keep wherever they are moved.

    `chosen` is the scene that is being worked on; `saved` the lecture as it stands in a file, None if it does in none;
    `before` what *Undo* brings back. `put_away` are the questions of a scene of other kinds, with their links, which come
    back with their kind.
    """

    lecture: Lecture
    ids: tuple[int, ...] = ()
    chosen: int = 0
    saved: Lecture | None = None
    before: Draft | None = None
    put_away: PutAway = field(default_factory=dict)
    made: int = 0
    """How many scenes have been numbered."""

    @property
    def is_changed(self) -> bool:
        """Whether something would be lost with it."""
        return self.lecture != self.saved

    @property
    def is_full(self) -> bool:
        """Whether it takes no further scene."""
        return len(self.ids) >= SCENES

    @property
    def presentable(self) -> Lecture | None:
        """The lecture with those of its scenes in which nothing is wrong; None if there is none."""
        return presentable(self.lecture)

    def position(self, scene: int) -> int:
        """Where a scene is, counted from 0; -1 if it is there no longer."""
        return self.ids.index(scene) if scene in self.ids else -1

    def scene(self, scene: int) -> Scene:
        """The scene of a number."""
        return self.lecture.scenes[self.position(scene)]

    def number_on_stage(self, scene: int) -> int:
        """Which scene of the presentable ones it is, counted from 1."""
        before = self.lecture.scenes[: self.position(scene) + 1]
        return sum(is_presentable(one) for one in before)

    def retitled(self, **parts: Any) -> Draft:
        """With another title or remark."""
        return replace(self, lecture=replace(self.lecture, **parts))

    def rewritten(self, scene: int, **parts: Any) -> Draft:
        """With other parts of a scene."""
        at = self.position(scene)
        if at < 0:
            return self
        scenes = self.lecture.scenes
        return self._with((*scenes[:at], replace(scenes[at], **parts), *scenes[at + 1 :]), self.ids)

    def asking(self, scene: int, kind: type | None, blank: Question | None) -> Draft:
        """With a question of this kind: the one that the scene has had of it, or a blank one."""
        present = self.scene(scene).question
        if (present is None and kind is None) or (kind and isinstance(present, kind)):
            return self
        away = dict(self.put_away)
        if present:
            away[scene, type(present)] = present, self.scene(scene).then
        question, then = away.pop((scene, kind), (blank, self.scene(scene).then)) if kind else (None, "")
        return replace(self.rewritten(scene, question=question, then=then), put_away=away)

    def added(self, scene: Scene, behind: int | None = None) -> Draft:
        """With a scene more, behind another one or at the end, which is then the chosen one."""
        at = self.position(behind) + 1 if behind is not None else len(self.ids)
        scenes, number = self.lecture.scenes, self.made + 1
        more = self._with((*scenes[:at], scene, *scenes[at:]), (*self.ids[:at], number, *self.ids[at:]))
        return replace(more, chosen=number, made=number)

    def moved(self, scene: int, by: int) -> Draft:
        """With a scene this many places further down."""
        order = list(self.ids)
        order.remove(scene)
        order.insert(max(self.position(scene) + by, 0), scene)
        return self._with(tuple(self.lecture.scenes[self.position(one)] for one in order), tuple(order))

    def without(self, scene: int) -> Draft:
        """With a scene less, which can be undone once."""
        at = self.position(scene)
        scenes, ids = self.lecture.scenes, self.ids[:at] + self.ids[at + 1 :]
        rest = self._with(scenes[:at] + scenes[at + 1 :], ids)
        return replace(rest, chosen=ids[min(at, len(ids) - 1)] if ids else 0, before=replace(self, before=None))

    def _with(self, scenes: tuple[Scene, ...], ids: tuple[int, ...]) -> Draft:
        return replace(self, lecture=replace(self.lecture, scenes=scenes), ids=ids)


def draft_of(lecture: Lecture, saved: bool = True, before: Draft | None = None) -> Draft:
    """A lecture to work on, in place of what *Undo* brings back."""
    first = before.made if before else 0
    ids = tuple(first + n for n in range(1, len(lecture.scenes) + 1))
    before = replace(before, before=None) if before else None
    return Draft(lecture, ids, ids[0] if ids else 0, lecture if saved else None, before, made=first + len(ids))


def is_presentable(scene: Scene) -> bool:
    """Whether nothing is wrong with a scene."""
    return not scene_faults(scene)


@lru_cache(maxsize=32)
def presentable(lecture: Lecture) -> Lecture | None:
    """A lecture with those of its scenes in which nothing is wrong; None if there is none."""
    scenes = tuple(filter(is_presentable, lecture.scenes))
    return normalized(replace(lecture, scenes=scenes)) if scenes else None
