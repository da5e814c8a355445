"""Acts that come before the answer to the act before: on a slow line too, link, widgets and picture agree at rest."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from contextlib import closing

import pytest
from playwright.sync_api import Browser, Page, expect

from .conftest import Visit, settled, somebody
from .test_one_sample import grab

pytestmark = pytest.mark.browser

SLOW_LINE = """
const Fast = WebSocket;
window.WebSocket = class extends Fast {
  constructor(...how) {
    super(...how);
    this.addEventListener("message", (event) => {
      if (event.late) return;
      event.stopImmediatePropagation();
      const late = new MessageEvent("message", { data: event.data });
      late.late = true;
      setTimeout(() => this.dispatchEvent(late), window.delay ?? 0);
    });
  }
  send(data) {
    setTimeout(() => super.send(data), window.delay ?? 0);
  }
};
"""
DELAY = 150  # milliseconds, each way

FIGURE = "[data-testid=loss]:not(:empty), .lossviz-stage[data-drawn]"

Act = Callable[[Page], None]


@pytest.fixture(scope="module")
def tabs(browser: Browser, address: str) -> Iterator[tuple[Visit, Visit]]:
    """Somebody's tab and somebody else's, in a window of which a line can be slow."""
    with closing(browser.new_context(viewport={"width": 1440, "height": 1200})) as context:
        context.add_init_script(SLOW_LINE)
        yield Visit(context.new_page(), address), Visit(context.new_page(), address)


@pytest.fixture
def visit(request: pytest.FixtureRequest, tabs: tuple[Visit, Visit]) -> Iterator[Visit]:
    """Somebody whose line is not slow yet."""
    tabs[0].page.evaluate("window.delay = 0")
    with somebody(request, tabs[0], "light", 1440, 1200) as person:
        yield person


@pytest.fixture
def other(tabs: tuple[Visit, Visit]) -> Visit:
    return tabs[1]


def opened(visit: Visit, link: str) -> Page:
    """A page that has been drawn, on a line that is slow from now on."""
    page = visit.go(link)
    page.locator(FIGURE).first.wait_for(timeout=60_000)
    page.evaluate(f"window.delay = {DELAY}")
    return page


def at_rest(page: Page) -> None:
    """Nothing is under way in either direction."""
    for _ in range(2):
        page.wait_for_timeout(3 * DELAY)
        settled(page)


def drag(page: Page) -> None:
    """γ, to 4.6."""
    if page.locator('[data-control="gamma"]').count():
        grab(page, "gamma", 0.92)
    else:
        box = page.get_by_test_id("scrubber").bounding_box()
        assert box is not None
        page.mouse.move(box["x"] + box["width"] * 0.4, box["y"] + box["height"] / 2)
        page.mouse.down()
        page.mouse.move(box["x"] + box["width"] * 0.92, box["y"] + box["height"] / 2, steps=4)
    page.mouse.up()


def step(page: Page) -> None:
    """γ, by keys."""
    slider = page.locator('[data-control="gamma"], [data-testid=scrubber]').first
    slider.focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    page.wait_for_timeout(450)  # it counts as let go


def choose(name: str) -> Act:
    return lambda page: page.get_by_role("radio", name=name, exact=True).first.click()


def in_chip(chip: str, act: Act) -> Act:
    """Something that is done in a chip, which is closed again."""

    def acts(page: Page) -> None:
        page.locator(f".st-key-chip-{chip} button").first.click()
        page.wait_for_timeout(250)  # nobody is quicker at what a chip shows, and by then the page has said that it is open
        act(page)
        page.keyboard.press("Escape")

    return acts


def press(name: str) -> Act:
    return lambda page: page.get_by_role("button", name=name).first.click()


SIGMOID, SOFTMAX = in_chip("loss", choose("Sigmoid")), in_chip("loss", choose("Softmax"))


def turn(name: str) -> Act:
    return lambda page: page.get_by_role("link", name=name).click()


def shown(page: Page) -> dict[str, str]:
    """What the page says: its link, what is chosen, what is written into fields, and what the picture shows."""
    chosen = "nodes => nodes.filter(n => n.checked || n.ariaChecked === 'true').map(n => (n.closest('label') ?? n).innerText)"
    state = {
        "words": str(page.evaluate("JSON.stringify([...new URLSearchParams(location.search)].sort())")),
        "chosen": str(page.get_by_role("radio").evaluate_all(chosen)),
        "setting": str(page.locator(".st-key-setting").all_inner_texts()),
    }
    for name in ("title", "loss", "exact-gamma", "value"):
        if (one := page.get_by_test_id(name)).count():
            state[name] = one.first.inner_text() or one.first.input_value() if name == "exact-gamma" else one.first.inner_text()
    return state | {"picture": str(page.locator(".gtitle").all_text_contents())}


def link_and_picture_agree(visit: Visit, other: Visit) -> dict[str, str]:
    """The link, opened by somebody else, shows the same."""
    at_rest(visit.page)
    before = shown(visit.page)
    page = other.go(visit.page.url.removeprefix(visit.address))
    page.locator(FIGURE).first.wait_for(timeout=60_000)
    settled(page)
    assert shown(page) == before
    return before


@pytest.mark.parametrize(
    ("link", "acts", "words"),
    [
        ("/", (drag, SIGMOID), {"gamma": "4.7", "activation": "sigmoid"}),
        ("/", (SIGMOID, step, in_chip("sample", press("Next uncertain"))), {"gamma": "2.3", "activation": "sigmoid"}),
        ("/", (drag, turn("Curves")), {"gamma": "4.7"}),
        ("/curves", (drag, choose("Gradient"), choose("Log")), {"gamma": "4.6", "y": "gradient", "scale": "log"}),
        ("/surfaces?drawn=contour", (drag, choose("3-D")), {"gamma": "4.6", "drawn": "3-D"}),
        ("/batch", (drag, choose("Gradient"), turn("Curves")), {"gamma": "4.6"}),
    ],
)
def test_a_quick_act_undoes_no_other(
    visit: Visit, other: Visit, link: str, acts: tuple[Act, ...], words: dict[str, str]
) -> None:
    page = opened(visit, link)
    for act in acts:
        act(page)
    state = link_and_picture_agree(visit, other)
    for name, text in words.items():
        assert f'["{name}","{text}"]' in state["words"]


@pytest.mark.parametrize("seed", range(2))
def test_random_quick_acts(visit: Visit, other: Visit, seed: int) -> None:
    dice = random.Random(seed)
    page = opened(visit, "/")
    soft = in_chip("targets", choose("Soft"))
    sure, mistaken = (in_chip("sample", press(f"Next {group}")) for group in ("confident", "misclassified"))
    acts = (drag, step, SIGMOID, SOFTMAX, soft, sure, mistaken)
    for act in dice.choices(acts, k=7):
        act(page)
        page.wait_for_timeout(dice.choice((0, 40, 120, 250)))
    link_and_picture_agree(visit, other)


def test_back_undoes_quick_acts_one_by_one(visit: Visit) -> None:
    visit.leave()
    page = opened(visit, "/curves")
    entries = page.evaluate("history.length")
    drag(page)
    choose("Gradient")(page)
    at_rest(page)
    choose("Log")(page)
    at_rest(page)
    assert page.evaluate("history.length") == entries + 2, "two clicks; a drag is no step"
    turn("One sample")(page)
    expect(page).to_have_url(re.compile("/[?]gamma=4.6$"))
    at_rest(page)
    assert page.evaluate("history.length") == entries + 3
    for words in ("pins=paper&gamma=4.6&y=gradient&scale=log", "pins=paper&gamma=4.6&y=gradient", "pins=paper&gamma=4.6"):
        page.go_back()
        expect(page).to_have_url(re.compile(f"/curves[?]{words}$"))
        at_rest(page)
    page.go_forward()
    expect(page).to_have_url(re.compile("y=gradient$"))
    at_rest(page)
    expect(page.get_by_role("radio", name="Gradient", exact=True)).to_be_checked()


WORDS_OF_LOOKS = {"Each class": "classes", "Decision regions": "regions"}


def test_what_a_scene_sets_behind_a_closed_button_stays(visit: Visit) -> None:
    """Widgets that the browser has taken off the page still send what they last showed."""
    page = visit.go("/training?examples=60&epochs=1&seeds=2")
    samples = page.get_by_role("button", name="60 samples")
    samples.click()
    page.locator("[data-testid=stPopoverBody] input").first.wait_for()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Presets").click()
    page.get_by_role("button", name="Linear model, uniform label noise").click()
    expect(page).to_have_url(re.compile("flips=uniform"))
    for look in ("Each class", "Decision regions"):
        page.get_by_role("radio", name=look, exact=True).click()
        expect(page).to_have_url(re.compile(f"look={WORDS_OF_LOOKS[look]}"))
        assert "examples" not in page.url, "the scene's own number is the default"
    page.get_by_role("button", name=re.compile("600 samples")).click()
    expect(page.locator("[data-testid=stPopoverBody] input").first).to_have_value("600")


def test_a_page_is_turned_to_while_a_chip_is_open_or_just_opening(visit: Visit, other: Visit) -> None:
    page = opened(visit, "/curves?loss=focal&pins=none")
    page.locator(".st-key-chip-loss button").first.click()
    page.wait_for_timeout(800)
    turn("Surfaces")(page)
    expect(page).to_have_url(re.compile("/surfaces"))
    link_and_picture_agree(visit, other)
    expect(page).to_have_url(re.compile("/surfaces"))
    page.locator(".st-key-chip-loss button").first.click()
    page.wait_for_timeout(60)
    page.go_back()
    expect(page).to_have_url(re.compile("/curves"))
    page.keyboard.press("Escape")
    link_and_picture_agree(visit, other)
    expect(page).to_have_url(re.compile("/curves"))
