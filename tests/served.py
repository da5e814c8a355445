"""Servers that tests start: a free port, and waiting until somebody answers there."""

from __future__ import annotations

import socket
import subprocess
import time
from urllib.error import URLError
from urllib.request import urlopen


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def when_up(address: str, server: subprocess.Popen[bytes]) -> str:
    """The address, once the app there is healthy."""
    for _ in range(600):
        assert server.poll() is None, "the server has ended"
        try:
            urlopen(f"{address}/_stcore/health").read()
            return address
        except (URLError, ConnectionError):
            time.sleep(0.2)
    raise TimeoutError(f"no app at {address}")
