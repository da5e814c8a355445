"""The picture first: how far down it begins in every look of every page, and whether its scrubber is on the screen."""

from __future__ import annotations

from typing import NamedTuple

import pytest
from playwright.sync_api import Browser, Page, expect

from lossviz.analysis.batch.questions import QUESTIONS
from lossviz.analysis.curves import QUANTITIES
from lossviz.analysis.optimum import QUANTITIES as OPTIMUM_QUANTITIES
from lossviz.analysis.training.views import VIEWS
from lossviz.fields import Choice
from lossviz.state.fields import FIELDS

from .conftest import Visit

pytestmark = pytest.mark.browser

DESKS = ((1440, 900), (1280, 720), (1920, 1080))
PHONE = (390, 844)

SMALL = "examples=80&seeds=5&epochs=2&batch_size=40"
"""A training that is over at once."""


class FramedPage(NamedTuple):
    """A page as a link opens it: its main thing, and how far down that may begin on a desk; a phone's screen has 310 px."""

    link: str
    top: int
    main: str = ".lossviz-stage .picture"


def options(word: str) -> tuple[str, ...]:
    field = FIELDS[word]
    assert isinstance(field, Choice)
    return field.options


TABLES = "[data-testid=stDataFrame], [data-testid=stTable]"

LOOKS = (
    FramedPage("/", 180, "[data-testid=live]"),
    FramedPage("/?sample=own+numbers&logits=2+1+0", 180, "[data-testid=live]"),
    FramedPage("/curves", 180),
    *(FramedPage(f"/curves?y={y}", 180) for y in (*QUANTITIES, *OPTIMUM_QUANTITIES)),
    FramedPage("/surfaces", 180),
    *(FramedPage(f"/surfaces?over={over}&beside=alone&drawn=contour&steps=0", 180) for over in options("over")),
    *(FramedPage(f"/names?about={about}", 240, "[data-testid=main-thing], .st-key-main-thing") for about in options("about")),
    *(FramedPage(f"/mistakes?lab={lab}", 240, ".st-key-main-thing") for lab in options("lab")),
    *(
        FramedPage(f"/batch?ask={question}", 240, ".lossviz-stage .picture, [data-testid=stDataFrame]")
        for question in QUESTIONS
    ),
    *(FramedPage(f"/training?{SMALL}&look={look}", 240, ".lossviz-stage .picture, [data-testid=stCode]") for look in VIEWS),
)


def top_of(page: Page, main: str) -> float:
    """Where the first of these things begins, the page unscrolled."""
    boxes = [box for one in page.locator(main).all() if (box := one.bounding_box()) and box["height"] > 4]
    assert boxes, f"{page.url}: no {main}"
    return min(box["y"] for box in boxes)


def scrubber_bottom(page: Page) -> float:
    """Where the scrubber ends; 0 where there is none."""
    bars = [box for one in page.locator(".lossviz-stage .bar:visible").all() if (box := one.bounding_box())]
    return min((box["y"] + box["height"] for box in bars), default=0.0)


def resize(page: Page, size: tuple[int, int]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.wait_for_timeout(150)


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: look.link)
def test_the_picture_begins_high_and_its_scrubber_is_on_the_screen(visit: Visit, look: FramedPage) -> None:
    page = visit.go(look.link)
    expect(page.locator(look.main).first).to_be_visible(timeout=60_000)
    expect(page.get_by_role("progressbar")).to_have_count(0)
    for size in (*DESKS, PHONE):
        resize(page, size)
        assert top_of(page, look.main) <= (310 if size == PHONE else look.top), (look.link, size)
        if size != PHONE:
            assert scrubber_bottom(page) <= size[1], (look.link, size)


def test_three_logits_of_ones_own_are_wholly_on_the_screen(visit: Visit) -> None:
    page = visit.go("/?sample=own+numbers&logits=2+1+0")
    resize(page, (1280, 720))
    box = page.get_by_test_id("pipeline").bounding_box()
    assert box and box["y"] + box["height"] <= 720


def test_a_line_never_makes_the_page_scroll_sideways(visit: Visit) -> None:
    page = visit.go("/surfaces")
    for size in (*DESKS, PHONE):
        resize(page, size)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), size


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


def test_the_line_of_a_view_is_wholly_on_the_screen(visit: Visit) -> None:
    for link in ("/curves", "/surfaces", "/batch", f"/training?{SMALL}"):
        page = visit.go(link)
        resize(page, (1280, 720))
        line = page.locator(".st-key-view")
        assert line.evaluate("line => line.scrollWidth <= line.clientWidth + 1"), link


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
