"""The page "One sample" as a person meets it, in a real Chromium."""

from __future__ import annotations

import re
from urllib.parse import quote_plus

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

import lossviz

from .conftest import Visit, settled

pytestmark = pytest.mark.browser

OWN = "/?sample=own+numbers"
TABS = ("PyTorch", "With these numbers", "Its names", "Formula")
THREE = f"{OWN}&logits={quote_plus('2 1 0')}"


def slider(page: Page, control: str) -> Locator:
    """The track of a control."""
    return page.locator(f'[data-control="{control}"]')


def choose(page: Page, chip: str, option: str) -> None:
    """Open a chip by what it says, and click an option in it."""
    page.get_by_role("button", name=chip).first.click()
    page.get_by_role("radio", name=option, exact=True).click()
    page.keyboard.press("Escape")


def grab(page: Page, control: str, share: float) -> None:
    """Press at a share of a track's width, without letting go."""
    track = slider(page, control)
    track.scroll_into_view_if_needed()
    box = track.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * share, box["y"] + box["height"] / 2, steps=8)


def loss_of(words: str, targets: list[float], gamma: float = 2.0) -> float:
    """What lossviz says about logits as the link writes them."""
    logits = [[float(word) for word in words.split()]]
    return float(lossviz.evaluate(lossviz.loss("focal", gamma=gamma), logits, [targets]).loss[0])


def number(text: str) -> float:
    """A number as the page writes it."""
    mantissa, _, exponent = text.replace("−", "-").partition("×10")
    superscripts = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
    return float(mantissa) * 10 ** int(exponent.translate(superscripts) or 0)


def test_a_real_digit_is_the_first_thing_one_sees(visit: Visit) -> None:
    page = visit.open()
    expect(page.get_by_test_id("title")).to_have_text("softmax focal loss")
    expect(page.get_by_test_id("image")).to_contain_text("handwritten digit")
    expect(page.get_by_test_id("footer")).to_contain_text("cpu · float64")
    assert len(page.locator("[data-control^=z]").all()) == 10
    assert visit.errors == []


def test_dragging_moves_numbers_and_pixels_without_a_word_to_the_server(visit: Visit) -> None:
    page = visit.open(THREE)
    page.wait_for_timeout(500)
    before, words, spoken = page.screenshot(), visit.text("loss"), len(visit.sent)
    grab(page, "z0", 0.9)
    page.wait_for_timeout(300)
    assert visit.text("loss") != words
    assert page.screenshot() != before
    assert len(visit.sent) == spoken
    page.mouse.up()
    expect(page).to_have_url(re.compile("logits="))
    page.wait_for_timeout(500)
    assert len(visit.sent) == spoken + 1


def test_released_numbers_are_the_backends_and_stand_in_the_link(visit: Visit) -> None:
    page = visit.open(THREE)
    grab(page, "z1", 0.8)
    page.mouse.up()
    expect(page).not_to_have_url(re.compile(r"logits=2\+1\+0"))
    words = page.evaluate("new URLSearchParams(location.search).get('logits')")
    assert words != "2 1 0"
    assert number(visit.text("loss")) == pytest.approx(loss_of(words, [1.0, 0.0, 0.0]), rel=5e-4)
    grab(page, "gamma", 0.8)
    page.mouse.up()
    expect(page).to_have_url(re.compile("gamma="))
    gamma = float(page.evaluate("new URLSearchParams(location.search).get('gamma')"))
    assert 3 < gamma < 5
    assert number(visit.text("loss")) == pytest.approx(loss_of(words, [1.0, 0.0, 0.0], gamma), rel=5e-4)


def test_arrow_keys_step_and_commit(visit: Visit) -> None:
    page = visit.open(THREE)
    track = slider(page, "z0")
    track.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(track).to_have_attribute("aria-valuenow", re.compile(r"^2\.[1-9]"))
    expect(page).not_to_have_url(re.compile(r"logits=2\+1\+0"))
    expect(track).to_be_focused()


def test_exact_numbers_can_be_typed_and_nonsense_is_refused_kindly(visit: Visit) -> None:
    page = visit.open(THREE)
    entry = page.get_by_test_id("exact-z0")
    entry.fill("1,2345")
    entry.press("Enter")
    expect(page).to_have_url(re.compile(r"logits=1\.2345\+1\+0"))
    entry.fill("two")
    entry.press("Enter")
    expect(page.get_by_test_id("problem-z0")).to_be_visible()
    expect(page).to_have_url(re.compile(r"logits=1\.2345\+1\+0"))


def test_a_link_shows_the_same_picture_to_somebody_else(visit: Visit) -> None:
    page = visit.open(THREE)
    grab(page, "z2", 0.7)
    page.mouse.up()
    settled(page)
    choose(page, "Softmax focal loss", "Sigmoid")
    expect(page.get_by_test_id("title")).to_have_text("sigmoid focal loss")
    settled(page)
    assert "activation=sigmoid" in page.url and "logits=2+1+0" not in page.url
    mine = {name: visit.text(name) for name in ("title", "loss", "norm", "p_t", "multiplier")}
    link = page.url.removeprefix(visit.address)
    visit.forget("light", 1440, 1200)
    visit.load(link)
    assert {name: visit.text(name) for name in mine} == mine


def test_back_undoes_one_act_whole(visit: Visit) -> None:
    page = visit.load("/?gamma=3.5&task=binary&alpha=0.3")
    first, loss = page.url, visit.text("loss")
    choose(page, "Binary, one logit", "Multi-class")
    expect(page.get_by_test_id("title")).to_have_text("softmax focal loss")
    expect(page).not_to_have_url(first)
    page.go_back()
    expect(page).to_have_url(first)
    expect(page.get_by_test_id("loss")).to_have_text(loss)
    page.go_forward()
    expect(page.get_by_test_id("title")).to_have_text("softmax focal loss")


def test_the_name_follows_the_hand_and_nothing_moves(visit: Visit) -> None:
    page = visit.load(THREE)
    before = page.get_by_test_id("pipeline").bounding_box()
    grab(page, "gamma", 0)
    expect(page.get_by_test_id("title")).to_have_text("categorical cross-entropy")
    assert page.get_by_test_id("pipeline").bounding_box() == before
    page.mouse.up()
    expect(page).to_have_url(re.compile("gamma=0"))
    assert page.get_by_test_id("pipeline").bounding_box() == before


def test_three_classes_and_their_sum_are_on_the_first_screen(visit: Visit) -> None:
    page = visit.open(THREE)
    page.set_viewport_size({"width": 1280, "height": 720})
    for part in (page.locator(".row.total"), page.get_by_test_id("pipeline")):
        box = part.bounding_box()
        assert box is not None and box["y"] + box["height"] <= 720


def test_a_drag_leaves_no_step_for_back(visit: Visit) -> None:
    page = visit.load(THREE)
    steps = page.evaluate("history.length")
    grab(page, "z0", 0.2)
    page.mouse.up()
    expect(page).not_to_have_url(re.compile(r"logits=2\+1\+0"))
    page.wait_for_timeout(500)
    assert page.evaluate("history.length") == steps


def test_a_bad_word_in_a_link_is_named_and_the_rest_is_kept(visit: Visit) -> None:
    page = visit.load("/?gamma=much&task=binary&colour=red")
    alerts = page.get_by_test_id("stAlert")
    expect(alerts.filter(has_text="gamma")).to_be_visible()
    expect(alerts.filter(has_text="colour")).to_be_visible()
    expect(page.get_by_test_id("title")).to_have_text("sigmoid focal loss")


def test_clicking_a_class_makes_it_the_true_one(visit: Visit) -> None:
    page = visit.open(THREE)
    page.get_by_test_id("target-2").click()
    expect(page).to_have_url(re.compile(r"targets=0\+0\+1"))
    expect(page.get_by_test_id("loss")).to_have_text(f"{loss_of('2 1 0', [0.0, 0.0, 1.0]):.4g}")


def test_no_request_leaves_the_host_and_no_error_is_logged(visit: Visit) -> None:
    page = visit.open()
    for tab in TABS[1:] + TABS[:1]:
        page.get_by_role("tab", name=tab).click()
    page.wait_for_timeout(500)
    assert visit.foreign == []
    assert visit.errors == []


def test_nothing_is_wider_than_a_phone(browser: Browser, address: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    visit = Visit(context.new_page(), address)
    page = visit.open()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    inner = page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth")
    assert inner <= 390
    slider(page, "gamma").scroll_into_view_if_needed()
    box = slider(page, "gamma").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    words = visit.text("loss")
    page.touchscreen.tap(box["x"] + box["width"] * 0.9, box["y"] + box["height"] / 2)
    expect(page.get_by_test_id("loss")).not_to_have_text(words)
    context.close()


def test_a_closed_chip_keeps_its_words_and_is_told_what_the_hand_did(visit: Visit) -> None:
    page = visit.load("/?sample=own+numbers&logits=2+1+0&weight=1+2+3")
    logits = page.locator("input[aria-label='Logits z']")
    expect(logits).to_have_count(0)
    expect(page).to_have_url(re.compile(r"weight=1\+2\+3"))
    page.get_by_role("button", name="3 custom logits").click()
    expect(logits).to_have_value("2 1 0")
