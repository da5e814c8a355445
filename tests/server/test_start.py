"""A fresh server lets nobody in before it can serve them."""

from __future__ import annotations

from .conftest import VISITORS, Server


def test_twenty_visitors_at_once_see_no_exception_on_a_fresh_server(server: Server) -> None:
    assert len(server.first) == VISITORS
    assert [tab.exceptions for tab in server.first if tab.exceptions] == []
