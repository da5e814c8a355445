"""Rooms of an audience: what is on, and who has answered what. In this process only, bounded, and forgotten after a while.

A voter is a random word that the room gave to a phone; what is kept of it is a hash with a salt of the room.
"""

from __future__ import annotations

import hashlib
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from threading import Lock

from ..texts import say
from .ballot import Axis, Ballot, Outcome
from .lecture import Poll, Scene
from .pace import Pace

LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""None of them looks like another."""

LETTERS_IN_A_CODE = 5

ROOM_LIMIT, SESSION_LIMIT, ADDRESS_LIMIT = 200, 3, 40
"""How many rooms there may be in the process, of one session, and from one address."""

VOTER_LIMIT, SCENE_LIMIT, ROUND_LIMIT = 1000, 300, 9
"""How many voters and scenes a room takes, and how many rounds a question."""

IDLE, UNUSED, LONGEST = 2 * 3600.0, 900.0, 12 * 3600.0
"""Seconds after which a room is forgotten: in which nothing happens, into which nobody has come, and in any case."""

JOINS = {"rate": 1.0, "burst": 400.0}
"""Of one address into one room: a whole course may sit behind it."""

VOTES = {"rate": 3.0, "burst": 20.0}
"""Of one voter: as often as fingers can."""


class RoomError(Exception):
    """What a room does not do, in words for the one who asked for it."""


class NoRoomError(RoomError):
    """There is no room with such a code, or not any more."""

    def __init__(self) -> None:
        super().__init__(
            say(
                "This room is gone: it was closed, nobody used it for long, or the server has started anew. "
                "Ask for a new code, or open a new room."
            )
        )


class NotAllowedError(RoomError):
    """Somebody who is not the lecturer, or a phone that has not joined."""


class TooManyError(RoomError):
    """A limit has been reached."""


class TooLateError(RoomError):
    """An answer to what is not asked, or not any more."""


@dataclass(frozen=True)
class Room:
    """What its lecturer is given: the code for everybody, and the token for nobody else."""

    code: str
    host: str


@dataclass(frozen=True)
class Tally:
    """What the lecturer sees of the question that is on; while it is sealed, `outcomes` is empty, later it has every round.

    `phones` have joined; `answers` are those of the present round.
    """

    scene: int | None
    round: int
    revealed: bool
    phones: int
    answers: int
    outcomes: tuple[Outcome, ...]


@dataclass(frozen=True)
class AnswerCount:
    """A row of all results: how often an answer was given in a round. It tells of no voter."""

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


@dataclass
class _Room:
    code: str
    host: str
    session: str
    address: str
    opened: float
    used: float
    salt: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    language: str = ""
    scene: int | None = None
    ballots: dict[int, Ballot] = field(default_factory=dict)
    voters: dict[bytes, int] = field(default_factory=dict)
    last_ballot: int = 0

    @property
    def on(self) -> Ballot | None:
        """What is on the screen."""
        return None if self.scene is None else self.ballots[self.scene]

    def hashed(self, voter: str) -> bytes:
        return hashlib.blake2b(voter.encode(errors="replace"), key=self.salt, digest_size=16).digest()

    def number(self, voter: str | None) -> int | None:
        """Which voter somebody is; None if the room gave no such word."""
        return None if not voter else self.voters.get(self.hashed(voter))

    def next_ballot(self) -> int:
        self.last_ballot += 1
        return self.last_ballot


class Rooms:
    """All rooms of a process. Every method may be called from any thread; NoRoomError if there is no such room."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._lock = clock, Lock()
        self._rooms: OrderedDict[str, _Room] = OrderedDict()
        self._joins, self._votes = (Pace(limit["rate"], limit["burst"], clock) for limit in (JOINS, VOTES))

    def open(self, session: str = "", address: str = "") -> Room:
        """A new room, opened in a session from an address, as far as they are known; TooManyError if there are too many."""
        with self._lock:
            self._forget()
            rooms = self._rooms.values()
            if session and sum(room.session == session for room in rooms) >= SESSION_LIMIT:
                raise TooManyError(say("You have {limit} rooms already. Close one of them first.", limit=SESSION_LIMIT))
            of_address = sum(room.address == address for room in rooms) if address else 0
            if len(rooms) >= ROOM_LIMIT or of_address >= ADDRESS_LIMIT:
                raise TooManyError(
                    say("There are too many rooms on this server at the moment. Try again in a quarter of an hour.")
                )
            now = self._clock()
            room = _Room(self._new_code(), secrets.token_urlsafe(16), session, address, now, now)
            self._rooms[room.code] = room
            return Room(room.code, room.host)

    def ask(self, code: str, host: str, number: int, scene: Scene, axis: Axis | None = None, language: str = "") -> None:
        """Show a scene to the room, with its question if it has one; `axis` is what a place is dragged on.

        Doing so again, or coming back to a scene, keeps its answers and its seal as they are. `language` is what the lecture
        is written in, as HTML calls it.
        """
        with self._hosted(code, host) as room:
            known = room.ballots.get(number)
            if known is None and len(room.ballots) >= SCENE_LIMIT:
                raise TooManyError(say("A room takes {limit} scenes. Open a new one.", limit=SCENE_LIMIT))
            if known is not None and known.is_about(scene, axis):
                known.scene = scene
            else:
                room.ballots[number] = Ballot(scene, axis, room.next_ballot())
            room.scene, room.language = number, language

    def reveal(self, code: str, host: str) -> None:
        """Break the seal of the question that is on; from now on no answer is taken."""
        with self._hosted(code, host) as room:
            if room.on:
                room.on.revealed = True

    def again(self, code: str, host: str) -> None:
        """Let the room answer once more, under a new seal; what came before is kept for comparison."""
        with self._hosted(code, host) as room:
            if room.on and len(room.on.rounds) >= ROUND_LIMIT and room.on.rounds[-1].answers:
                raise TooManyError(say("A question takes {limit} rounds.", limit=ROUND_LIMIT))
            if room.on:
                room.on.again(room.next_ballot())

    def close(self, code: str, host: str) -> None:
        """Forget a room and all that was said in it."""
        with self._hosted(code, host) as room:
            del self._rooms[room.code]

    def tally(self, code: str, host: str) -> Tally:
        """How many have answered; what, only after the reveal."""
        with self._hosted(code, host) as room:
            on, phones = room.on, len(room.voters)
            if on is None:
                return Tally(None, 0, False, phones, 0, ())
            return Tally(room.scene, len(on.rounds), on.revealed, phones, on.rounds[-1].answers, _outcomes(on))

    def results(self, code: str, host: str) -> tuple[AnswerCount, ...]:
        """How often each answer was given to each question so far, but for one on the screen that is sealed."""
        with self._hosted(code, host) as room:
            return tuple(
                result
                for number, ballot in sorted(room.ballots.items())
                if ballot.question and (ballot.revealed or number != room.scene)
                for result in _results(number, ballot)
            )

    def join(self, code: str, address: str, voter: str | None = None) -> str:
        """The word by which the room knows a phone; one that has a word keeps it. TooManyError if too many come at once."""
        with self._entered(code) as room:
            if voter and room.number(voter) is not None:
                return voter
            if len(room.voters) >= VOTER_LIMIT:
                raise TooManyError(say("This room is full: {limit} phones are in it.", limit=VOTER_LIMIT))
            if not self._joins.allows((room.code, address)):
                raise TooManyError(say("Too many phones join at once. Try again in a minute."))
            voter = secrets.token_urlsafe(16)
            room.voters[room.hashed(voter)] = len(room.voters)
            room.used = self._clock()
            return voter

    def vote(self, code: str, voter: str | None, ballot: int, answer: object) -> None:
        """Take a phone's answer in the place of its last one: an index of the options, or a value on the axis.

        NotAllowedError from a phone that has not joined, TooManyError in a flood, TooLateError to what is not asked any more,
        and InputError for what is no answer.
        """
        with self._entered(code) as room:
            number = room.number(voter)
            if number is None:
                raise NotAllowedError(say("This phone has not joined the room."))
            if not self._votes.allows((room.code, number)):
                raise TooManyError(say("Too many answers at once. Wait a few seconds."))
            on = room.on
            if on is None or on.question is None or on.revealed or ballot != on.number:
                raise TooLateError(say("This question is over. Your last answer counts."))
            on.rounds[-1].put(number, on.answer(answer))
            room.used = self._clock()

    def view(self, code: str, voter: str | None = None) -> View:
        """What a phone is shown."""
        with self._entered(code) as room:
            return _view(room, room.number(voter))

    @contextmanager
    def _entered(self, code: str) -> Iterator[_Room]:
        with self._lock:
            self._forget()
            room = self._rooms.get(plain(code))
            if room is None:
                raise NoRoomError
            yield room

    @contextmanager
    def _hosted(self, code: str, host: str) -> Iterator[_Room]:
        with self._entered(code) as room:
            if not secrets.compare_digest(str(host).encode(errors="replace"), room.host.encode()):
                raise NotAllowedError(say("Only who opened the room may do this."))
            room.used = self._clock()
            yield room

    def _new_code(self) -> str:
        while True:
            code = "".join(secrets.choice(LETTERS) for _ in range(LETTERS_IN_A_CODE))
            if code not in self._rooms:
                return code

    def _forget(self) -> None:
        now = self._clock()
        for code, room in list(self._rooms.items()):
            idle = now - room.used
            if idle > IDLE or now - room.opened > LONGEST or (idle > UNUSED and not room.voters):
                del self._rooms[code]


def plain(code: str) -> str:
    """A code as it is kept, of one as people type it.

    >>> plain(" k7-m 2x")
    'K7M2X'
    """
    return "".join(code.replace("-", "").split()).upper()


def _outcomes(ballot: Ballot) -> tuple[Outcome, ...]:
    """What every round gave, if the seal is broken."""
    return tuple(map(ballot.outcome, ballot.rounds)) if ballot.revealed and ballot.question else ()


def _results(number: int, ballot: Ballot) -> Iterator[AnswerCount]:
    question = ballot.question
    for i, one in enumerate(ballot.rounds, 1):
        counted = one.counts()
        answers = range(len(question.options)) if isinstance(question, Poll) else sorted(counted)
        for answer in answers:
            text = question.options[answer].text if isinstance(question, Poll) else ""
            if ballot.axis and not isinstance(question, Poll):
                text = f"{ballot.axis.value(answer):.4g}"
            yield AnswerCount(
                number,
                ballot.scene.title,
                question.text if question else "",
                i,
                text,
                counted.get(answer, 0),
                ballot.is_right(answer),
            )


def _view(room: _Room, voter: int | None) -> View:
    on = room.on
    if on is None:
        return View("", "", room.language, "", (), None, 0, 0, False, None, 0)
    question, last = on.question, on.rounds[-1]
    own: float | None = last.of(voter)
    is_poll = isinstance(question, Poll)
    if own is not None and on.axis and not is_poll:
        own = on.axis.value(int(own))
    view = View(
        title=on.scene.title,
        link=(on.scene.then or on.scene.link) if on.revealed else "" if question else on.scene.link,
        language=room.language,
        question=question.text if question else "",
        options=tuple(option.text for option in question.options) if isinstance(question, Poll) else (),
        axis=None if is_poll or question is None else on.axis,
        ballot=on.number if question else 0,
        round=len(on.rounds),
        revealed=on.revealed,
        own=own,
        answers=last.answers,
    )
    return _unsealed(view, on) if on.revealed else view


def _unsealed(view: View, on: Ballot) -> View:
    match on.question:
        case Poll(options=options, why=why):
            right = tuple(i for i, option in enumerate(options) if option.right)
            return replace(view, outcomes=_outcomes(on), right=right, why=why)
        case None:
            return view
    return replace(view, outcomes=_outcomes(on), value=on.question.value, tolerance=on.question.tolerance, why=on.question.why)


ROOMS = Rooms()
"""A module is imported once: pages and plain routes see the same rooms."""
