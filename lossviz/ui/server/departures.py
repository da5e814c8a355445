"""What visitors leave behind goes soon after them, also when nobody comes after them."""

from __future__ import annotations

import asyncio
import time
from typing import Any

from streamlit.runtime import get_instance

from .budget import budget
from .memory import give_back
from .uploads import drop_unopened

EVERY = 5.0
"""Seconds between two looks for visitors who have left."""

PAUSE = 60.0
"""Seconds between two collections, which hold everybody up for a tenth of a second, where no upload is at stake."""


async def release_departed() -> None:
    """For as long as the server runs."""
    left, last = False, time.monotonic()
    while True:
        await asyncio.sleep(EVERY)
        now = time.monotonic()
        uploads = not budget.empty
        dropped = drop_unopened(now)
        left = close_departed() or dropped or left
        if left and (uploads or now - last > PAUSE):
            give_back()
            left, last = False, now


def close_departed() -> bool:
    """End the sessions of those who did not come back in time (`server.disconnectedSessionTTL`); whether there were any.

    Streamlit's store forgets them only when it is next used, which on a quiet server may be never.
    """
    manager: Any = get_instance()._session_mgr
    departed = manager._session_storage._cache.expire()
    for _, info in departed:
        info.session.shutdown()
    return bool(departed)
