"""Uploads stay in memory."""

from __future__ import annotations

import sys

from starlette.formparsers import MultiPartParser


def in_memory() -> None:
    """Let the server keep an arriving file in memory.

    Starlette, which receives files for Streamlit, would put what is beyond its first megabyte into a temporary file on disk
    (`SpooledTemporaryFile`) until all of it is there. `server.maxUploadSize` bounds what arrives.
    """
    MultiPartParser.spool_max_size = sys.maxsize
