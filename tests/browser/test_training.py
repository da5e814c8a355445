"""Training as a person meets it: begun, watched, stopped; middles and epochs under a hand; one queue for all tabs."""

from __future__ import annotations

import re
from contextlib import closing

import pytest
from playwright.sync_api import Browser, Page, expect

from .conftest import Visit, keeps_the_rules, on_screen, settled
from .test_batch import drawn, opened
from .test_quick_acts import choose, in_chip

pytestmark = pytest.mark.browser

SMALL = "examples=200&seeds=3&epochs=8&batch_size=50"

TINY = "examples=200&seeds=6&epochs=2&batch_size=50"
"""Seeds enough for an interval."""

LONG = "/training?world=digits&examples=1500&model=mlp&epochs=400&seeds=20&flips=uniform"
"""About a minute of both cores."""


def test_what_is_behind_a_button_keeps_the_rules(phone: Visit) -> None:
    page = opened(phone, f"/training?{SMALL}")
    for name in ("Presets", "200 samples", "3 seeds", "Compare 3 losses"):
        page.locator(".st-key-setting").get_by_role("button", name=re.compile(name)).focus()
        page.keyboard.press("Enter")
        page.locator("[data-testid=stPopoverBody]").wait_for()
        page.wait_for_timeout(600)
        keeps_the_rules(page, ["region"])  # Streamlit puts it beside the landmarks of its page
        page.keyboard.press("Escape")
        expect(page.locator("[data-testid=stPopoverBody]")).to_have_count(0)


def over(page: Page, figures: bool = True) -> None:
    """Wait until nothing is trained any more, and what came out is drawn."""
    settled(page)
    expect(page.get_by_role("button", name="Stop", exact=True)).to_have_count(0, timeout=60_000)
    if figures:
        drawn(page)


def begun(page: Page) -> None:
    """Train, by keyboard, and wait until it is under way."""
    button = page.get_by_role("button", name="Train", exact=True)
    button.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text(re.compile(r"Epoch \d+ of 400"))).to_be_visible()


def test_a_scene_is_played_and_its_list_makes_room(visit: Visit) -> None:
    page = opened(visit, f"/training?{SMALL}")
    over(page)
    page.get_by_role("button", name="Presets").click()
    page.get_by_role("button", name="Linear model, uniform label noise").click()
    expect(page).to_have_url(re.compile("flips=uniform"))
    expect(page.locator("[data-testid=stPopoverBody]")).to_have_count(0)
    over(page)
    expect(page.get_by_text("A likely reason:")).to_be_visible()


def epoch(page: Page) -> int:
    """How far the training is, as the page says."""
    match = re.search(r"Epoch (\d+) of", page.get_by_text(re.compile(r"Epoch \d+ of")).first.inner_text())
    assert match is not None
    return int(match[1])


def test_a_training_is_begun_watched_stopped_and_begun_again(visit: Visit) -> None:
    page = visit.go(LONG)
    train = page.get_by_role("button", name="Train", exact=True)
    expect(train).to_be_visible()
    on_screen(page, "dark", 390)
    for pointed_at in (page.get_by_role("button", name="Presets"), train):
        pointed_at.hover()
        page.wait_for_timeout(400)
        keeps_the_rules(page)
    on_screen(page, "light", 1440)
    expect(page.get_by_text("the experiment is trained twice, with the noise and without. Press Train")).to_be_visible()
    begun(page)
    expect(page.get_by_text("Training 1 of 2, with the noise")).to_be_visible()
    expect(page.get_by_text(re.compile("about .* s left"))).to_be_visible()
    drawn(page)  # figures grow with it
    page.get_by_role("button", name="Stop", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Stopped after epoch")).to_be_visible()
    expect(page.get_by_text("No verdict for a stopped run")).to_be_visible()
    expect(page.locator("input[type=range]")).to_be_visible()
    begun(page)
    expect(page.get_by_text("Stopped after epoch")).to_have_count(0)
    keeps_the_rules(page)
    assert visit.errors == []


WAITING = re.compile(r"Waiting: 2 trainings ahead of this one(, about \d+ s)?\.")
"""With the noise, and without."""


def test_a_room_trains_once_and_a_closed_tab_stops(browser: Browser, address: str) -> None:
    with closing(browser.new_context(viewport={"width": 1440, "height": 900})) as context:
        first, second, third = (context.new_page() for _ in range(3))
        first.goto(address + LONG)
        begun(first)
        far = epoch(first)
        second.goto(address + LONG)
        begun(second)
        assert epoch(second) >= far  # and not from the start
        third.goto(f"{address}/training?{SMALL}&apart=1.7")
        expect(third.get_by_text(WAITING)).to_be_visible()
        first.close()
        second.wait_for_timeout(2000)
        expect(third.get_by_text(WAITING)).to_be_visible()
        before = epoch(second)
        second.wait_for_timeout(2000)
        assert epoch(second) > before
        second.close()
        over(third)
        expect(third.get_by_role("button", name="3 seeds, no intervals")).to_be_visible()


def test_a_middle_is_dragged_and_moved_by_keys(visit: Visit) -> None:
    page = opened(visit, f"/training?{SMALL}&look=data")
    expect(page.get_by_test_id("picture-0")).to_have_count(1)  # what another test left there goes
    grip = page.get_by_role("slider", name="Center of class 0")
    expect(grip).to_have_attribute("aria-valuetext", "−1.1, 0")
    box = grip.bounding_box()
    top = page.get_by_test_id("picture-0").bounding_box()
    assert box is not None and top is not None
    page.mouse.move(box["x"] + 16, box["y"] + 16)
    page.mouse.down()
    page.mouse.move(box["x"] + 96, box["y"] - 44, steps=5)
    page.mouse.up()
    expect(page).to_have_url(re.compile(r"means=-?0?\.?[\d.]+\+1?\.?[\d.]+\+1\.1\+0$"))
    assert page.get_by_test_id("picture-0").bounding_box() == top, "it jumps under the hand"
    over(page)
    shown = page.locator(".lossviz-stage .js-plotly-plot").first.evaluate("gd => gd._fullLayout.xaxis.range[0]")
    field = page.locator(".lossviz-stage .js-plotly-plot").first.evaluate("gd => gd.data.find(t => t.uid == 'field').x0")
    assert shown == pytest.approx(field), "the picture is of the new plane"
    dragged = page.url
    grip.focus()
    page.keyboard.press("ArrowRight")
    expect(page).not_to_have_url(dragged)
    over(page)
    expect(grip).to_be_focused()


def test_an_epoch_is_chosen_by_keyboard_and_stands_in_the_link(visit: Visit) -> None:
    page = opened(visit, f"/training?{SMALL}&look=regions")
    over(page)
    scrubber = page.locator("input[type=range]")
    expect(scrubber).to_have_attribute("aria-valuetext", "8")
    scrubber.focus()
    page.keyboard.press("Home")
    expect(page).to_have_url(re.compile("epoch=0"))
    expect(page.get_by_test_id("sentence")).to_contain_text("Before training")
    page.keyboard.press("ArrowRight")
    expect(page).to_have_url(re.compile("epoch=1"))
    link = page.url
    over(visit.load(link.removeprefix(visit.address)))
    expect(page.locator("input[type=range]")).to_have_attribute("aria-valuetext", "1")
    page.get_by_role("radio", name="Seed by seed").focus()
    page.keyboard.press("Space")
    expect(page.get_by_test_id("sentence")).to_contain_text("Epoch 1")


def test_settings_last_from_page_to_page_and_back_undoes_a_choice(visit: Visit) -> None:
    page = opened(visit, f"/training?{SMALL}&look=classes&losses=cross-entropy+vs+focal+gamma+3")
    over(page)
    page.get_by_role("link", name="Batch").click()
    expect(page).to_have_url(re.compile("/batch"))
    drawn(page)
    page.get_by_role("link", name="Training").click()
    over(page)
    expect(page.get_by_role("button", name="200 samples")).to_be_visible()
    expect(page.get_by_role("radio", name="Each class")).to_be_checked()
    expect(page.get_by_text(re.compile("focal loss, γ = 3.*Too few seeds"))).to_be_visible()
    in_chip("flips", choose("Any label"))(page)
    expect(page).to_have_url(re.compile("flips=uniform"))
    over(page)
    page.go_back()
    expect(page).not_to_have_url(re.compile("flips=uniform"))
    page.locator(".st-key-chip-flips button").first.click()
    expect(page.get_by_role("radio", name="One class", exact=True)).to_be_checked()


def test_new_seeds_and_another_margin_are_in_the_link_and_change_what_is_said(visit: Visit) -> None:
    page = opened(visit, f"/training?{TINY}&losses=cross-entropy+vs+focal+gamma+2&margin=50&look=difference")
    over(page)
    verdict = page.get_by_text("No difference that matters.")
    expect(verdict).to_be_visible()
    expect(page.locator(".lossviz-stage .legend").first).to_contain_text("too small to matter, ±50 points")
    page.get_by_role("button", name="Compare 2 losses").click()
    margin = page.get_by_role("spinbutton", name="Margin")
    margin.fill("0")
    margin.press("Enter")
    expect(page).to_have_url(re.compile("margin=0$|margin=0&"))
    expect(verdict).to_have_count(0)
    expect(page.locator(".lossviz-stage .legend").first).not_to_contain_text("too small to matter")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="6 seeds, 95% intervals").click()
    page.get_by_role("button", name="Draw new seeds").focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"first_seed=\d{4,}"))
    over(page)
    page.get_by_role("button", name="6 seeds, 95% intervals").click()
    expect(page.get_by_text("You have now looked at 2 sets of seeds.")).to_be_visible()
    page.keyboard.press("Escape")
    page.go_back()
    expect(page).not_to_have_url(re.compile("first_seed"))
    over(page)
    assert visit.errors == []


PLACES = """() => ['.st-key-answer', '.lossviz-stage .picture', '.lossviz-stage .bar']
    .map((name) => Math.round(document.querySelector(name)?.getBoundingClientRect().top ?? -1))"""


def test_nothing_moves_when_a_training_ends(visit: Visit) -> None:
    """The pictures that are there from the first epoch on are the last ones, in the same element of the page."""
    page = visit.go("/training?examples=600&seeds=8&epochs=120&first_seed=77")
    page.locator(".lossviz-stage .picture").first.wait_for(timeout=60_000)
    expect(page.get_by_role("progressbar")).to_have_count(1)
    before = page.evaluate(PLACES)
    page.evaluate("document.querySelector('.lossviz-stage').dataset.first = 'yes'")
    pictures = page.locator(".lossviz-stage .picture").count()
    over(page)
    assert page.evaluate(PLACES) == before
    expect(page.locator(".lossviz-stage[data-first=yes] .picture")).to_have_count(pictures)
