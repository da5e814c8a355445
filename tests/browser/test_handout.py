"""A handout as paper: as many pages as scenes and one for the answers, and codes that lead to the pictures."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest
import segno
from playwright.sync_api import Browser, Page, expect

from lossviz.lectures import shipped

from .conftest import Visit, keeps_the_rules
from .taken_along import taken_along

pytestmark = pytest.mark.browser

NAME = "focal-in-15"
SCENES = shipped.lecture(NAME).scenes


@pytest.fixture(scope="module")
def file(window: Visit, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return taken_along(window, NAME, "handout", tmp_path_factory.mktemp("handout"))


@pytest.fixture(scope="module")
def paper(browser: Browser, file: Path) -> Iterator[Page]:
    context = browser.new_context(offline=True, color_scheme="dark")
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(file.as_uri())
    page.wait_for_selector("body[data-drawn=yes]", timeout=60_000)
    yield page
    context.close()
    assert errors == []


@pytest.mark.parametrize("size", ["A4", "Letter"])
def test_it_has_a_page_for_each_scene_and_one_for_the_answers(paper: Page, size: str) -> None:
    pdf = paper.pdf(format=size, print_background=True)
    assert len(re.findall(rb"/Type /Page\b(?!s)", pdf)) == len(SCENES) + 1


def test_every_picture_stands_whole_on_its_page_with_room_to_write(paper: Page) -> None:
    pages = paper.locator(".page")
    expect(pages).to_have_count(len(SCENES))
    for number, scene in enumerate(SCENES):
        page = pages.nth(number)
        expect(page.get_by_role("heading", name=scene.title)).to_be_visible()
        sizes = page.locator(".shown img").evaluate_all("all => all.map(one => [one.naturalWidth, one.height])")
        assert sizes, scene.title
        assert all(width > 300 and height > 80 for width, height in sizes), (scene.title, sizes)
        assert page.evaluate("one => one.scrollHeight <= one.clientHeight + 1"), scene.title
        assert page.locator(".room").evaluate("one => one.offsetHeight") > 60, scene.title


def test_no_scene_tells_its_answer_and_the_last_page_tells_them_all(paper: Page) -> None:
    questions = [scene.question for scene in SCENES if scene.question]
    pages = "\n".join(paper.locator(".page").all_inner_texts())
    answers = paper.locator(".answers").inner_text()
    for question in questions:
        assert question.text in pages
        assert question.why not in pages
        assert question.why in answers


def test_each_code_is_that_of_its_link(paper: Page, address: str) -> None:
    for number, scene in enumerate(SCENES):
        code = paper.locator(".page .code").nth(number).get_attribute("src") or ""
        matrix = segno.make_qr(address + scene.link, error="m").matrix
        assert drawn(unquote(code)) == [(x, y) for y, row in enumerate(matrix) for x, dark in enumerate(row) if dark]


def drawn(svg: str) -> list[tuple[int, int]]:
    """The dark modules of a code, from the lines that draw them: each begins relative to where the last one ended."""
    (path,) = re.findall(r"<path[^>]*stroke=[^>]* d=['\"]([^'\"]*)['\"]", svg)
    x, y, modules = 0.0, 0.0, []
    for kind, first, second in re.findall(r"([Mmh])(-?[\d.]+)[ ,]?(-?[\d.]+)?", path):
        if kind == "h":
            modules += [(int(x) + i - 4, int(y) - 4) for i in range(int(first))]
            x += int(first)
        else:
            x, y = (float(first), float(second)) if kind == "M" else (x + float(first), y + float(second))
    return modules


def test_axe_finds_nothing(paper: Page) -> None:
    keeps_the_rules(paper)
