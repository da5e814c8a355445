"""A lecture in a real browser: keys and clickers, a question before its answer, Back, notes, and what stays live."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from lossviz.lectures import Drag, place, shipped

from .conftest import SIDEWAYS, Visit, keeps_the_rules, settled

pytestmark = pytest.mark.browser

NAME = "focal-in-15"
SCENES = shipped.lecture(NAME).scenes


def address(number: int, **more: str) -> str:
    link = SCENES[number - 1].link
    words = "".join(f"&{word}={text}" for word, text in {"lecture": NAME, "scene": str(number), "lang": "en", **more}.items())
    return link + ("" if "?" in link else "?") + words


def opened(visit: Visit, number: int, **more: str) -> Page:
    page = visit.load(address(number, **more))
    expect(title(page, number)).to_be_visible()
    settled(page)
    return page


def title(page: Page, number: int) -> object:
    return page.locator(".st-key-scene h3", has_text=SCENES[number - 1].title)


def answer(page: Page) -> object:
    return page.get_by_role("button", name="Show the answer")


def test_a_clicker_shows_the_answer_and_then_goes_on_and_back(visit: Visit) -> None:
    page = opened(visit, 2)
    expect(answer(page)).to_be_visible()
    page.get_by_text("By 100: loss and gradient").click()
    settled(page)
    page.keyboard.press("PageDown")
    expect(page.get_by_text("Not quite.")).to_be_visible()
    expect(page.get_by_test_id("loss")).to_contain_text("0.001054")
    page.keyboard.press("PageDown")
    expect(title(page, 3)).to_be_visible()
    page.keyboard.press("PageUp")
    expect(title(page, 2)).to_be_visible()
    expect(answer(page)).to_have_count(0)
    assert not visit.errors


def test_keys_of_a_slider_turn_no_scene_and_keys_of_scenes_move_no_slider(visit: Visit) -> None:
    page = opened(visit, 4)
    slider = page.locator(".lossviz-stage input[type=range]")
    slider.focus()
    before = slider.input_value()
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(800)
    assert slider.input_value() != before
    expect(title(page, 4)).to_be_visible()
    moved = slider.input_value()
    page.keyboard.press("PageUp")
    expect(title(page, 3)).to_be_visible()
    settled(page)
    page.go_back()
    expect(title(page, 4)).to_be_visible()
    expect(page.locator(".lossviz-stage input[type=range]")).to_have_value(moved)


def test_back_walks_scene_by_scene_and_escape_ends_where_one_stood(visit: Visit) -> None:
    page = opened(visit, 4)
    page.keyboard.press("ArrowLeft")
    expect(title(page, 3)).to_be_visible()
    settled(page)
    page.keyboard.press("Home")
    expect(title(page, 1)).to_be_visible()
    settled(page)
    page.go_back()
    expect(title(page, 3)).to_be_visible()
    page.go_back()
    expect(title(page, 4)).to_be_visible()
    settled(page)
    page.keyboard.press("Escape")
    expect(page.locator(".st-key-scene")).to_have_count(0)
    expect(page).to_have_url(re.compile("/curves.*y=multiplier"))
    expect(page).not_to_have_url(re.compile("scene=|lecture="))


def test_a_scene_is_live_and_its_link_opens_it_as_it_was_left(visit: Visit) -> None:
    page = opened(visit, 4)
    slider = page.locator(".lossviz-stage input[type=range]")
    slider.focus()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    expect(page).to_have_url(re.compile(r"gamma="))
    moved = slider.input_value()
    page = visit.go("/" + page.url.split("/", 3)[-1])
    expect(title(page, 4)).to_be_visible()
    expect(page.locator(".lossviz-stage input[type=range]")).to_have_value(moved)


def test_the_screen_goes_dark_and_notes_have_a_window(visit: Visit) -> None:
    page = opened(visit, 4)
    page.keyboard.press("b")
    expect(page.get_by_test_id("dark-screen")).to_be_visible()
    page.keyboard.press(".")
    expect(page.get_by_test_id("dark-screen")).to_have_count(0)
    with page.expect_popup() as popup:
        page.keyboard.press("n")
    notes = popup.value
    expect(notes.locator(".note")).to_contain_text(SCENES[3].note[:30])
    expect(notes.get_by_text(f"Next: {SCENES[4].title}")).to_be_visible()
    page.bring_to_front()
    page.keyboard.press("PageUp")
    expect(notes.locator(".note")).to_contain_text(SCENES[2].note[:30])


def test_only_the_controls_that_a_scene_asks_for_stay(visit: Visit) -> None:
    page = opened(visit, 4)
    assert set(SCENES[3].show) == {"gamma", "modulator"}
    expect(page.locator(".st-key-chip-parameters button").first).to_be_visible()
    expect(page.locator(".st-key-chip-loss")).to_be_hidden()
    expect(page.locator(".st-key-view .st-key-y")).to_be_hidden()


def test_a_drag_question_takes_a_number(visit: Visit) -> None:
    page = opened(visit, 3)
    drag = SCENES[2].question
    assert isinstance(drag, Drag)
    page.get_by_label("Your answer").fill(f"{drag.value:.3f}")
    page.get_by_label("Your answer").press("Enter")
    settled(page)
    answer(page).click()
    expect(page.locator(".st-key-scene-question").get_by_text("Right:")).to_be_visible()
    path, _ = place(SCENES[2].then)
    expect(page).to_have_url(re.compile(f"/{path}.*y=multiplier"))


def test_an_answer_is_dragged_along_the_axis_and_then_the_truth_stands_there(visit: Visit) -> None:
    page = opened(visit, 3)
    drag = SCENES[2].question
    assert isinstance(drag, Drag)
    field, mark = page.get_by_label("Your answer"), page.get_by_role("slider", name="Answer on the axis")
    scrubber = page.locator(".lossviz-stage input[type=range]")
    expect(scrubber).to_be_disabled()
    drag_to(page, 0.3)
    expect(field).to_have_value("0.3")
    expect(mark).to_have_attribute("aria-valuetext", "your answer: 0.3")
    expect(scrubber).to_be_enabled()
    mark.focus()
    page.keyboard.press("ArrowLeft")
    expect(field).to_have_value("0.29")
    settled(page)
    answer(page).click()
    expect(page.locator(".guess .truth")).to_contain_text("0.298")
    low, high = page.evaluate(BAND)
    assert (low, high) == pytest.approx((drag.value - drag.tolerance, drag.value + drag.tolerance), abs=0.005)
    expect(mark).to_have_attribute("aria-disabled", "true")
    assert not visit.errors


PLACE = """value => {
    const plot = document.querySelector(".lossviz-stage .plot"), { xaxis } = plot._fullLayout;
    return plot.getBoundingClientRect().left + xaxis._offset + xaxis.d2p(value);
}"""
"""Where on the screen a value of the axis is."""

BAND = """() => {
    const { left, right } = document.querySelector(".guess .band").getBoundingClientRect();
    const plot = document.querySelector(".lossviz-stage .plot"), { xaxis } = plot._fullLayout;
    return [left, right].map(at => xaxis.p2d(at - plot.getBoundingClientRect().left - xaxis._offset));
}"""
"""The values of the axis between which answers are right."""


def drag_to(page: Page, value: float) -> None:
    box = page.locator(".guess .mark").bounding_box()
    assert box
    height = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] / 2, height)
    page.mouse.down()
    page.mouse.move(page.evaluate(PLACE, value), height, steps=8)
    page.mouse.up()


@pytest.mark.parametrize("link", ["/lecture?lang=en", address(2), address(2, lang="zh"), address(3)])
def test_the_page_and_a_scene_keep_the_rules_on_every_screen(visit: Visit, link: str) -> None:
    page = visit.go(link)
    settled(page)
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        page.wait_for_timeout(400)
        assert not page.evaluate(SIDEWAYS), width
    keeps_the_rules(page, ())
    assert not visit.errors
