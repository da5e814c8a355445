"""The order of all tests, one thread for each process of theirs, and less collecting of garbage."""

from __future__ import annotations

import gc
import os

import pytest

# As many workers as cores: a second thread in each only waits for the first one's core. Servers and programs inherit it.
os.environ.setdefault("OMP_NUM_THREADS", "1")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Those in a browser come first, so that one worker is at them while the other does the rest: they are most of the time."""
    items.sort(key=lambda item: item.get_closest_marker("browser") is None)


def pytest_collection_finish() -> None:
    """What torch, Streamlit and ten thousand tests consist of stays to the end: collecting garbage need not look at it."""
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
