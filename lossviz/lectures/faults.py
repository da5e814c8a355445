"""What is wrong with a lecture: each fault with its scene and line, what was found and what would be right."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from ..data.characters import visible
from ..errors import InputError
from ..texts import joined, say
from .limits import LISTED


class LectureError(InputError):
    """A lecture that is refused, with its faults in the order of the file; where there are many, only the first are told."""

    def __init__(self, faults: Sequence[InputError]) -> None:
        self.faults = tuple(faults)
        self.argument = faults[0].argument
        self.row = None
        rest = [say("There may be more: reading stopped here.")] if len(faults) >= LISTED else []
        ValueError.__init__(self, joined([*map(str, faults), *rest], "\n"))


class SourceLine(NamedTuple):
    """A line of the file, and the scene that it is in; number 0 stands before the first scene."""

    line: int
    number: int = 0
    title: str = ""

    @property
    def name(self) -> str:
        """What a message begins with."""
        if not self.number:
            return say("Line {line}", line=self.line)
        if not self.title:
            return say("Scene {number}, line {line}", number=self.number, line=self.line)
        return say("Scene {number}, “{title}”, line {line}", number=self.number, title=shortened(self.title), line=self.line)


class FaultCollector:
    """The faults of a file, collected so that a person hears of all of them at once."""

    def __init__(self) -> None:
        self._faults: list[tuple[int, InputError]] = []

    def add(self, place: SourceLine, value: str, expected: str) -> None:
        """Note a fault. Raises a LectureError if there are enough of them."""
        self.extend(place, (InputError(place.name, value, expected),))

    def extend(self, place: SourceLine, faults: Iterable[InputError]) -> None:
        """Note faults of one place, and look for no more when there are enough of them."""
        for fault in faults:
            self._faults.append((place.line, fault))
            if len(self._faults) >= LISTED:
                self.raise_if_any()

    def raise_if_any(self) -> None:
        """Raise a LectureError if there is a fault."""
        if self._faults:
            raise LectureError([fault for _, fault in sorted(self._faults, key=lambda one: one[0])])


def quoted(text: str) -> str:
    """The beginning of a text of the file, as a message writes it."""
    return say("“{text}”", text=shortened(text)) if text else say("nothing")


def shortened(text: str) -> str:
    """The beginning of a text, all of its characters visible."""
    return visible(text if len(text) <= 60 else text[:59] + "…")
