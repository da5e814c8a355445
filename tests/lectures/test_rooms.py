"""Rooms as lecturers and phones use them, and as strangers would misuse them."""

from __future__ import annotations

import math
import pickle
import random
import sys
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from lossviz.errors import InputError
from lossviz.lectures.ballot import PARTS, Axis
from lossviz.lectures.lecture import Drag, Option, Poll, Scene
from lossviz.lectures.pace import Pace
from lossviz.lectures.rooms import NoRoomError, NotAllowedError, Room, Rooms, TooLateError, TooManyError, plain
from lossviz.lectures.rooms.limits import (
    ADDRESS_LIMIT,
    IDLE,
    JOINS,
    LETTERS,
    LONGEST,
    ROOM_LIMIT,
    ROUND_LIMIT,
    SCENE_LIMIT,
    SESSION_LIMIT,
    UNUSED,
    VOTER_LIMIT,
    VOTES,
)

POLL = Poll("Which?", (Option("a", misconception="secret"), Option("b", right=True), Option("c")), why="because")
QUIZ = Scene("Scene", "/curves?loss=focal", question=POLL, then="/curves?loss=focal&gamma=2")
SHOWN = Scene("Shown", "/curves?loss=focal")
DRAG = Scene("Drag", "/curves", question=Drag("Where?", 2.0, 0.25, why="there"))
AXIS = Axis(0, 5, "γ")


class Clock:
    """Time that passes when a test says so."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def rooms(clock: Clock) -> Rooms:
    return Rooms(clock)


@pytest.fixture
def room(rooms: Rooms) -> Room:
    opened = rooms.open()
    rooms.ask(opened.code, opened.host, 0, QUIZ)
    return opened


def ballot(rooms: Rooms, room: Room) -> int:
    return rooms.view(room.code).ballot


def joined(rooms: Rooms, room: Room, count: int) -> list[str]:
    return [rooms.join(room.code, f"10.0.{i // 200}.{i % 200}") for i in range(count)]


def test_a_code_is_five_letters_that_look_like_no_other(rooms: Rooms) -> None:
    codes = {rooms.open().code for _ in range(ROOM_LIMIT)}
    assert len(codes) == ROOM_LIMIT
    assert all(len(code) == 5 and set(code) <= set(LETTERS) for code in codes)
    assert not set("01OILU") & set(LETTERS)


@pytest.mark.parametrize("typed", ["{}", " {} ", "\u3000{}\n"])
def test_a_code_may_be_typed_as_people_type(rooms: Rooms, room: Room, typed: str) -> None:
    code = room.code
    for spelled in (code, code.lower(), f"{code[:2]} {code[2:]}", f"{code[:3]}-{code[3:].lower()}"):
        assert plain(typed.format(spelled)) == code
        assert rooms.view(typed.format(spelled)).question == "Which?"


def test_the_last_voice_counts_and_there_is_one_for_each_voter(rooms: Rooms, room: Room) -> None:
    """Against a dictionary of what each latest last."""
    fate, latest = random.Random(5), {}
    voters = joined(rooms, room, 40)
    for _ in range(15 * 40):
        voter, answer = fate.choice(voters), fate.randrange(3)
        try:
            rooms.vote(room.code, voter, ballot(rooms, room), answer)
        except TooManyError:
            continue
        latest[voter] = answer
    assert rooms.tally(room.code, room.host).answers == len(latest)
    rooms.reveal(room.code, room.host)
    counts = Counter(latest.values())
    (outcome,) = rooms.tally(room.code, room.host).outcomes
    assert outcome.counts == tuple(counts[i] for i in range(3))
    assert (outcome.answers, outcome.right) == (len(latest), counts[1])
    assert all(rooms.view(room.code, voter).own == answer for voter, answer in latest.items())


def test_nothing_is_told_under_the_seal(rooms: Rooms, room: Room) -> None:
    """Not to phones, and not to the lecturer's screen: the pictures of both are the same whatever was answered."""
    first, second = joined(rooms, room, 2)
    rooms.vote(room.code, first, ballot(rooms, room), 0)
    views = []
    for answer in range(3):
        rooms.vote(room.code, second, ballot(rooms, room), answer)
        views.append((rooms.view(room.code), rooms.view(room.code, first), rooms.tally(room.code, room.host)))
    assert views[0] == views[1] == views[2]
    view, _, tally = views[0]
    assert (tally.answers, tally.phones, tally.outcomes) == (2, 2, ())
    assert (view.right, view.why, view.outcomes, view.value, view.link) == ((), "", (), None, "")
    assert rooms.results(room.code, room.host) == ()
    rooms.reveal(room.code, room.host)
    view = rooms.view(room.code)
    assert (view.right, view.why, view.link) == ((1,), "because", QUIZ.then)
    assert "secret" not in repr(view), "misconceptions are for the lecturer"


@pytest.mark.parametrize("host", ["", "x", None, 0, b"x", "ü" * 20, "\ud800", ["x"], "x" * 10**6])
def test_a_stranger_opens_no_seal_and_turns_no_scene(rooms: Rooms, room: Room, host: object) -> None:
    other = rooms.open()
    acts: list[Callable[[object], object]] = [
        lambda token: rooms.ask(room.code, token, 1, SHOWN),  # type: ignore[arg-type]
        lambda token: rooms.reveal(room.code, token),  # type: ignore[arg-type]
        lambda token: rooms.again(room.code, token),  # type: ignore[arg-type]
        lambda token: rooms.tally(room.code, token),  # type: ignore[arg-type]
        lambda token: rooms.results(room.code, token),  # type: ignore[arg-type]
        lambda token: rooms.close(room.code, token),  # type: ignore[arg-type]
    ]
    voter = rooms.join(room.code, "a")
    before = rooms.view(room.code)
    for act in acts:
        for token in (host, room.code, other.host, voter, room.host[:-1], room.host + "x", room.host.swapcase()):
            with pytest.raises(NotAllowedError):
                act(token)
    assert rooms.view(room.code) == before


def test_only_a_word_that_the_room_gave_has_a_voice(rooms: Rooms, room: Room) -> None:
    other = rooms.open()
    rooms.ask(other.code, other.host, 0, QUIZ)
    for stranger in (None, "", "x", rooms.join(other.code, "a"), room.host, "\ud800", "x" * 10**6):
        with pytest.raises(NotAllowedError):
            rooms.vote(room.code, stranger, ballot(rooms, room), 1)
    assert rooms.tally(room.code, room.host).answers == 0


def test_a_phone_that_joins_again_is_the_same(rooms: Rooms, room: Room) -> None:
    voter = rooms.join(room.code, "a")
    assert [rooms.join(room.code, "b", voter) for _ in range(1000)] == [voter] * 1000
    assert rooms.join(room.code, "a", "forged") not in ("forged", voter)
    assert rooms.tally(room.code, room.host).phones == 2


def test_late_voices_are_refused(rooms: Rooms, room: Room) -> None:
    voter, first = rooms.join(room.code, "a"), ballot(rooms, room)
    for number in (0, -1, first + 1, 10**30):
        with pytest.raises(TooLateError):
            rooms.vote(room.code, voter, number, 1)
    rooms.vote(room.code, voter, first, 1)
    rooms.reveal(room.code, room.host)
    with pytest.raises(TooLateError):
        rooms.vote(room.code, voter, first, 0)
    rooms.ask(room.code, room.host, 1, QUIZ)
    with pytest.raises(TooLateError):
        rooms.vote(room.code, voter, first, 0)
    rooms.ask(room.code, room.host, 2, SHOWN)
    with pytest.raises(TooLateError):
        rooms.vote(room.code, voter, ballot(rooms, room), 0)
    rooms.ask(room.code, room.host, 0, QUIZ)
    assert rooms.view(room.code, voter).own == 1


@pytest.mark.parametrize("answer", [-1, 3, 10**30, 1.0, 0.5, math.nan, True, None, "1", [1], {"a": 1}])
def test_what_is_no_option_is_refused(rooms: Rooms, room: Room, answer: object) -> None:
    voter = rooms.join(room.code, "a")
    with pytest.raises(InputError, match="from 0 to 2"):
        rooms.vote(room.code, voter, ballot(rooms, room), answer)
    assert rooms.tally(room.code, room.host).answers == 0


@pytest.mark.parametrize("answer", [-1e-9, 5.001, math.nan, math.inf, -math.inf, 10**400, True, None, "1", [1]])
def test_what_is_not_on_the_axis_is_refused(rooms: Rooms, room: Room, answer: object) -> None:
    rooms.ask(room.code, room.host, 1, DRAG, AXIS)
    voter = rooms.join(room.code, "a")
    with pytest.raises(InputError, match="from 0 to 5"):
        rooms.vote(room.code, voter, ballot(rooms, room), answer)


def test_places_on_an_axis_are_counted_in_its_parts(rooms: Rooms, room: Room) -> None:
    """By hand: 0 in the first part, 5 in the last, 1.75 and 2.25 just right."""
    rooms.ask(room.code, room.host, 1, DRAG, AXIS)
    answers = (0, 0.2, 0.25, 1.745, 1.75, 2, 2.25, 2.255, 5)
    voters = joined(rooms, room, len(answers))
    for voter, answer in zip(voters, answers, strict=True):
        rooms.vote(room.code, voter, ballot(rooms, room), answer)
    rooms.reveal(room.code, room.host)
    (outcome,) = rooms.tally(room.code, room.host).outcomes
    assert outcome.right == 3
    parts = {part: count for part, count in enumerate(outcome.counts) if count}
    assert parts == {0: 2, 1: 1, 6: 1, 7: 1, 8: 1, 9: 2, 19: 1} and len(outcome.counts) == PARTS
    assert rooms.view(room.code, voters[3]).own == pytest.approx(1.745)
    rows = rooms.results(room.code, room.host)
    assert [(row.answer, row.count, row.right) for row in rows][6:10] == [
        ("1.745", 1, False),
        ("1.75", 1, True),
        ("2", 1, True),
        ("2.25", 1, True),
    ]


def test_another_lecture_counts_for_itself_and_another_language_goes_on(rooms: Rooms, room: Room) -> None:
    """Also where it asks at the same place what looks the same."""
    voter, other = joined(rooms, room, 2)

    def ask(lecture: str, title: str, language: str) -> None:
        rooms.ask(room.code, room.host, 2, replace(QUIZ, title=title), None, language, lecture)

    ask("names", "Names", "en")
    first = ballot(rooms, room)
    rooms.vote(room.code, voter, first, 1)
    ask("focal", "Focal", "en")
    assert rooms.tally(room.code, room.host).answers == 0
    with pytest.raises(TooLateError):
        rooms.vote(room.code, other, first, 2)
    rooms.vote(room.code, other, ballot(rooms, room), 0)
    ask("names", "名称", "zh-Hans")
    assert (ballot(rooms, room), rooms.view(room.code, voter).own) == (first, 1)
    assert rooms.tally(room.code, room.host).answers == 1
    rooms.reveal(room.code, room.host)
    rows = [row for row in rooms.results(room.code, room.host) if row.count]
    assert [(row.lecture, row.scene, row.title, row.answer) for row in rows] == [
        ("focal", 2, "Focal", "a"),
        ("names", 2, "名称", "b"),
    ]


@pytest.mark.parametrize(("low", "high"), [(0, 1), (-3, 3), (1e-9, 2e-9), (-1e300, 1e300), (0.1, 0.3)])
def test_a_place_keeps_its_value(low: float, high: float) -> None:
    axis = Axis(low, high)
    for place in range(1001):
        value = axis.value(place)
        assert low <= value <= high and axis.place(value) == place
    assert (axis.value(0), axis.value(1000)) == (low, high)


@pytest.mark.parametrize(("low", "high"), [(1, 1), (2, 1), (math.nan, 1), (0, math.inf)])
def test_an_axis_has_two_ends(low: float, high: float) -> None:
    with pytest.raises(InputError, match="axis: found"):
        Axis(low, high)


def test_a_place_is_asked_for_on_an_axis(rooms: Rooms, room: Room) -> None:
    with pytest.raises(InputError, match="axis: found none"):
        rooms.ask(room.code, room.host, 1, DRAG)
    assert rooms.view(room.code).title == "Scene", "what was on stays on"


def test_the_edge_of_the_tolerance_is_right(rooms: Rooms, room: Room) -> None:
    """0.4 − 0.3 is more than 0.1 for a computer."""
    rooms.ask(room.code, room.host, 1, Scene("Drag", "/curves", question=Drag("Where?", 0.3, 0.1)), Axis(0, 1))
    for voter, answer in zip(joined(rooms, room, 4), (0.2, 0.4, 0.199, 0.401), strict=True):
        rooms.vote(room.code, voter, ballot(rooms, room), answer)
    rooms.reveal(room.code, room.host)
    assert rooms.tally(room.code, room.host).outcomes[0].right == 2


def test_another_axis_or_picture_is_another_question(rooms: Rooms, room: Room) -> None:
    voter = rooms.join(room.code, "a")
    other = Scene(DRAG.title, "/surfaces", question=DRAG.question)
    for scene, axis in ((DRAG, AXIS), (DRAG, Axis(0, 4)), (other, Axis(0, 4))):
        rooms.ask(room.code, room.host, 1, scene, axis)
        assert rooms.view(room.code, voter).own is None
        rooms.vote(room.code, voter, ballot(rooms, room), 1.0)


def test_a_second_vote_is_sealed_and_the_first_is_kept(rooms: Rooms, room: Room) -> None:
    voters = joined(rooms, room, 4)
    for voter in voters:
        rooms.vote(room.code, voter, ballot(rooms, room), 0)
    old = ballot(rooms, room)
    rooms.again(room.code, room.host)
    assert rooms.tally(room.code, room.host).outcomes == ()
    assert rooms.view(room.code, voters[0]).own is None
    with pytest.raises(TooLateError):
        rooms.vote(room.code, voters[0], old, 0)
    for voter in voters[1:]:
        rooms.vote(room.code, voter, ballot(rooms, room), 1)
    rooms.reveal(room.code, room.host)
    tally = rooms.tally(room.code, room.host)
    assert [(one.counts, one.right) for one in tally.outcomes] == [((4, 0, 0), 0), ((0, 3, 0), 3)]
    assert tally.round == 2
    assert [(row.round, row.answer, row.count, row.right) for row in rooms.results(room.code, room.host)] == [
        (1, "a", 4, False),
        (1, "b", 0, True),
        (1, "c", 0, False),
        (2, "a", 0, False),
        (2, "b", 3, True),
        (2, "c", 0, False),
    ]


def test_a_key_that_is_pressed_twice_makes_one_round(rooms: Rooms, room: Room) -> None:
    rooms.vote(room.code, rooms.join(room.code, "a"), ballot(rooms, room), 0)
    for _ in range(50):
        rooms.again(room.code, room.host)
    assert rooms.tally(room.code, room.host).round == 2
    rooms.reveal(room.code, room.host)
    rooms.again(room.code, room.host)
    assert (rooms.tally(room.code, room.host).round, rooms.tally(room.code, room.host).revealed) == (2, False)


def test_asking_again_and_coming_back_keep_answers_and_seal(rooms: Rooms, room: Room) -> None:
    voter = rooms.join(room.code, "a")
    rooms.vote(room.code, voter, ballot(rooms, room), 2)
    before = rooms.view(room.code, voter)
    rooms.ask(room.code, room.host, 0, QUIZ)
    rooms.ask(room.code, room.host, 1, SHOWN)
    assert rooms.view(room.code, voter).link == "/curves?loss=focal"
    rooms.ask(room.code, room.host, 0, QUIZ)
    assert rooms.view(room.code, voter) == before
    rooms.reveal(room.code, room.host)
    rooms.ask(room.code, room.host, 1, SHOWN)
    rooms.ask(room.code, room.host, 0, QUIZ)
    assert rooms.view(room.code, voter).revealed


def test_the_same_question_in_other_words_keeps_answers_and_another_question_does_not(rooms: Rooms, room: Room) -> None:
    voter = rooms.join(room.code, "a")
    rooms.vote(room.code, voter, ballot(rooms, room), 2)
    words = Poll("哪个？", (Option("甲"), Option("乙", right=True), Option("丙")))
    rooms.ask(room.code, room.host, 0, Scene("场景", QUIZ.link, question=words), language="zh-CN")
    view = rooms.view(room.code, voter)
    assert (view.own, view.question, view.language) == (2, "哪个？", "zh-CN")
    other = Poll("Which?", (Option("a", right=True), Option("b"), Option("c")))
    rooms.ask(room.code, room.host, 0, Scene("Scene", QUIZ.link, question=other))
    assert rooms.view(room.code, voter).own is None
    with pytest.raises(TooLateError):
        rooms.vote(room.code, voter, view.ballot, 0)


def test_rooms_are_bounded(rooms: Rooms) -> None:
    for _ in range(SESSION_LIMIT):
        mine = rooms.open("me")
    with pytest.raises(TooManyError, match="Close one"):
        rooms.open("me")
    rooms.close(mine.code, mine.host)
    rooms.open("me")
    for i in range(ADDRESS_LIMIT):
        rooms.open(f"session {i}", "10.0.0.1")
    with pytest.raises(TooManyError, match="too many rooms"):
        rooms.open("another session", "10.0.0.1")
    for _ in range(ROOM_LIMIT - ADDRESS_LIMIT - SESSION_LIMIT):
        rooms.open()
    with pytest.raises(TooManyError, match="too many rooms"):
        rooms.open("somebody", "10.0.0.2")


def test_voters_scenes_and_rounds_are_bounded(rooms: Rooms, room: Room) -> None:
    voters = joined(rooms, room, VOTER_LIMIT)
    with pytest.raises(TooManyError, match="full"):
        rooms.join(room.code, "one more")
    assert rooms.join(room.code, "one of them", voters[0]) == voters[0]
    for number in range(1, SCENE_LIMIT):
        rooms.ask(room.code, room.host, number, SHOWN)
    with pytest.raises(TooManyError, match="scenes"):
        rooms.ask(room.code, room.host, SCENE_LIMIT, SHOWN)
    rooms.ask(room.code, room.host, 0, QUIZ)
    for _ in range(ROUND_LIMIT - 1):
        rooms.vote(room.code, voters[0], ballot(rooms, room), 0)
        rooms.again(room.code, room.host)
    rooms.vote(room.code, voters[0], ballot(rooms, room), 0)
    with pytest.raises(TooManyError, match="rounds"):
        rooms.again(room.code, room.host)


def test_a_course_joins_at_once_from_one_address_and_a_flood_does_not(rooms: Rooms, clock: Clock) -> None:
    first = rooms.open()
    let_in = 0
    for i in range(100_000):
        clock.now = 1000 + 60 * i / 100_000
        try:
            rooms.join(first.code, "the address of the course")
            let_in += 1
        except TooManyError:
            pass
        if i == 200:
            assert let_in == 201
    assert let_in == JOINS["burst"] + 60 * JOINS["rate"] - 1
    rooms.join(first.code, "somebody elsewhere")
    rooms.join(rooms.open().code, "the address of the course")


def test_a_flood_of_one_voter_is_refused_and_holds_up_nobody(rooms: Rooms, room: Room, clock: Clock) -> None:
    voter, other = joined(rooms, room, 2)
    refused = 0
    for i in range(10_000):
        clock.now = 1000 + i / 1000
        try:
            rooms.vote(room.code, voter, ballot(rooms, room), i % 3)
        except TooManyError:
            refused += 1
    assert 10_000 - refused <= VOTES["burst"] + 10 * VOTES["rate"] + 1
    rooms.vote(room.code, other, ballot(rooms, room), 0)
    assert rooms.tally(room.code, room.host).answers == 2


def test_a_room_is_forgotten_in_time(rooms: Rooms, clock: Clock) -> None:
    unused, used, busy = (rooms.open() for _ in range(3))
    for one in (used, busy):
        rooms.join(one.code, "a")
    clock.now += UNUSED + 1
    with pytest.raises(NoRoomError):
        rooms.view(unused.code)
    with pytest.raises(NoRoomError):
        rooms.tally(unused.code, unused.host)
    rooms.view(used.code)
    while clock.now <= 1000 + LONGEST:
        rooms.tally(busy.code, busy.host)
        clock.now += IDLE / 2
    rooms_left = {code for code in (unused.code, used.code) if code in rooms._rooms}
    assert rooms_left == set()
    with pytest.raises(NoRoomError, match="gone"):
        rooms.view(busy.code)


def test_looking_alone_keeps_no_room(rooms: Rooms, room: Room, clock: Clock) -> None:
    rooms.join(room.code, "a")
    for _ in range(int(IDLE / 60)):
        clock.now += 60
        rooms.view(room.code)
    clock.now += 60
    with pytest.raises(NoRoomError):
        rooms.view(room.code)


def test_a_closed_room_is_gone(rooms: Rooms, room: Room) -> None:
    voter = rooms.join(room.code, "a")
    rooms.close(room.code, room.host)
    for act in (
        lambda: rooms.view(room.code),
        lambda: rooms.join(room.code, "a", voter),
        lambda: rooms.vote(room.code, voter, 1, 1),
        lambda: rooms.close(room.code, room.host),
    ):
        with pytest.raises(NoRoomError):
            act()


@pytest.mark.parametrize("code", ["", "     ", "00000", "../..", "x" * 10**5, "\x00", "\ud800", "ſſſſſ"])
def test_there_is_no_room_with_a_code_that_nobody_was_given(rooms: Rooms, code: str) -> None:
    with pytest.raises(NoRoomError):
        rooms.view(code)


def test_voters_are_kept_as_hashes_with_a_salt_of_the_room(rooms: Rooms) -> None:
    """The same word in two rooms is two hashes, and nothing that is kept has the word."""
    first, second = rooms.open(), rooms.open()
    voter = rooms.join(first.code, "10.9.8.7")
    kept = [rooms._rooms[one.code] for one in (first, second)]
    assert kept[0].hashed(voter) != kept[1].hashed(voter)
    assert voter.encode() not in pickle.dumps(kept[0]) and b"10.9.8.7" not in pickle.dumps(kept[0])


def test_threads_lose_and_double_no_voice(rooms: Rooms, room: Room) -> None:
    voters = joined(rooms, room, 400)
    number = ballot(rooms, room)

    def answer(some: list[str]) -> None:
        for voter in some:
            for choice in (0, 2, 1):
                rooms.vote(room.code, voter, number, choice)
                rooms.view(room.code, voter)
                rooms.tally(room.code, room.host)

    threads = [threading.Thread(target=answer, args=(voters[i::8],)) for i in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    rooms.reveal(room.code, room.host)
    (outcome,) = rooms.tally(room.code, room.host).outcomes
    assert outcome.counts == (0, 400, 0) and outcome.answers == 400


def test_threads_join_as_so_many_voters(rooms: Rooms, room: Room) -> None:
    """Where threads take turns at every step, two of them must not get one number."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(8) as pool:
            voters = list(pool.map(lambda i: rooms.join(room.code, f"address {i}"), range(VOTER_LIMIT)))
    finally:
        sys.setswitchinterval(interval)
    for voter in voters:
        rooms.vote(room.code, voter, ballot(rooms, room), 1)
    assert rooms.tally(room.code, room.host).answers == VOTER_LIMIT


def test_who_waits_may_do_no_more_at_once_than_others() -> None:
    clock = Clock()
    pace = Pace(1, 3, clock)
    for seconds, allowed in ((0, 3), (1e6, 3), (2, 2), (0.5, 0), (0.5, 1)):
        clock.now += seconds
        assert sum(pace.allows("a") for _ in range(10)) == allowed


def test_a_pace_remembers_so_many_keys() -> None:
    pace = Pace(1, 2, Clock(), remembered=10)
    for key in range(1000):
        assert pace.allows(key)
    assert len(pace._left) == 10
