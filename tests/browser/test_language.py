"""Two languages in a real browser: what the switch keeps, and that Chinese is as usable as English."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from .conftest import Visit, settled

pytestmark = pytest.mark.browser


def switch(page: Page, wanted: str) -> None:
    """Choose a language as a person does."""
    chip = page.locator(".st-key-chip-reading button:visible")
    chip.scroll_into_view_if_needed()
    chip.click()
    page.get_by_role("radio", name=wanted, exact=True).click()
    page.keyboard.press("Escape")
    settled(page)


def eye(page: Page) -> list[float]:
    code = "Object.values(document.querySelector('.plot')._fullLayout.scene._scene.getCamera().eye)"
    return [round(x, 3) for x in page.evaluate(code)]


def test_the_language_is_the_browser_s_until_somebody_chooses(browser: Browser, address: str) -> None:
    context = browser.new_context(locale="zh-CN")
    page = context.new_page()
    page.goto(f"{address}/curves")
    expect(page.get_by_role("link", name="曲线")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
    expect(page).to_have_title("曲线 · lossviz")
    assert "lang" not in page.url
    switch(page, "English")
    expect(page.get_by_role("link", name="Curves")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page).to_have_url(re.compile("lang=en"))
    context.close()


def test_a_switch_keeps_settings_camera_and_place(visit: Visit) -> None:
    page = visit.load("/surfaces?drawn=3-D&beside=alone&gamma=3&lang=en")
    expect(page.locator(".lossviz-stage[data-drawn]")).to_be_visible()
    box = page.locator(".plot").first.bounding_box()
    assert box
    before = eye(page)
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2 + 120, box["y"] + box["height"] / 2 + 20, steps=6)
    page.mouse.up()
    page.wait_for_timeout(1500)
    turned = eye(page)
    assert turned != before
    page.evaluate("document.querySelector('[data-testid=stMain]').scrollTo(0, 60)")
    switch(page, "简体中文")
    expect(page.get_by_role("link", name="曲面")).to_be_visible()
    expect(page.locator(".lossviz-stage[data-drawn]")).to_be_visible()
    page.wait_for_timeout(500)
    assert eye(page) == turned
    expect(page).to_have_url(re.compile("lang=zh"))
    assert "gamma=3" in page.url
    page.go_back()
    expect(page.get_by_role("link", name="Surfaces")).to_be_visible()
    expect(page.locator(".lossviz-stage .picture").first).to_be_visible()
    assert "gamma=3" in page.url


def test_back_in_a_language_the_sample_is_shown_in_it(visit: Visit) -> None:
    page = visit.load("/?lang=en")
    for language in ("简体中文", "English"):
        switch(page, language)
        expect(page.get_by_test_id("title")).to_have_text(re.compile("softmax focal loss", re.IGNORECASE))


def test_a_training_goes_on(visit: Visit) -> None:
    page = visit.load("/training?examples=600&seeds=12&epochs=400&lang=en")
    if page.get_by_role("button", name="Train", exact=True).count():
        page.get_by_role("button", name="Train", exact=True).click()
    expect(page.get_by_role("button", name="Stop")).to_be_visible()
    switch(page, "简体中文")
    expect(page.get_by_role("button", name="停止")).to_be_visible()
    page.get_by_role("button", name="停止").click()
    expect(page.get_by_role("button", name="停止")).to_have_count(0)


def test_a_phone_has_the_switch_too(phone: Visit) -> None:
    page = phone.load("/curves?lang=en")
    switch(page, "简体中文")
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
