"""Pages drawn before anybody turns to them: what they need is then computed."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.runtime import Runtime, exists, get_instance

from .first_visit import Visitor

PAUSE = 0.5
"""Seconds to wait: the page that leads there has the processor first."""

PATIENCE = 60.0
"""Seconds that one page may take."""

WAITING = 4
"""So many pages may be on their way; a room that is faster does without."""

_loop: asyncio.AbstractEventLoop | None = None
_on_the_way = 0
_one_at_a_time = asyncio.Semaphore(1)


def start() -> None:
    """Remember where the server's own work runs; called there."""
    global _loop
    _loop = asyncio.get_running_loop()


def draw_ahead(page: str, query: str) -> None:
    """Draw a page with the words of an address for nobody; returns at once. Without a server there is nobody to draw for."""
    if _loop and exists() and _on_the_way < WAITING:
        asyncio.run_coroutine_threadsafe(_visit(get_instance(), page, query), _loop)


async def _visit(runtime: Runtime, page: str, query: str) -> None:
    global _on_the_way
    _on_the_way += 1
    try:
        async with _one_at_a_time:
            await asyncio.sleep(PAUSE)
            await _draw(runtime, page, query)
    finally:
        _on_the_way -= 1


async def _draw(runtime: Runtime, page: str, query: str) -> None:
    visitor = Visitor()
    session = runtime.connect_session(client=visitor, user_info={})
    try:
        message = BackMsg()
        message.rerun_script.query_string = query
        message.rerun_script.page_name = page
        runtime.handle_backmsg(session, message)
        with suppress(TimeoutError):
            await asyncio.wait_for(visitor.finished.wait(), PATIENCE)
    finally:
        runtime.close_session(session)
