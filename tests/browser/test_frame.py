"""What stands above the picture: the line of pages, the chips, and the links that are copied."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from .conftest import Visit
from .test_looks import DESKS, PHONE, resize

pytestmark = pytest.mark.browser

COVERED = """names => [...document.querySelectorAll(names)].filter((element) => {
  element.scrollIntoView({ inline: "center" });
  const { left, top, width, height } = element.getBoundingClientRect();
  const places = [1, 3, 5, 7, 9].map((i) => document.elementFromPoint(left + (i * width) / 10, top + height / 2));
  return width > 0 && places.some((place) => !element.contains(place));
}).map((element) => element.textContent)"""


def test_nothing_lies_over_the_line_of_pages(visit: Visit) -> None:
    page = visit.go("/curves")
    for size in (*DESKS, PHONE):
        resize(page, size)
        assert not page.evaluate(COVERED, ".page-links a, .st-key-page-tools button"), size


def test_copy_link_copies_the_link(visit: Visit) -> None:
    page = visit.go("/curves?gamma=3")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_text("Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == page.url


def test_the_code_to_embed_shows_the_same_within_another_page(visit: Visit, browser: Browser) -> None:
    page = visit.go("/curves?gamma=3")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy embed code").click()
    expect(page.get_by_text("Copied")).to_be_visible()
    code = page.evaluate("navigator.clipboard.readText()")
    course = browser.new_page(viewport={"width": 900, "height": 800})
    course.set_content(f"<h1>A course</h1>{code}")
    frame = course.frame_locator("iframe")
    expect(frame.get_by_test_id("value")).to_have_text("γ = 3.0")
    expect(frame.locator("[data-testid=stToolbar]")).to_have_count(0)
    assert frame.locator("html").evaluate("html => html.scrollWidth <= html.clientWidth")
    course.close()


def test_the_names_of_the_pages_are_on_a_phone_too_and_the_open_one_is_in_sight(phone: Visit) -> None:
    page = phone.load("/training")
    link = page.get_by_role("link", name="Training")
    expect(link).to_have_attribute("aria-current", "page")
    expect(link).to_be_in_viewport()
    expect(page).to_have_title("Training · lossviz")


def test_the_chosen_question_is_in_sight_on_a_phone(phone: Visit) -> None:
    page = phone.load("/batch?ask=reductions")
    expect(page.locator(".st-key-view").get_by_role("radio", name="Mean", exact=True)).to_be_in_viewport()


def test_enter_leads_into_a_chip_and_escape_back_to_it(visit: Visit) -> None:
    page = visit.go("/curves")
    chip = page.get_by_role("button", name="Softmax focal loss")
    chip.focus()
    page.keyboard.press("Enter")
    page.wait_for_timeout(600)
    assert page.evaluate("document.activeElement.closest('[data-testid=stPopoverBody]') !== null")
    page.keyboard.press("Escape")
    expect(chip).to_be_focused()


def test_a_room_gets_larger_type_in_pictures_too(visit: Visit) -> None:
    sizes = []
    for link in ("/curves?big=0", "/curves?big=1"):
        page = visit.go(link)
        page.locator(".lossviz-stage[data-drawn]").wait_for()
        page.wait_for_timeout(500)
        tick = page.locator(".lossviz-stage .xtick text").first.evaluate("tick => parseFloat(getComputedStyle(tick).fontSize)")
        name = page.locator(".st-key-setting button p").first.evaluate("p => parseFloat(getComputedStyle(p).fontSize)")
        sizes.append((tick, name))
    assert sizes[1][0] >= 1.3 * sizes[0][0] and sizes[1][1] >= 1.3 * sizes[0][1], sizes
