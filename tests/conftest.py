"""The order of all tests, and one thread for each process of theirs."""

from __future__ import annotations

import os

import pytest

# As many workers as cores: a second thread in each only waits for the first one's core. Servers and programs inherit it.
os.environ.setdefault("OMP_NUM_THREADS", "1")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Those in a browser come first, so that one worker is at them while the other does the rest: they are most of the time."""
    items.sort(key=lambda item: item.get_closest_marker("browser") is None)
