"""A lecture that is not finished as one that can be opened again: what is wrong with a scene is kept in its note."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from ..texts import Lookup, say
from .lecture import Lecture, Scene
from .limits import SIZE, TEXT, TITLE
from .normal import normalized
from .scene_faults import Faults, scene_faults
from .writer import question_lines, write

OF_THE_QUESTION = ("question", "why", "option", "value", "misconception")
"""What the parts of a question begin with."""


def repaired(lecture: Lecture, lookup: Lookup = str) -> Lecture:
    """What of a lecture can be read again as it is; the rest is text of the notes, as it would stand in the file.

    Args:
        lecture: with at least one scene.
        lookup: says in another language what is put in for a title.
    """
    lecture = normalized(lecture)
    title = lecture.title or say("My lecture").translated(lookup)
    scenes = tuple(_repaired(scene, number, lookup) for number, scene in enumerate(lecture.scenes, 1))
    return normalized(Lecture(title[:TITLE], scenes, lecture.remark[:TEXT]))


def _repaired(scene: Scene, number: int, lookup: Lookup) -> Scene:
    faults = scene_faults(scene)
    title = scene.title or say("Scene {number}", number=number).translated(lookup)
    unfinished = "\n".join(_unfinished(scene, faults))
    scene = replace(scene, title=title[:TITLE], caption=scene.caption[:TEXT])
    scene = replace(scene, note=f"{scene.note}\n\n{unfinished}".strip()[:TEXT] if unfinished else scene.note[:TEXT])
    if "link" in faults:
        scene = replace(scene, link="/")
    if "show" in faults:
        scene = replace(scene, show=())
    if _is_unasked(faults):
        return replace(scene, question=None, then="")
    return replace(scene, then="") if "then" in faults or not scene.question else scene


def _is_unasked(faults: Faults) -> bool:
    """Whether something is wrong with the question."""
    return any(part.startswith(OF_THE_QUESTION) for part in faults)


def _unfinished(scene: Scene, faults: Faults) -> Iterator[str]:
    if "link" in faults and scene.link:
        yield scene.link
    if "show" in faults:
        yield f"Show: {', '.join(scene.show)}"
    if scene.question and _is_unasked(faults):
        yield from question_lines(scene.question)
    if scene.then and ("then" in faults or _is_unasked(faults)):
        yield f"Then: {scene.then}"


@lru_cache(maxsize=32)
def excess(lecture: Lecture) -> int:
    """How many bytes the file of a lecture has more than can be opened again."""
    return max(len(write(repaired(lecture)).encode()) - SIZE, 0)
