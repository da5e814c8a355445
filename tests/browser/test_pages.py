"""Curves and Surfaces as a person meets them: the same sample everywhere, links, Back, phones, and rules of accessibility."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from lossviz.state.pins import PAPER_TITLE

from .conftest import Visit, settled
from .test_quick_acts import SIGMOID, in_chip

pytestmark = pytest.mark.browser

OWN = "sample=own+numbers&logits=2+1+0"


def opened(visit: Visit, link: str) -> Page:
    """A page with a figure that has been drawn."""
    return with_figure(visit.go(link))


def with_figure(page: Page) -> Page:
    """Wait for the figure."""
    page.locator(".lossviz-stage[data-drawn]").wait_for(timeout=60_000)
    page.wait_for_timeout(500)
    return page


def drag(page: Page, thing: Locator, by: tuple[float, float]) -> None:
    """Take a thing in its middle and let go of it somewhere else."""
    thing.scroll_into_view_if_needed()
    box = thing.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + by[0], y + by[1], steps=8)
    page.mouse.up()


def go_to(page: Page, title: str) -> None:
    page.get_by_role("link", name=title).click()


def word(page: Page, name: str) -> str:
    return str(page.evaluate("name => new URLSearchParams(location.search).get(name)", name))


def names_in_lines(page: Page) -> list[str]:
    """What stands in the lines of a figure, instead of a legend."""
    return sorted(page.locator(".lossviz-stage .textpoint").all_text_contents())


def legends(page: Page) -> list[str]:
    return page.locator(".lossviz-stage .legendtext").all_text_contents()


def test_the_sample_dragged_along_a_curve_is_the_one_sample(visit: Visit) -> None:
    page = opened(visit, f"/curves?{OWN}&x=logit")
    drag(page, page.get_by_test_id("grip"), (-150, 0))
    expect(page).not_to_have_url(re.compile(r"logits=2\+1\+0"))
    logits = word(page, "logits")
    assert float(logits.split()[0]) < 1
    go_to(page, "One sample")
    expect(page.get_by_test_id("exact-z0")).to_have_value(logits.split()[0].replace("-", "−"))


def test_a_drag_beside_an_open_chip_outlasts_the_page(visit: Visit) -> None:
    page = visit.load(f"/?{OWN}")
    page.get_by_role("button", name="3 custom logits").click()
    expect(page.locator("input[aria-label='Logits z']")).to_have_value("2 1 0")
    with_figure(visit.go(f"/curves?{OWN}&x=logit"))
    drag(page, page.get_by_test_id("grip"), (-150, 0))
    expect(page).not_to_have_url(re.compile(r"logits=2\+1\+0"))
    logits = word(page, "logits")
    go_to(page, "One sample")
    expect(page.get_by_test_id("exact-z0")).to_have_value(logits.split()[0].replace("-", "−"))


def test_the_sample_can_be_dragged_to_infinity_and_back(visit: Visit) -> None:
    page = opened(visit, f"/curves?{OWN}")
    page.get_by_test_id("grip").press("End")
    expect(page).to_have_url(re.compile(r"logits=inf\+1\+0"))
    expect(page.get_by_test_id("grip")).to_have_attribute("aria-valuetext", "z0 = ∞")
    settled(page)
    page.get_by_test_id("grip").press("PageDown")
    expect(page).not_to_have_url(re.compile(r"logits=inf\+1\+0"))
    assert visit.errors == []


def test_a_tool_bar_sends_no_chart_away_and_what_a_link_asks_in_vain_is_named(visit: Visit) -> None:
    page = with_figure(visit.load(f"/surfaces?{OWN}&beside=banana"))
    expect(page.get_by_test_id("stAlert").filter(has_text="beside").first).to_be_visible()
    titles = [button.get_attribute("data-title") or "" for button in page.locator(".modebar-btn").all()]
    assert "Reset view" in titles
    assert [title for title in titles if re.search("share|cloud|edit|upload", title, re.IGNORECASE)] == []


def test_a_place_on_the_map_is_the_one_sample(visit: Visit) -> None:
    page = opened(visit, f"/surfaces?{OWN}&drawn=contour&steps=0")
    drag(page, page.get_by_test_id("grip"), (-120, 60))
    expect(page).not_to_have_url(re.compile(r"logits=2\+1\+0"))
    x, y, z = (float(number) for number in word(page, "logits").split())
    assert x < 1.5
    assert y < 0.5
    assert z == 0
    expect(page).to_have_url(re.compile("first=0&second=1"))
    go_to(page, "One sample")
    expect(page.get_by_test_id("loss")).not_to_be_empty()
    expect(page).to_have_url(re.compile("logits="))
    assert word(page, "logits").split()[2] == "0"


def test_a_scrubbed_gamma_is_let_go_of_into_the_link(visit: Visit) -> None:
    page = opened(visit, f"/curves?{OWN}")
    sent = len(visit.sent)
    page.get_by_test_id("scrubber").focus()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    expect(page.get_by_test_id("value")).to_have_text("γ = 2.5")
    assert len(visit.sent) == sent
    assert "γ = 2.5" in page.get_by_test_id("sentence").inner_text()
    expect(page).to_have_url(re.compile("gamma=2.5"))
    page.wait_for_timeout(800)
    assert len(visit.sent) == sent + 1
    go_to(page, "One sample")
    expect(page.get_by_test_id("exact-gamma")).to_have_value(re.compile("^2.50?$"))


def test_the_papers_gammas_are_one_click_and_stand_in_the_link(visit: Visit) -> None:
    page = opened(visit, f"/curves?{OWN}")
    in_chip("compare", lambda page: page.get_by_role("button", name=PAPER_TITLE).click())(page)
    expect(page.get_by_role("button", name="Compare 5")).to_be_visible()
    expect(page).to_have_url(re.compile("pins=paper"))
    link, shown = page.url.removeprefix(visit.address), names_in_lines(page)
    assert {"γ = 5", "γ = 1", "γ = 0.5"} <= set(shown)
    visit.forget("light", 1440, 1200)
    with_figure(visit.load(link))
    expect(page.get_by_role("button", name="Compare 5")).to_be_visible()
    assert names_in_lines(page) == shown


def test_a_hidden_line_and_a_zoom_outlive_a_changed_control(visit: Visit) -> None:
    lines_too_close_for_names = "pins=focal+softmax+gamma+0.01+vs+focal+softmax+gamma+0.02"
    page = opened(visit, f"/curves?{OWN}&{lines_too_close_for_names}")
    page.locator(".lossviz-stage .legendtoggle").nth(1).click()
    page.wait_for_timeout(800)
    page.evaluate("Plotly.relayout(document.querySelector('.lossviz-stage .plot'), {'xaxis.range': [0.2, 0.6]})")
    SIGMOID(page)
    expect(page.locator(".lossviz-stage .legendtext").first).to_have_text("sigmoid focal loss, γ = 2")
    kept = "(() => { const g = document.querySelector('.lossviz-stage .plot'); return "
    assert page.evaluate(kept + "g._fullData.filter(t => t.visible === 'legendonly').length })()") >= 1
    assert page.evaluate(kept + "g._fullLayout.xaxis.range })()") == pytest.approx([0.2, 0.6])


def test_back_undoes_one_act(visit: Visit) -> None:
    page = with_figure(visit.load(f"/curves?{OWN}"))
    first = page.url
    page.get_by_text("Gradient", exact=True).click()
    expect(page).to_have_url(re.compile("y=gradient"))
    page.go_back()
    expect(page).to_have_url(first)
    expect(page.locator(".lossviz-stage .gtitle")).to_contain_text("Loss along")


def test_back_leads_to_what_was_done_right_before_a_page_was_left(visit: Visit) -> None:
    page = with_figure(visit.load(f"/curves?{OWN}"))
    view, name = page.get_by_text("Gradient", exact=True), page.get_by_role("link", name="Surfaces")
    page.evaluate("([view, name]) => { view.click(); name.click(); }", [view.element_handle(), name.element_handle()])
    expect(page).to_have_url(re.compile(r"/surfaces\?"))
    settled(page)
    page.go_back()
    expect(page).to_have_url(re.compile("/curves.*y=gradient"))
    expect(page.locator(".lossviz-stage .gtitle").first).to_contain_text("Gradient along")
    settled(page)
    page.go_back()
    expect(page.locator(".lossviz-stage .gtitle").first).to_contain_text("Loss along")


def test_back_leads_through_pages_as_they_were_left(visit: Visit) -> None:
    page = with_figure(visit.load(f"/curves?{OWN}&y=multiplier"))
    go_to(page, "One sample")
    expect(page.get_by_test_id("loss")).not_to_be_empty()
    go_to(page, "Surfaces")
    expect(page).to_have_url(re.compile("/surfaces"))
    settled(page)
    page.go_back()
    expect(page.get_by_test_id("loss")).not_to_be_empty()
    page.go_back()
    expect(page).to_have_url(re.compile("/curves.*y=multiplier"))
    expect(page.locator(".lossviz-stage .gtitle")).to_contain_text("Gradient multiplier")


def test_a_zoom_is_of_one_quantity(visit: Visit) -> None:
    page = opened(visit, f"/curves?{OWN}&y=multiplier")
    page.evaluate("Plotly.relayout(document.querySelector('.lossviz-stage .plot'), {'yaxis.range': [0.8, 1.2]})")
    page.get_by_text("Gradient", exact=True).click()
    expect(page.locator(".lossviz-stage .gtitle")).to_contain_text("Gradient along")
    low, high = page.evaluate("document.querySelector('.lossviz-stage .plot')._fullLayout.yaxis.range")
    assert low < -0.5
    assert high == pytest.approx(0, abs=0.2)


def test_what_cannot_be_read_is_told_once_and_beside_its_field_while_that_is_open(visit: Visit) -> None:
    page = opened(visit, "/curves?logits=1+two")
    alerts = page.get_by_test_id("stAlert")
    expect(alerts).to_have_count(1)
    page.locator(".st-key-chip-sample button").click()
    expect(page.get_by_test_id("stPopoverBody").get_by_test_id("stAlert")).to_contain_text("logits, value 2")
    expect(alerts).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("stMainBlockContainer").get_by_test_id("stAlert")).to_contain_text("logits, value 2")
    expect(alerts).to_have_count(1)


def test_what_a_link_asks_in_vain_is_named(visit: Visit) -> None:
    page = visit.load("/curves?along=7&task=two-logit")
    expect(page.get_by_test_id("stAlert").filter(has_text="along").first).to_be_visible()
