"""What is wrong with a lecture: each fault with its scene and line, what was found and what would be right."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from ..data.characters import visible
from ..errors import InputError
from ..texts import joined, say
from .limits import LISTED


class LectureError(InputError):
    """A lecture that is refused: its first faults, in the order of the file, and how many more there are."""

    def __init__(self, faults: Sequence[InputError], more: int = 0) -> None:
        self.faults = tuple(faults)
        self.more = more
        self.argument = faults[0].argument
        self.row = None
        rest = [say("… and {number:,} more", number=more)] if more else []
        ValueError.__init__(self, joined([*map(str, faults), *rest], "\n"))


class Place(NamedTuple):
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


class Faults:
    """The faults of a file, collected so that a person hears of all of them at once."""

    def __init__(self) -> None:
        self._faults: list[tuple[int, InputError]] = []

    def add(self, place: Place, found: str, expected: str) -> None:
        """Note a fault."""
        self.extend(place, (InputError(place.name, found, expected),))

    def extend(self, place: Place, faults: Iterable[InputError]) -> None:
        """Note faults of one place."""
        self._faults += ((place.line, fault) for fault in faults)

    def raise_if_any(self) -> None:
        """Raise a LectureError if there is a fault."""
        if self._faults:
            faults = [fault for _, fault in sorted(self._faults, key=lambda one: one[0])]
            raise LectureError(faults[:LISTED], len(faults[LISTED:]))


def quoted(text: str) -> str:
    """The beginning of a text of the file, as a message writes it."""
    return say("“{text}”", text=shortened(text)) if text else say("nothing")


def shortened(text: str) -> str:
    """The beginning of a text, all of its characters visible."""
    return visible(text if len(text) <= 60 else text[:59] + "…")
