"""The Markdown file of a lecture, read a line at a time. Its texts are literal: nothing in them can run or load anything.

    # Lecture title

    <!-- What the lecturer should know beforehand; it may have several lines. -->

    ## Scene title
    [scene](/curves?loss=focal&y=gradient)
    The caption, one or several paragraphs.
    Note: what only the lecturer reads, up to the next line that begins with a sign.
    Show: gamma, alpha
    ? The question
    - [ ] A wrong answer <!-- the misconception behind it -->
    - [x] The right answer
    > Why it is right.
    Then: [answer](/curves?loss=focal&y=gradient&gamma=5)

A question that is answered on the axis of the figure has a place instead of answers:

    ? drag: The question
    = 3.33 ± 0.8 <!-- the misconceptions behind other places -->

Comments stand below the title, and behind answers and places. A text that looks like a sign is written with a backslash: see
`escapes`.
"""

from __future__ import annotations

import codecs
import re

from ..data.characters import UNSEEN
from ..errors import InputError
from ..texts import say
from .check import length_faults
from .escapes import CLOSING, SIGNS, START, WORDS, unescaped
from .faults import Faults, LectureError, Place, quoted
from .lecture import Lecture
from .limits import LINE, LINES, SCENES, SIZE, TEXT, TITLE
from .normal import normalized
from .scene import SceneReader

SIGN = re.compile(rf"(?P<sign>{SIGNS})|(?P<word>{WORDS})[:：]", re.I)

WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def read(data: bytes) -> Lecture:
    """The lecture of a file in UTF-8. Raises LectureError."""
    if len(data) > SIZE:
        raise _refused(say("{n:,} bytes", n=len(data)), say("at most {most:,}", most=SIZE))
    if data.startswith(WIDE):
        raise _refused(say("UTF-16"), say("a text in UTF-8"))
    try:
        return parse(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        place = Place(data.count(b"\n", 0, error.start) + 1)
        found = say("byte {byte}", byte=f"0x{data[error.start]:02x}")
        raise LectureError([InputError(place.name, found, say("a text in UTF-8"))]) from None


def parse(text: str) -> Lecture:
    """The lecture of a text, normalized. Raises LectureError, which has all that is wrong with it."""
    if len(text) > SIZE:
        raise _refused(say("{n:,} characters", n=len(text)), say("at most {most:,}", most=SIZE))
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if len(lines) > LINES:
        raise _refused(say("{n:,} lines", n=len(lines)), say("at most {most:,}", most=LINES))
    reader = _Reader()
    for number, line in enumerate(lines, 1):
        reader.take(number, line)
    return normalized(reader.lecture())


def _refused(found: str, expected: str) -> LectureError:
    return LectureError([InputError(say("The lecture"), found, expected)])


class _Reader:
    """What stands before the scenes, and the scenes."""

    def __init__(self) -> None:
        self._faults = Faults()
        self._title: str | None = None
        self._remark: list[str] = []
        self._remark_line = 0
        self._in_remark = False
        self._scenes: list[SceneReader] = []

    def take(self, number: int, text: str) -> None:
        """The next line."""
        place = self._scenes[-1].at(number) if self._scenes else Place(number)
        if len(text) > LINE:
            self._faults.add(place, say("{n:,} characters", n=len(text)), say("a line of at most {most:,}", most=LINE))
            return
        text = text.replace("\t", " ").strip()
        if unseen := UNSEEN.search(text):
            found = say("the control character U+{code}", code=f"{ord(unseen[0]):04X}")
            self._faults.add(place, found, say("text only"))
        if self._in_remark:
            self._take_remark(place, text)
        elif sign := SIGN.match(text):
            self._take_sign(place, (sign["word"] or sign["sign"][0]).lower(), sign[0], text[sign.end() :].strip())
        elif self._scenes:
            self._scenes[-1].take_text(place, unescaped(text, START))
        elif text:
            self._faults.add(place, quoted(text), say("“# ” and the title of the lecture, or “## ” and the title of a scene"))

    def _take_sign(self, place: Place, kind: str, sign: str, rest: str) -> None:
        if kind == "#":
            self._take_heading(place, len(sign), rest)
        elif self._scenes:
            self._scenes[-1].take_sign(place, kind, sign, rest)
        elif kind == "<":
            self._begin_remark(place, rest)
        else:
            self._faults.add(place, quoted(f"{sign} {rest}"), say("“## ” and the title of a scene before it"))

    def _take_heading(self, place: Place, level: int, title: str) -> None:
        if level == 2:
            scene = SceneReader(self._faults, Place(place.line, len(self._scenes) + 1, title))
            self._scenes.append(scene)
        elif level == 1 and self._title is None and not self._scenes:
            self._title = title
            if not title:
                self._faults.add(place, quoted(""), say("the title of the lecture"))
            self._faults.extend(place, length_faults(title, TITLE, place.name))
        elif level == 1:
            expected = say("one title, before all scenes; a scene begins with “## ”")
            self._faults.add(place, quoted(f"# {title}"), expected)
        else:
            expected = say("“# ” before the title, “## ” before that of a scene, and no other headings")
            self._faults.add(place, quoted(f"{'#' * level} {title}"), expected)

    def _begin_remark(self, place: Place, text: str) -> None:
        if self._remark_line:
            self._faults.add(place, say("a second comment"), say("one comment before the scenes"))
        self._remark_line, self._in_remark = place.line, True
        self._take_remark(place, text)

    def _take_remark(self, place: Place, text: str) -> None:
        text, end, rest = text.partition("-->")
        self._remark.append(unescaped(text, CLOSING))
        self._in_remark = not end
        if rest.strip():
            self._faults.add(place, quoted(rest.strip()), say("nothing after the comment"))

    def lecture(self) -> Lecture:
        """The whole lecture, when all lines have been taken. Raises LectureError."""
        first = Place(self._remark_line or 1)
        if self._in_remark:
            self._faults.add(first, say("a comment without an end"), say("“-->” at its end"))
        elif self._title is None:
            self._faults.add(Place(1), say("no title"), say("“# ” and the title of the lecture"))
        if not self._scenes and not self._in_remark:
            self._faults.add(Place(1), say("no scenes"), say("“## ” and the title of a scene"))
        if len(self._scenes) > SCENES:
            extra = self._scenes[SCENES].place
            self._faults.add(extra, say("{n:,} scenes", n=len(self._scenes)), say("at most {most:,}", most=SCENES))
            self._faults.raise_if_any()
        remark = "\n".join(self._remark)
        self._faults.extend(first, length_faults(remark, TEXT, first.name))
        scenes = tuple(scene.scene() for scene in self._scenes)
        self._faults.raise_if_any()
        return Lecture(self._title or "", scenes, remark)
