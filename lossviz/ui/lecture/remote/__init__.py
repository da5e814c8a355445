"""The remote control of a lecture: keys and clickers, full screen, a dark screen, and notes for who speaks."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from ....figures.browser import markup, program
from ....languages import lookup
from ...session import address, receive_unheard
from ...session.store import current_session
from ..stage import OnStage, leave, open_scene, reveal

FOLDER = Path(__file__).parent

REMOTE = "lossviz-remote"


@cache
def _remote(language: str) -> Any:
    return st.components.v2.component(
        f"lossviz_remote_{language}",
        html=markup(FOLDER / "remote.html", lookup(language)),
        css=(FOLDER / "remote.css").read_text(encoding="utf-8"),
        js=program(FOLDER / "remote.js", lookup(language)),
    )


def mount(at: OnStage) -> None:
    """Draw it, and do what is asked with it."""
    following = at.next_scene
    data = {
        "name": at.name,
        "number": at.number,
        "count": len(at.lecture.scenes),
        "sealed": at.is_sealed,
        "note": at.scene.note,
        "next": following.title if following else "",
    }
    act = _remote(current_session().language)(data=data, key=REMOTE, on_act_change=_note_act).act
    if act and act["from"] == at.number and _is_open(at, act):
        _do(act)  # the first run of a session calls nobody back: the browser has had another server before
        st.rerun()


def _note_act() -> None:
    if act := st.session_state.get(REMOTE, {}).get("act"):
        _do(act)


def _is_open(at: OnStage, act: Mapping[str, Any]) -> bool:
    """Whether it is still to be done."""
    match act["what"]:
        case "turn":
            return bool(1 <= act["to"] <= len(at.lecture.scenes))
        case "reveal":
            return bool(at.is_sealed)
        case _:
            return True


def _do(act: Mapping[str, Any]) -> None:
    receive_unheard(act["before"])
    address.leave()
    match act["what"]:
        case "turn":
            open_scene(act["lecture"], int(act["to"]))
        case "reveal":
            reveal()
        case "leave":
            leave()
