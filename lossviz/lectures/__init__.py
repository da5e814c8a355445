"""Lectures: scenes with a question before the answer, as one Markdown file, and the rooms in which phones answer."""

from .faults import LectureError
from .lecture import Drag, Lecture, Option, Poll, Question, Scene, place
from .normal import normalized
from .parser import parse, read
from .writer import write

__all__ = [
    "Drag",
    "Lecture",
    "LectureError",
    "Option",
    "Poll",
    "Question",
    "Scene",
    "normalized",
    "parse",
    "place",
    "read",
    "write",
]
