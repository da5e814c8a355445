"""The lecturer's side of a room: its code, who has joined, how many have answered, and what, once the answer is shown."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import astuple
from typing import Any

from ...languages import language
from ...lectures.qr import qr_svg
from ...lectures.rooms import ROOMS, NoRoomError, Room, RoomError, Tally
from ...numbers import counted
from ...texts import say
from .. import elements as st
from ..controls.field import popover
from ..server.room.place import link
from ..server.training_queue import watcher
from ..session.store import current_session
from . import tally_bars
from .axis import axis_of
from .stage import OWN, OnStage, ask_again


def draw(at: OnStage) -> None:
    """A chip with the code, and of a question what the room has said of it."""
    present = current_session().lecture
    if present.room:
        _keep_in_step(at, present.room)
    title = say("Room **{code}**", code=present.room.code) if present.room else say("Room")
    with popover(title, key="chip-room", icon=":material/groups:"):
        _inside(present.room)
    if present.room_gone:
        st.warning("The room is gone: the server was started anew, or nobody used the room for long. Open a new one.")
    if present.room and at.scene.question:
        _answers(at, present.room)


def adopt(at: OnStage, room: Mapping[str, Any]) -> None:
    """Go on with a room that this browser has opened before the page was loaded anew."""
    present = current_session().lecture
    try:
        tally = ROOMS.tally(str(room["code"]), str(room["host"]))
        present.room = Room(str(room["code"]), str(room["host"]))
        if tally.revealed and tally.scene == (_name(at), at.number):
            present.revealed.add((at.name, at.number))
    except NoRoomError:
        present.room_gone = present.room_left = True
    except RoomError:
        present.room_gone = False  # somebody else's: nothing is said of it


def _keep_in_step(at: OnStage, room: Room) -> None:
    """Show the room the scene that is on."""
    present = current_session()
    try:
        tag = language(present.language).tag
        ROOMS.ask(room.code, room.host, at.number, at.scene, axis_of(at.scene), tag, _name(at))
        if at.scene.question and not at.is_sealed:
            ROOMS.reveal(room.code, room.host)
    except NoRoomError:
        present.lecture.room, present.lecture.room_gone, present.lecture.room_left = None, True, True


def _name(at: OnStage) -> str:
    """What the room calls the lecture: the same in every language, and another one for every lecture of one's own."""
    return at.lecture.title if at.name == OWN else at.name


def _inside(room: Room | None) -> None:
    if room is None:
        st.markdown(
            "Phones join with a code, without an account or a name. A question appears on them with its scene, and the answers "
            "stay sealed until you show the right one."
        )
        st.button("Open a room", on_click=_open, type="primary")
        if current_session().lecture.room_problem:
            st.error(current_session().lecture.room_problem)
        return
    url = address(room.code)
    st.html(f'<img class="room-code" src="{qr_svg(url)}" alt="">')
    st.markdown(say("[{link}]({link})", link=url))
    st.caption(counted(ROOMS.tally(room.code, room.host).phones, "phone"))
    with st.container(horizontal=True, gap="small"):
        st.download_button(
            "Results (CSV)", lambda: results(room), f"lossviz-room-{room.code}.csv", "text/csv", on_click="ignore",
            help="How often each answer was given, in each round; nothing about who gave it.",
        )  # fmt: skip
        st.button("Close the room", on_click=_close)


def address(code: str) -> str:
    """The link of a room: beside the pages of this app, wherever a proxy has put it."""
    return link(str(st.context.url or "http://localhost/"), code)


def _open() -> None:
    present = current_session().lecture
    try:
        present.room = ROOMS.open(watcher(), str(st.context.ip_address or ""))
        present.room_gone, present.room_left, present.room_problem = False, False, ""
    except RoomError as error:
        present.room_problem = error.args[0]


def _close() -> None:
    present = current_session().lecture
    if present.room:
        with suppress(NoRoomError):
            ROOMS.close(present.room.code, present.room.host)
        present.room, present.room_left = None, True


def _answers(at: OnStage, room: Room) -> None:
    """How many have answered; once the answer is shown, what."""
    if at.is_sealed:
        _counted(room)
        return
    tally = ROOMS.tally(room.code, room.host)
    question = at.scene.question
    assert question
    st.html(tally_bars.html(question, tally, axis_of(at.scene)))
    st.button("Vote again", on_click=ask_again, icon=":material/replay:", help="After talking it over, under a new seal (v).")


@st.fragment(run_every=1.0)
def _counted(room: Room) -> None:
    try:
        tally = ROOMS.tally(room.code, room.host)
    except NoRoomError:
        st.rerun()
    st.markdown(_in_words(tally))


def _in_words(tally: Tally) -> str:
    return say("**{answers}** answered · {phones}", answers=tally.answers, phones=counted(tally.phones, "phone"))


def results(room: Room) -> str:
    """How often each answer was given so far, as CSV; no voter is in it."""
    file = io.StringIO()
    rows = csv.writer(file)
    rows.writerow(("lecture", "scene", "title", "question", "round", "answer", "count", "right"))
    for one in ROOMS.results(room.code, room.host):
        rows.writerow(astuple(one))
    return file.getvalue()
