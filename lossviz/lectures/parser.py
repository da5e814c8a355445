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
from .faults import FaultCollector, LectureError, SourceLine, quoted
from .lecture import Lecture, Scene
from .limits import LINE, LINES, SCENES, SIZE, TEXT, TITLE
from .normal import lines, normalized
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
        return parse(data.decode("utf-8"))
    except UnicodeDecodeError as error:
        place = SourceLine(data.count(b"\n", 0, error.start) + 1)
        value = say("byte {byte}", byte=f"0x{data[error.start]:02x}")
        raise LectureError([InputError(place.name, value, say("a text in UTF-8"))]) from None


def parse(text: str) -> Lecture:
    """The lecture of a text, normalized. Raises LectureError, which has all that is wrong with it."""
    if len(text) > SIZE:
        raise _refused(say("{n:,} characters", n=len(text)), say("at most {most:,}", most=SIZE))
    rows = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if len(rows) > LINES:
        raise _refused(say("{n:,} lines", n=len(rows)), say("at most {most:,}", most=LINES))
    reader = _Reader()
    for number, line in enumerate(rows, 1):
        reader.take(number, line)
    return normalized(reader.lecture())


def _refused(value: str, expected: str) -> LectureError:
    return LectureError([InputError(say("The lecture"), value, expected)])


class _Reader:
    """What stands before the scenes, and the scenes."""

    def __init__(self) -> None:
        self._faults = FaultCollector()
        self._title: str | None = None
        self._remark: list[str] = []
        self._remark_line = 0
        self._in_remark = False
        self._scenes: list[Scene] = []
        self._scene: SceneReader | None = None

    def take(self, number: int, text: str) -> None:
        """The next line."""
        place = self._scene.at(number) if self._scene else SourceLine(number)
        if len(text) > LINE:
            self._faults.add(place, say("{n:,} characters", n=len(text)), say("a line of at most {most:,}", most=LINE))
            return
        text = text.replace("\t", " ").strip()
        if unseen := UNSEEN.search(text):
            value = say("the control character U+{code}", code=f"{ord(unseen[0]):04X}")
            self._faults.add(place, value, say("text only"))
        if self._in_remark:
            self._take_remark(place, text)
        elif sign := SIGN.match(text):
            self._take_sign(place, (sign["word"] or sign["sign"][0]).lower(), sign[0], text[sign.end() :].strip())
        elif self._scene:
            self._scene.take_text(place, unescaped(text, START))
        elif text:
            self._faults.add(place, quoted(text), say("“# ” and the title of the lecture, or “## ” and the title of a scene"))

    def _take_sign(self, place: SourceLine, kind: str, sign: str, rest: str) -> None:
        if kind == "#":
            self._take_heading(place, len(sign), rest)
        elif self._scene:
            self._scene.take_sign(place, kind, sign, rest)
        elif kind == "<":
            self._begin_remark(place, rest)
        else:
            self._faults.add(place, quoted(f"{sign} {rest}"), say("“## ” and the title of a scene before it"))

    def _take_heading(self, place: SourceLine, level: int, title: str) -> None:
        if level == 2:
            self._begin_scene(place.line, title)
        elif level == 1 and self._title is None and not self._scene:
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

    def _begin_scene(self, line: int, title: str) -> None:
        self._end_scene()
        if len(self._scenes) == SCENES:
            self._faults.add(
                SourceLine(line), say("more than {most:,} scenes", most=SCENES), say("at most {most:,}", most=SCENES)
            )
            self._faults.raise_if_any()
        self._scene = SceneReader(self._faults, SourceLine(line, len(self._scenes) + 1, title))

    def _end_scene(self) -> None:
        if self._scene:
            self._scenes.append(self._scene.scene())

    def _begin_remark(self, place: SourceLine, text: str) -> None:
        if self._remark_line:
            self._faults.add(place, say("a second comment"), say("one comment before the scenes"))
        self._remark_line, self._in_remark = place.line, True
        self._take_remark(place, text)

    def _take_remark(self, place: SourceLine, text: str) -> None:
        text, end, rest = text.partition("-->")
        self._remark.append(unescaped(text, CLOSING))
        self._in_remark = not end
        if rest.strip():
            self._faults.add(place, quoted(rest.strip()), say("nothing after the comment"))

    def lecture(self) -> Lecture:
        """The whole lecture, when all lines have been taken. Raises LectureError."""
        self._end_scene()
        if self._in_remark:
            self._faults.add(SourceLine(self._remark_line), say("a comment without an end"), say("“-->” at its end"))
            self._faults.raise_if_any()
        if self._title is None:
            self._faults.add(SourceLine(1), say("no title"), say("“# ” and the title of the lecture"))
        if not self._scenes:
            self._faults.add(SourceLine(1), say("no scenes"), say("“## ” and the title of a scene"))
        remark, place = lines("\n".join(self._remark)), SourceLine(self._remark_line)
        self._faults.extend(place, length_faults(remark, TEXT, place.name))
        self._faults.raise_if_any()
        return Lecture(self._title or "", tuple(self._scenes), remark)
