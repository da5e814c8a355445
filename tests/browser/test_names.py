"""Names and Mistakes as a person meets them: places, statements, questions; phones, keyboard, accessibility."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from .conftest import Visit
from .test_batch import drawn

pytestmark = pytest.mark.browser


def test_a_place_is_taken_by_keyboard_and_shown_on_other_pages(visit: Visit) -> None:
    page = visit.go("/names")
    button = page.get_by_role("button", name="α-balanced sigmoid focal loss")
    button.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("What RetinaNet was trained with").locator("visible=true")).to_have_count(1)
    expect(page).to_have_url(re.compile("place=retinanet"))
    page.get_by_role("button", name="Use these settings").click()
    expect(page).to_have_url(re.compile("alpha=0.25"))
    expect(page.get_by_role("button", name="Use these settings")).to_have_count(0)
    page.get_by_role("link", name="One sample").click()
    expect(page.get_by_text("RetinaNet's focal loss").first).to_be_visible()


def test_a_knob_is_turned_and_stands_in_the_link(visit: Visit) -> None:
    page = visit.go("/names?about=statements&statement=gamma-0")
    drawn(page)
    title = page.locator(".lossviz-stage .gtitle").first
    # PyTorch's own rounding differs from processor to processor.
    expect(title).to_contain_text(re.compile(r"the same to the last digit|\b[1-4] ulp apart"))
    slider = page.get_by_role("slider", name=re.compile("Try to break it"))
    slider.focus()
    page.keyboard.press("End")
    expect(title).to_contain_text("γ = 5")
    expect(page).to_have_url(re.compile("knob=5"))
    page.get_by_role("button", name=re.compile("One-vs-rest sigmoids are invariant")).click()
    expect(title).to_contain_text("c = 5")
    expect(page).not_to_have_url(re.compile("knob=5"))


def test_from_a_stuck_value_to_a_guess_by_keyboard(visit: Visit) -> None:
    page = visit.go("/mistakes?lab=forensics&stuck=0.7437")
    button = page.get_by_role("button", name="See the mistake: Softmax before CrossEntropyLoss")
    button.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Softmax before CrossEntropyLoss")).to_be_visible()
    expect(page.get_by_text("In a training run.")).to_have_count(0)
    page.get_by_role("radio", name="It becomes larger").focus()
    page.keyboard.press("Space")
    expect(page.get_by_text("In a training run.")).to_be_visible()
