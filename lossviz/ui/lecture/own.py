"""The lecture that a session makes: what is done to it, and the file that it becomes."""

from __future__ import annotations

import re
import time
from dataclasses import replace

from ...lectures import Draft, Lecture, draft_of, repaired, write
from ..language import reader
from ..session import navigate_to
from ..session.store import current_session
from .stage import OWN


def change(draft: Draft) -> None:
    """Go on with this one; for callbacks. Its questions are asked anew."""
    present = current_session().lecture
    present.draft, present.saving = draft, None
    present.revealed = {one for one in present.revealed if one[0] != OWN}
    present.answers = {one: answer for one, answer in present.answers.items() if one[0] != OWN}


def edit_copy(lecture: Lecture) -> None:
    """Make a lecture one's own, in place of the one before, which *Undo* brings back; for callbacks."""
    change(draft_of(lecture, saved=False, before=current_session().lecture.draft))
    navigate_to("lecture", {"lecture": OWN, "scene": None})


def undo() -> None:
    """Bring back what was there before something was deleted or replaced; for callbacks."""
    draft = current_session().lecture.draft
    if draft and draft.before:
        change(replace(draft.before, saved=draft.before.saved))


def edit_scene(number: int) -> None:
    """Work on the scene with this number on the stage; for callbacks."""
    draft = current_session().lecture.draft
    if draft:
        change(replace(draft, chosen=next(one for one in draft.ids if draft.number_on_stage(one) == number)))
    navigate_to("lecture", {"lecture": OWN, "scene": None})


def save() -> None:
    """Have the browser save the file; for callbacks, so that what was typed last is in it."""
    present = current_session().lecture
    if present.draft and present.draft.ids:
        lecture = repaired(present.draft.lecture, reader())
        present.draft = replace(present.draft, saved=present.draft.lecture)
        present.saving = (f"{_file_name(lecture.title)}.md", write(lecture), int(1000 * time.time()))


def _file_name(title: str) -> str:
    """The words of a title.

    >>> _file_name("Focal loss: why?")
    'Focal-loss-why'
    """
    return re.sub(r"[^\w-]+", "-", title)[:60].strip("-") or "lecture"
