"""What the operating system allows the process, and how to do without it."""

from __future__ import annotations

import logging
import os
import sys
import tempfile
from pathlib import Path

log = logging.getLogger(__name__)

DESCRIPTORS = 65_536
"""Open files and connections that are asked for; a visitor takes about four."""


def allow_many_connections() -> None:
    """Raise the soft limit of descriptors, often 1 024, as far as the process may."""
    if sys.platform == "win32":  # has no such limit
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = DESCRIPTORS if hard == resource.RLIM_INFINITY else min(hard, DESCRIPTORS)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        except (ValueError, OSError) as error:  # a system with a limit of its own
            log.warning("The limit of %s open files could not be raised: %s", soft, error)


def do_without_temporary_files() -> None:
    """Where nothing can be written, name a folder that exists.

    torch wants to know where its compiler would keep temporary files, though nothing is compiled here, and fails without:
    on a root that is read-only, or on a full disk. Nothing is written there.
    """
    try:
        tempfile.gettempdir()
    except FileNotFoundError:
        folder = str(Path(__file__).parent)
        tempfile.tempdir = folder
        os.environ.setdefault("TORCHINDUCTOR_CACHE_DIR", folder)
        log.warning("There is no writable folder for temporary files; lossviz works without one.")
