"""Lectures: scenes with a question before the answer, as one Markdown file, and the rooms in which phones answer."""

from .draft import Draft, draft_of
from .faults import LectureError
from .lecture import Drag, Lecture, Option, Poll, Question, Scene, place
from .normal import normalized
from .parser import parse, read
from .repair import repaired
from .scene_faults import scene_faults
from .writer import write

__all__ = [
    "Draft",
    "Drag",
    "Lecture",
    "LectureError",
    "Option",
    "Poll",
    "Question",
    "Scene",
    "draft_of",
    "normalized",
    "parse",
    "place",
    "read",
    "repaired",
    "scene_faults",
    "write",
]
