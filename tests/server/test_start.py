"""A fresh server lets nobody in before it can serve them, and needs no disk for it."""

from __future__ import annotations

from pathlib import Path

from ..awaiting import awaited
from .client import Tab
from .conftest import VISITORS, Server, started, up


def test_twenty_visitors_at_once_see_no_exception_on_a_fresh_server(server: Server) -> None:
    assert len(server.first) == VISITORS
    assert [tab.exceptions + tab.texts for tab in server.first if tab.exceptions or tab.texts] == []


def test_a_server_that_can_write_nothing_is_well_and_says_so(server: Server) -> None:
    """Every visitor of the fixture came to one: files of any size are refused by the system."""
    assert server.status("/_stcore/health") == 200
    assert "There is no writable folder for temporary files" in server.log


def test_the_limit_of_open_files_is_raised(server: Server) -> None:
    """It starts with 256, which sixty visitors would use up."""
    limits = Path(f"/proc/{server.process.pid}/limits").read_text()
    soft, hard = next(line for line in limits.splitlines() if line.startswith("Max open files")).split()[3:5]
    assert int(soft) == min(int(hard), 65_536)


def test_a_page_that_fails_is_explained_to_the_visitor_and_makes_the_server_unhealthy() -> None:
    with started("tests/server/broken_app.py") as broken:
        tab = awaited(_visit(broken))
        assert tab.exceptions == []
        (text,) = tab.texts
        assert "your settings are in the link" in text
        assert not any(word in text for word in ("secret", "KeyError", "Traceback", ".py"))
        number = text.rsplit("**")[1]
        assert number in broken.log
        assert "KeyError: 'a secret'" in broken.log
        answer = broken.answer("/_stcore/health")
    assert answer.status_code == 503
    assert "1 page failed" in answer.text


async def _visit(server: Server) -> Tab:
    await up(server.port)
    tab = await Tab.open(server.port)
    await tab.close()
    return tab
