"""A scene of the file, read a line at a time."""

from __future__ import annotations

import re

from ..texts import say
from .check import length_faults, link_faults, show_faults
from .faults import FaultCollector, SourceLine, quoted
from .lecture import Scene
from .limits import TEXT, TITLE
from .normal import lines
from .question import QuestionReader

TARGET = re.compile(r"\[[^\[\]]*\]\(([^()]*)\)")
"""A link of Markdown, all of the line."""

BETWEEN = re.compile("[,，、 ]+")
"""What stands between words to show."""


class SceneReader:
    """Takes the lines of one scene, notes what is wrong with them, and makes a Scene of the rest."""

    def __init__(self, faults: FaultCollector, place: SourceLine) -> None:
        self.place = place
        self._faults = faults
        self._link = self._then = ""
        self._caption: list[str] = []
        self._note: list[str] = []
        self._show: tuple[str, ...] = ()
        self._question: QuestionReader | None = None
        self._open: list[str] | None = self._caption
        """The text that goes on; None behind a line of another kind."""
        self._places: dict[str, SourceLine] = {}
        """Where the parts begin that a scene has once."""
        if not place.title:
            faults.add(place, quoted(""), say("the title of the scene"))
        faults.extend(place, length_faults(place.title, TITLE, place.name))

    def at(self, line: int) -> SourceLine:
        """A line of this scene."""
        return self.place._replace(line=line)

    def take_text(self, place: SourceLine, text: str) -> None:
        """A line that begins with no sign."""
        if self._open is not None:
            self._open.append(text)
        elif text and self._question:
            expected = say("an answer after “- [ ]” or “- [x]”, or the reason after “>”")
            self._faults.add(place, quoted(text), expected)
        elif text:
            self._faults.add(place, quoted(text), say("captions below the link, and notes after “Note:”"))

    def take_sign(self, place: SourceLine, kind: str, sign: str, rest: str) -> None:
        """A line that begins with a sign; `kind` is its first character or its word, `rest` what stands behind it."""
        self._open = None
        match kind:
            case "[":
                self._once(place, "[scene]")
                self._link = self._target(place, sign + rest)
                self._open = self._caption
            case "note":
                self._once(place, "Note:")
                self._note.append(rest)
                self._open = self._note
            case "show":
                self._once(place, "Show:")
                self._take_show(place, rest)
            case "then":
                self._once(place, "Then:")
                self._then = self._target(place, rest)
            case "?":
                self._once(place, "?")
                self._question = QuestionReader(self._faults, place, rest)
            case "<":
                expected = say(
                    "comments after answers only; what only the lecturer reads after “Note:”; a text that begins so has a "
                    "backslash before it"
                )
                self._faults.add(place, quoted(f"{sign} {rest}"), expected)
            case _:
                self._take_answer(place, kind, sign, rest)

    def _once(self, place: SourceLine, part: str) -> None:
        if part in self._places:
            expected = say("one per scene; a new scene begins with “## ” and its title")
            self._faults.add(place, say("a second “{part}”", part=part), expected)
        self._places.setdefault(part, place)

    def _target(self, place: SourceLine, text: str) -> str:
        target = TARGET.fullmatch(text)
        if target:
            self._faults.extend(place, link_faults(target[1], place.name))
            return target[1]
        expected = say("“[…](/curves?loss=focal)” and nothing else; brackets within a link are %28 and %29")
        self._faults.add(place, quoted(text), expected)
        return ""

    def _take_show(self, place: SourceLine, text: str) -> None:
        self._show = tuple(filter(None, BETWEEN.split(text)))
        self._faults.extend(place, show_faults(self._show, place.name))
        if not self._show:
            self._faults.add(place, quoted(""), say("words of links, such as “Show: gamma, alpha”"))

    def _take_answer(self, place: SourceLine, kind: str, sign: str, rest: str) -> None:
        if self._question is None:
            self._faults.add(
                place,
                quoted(f"{sign} {rest}"),
                say("“?” and a question before it; a text that begins so has a backslash before it"),
            )
        elif kind == ">":
            self._question.take_why(place, rest)
        elif kind == "=":
            self._question.take_value(place, rest)
        else:
            self._question.take_option(place, "x" in sign.lower(), rest)

    def scene(self) -> Scene:
        """The whole scene, when all of its lines have been taken."""
        caption, note = "\n".join(self._caption), "\n".join(self._note)
        for text, place in ((caption, self.place), (note, self._places.get("Note:", self.place))):
            self._faults.extend(place, length_faults(lines(text), TEXT, place.name))
        if "[scene]" not in self._places:
            self._faults.add(self.place, say("no link"), say("“[scene](/curves?loss=focal)” below the title"))
        if "Then:" in self._places and not self._question:
            self._faults.add(self._places["Then:"], say("“Then:” without a question"), say("“?” and a question in the scene"))
        question = self._question.question() if self._question else None
        return Scene(self.place.title, self._link, caption, note, self._show, question, self._then)
