"""The order of all tests."""

from __future__ import annotations

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Those in a browser come first, so that one worker is at them while the other does the rest: they are most of the time."""
    items.sort(key=lambda item: item.get_closest_marker("browser") is None)
