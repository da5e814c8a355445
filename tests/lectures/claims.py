"""Numbers that the shipped lectures say, and those that a text has."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from lossviz.lectures import Poll, Scene
from lossviz.lectures.shipped import lecture

NUMBER = re.compile(r"[0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?")

NO_NUMBERS = re.compile(r"https?://\S+|^[0-9]+ (?:min[.,]|分钟)", re.M)
"""Addresses, and how long a scene takes."""


class Claim(NamedTuple):
    """A number as a scene has it in every language, and the program for it; of a percentage, in percent.

    steps: by how many units of its last digit it may differ, ½ for a number that is rounded; what is trained differs a little
    from machine to machine.
    """

    scene: int
    text: str
    value: Callable[[], float]
    steps: float = 0.5

    def holds(self) -> bool:
        """Whether the program gives what is written."""
        plain_text = self.text.replace(",", "").replace("−", "-").replace("+", "").rstrip("%")
        unit = 10.0 ** -len(plain_text.partition(".")[2])
        return abs(self.value() - float(plain_text)) <= self.steps * unit * (1 + 1e-9)


class Fact(NamedTuple):
    """Something else that a scene says, and whether it is so."""

    scene: int
    says: str
    holds: Callable[[], bool]


class Proof(NamedTuple):
    """What is known of a lecture.

    claims: the numbers that are computed. answers: of each scene with answers to choose from, which of them are right by the
    engine. places: of each scene that is answered on an axis, the place. plain: of each scene, numbers that are no results:
    settings, counts of things in the picture, parts of a formula, wrong answers, years. facts: what is said without a number.
    """

    claims: tuple[Claim, ...]
    answers: dict[int, Callable[[], tuple[bool, ...]]]
    places: dict[int, Callable[[], float]]
    plain: dict[int, str]
    facts: tuple[Fact, ...] = ()


def scene(name: str, number: int, language: str = "en") -> Scene:
    """A scene of a shipped lecture; the first is 1."""
    return lecture(name, language).scenes[number - 1]


def numbers(text: str) -> set[str]:
    """The numbers of a text without their signs.

    >>> sorted(numbers("4 min. −0.936 of 1,797, e^1.3, https://example.org/5"))
    ['0.936', '1,797', '1.3']
    """
    return set(NUMBER.findall(NO_NUMBERS.sub("", text)))


def spoken(one: Scene) -> str:
    """All texts of a scene but the misconceptions, which speak of what is not so."""
    texts = [one.title, one.caption, one.note]
    if one.question:
        texts += [one.question.text, one.question.why]
    if isinstance(one.question, Poll):
        texts += [option.text for option in one.question.options]
    return "\n".join(texts)
