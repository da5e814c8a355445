"""A lecture as a file, opened from disk with the network off."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from playwright.sync_api import Browser, Page, expect

import lossviz
from lossviz.lectures import Drag, shipped
from lossviz.ui.lecture.offline.formula import mathml

from .conftest import Visit, keeps_the_rules_in_both_colours, settled
from .taken_along import taken_along

pytestmark = pytest.mark.browser

NAME = "focal-in-15"
SCENES = shipped.lecture(NAME).scenes
LIMIT = 8_000_000
TITLE = ".words h2:visible"


@pytest.fixture(scope="module")
def file(window: Visit, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the page gives, in both languages."""
    return taken_along(window, NAME, "file", tmp_path_factory.mktemp("lecture"), every_language=True)


class Opened:
    """The file in a window without a network, and what it asked for and complained of."""

    def __init__(self, page: Page, file: Path) -> None:
        self.page, self.requests, self.errors = page, list[str](), list[str]()
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", lambda message: self.errors.append(message.text) if message.type == "error" else None)
        page.goto(file.as_uri())
        self.scene(1)

    def scene(self, number: int) -> None:
        expect(self.page.locator(TITLE)).to_have_count(1)
        expect(self.page.locator(".place:visible").first).to_have_text(f"{number} / {len(SCENES)}")


@pytest.fixture
def opened(browser: Browser, file: Path) -> Iterator[Opened]:
    context = browser.new_context(offline=True, locale="en-US", viewport={"width": 1440, "height": 900})
    window = Opened(context.new_page(), file)
    yield window
    context.close()
    assert [url for url in window.requests if not url.startswith(("file:", "data:", "blob:"))] == []
    assert sum(url.startswith("file:") for url in window.requests) <= 2
    assert window.errors == []


def test_it_is_small_enough_to_be_sent(file: Path) -> None:
    assert file.stat().st_size < LIMIT


def test_keys_turn_every_scene_and_show_each_answer_first(opened: Opened) -> None:
    page = opened.page
    for number, scene in enumerate(SCENES, 1):
        opened.scene(number)
        expect(page.locator(TITLE)).to_have_text(scene.title)
        expect(page.locator(".shown:visible :is(.js-plotly-plot, .live)").first).to_be_visible()
        if scene.question:
            expect(page.get_by_text(scene.question.why, exact=True)).to_be_hidden()
            page.keyboard.press("PageDown")
            expect(page.get_by_text(scene.question.why, exact=True)).to_be_visible()
            opened.scene(number)
        page.keyboard.press("ArrowRight")
    opened.scene(len(SCENES))
    page.keyboard.press("Home")
    opened.scene(1)


def test_what_was_answered_is_judged(opened: Opened) -> None:
    page = opened.page
    page.keyboard.press("PageDown")
    page.get_by_text("By 100: loss and gradient").click()
    page.get_by_role("button", name="Show the answer").click()
    expect(page.get_by_role("status").filter(has_text="Not quite. Right: By about 34")).to_be_visible()
    page.keyboard.press("PageDown")
    question = SCENES[2].question
    assert isinstance(question, Drag)
    page.get_by_label("Your answer").fill(str(question.value + question.tolerance / 2))
    page.get_by_role("button", name="Show the answer").click()
    expect(page.locator(".verdict:visible")).to_have_text("Right.")


def test_an_answer_is_dragged_and_nothing_else_is_before_it(opened: Opened) -> None:
    page = opened.page
    for _ in range(3):
        page.keyboard.press("PageDown")
    opened.scene(3)
    scrubber, mark = page.get_by_test_id("scrubber"), page.get_by_role("slider", name="Answer on the axis")
    expect(scrubber).to_be_disabled()
    mark.focus()
    for _ in range(3):
        page.keyboard.press("ArrowLeft")
    expect(page.get_by_label("Your answer")).to_have_value("0.47")
    expect(scrubber).to_be_enabled()
    page.keyboard.press("PageDown")
    expect(page.locator(".verdict:visible")).to_contain_text("Not quite")
    expect(page.locator(".guess .truth:visible")).to_contain_text("0.298")
    expect(mark).to_have_attribute("aria-valuenow", "0.47")


def test_a_live_component_plays_the_engine(opened: Opened) -> None:
    page = opened.page
    page.keyboard.press("PageDown")
    page.keyboard.press("PageDown")
    loss = page.get_by_test_id("loss")
    expect(loss).to_have_text(shown(2.0))
    gamma, logit = page.get_by_role("slider", name="Focusing"), page.locator("[data-control=z0]:visible")
    expect(page.get_by_role("slider", name="Label smoothing")).to_have_count(0)  # the scene does not show it
    gamma.focus()
    page.keyboard.press("Home")
    expect(loss).to_have_text(shown(0.0))
    page.wait_for_timeout(400)  # it is let go of
    expect(loss).to_have_text(shown(0.0))
    logit.focus()
    page.keyboard.press("ArrowRight")
    expect(gamma).to_have_attribute("aria-valuenow", "2")
    opened.scene(2)


def shown(gamma: float) -> str:
    loss = lossviz.evaluate(lossviz.loss("focal", activation="sigmoid", gamma=gamma), [2.1972], [1.0]).loss.item()
    return f"{loss:.4g}"


def test_a_scrubber_plays_the_engine(opened: Opened) -> None:
    page = opened.page
    for _ in range(4):
        page.keyboard.press("PageDown")
    page.keyboard.press("PageDown")
    opened.scene(4)
    slider = page.get_by_test_id("scrubber")
    slider.focus()
    page.keyboard.press("End")
    expect(page.get_by_test_id("value")).to_have_text("γ = 5.0")
    drawn = page.wait_for_function(CURVE, arg=5.0).json_value()
    for p, multiplier in drawn[:: len(drawn) // 9]:
        if 0 < p < 1:
            assert multiplier == pytest.approx(multiplier_at(p, 5.0), rel=1e-4, abs=1e-6)
    opened.scene(4)


CURVE = """gamma => {
    const [plot] = document.querySelectorAll(".shown:not([hidden]) .js-plotly-plot");
    const line = plot.data.find(one => one.name?.includes(`γ = ${gamma}`) && !one.name.includes("detached"));
    return line ? [...line.x].map((x, i) => [x, line.y[i]]) : null;
}"""


def multiplier_at(p: float, gamma: float) -> float:
    logit = math.log(p / (1 - p))
    focal, entropy = (
        lossviz.evaluate(spec, [logit], [1.0]).grad.item()
        for spec in (
            lossviz.loss("focal", activation="sigmoid", gamma=gamma),
            lossviz.loss("cross-entropy", activation="sigmoid"),
        )
    )
    return focal / entropy


def test_it_is_in_both_languages_and_an_address_opens_a_scene(opened: Opened) -> None:
    page = opened.page
    page.keyboard.press("End")
    opened.scene(len(SCENES))
    page.get_by_role("button", name="中文").click()
    chinese = shipped.lecture(NAME, "zh")
    expect(page.locator(TITLE)).to_have_text(chinese.scenes[-1].title)
    opened.scene(len(SCENES))
    expect(page.locator("html")).to_have_attribute("lang", re.compile("^zh"))
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("button", name="揭晓答案")).to_be_visible()


@pytest.mark.parametrize("width", [390, 1440])
def test_axe_finds_nothing(opened: Opened, width: int) -> None:
    page = opened.page
    keeps_the_rules_in_both_colours(page, width)
    page.keyboard.press("PageDown")
    page.keyboard.press("PageDown")
    expect(page.get_by_test_id("loss")).to_be_visible()
    keeps_the_rules_in_both_colours(page, width)


KATEX = """() => [...document.querySelectorAll(".katex-mathml math")].map(math => {
    const tex = math.querySelector("annotation").textContent;
    const leaves = [...math.querySelectorAll("mi, mn, mo, mtext")].filter(one => !one.closest("annotation"));
    const count = name => math.querySelectorAll(name).length;
    return [tex, leaves.map(one => one.textContent).join(""), count("mfrac"), count("mtr")];
})"""
"""What KaTeX, with which Streamlit sets formulas, makes of each: its letters in order, its fractions and its rows."""

UNSEEN = re.compile(r"[\s\u2061-\u2064\u00a0\u200b]")


@pytest.mark.parametrize(
    "link", ["/names?lang=en", "/names?place=binary-focal&lang=en", "/?lang=en&task=binary&alpha=0.25&temperature=2"]
)
def test_formulas_are_those_that_the_page_sets(visit: Visit, link: str) -> None:
    page = visit.load(link)
    settled(page)
    if link.startswith("/?"):
        page.get_by_role("tab", name="With these numbers").click()
    page.locator(".katex-display").first.wait_for()
    settled(page)
    every = page.evaluate(KATEX)
    assert every
    for tex, text, fractions, rows in every:
        ours = ElementTree.fromstring(mathml(tex))
        assert UNSEEN.sub("", "".join(ours.itertext())) == UNSEEN.sub("", text), tex
        assert [len(list(ours.iter(tag))) for tag in ("mfrac", "mtr")] == [fractions, rows], tex
