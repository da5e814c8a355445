"""Servers to measure, Chromium to measure with, and tabs without a browser; what the benchmarks of pages share."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import websockets
from playwright.sync_api import Browser, sync_playwright
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

ROOT = Path(__file__).parents[1]


class Server:
    """A Streamlit server of its own process."""

    def __init__(self, script: Path, port: int) -> None:
        self.address, self.port = f"http://localhost:{port}", port
        command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.port", str(port)]
        # From the root, so that both servers run with the same configuration.
        self.process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def cpu(self) -> float:
        """Milliseconds of processor time used so far."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")

    def memory(self) -> float:
        """Resident memory in MB."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.split("VmRSS:")[1].split()[0]) / 1024


PORTS = iter(range(8931, 8999))


@contextmanager
def served(script: Path) -> Iterator[Server]:
    """A server that is up, and down again afterwards."""
    server = Server(script, next(PORTS))
    try:
        for _ in range(300):
            try:
                urlopen(f"{server.address}/_stcore/health").read()
                break
            except (URLError, ConnectionError):
                time.sleep(0.1)
        yield server
    finally:
        server.process.terminate()
        server.process.wait()


@contextmanager
def chromium() -> Iterator[Browser]:
    """The browser that the Makefile found."""
    with sync_playwright() as driver:
        path = os.environ.get("LOSSVIZ_CHROMIUM")
        browser = driver.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


def line(what: str, figure: str, note: str) -> None:
    """One row of the table."""
    print(f"{what:<34}{figure:>14}   {note}", flush=True)


async def session(address: str, page: str = "") -> websockets.ClientConnection:
    """A browser tab without a browser: connect, ask for the page, read until it is complete."""
    socket = await websockets.connect(address, subprotocols=[websockets.Subprotocol("streamlit")], max_size=None)
    ask = BackMsg()
    ask.rerun_script.query_string = ""
    ask.rerun_script.page_name = page
    await socket.send(ask.SerializeToString())
    while True:
        message = ForwardMsg()
        message.ParseFromString(await socket.recv())
        if message.WhichOneof("type") == "script_finished":
            return socket
