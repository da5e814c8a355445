"""A lecturer and a phone where a host runs the script for each visitor and serves nothing beside it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing

import pytest
from playwright.sync_api import Browser, Page, expect

from ..served import free_port, when_up
from .conftest import ROOT, Visit, keeps_the_rules_in_both_colours, settled

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def script_address() -> Iterator[str]:
    """A server that knows no `st.App`."""
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", "tests/browser/script_app.py", "--server.port", str(port)]
    server = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield when_up(f"http://localhost:{port}", server)
    finally:
        server.terminate()
        server.wait()


@pytest.fixture
def lecturer(browser: Browser, script_address: str) -> Iterator[Page]:
    with closing(browser.new_context(viewport={"width": 1440, "height": 900}, locale="en")) as context:
        page = context.new_page()
        page.goto(f"{script_address}/curves?lecture=focal-in-15&scene=2")
        page.locator(".st-key-chip-room button:visible").click(timeout=120_000)
        settled(page)
        page.get_by_role("button", name="Open a room").click()
        yield page


@pytest.fixture
def phone(browser: Browser, script_address: str) -> Iterator[Visit]:
    with closing(browser.new_context(viewport={"width": 390, "height": 844}, locale="en", has_touch=True)) as context:
        yield Visit(context.new_page(), script_address)


def test_a_room_is_joined_answers_and_sees_at_a_light_page(lecturer: Page, phone: Visit) -> None:
    link = lecturer.locator("a[href*='/vote?room=']").get_attribute("href")
    assert link and link.startswith(f"{phone.address}/vote?room=")
    lecturer.keyboard.press("Escape")
    fetched: list[str] = []
    page = phone.page
    page.on("request", lambda request: fetched.append(request.url))
    page.goto(link)
    page.get_by_role("button", name="By 100").tap()
    expect(page.get_by_role("button", name="✓ By 100")).to_be_visible()
    expect(lecturer.get_by_text("1 answered · 1 phone")).to_be_visible()
    keeps_the_rules_in_both_colours(page, 390)
    page.reload()
    expect(page.get_by_role("button", name="✓ By 100")).to_be_visible()
    page.get_by_role("button", name="By about 34").tap()
    expect(page.get_by_text("1 answer so far")).to_be_visible()
    expect(lecturer.get_by_text("1 answered · 1 phone")).to_be_visible()
    expect(page.get_by_text("The factor depends on p")).to_have_count(0)
    lecturer.keyboard.press("PageDown")
    expect(page.get_by_text("Your answer is right.")).to_be_visible()
    expect(page.locator(".tally .bar.right")).to_contain_text("1 · 100%")
    expect(page.get_by_role("link", name="Open this scene on my phone")).to_have_attribute("target", "_blank")
    keeps_the_rules_in_both_colours(page, 390)
    settled(lecturer)
    lecturer.keyboard.press("PageDown")
    expect(page.get_by_role("slider")).to_be_visible()
    keeps_the_rules_in_both_colours(page, 390)
    assert not [url for url in fetched if "Plotly" in url or "BidiComponent" in url]
    assert phone.errors == phone.foreign == []
