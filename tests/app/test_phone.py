"""The light page of a phone in a room, where a host runs the script and serves no routes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import AppTest

from lossviz.lectures.ballot import Axis
from lossviz.lectures.lecture import Drag, Option, Poll, Scene
from lossviz.lectures.rooms import ROOMS, Room
from lossviz.ui.server.room.place import ROUTES, link

from .components import components
from .pages import again, opened

POLL = Poll("Which *one*?", (Option("a"), Option("b", right=True), Option("[c](/x)")), why="because")
POLLED = Scene("Title", "/curves?loss=focal", question=POLL, then="/curves?loss=focal&gamma=2")
DRAGGED = Scene("Place", "/curves", question=Drag("Where?", 0.3, 0.05, why="there"))
SHOWN = Scene("Shown", "https://evil.example/curves?loss=focal")


@pytest.fixture
def room() -> Iterator[Room]:
    room = ROOMS.open()
    ROOMS.ask(room.code, room.host, 1, POLLED)
    yield room
    ROOMS.close(room.code, room.host)


def joined(room: Room, **words: str) -> AppTest:
    return opened("vote", {"room": room.code.lower(), **words})


def page_text(at: AppTest) -> str:
    return "\n".join(one.value for one in (*at.markdown, *at.caption, *at.warning))


def labels(at: AppTest) -> list[str]:
    return [button.label for button in at.button]


def pressed(at: AppTest, n: int) -> AppTest:
    at.button[n].click()
    return again(at)


def test_an_answer_is_given_changed_and_shown_at_the_reveal(room: Room) -> None:
    at = joined(room)
    assert labels(at) == ["a", "b", r"\[c\]\(\/x\)"], "what a lecture says is no markup"
    assert "Choose an answer" in page_text(at) and "because" not in page_text(at)
    for n in (0, 2, 1):
        at = pressed(at, n)
        assert [label.startswith("✓") for label in labels(at)] == [i == n for i in range(3)]
    assert "Your answer counts" in page_text(at) and "1 answer so far" in page_text(at)
    tally = ROOMS.tally(room.code, room.host)
    assert (tally.phones, tally.answers, tally.outcomes) == (1, 1, ())
    ROOMS.reveal(room.code, room.host)
    at = again(at)
    assert labels(at) == []
    assert all(text in page_text(at) for text in ("because", "Your answer is right.", "100% were right."))
    assert any("1 · 100%" in html.proto.body for html in at.get("html"))
    (button,) = at.get("link_button")
    assert button.proto.url.endswith("/curves?loss=focal&gamma=2")


def test_a_phone_is_light(room: Room) -> None:
    """No frame, no live component, no figure, no line of pages."""
    at = joined(room)
    assert components(at) == [] and not at.get("plotly_chart") and not at.get("bidi_component")
    assert not any("page-links" in html.proto.body for html in at.get("html"))


def test_no_name_in_the_line_of_pages_leads_to_it() -> None:
    line = next(html.proto.body for html in opened("curves").get("html") if "page-links" in html.proto.body)
    assert "./curves" in line and "vote" not in line


def test_a_place_on_the_axis_is_sent(room: Room) -> None:
    ROOMS.ask(room.code, room.host, 2, DRAGGED, Axis(0, 1, "p"))
    at = joined(room)
    assert (at.slider[0].label, at.slider[0].min, at.slider[0].max, at.slider[0].value) == ("p", 0, 1, 0.5)
    at.slider[0].set_value(0.32)
    at = again(at)
    assert ROOMS.tally(room.code, room.host).answers == 0, "nothing is sent before it is said so"
    assert labels(at) == ["Send 0.320"]
    at = pressed(at, 0)
    assert "Your answer counts" in page_text(at)
    ROOMS.reveal(room.code, room.host)
    at = again(at)
    assert all(text in page_text(at) for text in ("0.300 ± 0.050", "Your answer: 0.320", "Your answer is right.", "there"))


@pytest.mark.parametrize("axis", [Axis(-1e300, 1e300), Axis(1e-9, 2e-9), Axis(0, 2000)])
def test_any_axis_can_be_drawn(room: Room, axis: Axis) -> None:
    ROOMS.ask(room.code, room.host, 2, DRAGGED, axis)
    at = pressed(joined(room), 0)
    assert ROOMS.tally(room.code, room.host).answers == 1, page_text(at)


def test_a_second_vote_and_the_language_of_the_phone(room: Room) -> None:
    at = pressed(joined(room, lang="zh"), 0)
    ROOMS.reveal(room.code, room.host)
    ROOMS.again(room.code, room.host)
    at = again(at)
    assert "第 2 轮" in page_text(at) and not any(label.startswith("✓") for label in labels(at))
    at = pressed(at, 1)
    ROOMS.reveal(room.code, room.host)
    assert "100% 的人答对了；讨论前为 0%。" in page_text(again(at))


def test_an_answer_that_comes_too_late_is_told(room: Room) -> None:
    at = joined(room)
    ROOMS.reveal(room.code, room.host)
    assert "This question is over" in page_text(pressed(at, 0))
    assert ROOMS.tally(room.code, room.host).answers == 0


def test_a_phone_that_is_in_a_hurry_is_slowed_down(room: Room) -> None:
    at = joined(room)
    for n in range(40):
        at = pressed(at, n % 3)
        if "Too many answers" in page_text(at):
            break
    else:
        pytest.fail("a flood is let in")
    assert ROOMS.tally(room.code, room.host).answers == 1


def test_a_room_that_is_closed_says_so_and_another_can_be_joined(room: Room) -> None:
    other = ROOMS.open()
    ROOMS.ask(other.code, other.host, 1, SHOWN)
    at = joined(other)
    assert at.get("link_button")[0].proto.url == "http://localhost/curves?loss=focal", "it leads to no other server"
    ROOMS.close(other.code, other.host)
    at = again(at)
    assert "This room is gone" in page_text(at)
    at.text_input[0].set_value(f"{room.code[:2].lower()} {room.code[2:]}")
    at = pressed(at, 0)
    assert at.query_params["room"] == room.code
    assert labels(at)[:2] == ["a", "b"]


@pytest.mark.parametrize("code", ["", " ", "<b>", "x" * 500])
def test_without_a_room_there_is_a_door(code: str) -> None:
    at = opened("vote", {"room": code})
    assert labels(at) == ["Join"] and len(at.text_input) == 1
    assert "<b>" not in page_text(at)


def test_where_phones_go_depends_on_what_the_process_serves(monkeypatch: pytest.MonkeyPatch) -> None:
    assert link("https://a.example/x/curves", "K7M2X") == "https://a.example/x/vote?room=K7M2X"
    monkeypatch.setattr(ROUTES, "are_served", True)
    assert link("https://a.example/x/curves", "K7M2X") == "https://a.example/x/r/K7M2X"
