"""What people are shown of a room: its lecturer, and a phone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

from ..ballot import Axis, Ballot, Outcome
from ..lecture import Poll


class SceneKey(NamedTuple):
    """Which scene of which lecture, in whatever language."""

    lecture: str
    number: int


@dataclass(frozen=True)
class Tally:
    """What the lecturer sees of the question that is on; while it is sealed, `outcomes` is empty, later it has every round.

    `phones` have joined; `answers` are those of the present round.
    """

    scene: SceneKey | None
    round: int
    revealed: bool
    phones: int
    answers: int
    outcomes: tuple[Outcome, ...]


@dataclass(frozen=True)
class AnswerCount:
    """A row of all results: how often an answer was given in a round. It tells of no voter."""

    lecture: str
    scene: int
    title: str
    question: str
    round: int
    answer: str
    count: int
    right: bool


@dataclass(frozen=True)
class View:
    """What a phone is shown. While a question is sealed, nothing in it tells what is right or what others think.

    `ballot` is the number that an answer has to name, 0 if nothing is asked; `own` is an index of the options, or a value.
    """

    title: str
    link: str
    language: str
    question: str
    options: tuple[str, ...]
    axis: Axis | None
    ballot: int
    round: int
    revealed: bool
    own: float | None
    answers: int
    outcomes: tuple[Outcome, ...] = ()
    right: tuple[int, ...] = ()
    value: float | None = None
    tolerance: float = 0.0
    why: str = ""


def outcomes(ballot: Ballot) -> tuple[Outcome, ...]:
    """What every round gave, if the seal is broken."""
    return tuple(map(ballot.outcome, ballot.rounds)) if ballot.revealed and ballot.question else ()


def results(key: SceneKey, ballot: Ballot) -> Iterator[AnswerCount]:
    """How often each answer was given to a question, round by round."""
    question = ballot.question
    for i, one in enumerate(ballot.rounds, 1):
        counted = one.counts()
        answers = range(len(question.options)) if isinstance(question, Poll) else sorted(counted)
        for answer in answers:
            text = question.options[answer].text if isinstance(question, Poll) else ""
            if ballot.axis and not isinstance(question, Poll):
                text = f"{ballot.axis.value(answer):.4g}"
            yield AnswerCount(
                *key,
                ballot.scene.title,
                question.text if question else "",
                i,
                text,
                counted.get(answer, 0),
                ballot.is_right(answer),
            )


def view(on: Ballot | None, voter: int | None, language: str) -> View:
    """What a phone is shown of what is on, in a room whose lecture is written in a language."""
    if on is None:
        return View("", "", language, "", (), None, 0, 0, False, None, 0)
    question, last = on.question, on.rounds[-1]
    own: float | None = last.of(voter)
    is_poll = isinstance(question, Poll)
    if own is not None and on.axis and not is_poll:
        own = on.axis.value(int(own))
    sealed = View(
        title=on.scene.title,
        link=(on.scene.then or on.scene.link) if on.revealed else "" if question else on.scene.link,
        language=language,
        question=question.text if question else "",
        options=tuple(option.text for option in question.options) if isinstance(question, Poll) else (),
        axis=None if is_poll or question is None else on.axis,
        ballot=on.number if question else 0,
        round=len(on.rounds),
        revealed=on.revealed,
        own=own,
        answers=last.answers,
    )
    return _unsealed(sealed, on) if on.revealed else sealed


def _unsealed(view: View, on: Ballot) -> View:
    match on.question:
        case Poll(options=options, why=why):
            right = tuple(i for i, option in enumerate(options) if option.right)
            return replace(view, outcomes=outcomes(on), right=right, why=why)
        case None:
            return view
    return replace(view, outcomes=outcomes(on), value=on.question.value, tolerance=on.question.tolerance, why=on.question.why)
