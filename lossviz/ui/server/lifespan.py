"""What happens between the start of the server and its first visitor."""

from __future__ import annotations

import gc
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from .first_visit import visit_every_page
from .limits import allow_many_connections
from .status import Status
from .warm import load_everything

log = logging.getLogger(__name__)


@asynccontextmanager
async def lifespan(_app: Any) -> AsyncIterator[None]:
    """Make everything ready. The server answers nobody, health checks included, before this is done."""
    allow_many_connections()
    load_everything()
    Status.failures = await visit_every_page()
    for failure in Status.failures:
        log.error("A page does not work. %s", failure)
    gc.collect()
    yield
