"""The app, and beside it what the lecturer's page does with its room: a test calls methods of the store by name."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, is_dataclass
from typing import Any

import streamlit as st
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from lossviz.lectures.ballot import Axis
from lossviz.lectures.lecture import Drag, Option, Poll, Scene
from lossviz.lectures.rooms import ROOMS
from lossviz.ui import server

QUESTION = Poll(
    "By how much does γ = 2 divide the gradient at p_t = 0.9?",
    (Option("By 100", misconception="as if detached"), Option("By about 34", right=True), Option("Not at all: <b>p − t</b>")),
    why="The factor depends on p as well.",
)
PLACE = Drag("Where does w cross 1?", 0.3, 0.05, why="At p = 0.298.")

SCENES = (
    Scene("What focal loss does", "/curves?loss=focal&gamma=2"),
    Scene("The gradient at 0.9", "/curves?loss=focal", question=QUESTION, then="/curves?loss=focal&gamma=2"),
    Scene("Where w is 1", "/curves?loss=focal&gamma=2", question=PLACE),
    Scene("Elsewhere", "https://evil.example/curves?x=javascript:alert(1)"),
)

LANGUAGE = "en"


async def act(request: Request) -> Response:
    """`{"act": method, "with": arguments}`; a scene is told by its number."""
    sent = await request.json()
    arguments: list[Any] = sent["with"]
    if sent["act"] == "ask":
        arguments += [SCENES[arguments[2]], Axis(0, 1, "p_t"), LANGUAGE]
    result = getattr(ROOMS, sent["act"])(*arguments)
    rows = result if isinstance(result, tuple) else (result,)
    plain = [asdict(row) if is_dataclass(row) else row for row in rows]
    return JSONResponse(plain if isinstance(result, tuple) else plain[0])


@asynccontextmanager
async def at_once(_app: Any) -> AsyncIterator[None]:
    """Rooms need nothing of what pages are made ready with before the first visitor, which takes seconds."""
    yield


options = server.options()
routes = [*options["routes"], Route("/act", act, methods=["POST"])]

app = st.App(server.SCRIPT, **options | {"routes": routes, "lifespan": at_once})
