"""The memory of the server has room for so many uploads, and is given back when their visitors have left."""

from __future__ import annotations

import asyncio
import time
from types import SimpleNamespace

import pytest

from lossviz.ui.server import uploads

from ..awaiting import awaited
from .client import Tab, put
from .conftest import BUDGET, Server

MB = 2**20
SLACK = 40
"""MB by which the memory of a process moves on its own."""


def grown(server: Server, visitors: int, files: int, size: int) -> tuple[list[int], float]:
    """The answers to files of so many visitors, and by how many MB the server has grown when all are there."""
    before = server.memory()
    answers, after = awaited(_visit(server, visitors, files, size))
    return answers, after - before


def collected(server: Server) -> None:
    """Nothing of earlier visitors is left: the server gives their memory back at once where one of them had a file."""
    awaited(_visit(server, visitors=1, files=1, size=1))
    server.settle()


async def _visit(server: Server, visitors: int, files: int, size: int) -> tuple[list[int], float]:
    tabs = await asyncio.gather(*(Tab.open(server.port, "batch") for _ in range(visitors)))
    answers = [await put(tab, server.address, bytes(size * MB)) for tab in tabs for _ in range(files)]
    full = server.memory()
    for tab in tabs:
        await tab.close()
    return answers, full


def test_all_uploads_together_stay_within_the_budget(server: Server) -> None:
    collected(server)
    answers, growth = grown(server, visitors=12, files=1, size=20)
    assert answers == [204] * 12, "a visitor who comes when it is full is told so by the page, not by a broken upload"
    assert BUDGET / 2 - 20 - SLACK < growth < BUDGET + SLACK < 12 * 20


def test_the_memory_comes_back_though_nobody_else_comes(server: Server) -> None:
    grown(server, visitors=2, files=1, size=30)
    full, start = server.memory(), time.monotonic()
    while server.memory() > full - 60 + SLACK and time.monotonic() - start < 60:
        time.sleep(1)
    assert server.memory() <= full - 60 + SLACK


def test_one_visitor_keeps_two_files_and_no_more(server: Server) -> None:
    collected(server)
    answers, growth = grown(server, visitors=1, files=8, size=20)
    assert answers == [204] * 8
    assert growth < 3 * 20 + SLACK < 8 * 20, "two that are kept, and what a third took while it came"


def test_which_two_files_of_a_visitor_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """The latest; the budget alone would let more wait."""
    files = [SimpleNamespace(file_id=number) for number in "01234"]
    removed: list[tuple[str, str]] = []
    store = SimpleNamespace(remove_file=lambda session, file: removed.append((session, file)))
    monkeypatch.setattr(uploads, "stored_files", lambda: {"one": files, "another": files})
    monkeypatch.setattr(uploads, "store", lambda: store)
    uploads._keep_the_latest("one")
    assert removed == [("one", "0"), ("one", "1"), ("one", "2")]


def test_a_file_whose_length_is_not_said_is_refused(server: Server) -> None:
    async def visit() -> int:
        tab = await Tab.open(server.port, "batch")
        try:
            return await put(tab, server.address, iter([b"1,2,3\n"] * 10))
        finally:
            await tab.close()

    assert awaited(visit()) == 411
