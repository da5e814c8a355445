"""The memory of the process: freed memory goes back to the system."""

from __future__ import annotations

import ctypes
import gc
import sys
from functools import lru_cache

import pyarrow as pa

LARGE = 16 * 2**20
"""Bytes of a block that is a mapping of its own, and goes back as soon as it is freed."""

TRIM, MAP = -1, -3
"""The parameters of `mallopt` in glibc's malloc.h: M_TRIM_THRESHOLD and M_MMAP_THRESHOLD."""


@lru_cache(maxsize=1)
def _c_library() -> ctypes.CDLL | None:
    """glibc, None where another C library is at work."""
    library = ctypes.CDLL(None) if sys.platform == "linux" else None
    return library if library is not None and hasattr(library, "malloc_trim") else None


def give_back_large_blocks() -> None:
    """Keep every large block a mapping of its own.

    By default glibc raises the size from which on that is so with every block that is freed, up to 32 MB: after a few uploads
    the next ones would be kept among small blocks, and stay.
    """
    if library := _c_library():
        library.mallopt(MAP, LARGE)
        library.mallopt(TRIM, 2 * LARGE)


def give_back() -> None:
    """Free what nobody uses, and give it back to the system.

    A session refers to itself, so that only a collection frees it; and what is freed piece by piece stays with the C library.
    """
    gc.collect()
    pa.default_memory_pool().release_unused()
    if library := _c_library():
        library.malloc_trim(0)
