"""A phone in a room, in Chromium: joins, answers, changes its mind, sleeps, wakes, and sees what the others thought."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Response, expect

from ..served import free_port, when_up
from ..server.rooms import Lecturer
from .conftest import ROOT, Visit, keeps_the_rules_in_both_colours

pytestmark = pytest.mark.browser

SIZE = {"width": 390, "height": 844}
APP = [sys.executable, "-m", "streamlit", "run", "tests/server/room_app.py", "--server.port"]

ASLEEP = """asleep => {
    Object.defineProperty(document, "hidden", { configurable: true, get: () => asleep });
    document.dispatchEvent(new Event("visibilitychange"));
}"""
"""What a browser tells a page of a phone that is laid aside, or taken up again."""


def served(port: int) -> subprocess.Popen[bytes]:
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    quiet = subprocess.DEVNULL
    return subprocess.Popen([*APP, str(port)], cwd=ROOT, env=environment, stdout=quiet, stderr=quiet)


@pytest.fixture(scope="module")
def room_address() -> Iterator[str]:
    """The address of room_app.py."""
    port = free_port()
    server = served(port)
    try:
        yield when_up(f"http://localhost:{port}", server)
    finally:
        server.terminate()
        server.wait()


@pytest.fixture
def lecturer(room_address: str) -> Lecturer:
    return Lecturer(room_address)


@pytest.fixture(params=["en-US", "zh-CN"])
def phone(request: pytest.FixtureRequest, browser: Browser, room_address: str) -> Iterator[Visit]:
    """A phone in either language; at the end it has shown no error and asked no other server."""
    with_touch: dict[str, Any] = {"is_mobile": True, "has_touch": True, "device_scale_factor": 2}
    context = browser.new_context(viewport=SIZE, locale=request.param, **with_touch)  # type: ignore[arg-type]
    visit = Visit(context.new_page(), room_address)
    visit.page.emulate_media(reduced_motion="reduce")
    yield visit
    context.close()
    assert visit.errors == [] and visit.foreign == []


def in_room(phone: Visit, lecturer: Lecturer, scene: int) -> Page:
    """A phone that shows a scene of the lecture."""
    lecturer.do("ask", scene)
    phone.page.goto(lecturer.link)
    expect(phone.page.locator("#title")).to_have_text(re.compile("focal|gradient|Where"))
    return phone.page


def chosen(page: Page) -> list[str]:
    return page.locator("[aria-pressed=true]").all_inner_texts()


def answered(lecturer: Lecturer, answers: int) -> None:
    for _ in range(100):
        if lecturer.do("tally")["answers"] == answers:
            return
        time.sleep(0.1)
    raise AssertionError(lecturer.do("tally"))


def chinese(page: Page) -> bool:
    return page.evaluate("document.documentElement.lang") == "zh-CN"


def test_a_phone_answers_changes_its_mind_and_sees_the_reveal(phone: Visit, lecturer: Lecturer) -> None:
    page = in_room(phone, lecturer, 1)
    assert lecturer.do("tally")["phones"] == 1
    for text in ("By 100", "By about 34"):
        page.get_by_role("button", name=text).tap()
        expect(page.locator("[aria-pressed=true]")).to_have_text(text)
        counts = "答案" if chinese(page) else "Your answer counts"
        expect(page.get_by_role("status")).to_contain_text(counts)
        answered(lecturer, 1)
    assert page.get_by_text("The factor depends on p").count() == 0
    page.reload()
    expect(page.locator("[aria-pressed=true]")).to_have_text("By about 34")
    assert lecturer.do("tally")["phones"] == 1, "a phone that comes back is the same"
    lecturer.do("reveal")
    expect(page.get_by_text("The factor depends on p as well.")).to_be_visible()
    expect(page.locator("li.right")).to_contain_text(
        "100% · 正确答案 · 你的答案" if chinese(page) else "100% · right answer · your answer"
    )
    expect(page.get_by_role("status")).to_have_text("你答对了。" if chinese(page) else "Your answer is right.")
    assert page.get_by_role("button").count() == 0
    assert page.locator("li b").count() == 0, "what a lecture says is no markup"


def test_a_second_vote_begins_anew_and_is_compared(phone: Visit, lecturer: Lecturer) -> None:
    page = in_room(phone, lecturer, 1)
    page.get_by_role("button", name="By 100").tap()
    answered(lecturer, 1)
    lecturer.do("again")
    expect(page.get_by_text("第 2 轮" if chinese(page) else "round 2")).to_be_visible()
    assert chosen(page) == []
    page.get_by_role("button", name="By about 34").tap()
    answered(lecturer, 1)
    lecturer.do("reveal")
    sentence = "100% 的人答对了；讨论前为 0%。" if chinese(page) else "100% were right, 0% before the discussion."
    expect(page.get_by_text(sentence)).to_be_visible()


def test_a_place_is_dragged_with_fingers_or_keys(phone: Visit, lecturer: Lecturer) -> None:
    page = in_room(phone, lecturer, 2)
    slider = page.get_by_role("slider", name="p_t")
    box = slider.bounding_box()
    assert box is not None
    page.touchscreen.tap(box["x"] + 0.3 * box["width"], box["y"] + box["height"] / 2)
    assert 0.2 < float(slider.get_attribute("aria-valuetext") or "") < 0.4
    slider.focus()
    before = float(slider.get_attribute("aria-valuetext") or "")
    page.keyboard.press("ArrowRight")
    assert float(slider.get_attribute("aria-valuetext") or "") == pytest.approx(before + 0.001)
    assert lecturer.do("tally")["answers"] == 0, "nothing is sent before it is said so"
    slider.evaluate("slider => { slider.value = 320; slider.dispatchEvent(new Event('input')); }")
    send = page.get_by_role("button", name="0.320")
    send.tap()
    answered(lecturer, 1)
    expect(send).to_have_attribute("aria-pressed", "true")
    page.wait_for_timeout(3000)
    assert slider.input_value() == "320", "a look at the server does not take the slider from the finger"
    lecturer.do("reveal")
    expect(page.get_by_text("0.300 ± 0.050")).to_be_visible()
    expect(page.get_by_role("status")).to_have_text("你答对了。" if chinese(page) else "Your answer is right.")
    expect(page.get_by_role("img")).to_be_visible()


def test_a_scene_without_a_question_can_be_opened_on_the_phone(phone: Visit, lecturer: Lecturer) -> None:
    page = in_room(phone, lecturer, 0)
    link = page.get_by_role("link")
    assert link.evaluate("link => link.href") == f"{phone.address}/curves?loss=focal&gamma=2"
    lecturer.do("ask", 1)
    expect(page.get_by_role("button", name="By 100")).to_be_visible()
    expect(link).to_be_hidden()


def test_a_phone_that_sleeps_asks_nothing_and_one_that_wakes_asks_at_once(phone: Visit, lecturer: Lecturer) -> None:
    page = in_room(phone, lecturer, 0)
    requests: list[Response] = []
    page.on("response", lambda answer: requests.append(answer))
    page.evaluate(ASLEEP, True)
    page.wait_for_timeout(500)
    requests.clear()
    lecturer.do("ask", 1)
    page.wait_for_timeout(5000)
    assert requests == []
    page.evaluate(ASLEEP, False)
    expect(page.get_by_role("button", name="By 100")).to_be_visible(timeout=1500)


def test_a_phone_that_loses_the_network_says_so_and_comes_back(phone: Visit, lecturer: Lecturer) -> None:
    page = in_room(phone, lecturer, 1)
    page.context.set_offline(True)
    page.get_by_role("button", name="By 100").tap()
    expect(page.get_by_role("status")).to_contain_text("中断" if chinese(page) else "No connection")
    page.context.set_offline(False)
    page.wait_for_timeout(500)
    page.get_by_role("button", name="By 100").tap()
    answered(lecturer, 1)
    expect(page.locator("[aria-pressed=true]")).to_have_text("By 100")
    assert all("ERR_INTERNET_DISCONNECTED" in error for error in phone.errors)
    phone.errors.clear()


def test_a_room_that_is_gone_says_so_and_another_can_be_joined(phone: Visit, lecturer: Lecturer, room_address: str) -> None:
    page = in_room(phone, lecturer, 1)
    lecturer.do("close")
    expect(page.get_by_role("status")).to_contain_text("已不存在" if chinese(page) else "This room is gone")
    assert page.get_by_role("button", name="By 100").count() == 0 or page.locator("#question").is_hidden()
    keeps_the_rules_in_both_colours(page, SIZE["width"])
    other = Lecturer(room_address)
    other.do("ask", 1)
    page.get_by_role("textbox").fill(f"{other.code[:2].lower()} {other.code[2:].lower()}")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="By 100")).to_be_visible()
    assert page.url == other.link
    assert all("404" in error for error in phone.errors)
    phone.errors.clear()


def test_the_rules_of_accessibility_are_kept(phone: Visit, lecturer: Lecturer) -> None:
    """By every state of the page, in the light and in the dark; and a finger finds everything."""
    phone.page.goto(f"{phone.address}/r")
    keeps_the_rules_in_both_colours(phone.page, SIZE["width"])
    for scene in (0, 1, 2):
        page = in_room(phone, lecturer, scene)
        page.wait_for_timeout(300)
        for target in page.locator("button:visible, input:visible, a:visible").all():
            box = target.bounding_box()
            assert box is not None and box["height"] >= 44 and box["width"] >= 44
        keeps_the_rules_in_both_colours(page, SIZE["width"])
        lecturer.do("reveal")
        if scene:
            expect(page.get_by_role("status")).to_contain_text("作答" if chinese(page) else "You gave no answer")
            keeps_the_rules_in_both_colours(page, SIZE["width"])


def test_a_question_is_answered_with_the_keyboard_alone(phone: Visit, lecturer: Lecturer) -> None:
    page = in_room(phone, lecturer, 1)
    page.get_by_role("button", name="By 100").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    answered(lecturer, 1)
    assert chosen(page) == ["By about 34"]
    page.wait_for_timeout(3000)
    assert page.evaluate("document.activeElement.textContent") == "By about 34", "the focus stays"


def test_a_server_that_starts_anew_says_that_the_room_is_gone(browser: Browser) -> None:
    port = free_port()
    first = served(port)
    context = browser.new_context(viewport=SIZE)  # type: ignore[arg-type]
    try:
        lecturer = Lecturer(when_up(f"http://localhost:{port}", first))
        lecturer.do("ask", 1)
        page = context.new_page()
        page.goto(lecturer.link)
        expect(page.get_by_role("button", name="By 100")).to_be_visible()
        first.terminate()
        first.wait()
        expect(page.get_by_role("status")).to_contain_text("No connection", timeout=30_000)
        second = served(port)
        try:
            when_up(lecturer.address, second)
            expect(page.get_by_role("status")).to_contain_text("the server has started anew", timeout=40_000)
        finally:
            second.terminate()
            second.wait()
    finally:
        context.close()
        first.kill()
