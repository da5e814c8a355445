"""Pages drawn before anybody turns to them: what they need is then computed."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from streamlit.runtime import exists

from .visitor import Visitor, page_drawn, run_in_server, session_of

PAUSE = 0.5
"""Seconds to wait: the page that leads there has the processor first."""

PATIENCE = 60.0
"""Seconds that one page may take."""

WAITING = 4
"""So many pages may be on their way; a room that is faster does without."""

_on_the_way = 0
_one_at_a_time = asyncio.Semaphore(1)


def draw_ahead(page: str, query: str) -> None:
    """Draw a page with the words of an address for nobody; returns at once. Without a server there is nobody to draw for."""
    if exists() and _on_the_way < WAITING:
        run_in_server(_visit(page, query))


async def _visit(page: str, query: str) -> None:
    global _on_the_way
    _on_the_way += 1
    try:
        async with _one_at_a_time:
            await asyncio.sleep(PAUSE)
            visitor = Visitor()
            with session_of(visitor) as session, suppress(TimeoutError):
                await page_drawn(session, visitor, PATIENCE, page_name=page, query_string=query)
    finally:
        _on_the_way -= 1
