"""One's own lecture in a real browser: adding right after a drag, leaving with something unsaved, keys, phones and colours."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Dialog, Error, Page, expect

from lossviz.lectures import place, read

from .conftest import Visit, keeps_the_rules, keeps_the_rules_in_both_colours, settled
from .test_language import switch
from .test_quick_acts import FIGURE, SLOW_LINE, at_rest, drag, step

pytestmark = pytest.mark.browser

ADD = "Add to lecture"

PLACES = """[...document.querySelectorAll(".page-links a, .st-key-setting, .lossviz-stage")].map((one) => {
  const { x, y } = one.getBoundingClientRect();
  return `${x} ${y}`;
})"""


@pytest.fixture(scope="module")
def slow_window(browser: Browser) -> Iterator[BrowserContext]:
    """A window whose line can be slow, and which keeps what the pages consist of: reading that takes longer than most tests."""
    with closing(browser.new_context(viewport={"width": 1280, "height": 720}, accept_downloads=True)) as context:
        context.add_init_script(SLOW_LINE)
        yield context


@pytest.fixture
def visit(slow_window: BrowserContext, address: str) -> Iterator[Visit]:
    """Somebody in a tab of its own: a lecture stays in a session."""
    with closing(slow_window.new_page()) as page:
        person = Visit(page, address)
        person.forget("light", 1280, 720)
        yield person


def opened(visit: Visit, link: str, delay: int = 0) -> Page:
    page = visit.load(link)
    page.locator(FIGURE).first.wait_for(timeout=60_000)
    page.evaluate(f"window.delay = {delay}")
    return page


def add(page: Page, number: int) -> None:
    page.get_by_role("button", name=ADD).click()
    expect(page.get_by_role("status").filter(has_text=f"Scene {number} added")).to_be_visible()


def turn(page: Page, name: str) -> None:
    page.get_by_role("link", name=name, exact=True).click()
    expect(page.locator(".page-links [aria-current]")).to_have_text(name)
    settled(page)


def editor(visit: Visit) -> Page:
    """The page Lecture with two scenes of one's own."""
    page = opened(visit, "/curves?lang=en")
    add(page, 1)
    settled(page)
    turn(page, "Mistakes")
    add(page, 2)
    settled(page)
    turn(page, "Lecture")
    return page


def saved(page: Page, folder: Path) -> Path:
    with page.expect_download() as download:
        page.get_by_role("button", name="Download").click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    settled(page)
    return path


def asks(page: Page) -> bool:
    """Whether the browser asks when the page is left; it is left then."""
    questions: list[str] = []

    def answer(dialog: Dialog) -> None:
        questions.append(dialog.type)
        dialog.accept()

    page.on("dialog", answer)
    with suppress(Error):
        page.goto("about:blank")
    page.remove_listener("dialog", answer)
    return questions == ["beforeunload"]


@pytest.mark.parametrize("act", [drag, step], ids=["drag", "keys"])
@pytest.mark.parametrize("link", ["/?loss=focal&lang=en", "/curves?lang=en"])
def test_an_act_right_before_is_in_the_scene_though_the_line_is_slow(
    visit: Visit, tmp_path: Path, link: str, act: object
) -> None:
    page = opened(visit, link, delay=300)
    assert callable(act)
    act(page)
    page.get_by_role("button", name=ADD).click()
    at_rest(page)
    at_rest(page)
    gamma = dict(part.split("=") for part in page.url.split("?")[1].split("&"))["gamma"]
    assert float(gamma) > 2
    page.evaluate("window.delay = 0")
    turn(page, "Lecture")
    (scene,) = read(saved(page, tmp_path).read_bytes()).scenes
    assert place(scene.link)[1]["gamma"] == gamma


def test_adding_moves_nothing_and_all_pages_stay_in_sight(visit: Visit) -> None:
    for link in ("/curves?lang=en", "/curves?lang=zh"):
        page = opened(visit, link)
        line = page.locator(".page-links")
        before = page.evaluate(PLACES)
        page.get_by_test_id("add-to-lecture").click()
        expect(page.get_by_test_id("copied")).not_to_be_empty()
        assert page.evaluate(PLACES) == before, link
        assert line.evaluate("line => line.scrollWidth <= line.clientWidth")
        assert page.get_by_test_id("copied").evaluate("one => one.scrollWidth <= one.clientWidth + 1")


def test_leaving_asks_only_where_something_would_be_lost(visit: Visit, tmp_path: Path) -> None:
    page = opened(visit, "/curves?lang=en")
    drag(page)
    settled(page)
    assert not asks(page)
    page = editor(visit)
    assert asks(page)
    page = editor(visit)
    saved(page, tmp_path)
    assert not asks(page)


def test_what_is_typed_last_is_in_the_file_and_on_the_page_when_one_is_back(visit: Visit, tmp_path: Path) -> None:
    page = editor(visit)
    page.evaluate("window.delay = 300")
    page.get_by_label("Caption").fill("What the mistake costs.")
    text = saved(page, tmp_path).read_text("utf-8")
    assert "What the mistake costs." in text and "[scene](/mistakes" in text
    page.get_by_label("Note", exact=True).fill("Wait for the answer.")
    turn(page, "Curves")
    at_rest(page)
    turn(page, "Lecture")
    expect(page.get_by_label("Note", exact=True)).to_have_value("Wait for the answer.")
    assert asks(page)


def test_a_switch_of_language_keeps_what_was_typed(visit: Visit) -> None:
    page = editor(visit)
    page.get_by_label("Caption").fill("Mine")
    page.get_by_role("radio", name="Choices").click()
    page.get_by_label("Answer B", exact=True).fill("Second")
    page.get_by_label("What do you ask?").fill("Which?")
    page.keyboard.press("Tab")  # what is sent now would close the menu later
    settled(page)
    page.get_by_role("combobox", name="Controls that stay").click()
    page.keyboard.type("Mistake")
    page.get_by_role("option", name="Mistake").click()
    settled(page)
    expect(page.get_by_test_id("stMultiSelect")).to_contain_text("Mistake")
    page.keyboard.press("Escape")
    settled(page)
    switch(page, "简体中文")
    expect(page.get_by_label("说明")).to_have_value("Mine")
    expect(page.get_by_label("选项 B", exact=True)).to_have_value("Second")
    expect(page.get_by_test_id("stMultiSelect")).to_contain_text("错误")
    switch(page, "English")
    expect(page.get_by_label("What do you ask?")).to_have_value("Which?")
    assert visit.errors == []


def test_by_keys_alone(visit: Visit) -> None:
    page = editor(visit)
    page.get_by_role("button", name="1. Curves").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Title", exact=True).last).to_have_value("Curves: Softmax focal loss")
    settled(page)
    page.get_by_role("button", name="Down", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="2. Curves")).to_be_visible()
    settled(page)
    page.get_by_role("button", name="Delete").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="2. Curves")).to_have_count(0)
    settled(page)
    page.get_by_role("button", name="Undo").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="2. Curves")).to_be_visible()


def test_it_keeps_the_rules_on_a_desk_and_on_a_phone(visit: Visit) -> None:
    page = editor(visit)
    page.get_by_role("radio", name="Choices").click()
    settled(page)
    for width in (1440, 390):
        keeps_the_rules_in_both_colours(page, width)
    page.get_by_role("radio", name="Number").click()
    settled(page)
    keeps_the_rules(page)
    assert visit.errors == []
