"""What happens between the start of the server and its first visitor."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from streamlit.runtime import get_instance

from .departures import release_departed
from .first_visit import visit_every_page
from .limits import allow_many_connections
from .memory import give_back, give_back_large_blocks
from .room.place import ROUTES
from .status import Status
from .uploads import watch
from .warm import load_everything

log = logging.getLogger(__name__)


@asynccontextmanager
async def lifespan(_app: Any) -> AsyncIterator[None]:
    """Make everything ready. The server answers nobody, health checks included, before this is done."""
    allow_many_connections()
    give_back_large_blocks()
    load_everything()
    ROUTES.are_served = True
    Status.failures = await visit_every_page()
    for failure in Status.failures:
        log.error("A page does not work. %s", failure)
    give_back()
    watch(get_instance().uploaded_file_mgr)
    sweeper = asyncio.create_task(release_departed())
    try:
        yield
    finally:
        sweeper.cancel()
