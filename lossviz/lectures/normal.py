"""The one form of texts that differ in nothing a reader sees, so that what is written is what is read again."""

from __future__ import annotations

import re
from dataclasses import replace

from ..data.characters import UNSEEN
from .lecture import Drag, Lecture, Option, Poll, Question, Scene

LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
"""Line ends other than a line feed; a slide program writes a vertical tab."""


def normalized(lecture: Lecture) -> Lecture:
    """A lecture with all of its texts in their one form.

    Titles, questions, answers and misconceptions are one line; remarks, captions, notes and reasons are lines, with one empty
    line at most between two of them. A line neither begins nor ends with white space. A tab is a space, and characters that
    cannot be seen are gone. A word to show stands once, and numbers are floats.
    """
    scenes = tuple(map(_scene, lecture.scenes))
    return Lecture(title=one_line(lecture.title), scenes=scenes, remark=lines(lecture.remark))


def _scene(scene: Scene) -> Scene:
    return Scene(
        title=one_line(scene.title),
        link=one_line(scene.link),
        caption=lines(scene.caption),
        note=lines(scene.note),
        show=tuple(dict.fromkeys(filter(None, map(one_line, scene.show)))),
        question=scene.question and _question(scene.question),
        then=one_line(scene.then),
    )


def _question(question: Question) -> Question:
    if isinstance(question, Poll):
        return Poll(one_line(question.text), tuple(map(_option, question.options)), lines(question.why))
    return Drag(
        text=one_line(question.text),
        value=float(question.value) + 0.0,  # one zero only
        tolerance=float(question.tolerance),
        why=lines(question.why),
        misconception=one_line(question.misconception),
    )


def _option(option: Option) -> Option:
    return replace(option, text=one_line(option.text), misconception=one_line(option.misconception))


def one_line(text: str) -> str:
    """A text without line ends.

    >>> one_line("  Where it\\nends ")
    'Where it ends'
    """
    return " ".join(filter(None, lines(text).split("\n")))


def lines(text: str) -> str:
    """A text of lines, stripped, with one empty line at most between two of them.

    >>> lines("One,  \\r\\n  two.\\n\\n\\nThree.\\n")
    'One,\\ntwo.\\n\\nThree.'
    """
    result: list[str] = []
    for line in UNSEEN.sub("", LINE_ENDS.sub("\n", text)).replace("\t", " ").split("\n"):
        stripped = line.strip()
        if stripped or (result and result[-1]):
            result.append(stripped)
    return "\n".join(result).rstrip("\n")
