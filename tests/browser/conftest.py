"""A server of the app and a real Chromium; a missing browser is an error, not a skip."""

from __future__ import annotations

import os
import re
import resource
import subprocess
import sys
from collections.abc import Collection, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.base import AXE_SCRIPT as AXE
from axe_playwright_python.base import AxeResults
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
    script_run = subprocess.run(
        [script], env=os.environ | {"PYTHON": sys.executable}, check=True, capture_output=True, text=True
    )
    return script_run.stdout.strip()


Scheme = Literal["dark", "light"]
KNOWN = re.compile(r"/[a-z-]+/_stcore/")
"""Streamlit looks for its own addresses below that of a page, where there is nothing, before it looks above it."""


RUN = "document.querySelector('.st-key-last-drawn input')?.value ?? null"
"""The number of the run that the page shows."""

TRAVEL = """link => {
    History.prototype.pushState.call(history, {}, "", link);
    dispatchEvent(new PopStateEvent("popstate", { state: {} }));
}"""
"""What the browser does on the way to another entry of its history."""


VIOLATIONS = """addEventListener("securitypolicyviolation", (event) =>
  tellViolation([event.violatedDirective, event.blockedURI, event.sourceFile, event.lineNumber].join(" ")))"""


class Visit:
    """One tab, and all that it has said and asked for."""

    def __init__(self, page: Page, address: str) -> None:
        self.page, self.address = page, address
        self.violations: list[str] = []
        page.expose_function("tellViolation", lambda violation: self.violations.append(violation))
        page.add_init_script(VIOLATIONS)
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
        """Be another person at a screen: no step back, nothing kept of those before, and nothing said."""
        page = self.page
        page.mouse.up()
        page.evaluate("delete window.lossvizPictures")
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": height})
        page.context.clear_cookies()
        tab = page.context.new_cdp_session(page)
        tab.send("Storage.clearDataForOrigin", {"origin": self.address, "storageTypes": "all"})
        tab.send("Page.resetNavigationHistory")
        tab.detach()
        for messages in (self.errors, self.foreign, self.sent, self.violations):
            messages.clear()

    def leave(self) -> None:
        """Want nothing of the server any more: a page that is left open keeps what it trains going, before others' turn."""
        self.page.mouse.up()
        self.page.goto("about:blank")

    def load(self, link: str) -> Page:
        """Open a link as the first of a session."""
        self.page.goto("about:blank")
        self.page.goto(self.address + link)
        return self._drawn(None)

    def go(self, link: str) -> Page:
        """Be at a link as Back and Forward lead to one; from no page, load it.

        What stands there is the link's alone either way. Loading a page takes three to eight seconds of the processor.
        """
        if not self.page.url.startswith(self.address):
            return self.load(link)
        before = self.page.evaluate(RUN)
        self.page.evaluate(TRAVEL, link)
        return self._drawn(before)

    def _drawn(self, before: str | None) -> Page:
        until(self.page, f"before => {{ const run = {RUN}; return run && run !== before }}", before)
        settled(self.page)
        return self.page

    def open(self, link: str = "/") -> Page:
        """Be at a link and wait until the page shows a loss."""
        self.go(link)
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


FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    item.stash[FAILED] = item.stash.get(FAILED, False) or report.failed
    return report


@contextmanager
def somebody(request: pytest.FixtureRequest, window: Visit, scheme: Scheme, width: int, height: int) -> Iterator[Visit]:
    """Somebody else in the same window; what is trained, loaded or half done is not left to the next.

    Whatever is done, the page wants nothing that its own policy forbids.
    """
    window.forget(scheme, width, height)
    yield window
    assert window.violations == []
    if request.node.stash.get(FAILED, False) or not UNTROUBLED.search(window.page.url):
        window.leave()


UNTROUBLED = re.compile(r":\d+/(curves|surfaces|names|mistakes)?(\?|$)")
"""Pages whose session keeps nothing but the words of the link: no file, and no training."""


@pytest.fixture
def visit(request: pytest.FixtureRequest, window: Visit) -> Iterator[Visit]:
    """Somebody at a desk."""
    with somebody(request, window, "light", 1440, 1200) as person:
        yield person


@pytest.fixture
def phone(request: pytest.FixtureRequest, window: Visit) -> Iterator[Visit]:
    """Somebody with a dark phone."""
    with somebody(request, window, "dark", 390, 900) as person:
        yield person


def until(page: Page, condition: str, arg: object = None) -> None:
    """Wait for a condition. Playwright's own `wait_for_function` uses `eval`, which the page's policy forbids."""
    for _ in range(600):
        if page.evaluate(condition, arg):
            return
        page.wait_for_timeout(50)
    raise TimeoutError(condition)


def settled(page: Page) -> None:
    """Wait until the server has said all, and what the page fetches for it is there and has come to rest."""
    page.locator("[data-testid=stApp][data-test-connection-state=CONNECTED][data-test-script-state=notRunning]").wait_for()
    expect(page.locator("[data-testid=stSkeleton]")).to_have_count(0)
    page.wait_for_timeout(300)


STILL = "document.getAnimations().every(one => one.effect.getComputedTiming().iterations === Infinity)"
"""No colour is on its way from one to another."""


def on_screen(page: Page, scheme: Scheme, width: int) -> None:
    """Make the tab's screen another one."""
    page.mouse.move(0, 0)  # what is clicked may have a tooltip, which Streamlit puts beside the landmarks of its page
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 900})
    page.wait_for_timeout(400)
    until(page, STILL)


def keeps_the_rules_in_both_colours(page: Page, width: int, but: Collection[str] = ()) -> None:
    """All rules in the light, and in the dark again the one that looks at colours."""
    on_screen(page, "light", width)
    keeps_the_rules(page, but)
    on_screen(page, "dark", width)
    faint = broken_rules(page, ["color-contrast"])
    assert faint.response["violations"] == [], f"{page.url}, {width}, dark: {faint.generate_report()}"


def broken_rules(page: Page, only: list[str] | None = None) -> AxeResults:
    """What breaks a rule of accessibility; a list of all that breaks none would take twice as long again."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    options = {"resultTypes": ["violations"]} | ({"runOnly": only} if only else {})
    return AxeResults(page.evaluate("options => axe.run(options)", options))


SIDEWAYS = """[document.documentElement, document.querySelector("[data-testid=stMain]")].some(
  (one) => one && one.scrollWidth > one.clientWidth)"""
"""The page scrolls sideways, or what Streamlit scrolls in its place."""


def keeps_the_rules(page: Page, but: Collection[str] = ()) -> None:
    """No rule of accessibility is broken `but` those, and nothing scrolls sideways but the lines above a picture."""
    violations = broken_rules(page)
    broken = [rule["id"] for rule in violations.response["violations"] if rule["id"] not in but]
    assert broken == [], f"{page.url}: {violations.generate_report()}"
    assert not page.evaluate(SIDEWAYS), page.url
    rows = page.locator("[data-testid=stButtonGroup] > div").evaluate_all(
        "rows => rows.filter(row => !row.closest('.st-key-view') && row.scrollWidth > row.clientWidth + 1)"
        ".map(row => row.innerText).filter(Boolean)"
    )
    assert rows == [], f"{page.url}: buttons are out of sight"
