"""One server for all tests of servers, and twenty visitors who stand at its door before it opens."""

from __future__ import annotations

import asyncio
import os
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from lossviz.ui.server.departures import EVERY

from ..awaiting import awaited
from ..served import free_port
from .client import Tab

ROOT = Path(__file__).parents[2]
VISITORS = 20
BUDGET = 160
"""MB for all uploads of the server under test."""

PAGES = ("", "batch", "curves", "surfaces", "names", "mistakes", "training")


class Server:
    """A server of its own process, what its first visitors saw, and what it says to its log."""

    def __init__(self, port: int, process: subprocess.Popen[bytes]) -> None:
        self.port, self.process = port, process
        self.first: list[Tab] = []
        self._log: list[bytes] = []
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        assert self.process.stdout
        self._log.extend(self.process.stdout)

    @property
    def address(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def log(self) -> str:
        return b"".join(self._log).decode()

    def memory(self) -> float:
        """Resident memory in MB."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.split("VmRSS:")[1].split()[0]) / 1024

    def settle(self) -> None:
        """Wait until those who have left are forgotten: after two seconds, when the server next looks for them."""
        time.sleep(2 + EVERY + 1)

    def status(self, path: str, **headers: str) -> int:
        """The status that a path answers with."""
        return self.answer(path, **headers).status_code

    def answer(self, path: str, **headers: str) -> requests.Response:
        return requests.get(
            self.address + path, timeout=60, headers={name.replace("_", "-"): text for name, text in headers.items()}
        )


def _full_disk() -> None:
    """Whatever the server writes is refused by the system, as on a read-only root; and few files may be open at first."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (256, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))


@contextmanager
def started(script: str = "app.py", **variables: str) -> Iterator[Server]:
    """A server that is on its way up, and down again afterwards."""
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", script, "--server.port", str(port)]
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=os.environ | {"PYTHONPATH": str(ROOT)} | variables,
        preexec_fn=_full_disk,
    )
    try:
        yield Server(port, process)
    finally:
        process.terminate()
        process.wait()


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """The server, after its first visitors have come all at once."""
    with started(LOSSVIZ_UPLOAD_MB=str(BUDGET), STREAMLIT_SERVER_DISCONNECTED_SESSION_TTL="2") as server:
        server.first = awaited(rushed(server.port))
        yield server


async def rushed(port: int) -> list[Tab]:
    """Visitors who all come at the same moment: as soon as anybody is let in."""
    await up(port)
    tabs = await asyncio.gather(*(Tab.open(port, PAGES[n % len(PAGES)]) for n in range(VISITORS)))
    for tab in tabs:
        await tab.close()
    return tabs


async def up(port: int) -> None:
    for _ in range(1200):
        try:
            _, writer = await asyncio.open_connection("localhost", port)
            writer.close()
            return
        except OSError:
            await asyncio.sleep(0.1)
    raise TimeoutError("the server does not come up")
