"""A server of the app and a real Chromium; a missing browser is an error, not a skip."""

from __future__ import annotations

import os
import resource
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    """The address of a running app, started as `make run` starts it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    quiet = subprocess.DEVNULL
    server = subprocess.Popen(command, cwd=ROOT, stdout=quiet, stderr=quiet, preexec_fn=_no_large_files)
    try:
        yield _when_up(f"http://localhost:{port}")
    finally:
        server.terminate()
        server.wait()


LARGEST = 1_000_000


def _no_large_files() -> None:
    """An upload that a server puts on disk, if only on its way in, is refused by the system."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST, LARGEST))


def _when_up(address: str) -> str:
    for _ in range(300):
        try:
            urlopen(f"{address}/_stcore/health").read()
            return address
        except (URLError, ConnectionError):
            time.sleep(0.2)
    raise TimeoutError(f"no app at {address}")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The Chromium that the Makefile found, or that its script finds now."""
    path = os.environ.get("LOSSVIZ_CHROMIUM") or _installed()
    with sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        yield chromium
        chromium.close()


def _installed() -> str:
    script = ROOT / "tests" / "browser" / "install_chromium.sh"
    found = subprocess.run([script], env=os.environ | {"PYTHON": sys.executable}, check=True, capture_output=True, text=True)
    return found.stdout.strip()


class Visit:
    """One tab, and all that it has said and asked for."""

    def __init__(self, page: Page, address: str) -> None:
        self.page, self.address = page, address
        self.errors: list[str] = []
        self.foreign: list[str] = []
        self.sent: list[object] = []
        page.on("console", lambda message: self.errors.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("request", self._request)
        page.on("websocket", lambda socket: socket.on("framesent", lambda frame: self.sent.append(frame)))

    def _request(self, request: object) -> None:
        url = str(getattr(request, "url", ""))
        if not url.startswith((self.address, self.address.replace("http", "ws"), "data:", "blob:")):
            self.foreign.append(url)

    def open(self, link: str = "/") -> Page:
        """Go to a link and wait until the page shows a loss."""
        self.page.goto(self.address + link)
        expect(self.page.get_by_test_id("loss")).not_to_be_empty(timeout=20_000)
        return self.page

    def text(self, name: str) -> str:
        """What one of the component's numbers says."""
        return self.page.get_by_test_id(name).inner_text()


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Visit]:
    """A fresh tab of a fresh person at a desk."""
    context = browser.new_context(viewport={"width": 1440, "height": 1200})
    yield Visit(context.new_page(), address)
    context.close()


@pytest.fixture
def visiting(browser: Browser, address: str) -> Iterator[Callable[[str, int], Visit]]:
    """Makes a fresh tab of a colour scheme and a width."""
    contexts = []

    def visit(scheme: Any, width: int) -> Visit:
        contexts.append(browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme))
        return Visit(contexts[-1].new_page(), address)

    yield visit
    for context in contexts:
        context.close()


def keeps_the_rules(page: Page, but: Collection[str] = ()) -> None:
    """No rule of accessibility is broken `but` those, and nothing scrolls sideways, rows of buttons among it."""
    found = Axe().run(page)
    assert [rule["id"] for rule in found.response["violations"] if rule["id"] not in but] == [], found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    rows = page.locator("[data-testid=stButtonGroup] > div").evaluate_all(
        "rows => rows.filter(row => row.scrollWidth > row.clientWidth + 1).map(row => row.innerText).filter(Boolean)"
    )
    assert rows == [], "buttons are out of sight"
