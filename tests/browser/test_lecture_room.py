"""A lecturer and a phone, each in a browser of their own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from .conftest import Visit, settled
from .test_lecture import opened, title

pytestmark = pytest.mark.browser


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="en")
    yield context.new_page()
    context.close()


def open_room(page: Page) -> str:
    """Open one; gives its link."""
    page.locator(".st-key-chip-room button:visible").click()
    page.get_by_role("button", name="Open a room").click()
    link = page.locator("a[href*='/r/']")
    expect(link).to_be_visible()
    address = link.get_attribute("href")
    assert address
    settled(page)
    page.keyboard.press("Escape")
    return address


def test_a_room_answers_before_it_sees_and_once_more(visit: Visit, phone: Page) -> None:
    page = opened(visit, 2)
    phone.goto(open_room(page))
    phone.get_by_text("By 100: loss and gradient").click()
    expect(page.get_by_text("1 answered")).to_be_visible()
    expect(page.locator(".tally")).to_have_count(0)
    expect(phone.get_by_text("right answer")).to_have_count(0)
    page.keyboard.press("PageDown")
    expect(page.locator(".tally .bar").first).to_contain_text("1 · 100%")
    expect(page.locator(".tally .bar.right")).to_contain_text("0 · 0%")
    expect(phone.get_by_text("right answer")).to_be_visible()
    settled(page)
    page.keyboard.press("v")
    expect(page.get_by_role("button", name="Show the answer")).to_be_visible()
    expect(phone.get_by_text("right answer")).to_have_count(0)
    phone.get_by_text("By about 34").click()
    expect(page.get_by_text("1 answered")).to_be_visible()
    settled(page)
    page.keyboard.press("PageDown")
    expect(page.locator(".tally .bar.right")).to_contain_text("1 · 100%")
    expect(page.locator(".tally .round").first).to_contain_text("0% right")
    settled(page)
    page.keyboard.press("PageDown")
    expect(title(page, 3)).to_be_visible()
    expect(phone.get_by_role("slider")).to_be_visible()
    assert not visit.errors


def test_a_room_outlives_a_reload_of_the_lecturer_s_page(visit: Visit, phone: Page) -> None:
    page = opened(visit, 2)
    phone.goto(open_room(page))
    phone.get_by_text("By about 34").click()
    expect(page.get_by_text("1 answered")).to_be_visible()
    page.reload()
    expect(page.get_by_text("1 answered")).to_be_visible()


def test_of_a_closed_room_the_phone_is_told(visit: Visit, phone: Page) -> None:
    page = opened(visit, 2)
    phone.goto(open_room(page))
    expect(phone.get_by_text("By about 34")).to_be_visible()
    page.locator(".st-key-chip-room button:visible").click()
    page.get_by_role("button", name="Close the room").click()
    expect(phone.get_by_text("gone")).to_be_visible()
    page.reload()
    settled(page)
    expect(page.get_by_text("The room is gone")).to_have_count(0)
