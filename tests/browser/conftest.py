"""A server of the app and a real Chromium; a missing browser is an error, not a skip."""

from __future__ import annotations

import os
import re
import resource
import subprocess
import sys
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.base import AxeResults
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from ..served import free_port, when_up

ROOT = Path(__file__).parents[2]

expect.set_options(timeout=20_000)  # machines are slow at times; what is there is seen at once


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    """The address of a running app, started as `make run` starts it."""
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    quiet = subprocess.DEVNULL
    server = subprocess.Popen(command, cwd=ROOT, stdout=quiet, stderr=quiet, preexec_fn=_no_large_files)
    try:
        yield when_up(f"http://localhost:{port}", server)
    finally:
        server.terminate()
        server.wait()


LARGEST = 1_000_000


def _no_large_files() -> None:
    """An upload that a server puts on disk, if only on its way in, is refused by the system."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST, LARGEST))


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


Scheme = Literal["dark", "light"]
Screen = tuple[Scheme, int]
SCREENS: tuple[Screen, ...] = (("dark", 390), ("light", 1440))
OTHER_SCREENS: tuple[Screen, ...] = (("dark", 1440), ("light", 390))
"""Two have both colours and both widths; pages that have several looks take turns between the twos."""

KNOWN = re.compile(r"/[a-z-]+/_stcore/")
"""Streamlit looks for its own addresses below that of a page, where there is nothing, before it looks above it."""


class Visit:
    """One tab, and all that it has said and asked for."""

    def __init__(self, page: Page, address: str) -> None:
        self.page, self.address = page, address
        self.errors: list[str] = []
        self.foreign: list[str] = []
        self.sent: list[object] = []
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("request", self._request)
        page.on("websocket", lambda socket: socket.on("framesent", lambda frame: self.sent.append(frame)))

    def _console(self, message: ConsoleMessage) -> None:
        missing = "status of 404" in message.text and KNOWN.search(message.location["url"])
        if message.type == "error" and not missing:
            self.errors.append(message.text)

    def _request(self, request: object) -> None:
        url = str(getattr(request, "url", ""))
        if not url.startswith((self.address, self.address.replace("http", "ws"), "data:", "blob:")):
            self.foreign.append(url)

    def forget(self, scheme: Scheme, width: int, height: int) -> None:
        """Be a fresh person at a screen: no page, no step back, nothing kept of those before, and nothing said."""
        page = self.page
        page.mouse.up()
        page.goto("about:blank")
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": height})
        page.context.clear_cookies()
        tab = page.context.new_cdp_session(page)
        tab.send("Storage.clearDataForOrigin", {"origin": self.address, "storageTypes": "all"})
        tab.send("Page.resetNavigationHistory")
        tab.detach()
        for said in (self.errors, self.foreign, self.sent):
            said.clear()

    def leave(self) -> None:
        """Want nothing of the server any more: a page that is left open keeps what it trains going, before others' turn."""
        self.page.mouse.up()
        self.page.goto("about:blank")

    def open(self, link: str = "/") -> Page:
        """Go to a link and wait until the page shows a loss."""
        self.page.goto(self.address + link)
        expect(self.page.get_by_test_id("loss")).not_to_be_empty()
        return self.page

    def text(self, name: str) -> str:
        """What one of the component's numbers says."""
        return self.page.get_by_test_id(name).inner_text()


@pytest.fixture(scope="session")
def window(browser: Browser, address: str) -> Iterator[Visit]:
    """The one window of all tests that need no second: another takes the browser two seconds of the processor to open."""
    context = browser.new_context()
    yield Visit(context.new_page(), address)
    context.close()


@pytest.fixture
def visit(window: Visit) -> Iterator[Visit]:
    """A fresh person at a desk."""
    window.forget("light", 1440, 1200)
    yield window
    window.leave()


@pytest.fixture
def phone(window: Visit) -> Iterator[Visit]:
    """A fresh person with a dark phone."""
    window.forget("dark", 390, 900)
    yield window
    window.leave()


def settled(page: Page) -> None:
    """Wait until the server has said all, and what the page fetches for it is there and has come to rest."""
    page.locator("[data-testid=stApp][data-test-connection-state=CONNECTED][data-test-script-state=notRunning]").wait_for()
    expect(page.locator("[data-testid=stSkeleton]")).to_have_count(0)
    page.wait_for_timeout(300)


def on_screen(page: Page, scheme: Scheme, width: int) -> None:
    """Make the tab's screen another one."""
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 900})
    page.wait_for_timeout(600)


def keeps_the_rules_everywhere(page: Page, but: Collection[str] = (), screens: Collection[Screen] = SCREENS) -> None:
    """The same page on one screen after the other."""
    for screen in screens:
        on_screen(page, *screen)
        keeps_the_rules(page, but)


def broken_rules(page: Page) -> AxeResults:
    """What breaks a rule of accessibility; a list of all that breaks none would take twice as long again."""
    return Axe().run(page, options={"resultTypes": ["violations"]})


def keeps_the_rules(page: Page, but: Collection[str] = ()) -> None:
    """No rule of accessibility is broken `but` those, and nothing scrolls sideways, rows of buttons among it."""
    found = broken_rules(page)
    assert [rule["id"] for rule in found.response["violations"] if rule["id"] not in but] == [], found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    rows = page.locator("[data-testid=stButtonGroup] > div").evaluate_all(
        "rows => rows.filter(row => row.scrollWidth > row.clientWidth + 1).map(row => row.innerText).filter(Boolean)"
    )
    assert rows == [], "buttons are out of sight"
