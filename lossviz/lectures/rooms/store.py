"""All rooms of the process.

A voter is a random word that the room gave to a phone; what is kept of it is a hash with a salt of the room.
"""

from __future__ import annotations

import hashlib
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock

from ...texts import say
from ..ballot import Axis, Ballot
from ..lecture import Scene
from ..pace import Pace
from .limits import (
    ADDRESS_LIMIT,
    IDLE,
    JOINS,
    LETTERS,
    LETTERS_IN_A_CODE,
    LONGEST,
    ROOM_LIMIT,
    ROUND_LIMIT,
    SCENE_LIMIT,
    SESSION_LIMIT,
    UNUSED,
    VOTER_LIMIT,
    VOTES,
)
from .refusals import NoRoomError, NotAllowedError, TooLateError, TooManyError
from .shown import AnswerCount, SceneKey, Tally, View, outcomes, results, view


@dataclass(frozen=True)
class Room:
    """What its lecturer is given: the code for everybody, and the token for nobody else."""

    code: str
    host: str


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
    scene: SceneKey | None = None
    ballots: dict[SceneKey, Ballot] = field(default_factory=dict)
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

    def ask(
        self, code: str, host: str, number: int, scene: Scene, axis: Axis | None = None, language: str = "", lecture: str = ""
    ) -> None:
        """Show a scene to the room, with its question if it has one; `axis` is what a place is dragged on.

        Doing so again, or coming back to a scene, keeps its answers and its seal as they are, in another language as well.
        `lecture` is the name of the scene's lecture, and `language` what it is written in, as HTML calls it.
        """
        with self._hosted(code, host) as room:
            key = SceneKey(lecture, number)
            known = room.ballots.get(key)
            if known is None and len(room.ballots) >= SCENE_LIMIT:
                raise TooManyError(say("A room takes {limit} scenes. Open a new one.", limit=SCENE_LIMIT))
            if known is not None and known.is_about(scene, axis):
                known.scene = scene
            else:
                room.ballots[key] = Ballot(scene, axis, room.next_ballot())
            room.scene, room.language = key, language

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
            return Tally(room.scene, len(on.rounds), on.revealed, phones, on.rounds[-1].answers, outcomes(on))

    def results(self, code: str, host: str) -> tuple[AnswerCount, ...]:
        """How often each answer was given to each question so far, but for one on the screen that is sealed."""
        with self._hosted(code, host) as room:
            return tuple(
                result
                for key, ballot in sorted(room.ballots.items())
                if ballot.question and (ballot.revealed or key != room.scene)
                for result in results(key, ballot)
            )

    def join(self, code: str, address: str, voter: str | None = None, keep: bool = False) -> str:
        """The word by which the room knows a phone; one that has a word keeps it. TooManyError if too many come at once.

        `keep`: it keeps its word also if that is not from this room.
        """
        with self._entered(code) as room:
            if voter and room.number(voter) is not None:
                return voter
            if len(room.voters) >= VOTER_LIMIT:
                raise TooManyError(say("This room is full: {limit} phones are in it.", limit=VOTER_LIMIT))
            if not self._joins.allows((room.code, address)):
                raise TooManyError(say("Too many phones join at once. Try again in a minute."))
            voter = voter if voter and keep else secrets.token_urlsafe(16)
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
            return view(room.on, room.number(voter), room.language)

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


ROOMS = Rooms()
"""A module is imported once: pages and plain routes see the same rooms."""
