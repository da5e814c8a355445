"""A question that is put to a room: the answers of each round, and what came of them."""

from __future__ import annotations

import math
from array import array
from collections import Counter
from dataclasses import dataclass, field

from ..errors import InputError
from ..texts import say
from .lecture import Drag, Poll, Question, Scene

STEPS = 1000
"""An axis has so many places beside its first, and an answer is one of them."""

PARTS = 20
"""Equal parts of an axis in which its answers are counted."""

NONE = -1


@dataclass(frozen=True)
class Axis:
    """What a place is dragged on: its ends, and its label in the language of the lecture."""

    low: float
    high: float
    label: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        if not (math.isfinite(self.low) and math.isfinite(self.high) and self.low < self.high):
            raise InputError(say("axis"), f"{self.low} … {self.high}", say("two finite ends, the lower one first"))

    def place(self, value: float) -> int:
        """The number of the place that is nearest to a value; InputError outside of the axis."""
        if isinstance(value, bool) or not isinstance(value, int | float) or not self.low <= value <= self.high:
            expected = say("a number from {low:g} to {high:g}", low=self.low, high=self.high)
            raise InputError(say("answer"), repr(value)[:40], expected)
        return round((value - self.low) / (self.high - self.low) * STEPS)

    def value(self, place: int) -> float:
        """The value at a place.

        >>> Axis(0, 5).value(Axis(0, 5).place(2.5))
        2.5
        """
        share = place / STEPS
        return self.low * (1 - share) + self.high * share

    def part(self, place: int) -> int:
        """Of which of the equal parts a place is; the last one has the end of the axis, too."""
        return min(place * PARTS // STEPS, PARTS - 1)


@dataclass(frozen=True)
class Outcome:
    """What a round gave: how often each answer, or each equal part of the axis, how many in all, and how many were right."""

    counts: tuple[int, ...]
    answers: int
    right: int


class Round:
    """The last answer of each voter, who is a number."""

    def __init__(self) -> None:
        self._answers = array("h")
        self.answers = 0

    def put(self, voter: int, answer: int) -> None:
        """Take an answer in the place of the voter's last one."""
        if voter >= len(self._answers):
            self._answers.extend([NONE] * (voter + 1 - len(self._answers)))
        self.answers += self._answers[voter] == NONE
        self._answers[voter] = answer

    def of(self, voter: int | None) -> int | None:
        """A voter's answer, None if there is none."""
        if voter is None or voter >= len(self._answers) or self._answers[voter] == NONE:
            return None
        return self._answers[voter]

    def counts(self) -> dict[int, int]:
        """How often each answer was given, those that were."""
        votes = Counter(self._answers)
        del votes[NONE]
        return dict(sorted(votes.items()))


class Ballot:
    """A scene in a room, its question, and the rounds in which it is answered, each of which has a number in the room."""

    def __init__(self, scene: Scene, axis: Axis | None, number: int) -> None:
        if isinstance(scene.question, Drag) and axis is None:
            raise InputError(say("axis"), say("none"), say("an axis that the answer is a place on"))
        self.scene, self.axis, self.number = scene, axis, number
        self.rounds = [Round()]
        self.revealed = False

    @property
    def question(self) -> Question | None:
        """What is asked."""
        return self.scene.question

    def is_about(self, scene: Scene, axis: Axis | None) -> bool:
        """Whether a scene asks the same, perhaps in other words."""
        return axis == self.axis and scene.link == self.scene.link and _shape(scene.question) == _shape(self.question)

    def again(self, number: int) -> None:
        """Begin another round under a seal; one without an answer goes on."""
        if self.rounds[-1].answers:
            self.rounds.append(Round())
            self.number = number
        self.revealed = False

    def answer(self, choice: object) -> int:
        """An answer as it is kept; InputError if it is none of this question."""
        match self.question:
            case Poll(options=options):
                if isinstance(choice, int) and not isinstance(choice, bool) and 0 <= choice < len(options):
                    return choice
                expected = say("a whole number from 0 to {last}", last=len(options) - 1)
                raise InputError(say("answer"), repr(choice)[:40], expected)
            case Drag() if self.axis:
                return self.axis.place(choice)  # type: ignore[arg-type]  # which looks at it
        raise InputError(say("answer"), repr(choice)[:40], say("nothing, since nothing is asked"))

    def is_right(self, answer: int) -> bool:
        """Whether an answer is right."""
        match self.question:
            case Poll(options=options):
                return options[answer].right
            case Drag(value=value, tolerance=tolerance) if self.axis:
                rounding = 1e-9 * (self.axis.high - self.axis.low)
                return abs(self.axis.value(answer) - value) <= tolerance + rounding
        return False

    def outcome(self, of_round: Round) -> Outcome:
        """What a round gave."""
        counted = of_round.counts()
        parts = [0] * (len(self.question.options) if isinstance(self.question, Poll) else PARTS)
        for answer, count in counted.items():
            parts[self.axis.part(answer) if self.axis and isinstance(self.question, Drag) else answer] += count
        right = sum(count for answer, count in counted.items() if self.is_right(answer))
        return Outcome(tuple(parts), of_round.answers, right)


def _shape(question: Question | None) -> object:
    match question:
        case Poll(options=options):
            return tuple(option.right for option in options)
        case Drag(value=value, tolerance=tolerance):
            return value, tolerance
    return None
