"""A question of the file, read a line at a time."""

from __future__ import annotations

import re

from ..texts import say
from .check import length_faults, number, option_faults
from .escapes import CLOSING, DRAG, OPENING, unescaped
from .faults import FaultCollector, SourceLine, quoted
from .lecture import Drag, Option, Poll, Question
from .limits import TEXT
from .normal import lines

AROUND = re.compile(r"±|\+/?-")
"""What stands between a value and its tolerance."""


class QuestionReader:
    """Takes the lines of one question, notes what is wrong with them, and makes a Question of the rest."""

    def __init__(self, faults: FaultCollector, place: SourceLine, text: str) -> None:
        self._faults = faults
        self._place = place
        sign = DRAG.match(text)
        self._is_drag = sign is not None and not sign[2]
        self._text = text[sign.end() :].strip() if sign and self._is_drag else unescaped(text, DRAG)
        self._options: list[Option] = []
        self._values: list[tuple[float, float, str]] = []
        self._why: list[str] = []
        self._why_place = place
        if not self._text:
            faults.add(place, quoted(""), say("the question after “?”"))
        self._check_length(place, self._text)

    def take_option(self, place: SourceLine, right: bool, rest: str) -> None:
        """An answer to choose, and behind it perhaps a comment."""
        text, misconception = self._split(place, rest)
        if self._is_drag:
            self._faults.add(
                place, quoted(text), say("a value such as “= 0.5 ± 0.1” below “? drag:”, and no answers to choose from")
            )
        elif not text:
            self._faults.add(place, quoted(""), say("an answer after “- [ ]” or “- [x]”"))
        self._options.append(Option(text, right, misconception))

    def take_value(self, place: SourceLine, rest: str) -> None:
        """A value with its tolerance, and behind them perhaps a comment."""
        text, misconception = self._split(place, rest)
        value, tolerance = (number(one) for one in (*AROUND.split(text), "", "")[:2])
        if not self._is_drag:
            self._faults.add(place, quoted(f"= {text}"), say("values only below “? drag:”"))
        elif self._values:
            self._faults.add(place, quoted(f"= {text}"), say("one value per question"))
        elif value is None or tolerance is None or tolerance <= 0 or len(AROUND.split(text)) != 2:
            expected = say("a number and a tolerance greater than 0, such as “= 0.5 ± 0.1”")
            self._faults.add(place, quoted(f"= {text}"), expected)
        self._values.append((value or 0.0, tolerance or 1.0, misconception))

    def take_why(self, place: SourceLine, text: str) -> None:
        """A line of the reason."""
        if not self._why:
            self._why_place = place
        self._why.append(text)

    def _split(self, place: SourceLine, rest: str) -> tuple[str, str]:
        """What stands before a comment, and the comment."""
        text, begin, comment = rest.partition("<!--")
        comment, end, more = comment.partition("-->")
        if begin and not end:
            self._faults.add(place, say("a comment without an end"), say("“-->” at its end, on the same line"))
        if more.strip():
            self._faults.add(place, quoted(more.strip()), say("nothing after the comment"))
        text, comment = unescaped(text.strip(), OPENING), unescaped(comment.strip(), CLOSING)
        self._check_length(place, text, comment)
        return text, comment

    def _check_length(self, place: SourceLine, *texts: str) -> None:
        for text in texts:
            self._faults.extend(place, length_faults(text, TEXT, place.name))

    def question(self) -> Question:
        """The whole question, when all of its lines have been taken."""
        why = "\n".join(self._why)
        self._check_length(self._why_place, lines(why))
        if not self._is_drag:
            if not self._values:
                self._faults.extend(self._place, option_faults(self._options, self._place.name))
            return Poll(self._text, tuple(self._options), why)
        if not self._values:
            self._faults.add(self._place, say("no value"), say("a line such as “= 0.5 ± 0.1” below the question"))
        value, tolerance, misconception = (*self._values, (0.0, 1.0, ""))[0]
        return Drag(self._text, value, tolerance, why, misconception)
