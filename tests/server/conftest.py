"""One server for all tests of servers, and twenty visitors who stand at its door before it opens."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from .client import Tab

ROOT = Path(__file__).parents[2]
VISITORS = 20
PAGES = ("", "batch", "curves", "surfaces", "names", "mistakes", "training")


class Server:
    """A server of its own process, what its first visitors saw, and what it says to its log."""

    def __init__(self, port: int, process: subprocess.Popen[bytes], log: Path) -> None:
        self.port, self.process, self._log = port, process, log
        self.first: list[Tab] = []

    @property
    def address(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def log(self) -> str:
        return self._log.read_text("utf-8")

    def memory(self) -> float:
        """Resident memory in MB."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.split("VmRSS:")[1].split()[0]) / 1024


@contextmanager
def started(folder: Path, variables: Mapping[str, str] | None = None, **options: object) -> Iterator[Server]:
    """A server that is on its way up, and down again afterwards."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    log = folder / "log.txt"
    with log.open("wb") as file:
        environment = os.environ | dict(variables or {})
        process = subprocess.Popen(command, cwd=ROOT, stdout=file, stderr=file, env=environment, **options)
        try:
            yield Server(port, process, log)
        finally:
            process.terminate()
            process.wait()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The server, after its first visitors have come all at once."""
    with started(tmp_path_factory.mktemp("server")) as server:
        server.first = asyncio.run(rushed(server.port))
        yield server


async def rushed(port: int) -> list[Tab]:
    """Visitors who all come at the same moment: as soon as anybody is let in."""
    await _up(port)
    tabs = await asyncio.gather(*(Tab.open(port, PAGES[n % len(PAGES)]) for n in range(VISITORS)))
    for tab in tabs:
        await tab.close()
    return tabs


async def _up(port: int) -> None:
    for _ in range(1200):
        try:
            _, writer = await asyncio.open_connection("localhost", port)
            writer.close()
            return
        except OSError:
            await asyncio.sleep(0.1)
    raise TimeoutError("the server does not come up")
