"""The remote control of a lecture: keys and clickers, full screen, a dark screen, and notes for who speaks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from ...components.registering import registered
from ...session import address, receive_unheard
from ...session.store import current_session
from .. import room
from ..stage import OnStage, ask_again, leave, on_stage, open_scene, reveal

FOLDER = Path(__file__).parent

REMOTE = "lossviz-remote"


@cache
def _remote(language: str) -> Any:
    return registered("remote", FOLDER, language)


def mount(at: OnStage) -> None:
    """Draw it, and do what is asked with it."""
    following, present = at.next_scene, current_session()
    data = {
        "number": at.number,
        "count": len(at.lecture.scenes),
        "sealed": at.is_sealed,
        "note": at.scene.note,
        "next": following.title if following else "",
        "room": asdict(present.lecture.room) if present.lecture.room else None,
        "left": present.lecture.room_left,
    }
    act = _remote(current_session().language)(data=data, key=REMOTE, on_act_change=_note_act).act
    if act and act["from"] == at.number and act["id"] > present.lecture.last_remote:
        _do(act)  # the first run of a session calls nobody back: the browser has had another server before
        st.rerun()


def _note_act() -> None:
    if act := st.session_state.get(REMOTE, {}).get("act"):
        _do(act)


def _do(act: Mapping[str, Any]) -> None:
    current_session().lecture.last_remote = act["id"]
    receive_unheard(act["before"])
    address.leave()
    at, _ = on_stage()
    if at is None:
        return
    match act["what"]:
        case "forward" if not act["sealed"]:
            open_scene(at.name, at.number + 1)
        case "forward" if act["from"] == at.number:
            reveal()
        case "back":
            open_scene(at.name, at.number - 1)
        case "turn":
            open_scene(at.name, int(act["to"]))
        case "again":
            ask_again()
        case "room":
            room.adopt(at, act["room"])
        case "leave":
            leave()
