"""Batch as a person meets it: files of one's own, which no one else sees; bars that are clicked; phones and accessibility."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect

import lossviz

from .conftest import LARGEST, Visit, keeps_the_rules_in_both_colours, settled

pytestmark = pytest.mark.browser


def opened(visit: Visit, link: str) -> Page:
    """The page with a figure that has been drawn."""
    visit.go(link)
    drawn(visit.page)
    return visit.page


def drawn(page: Page) -> None:
    page.locator(".lossviz-stage[data-drawn]").first.wait_for()
    page.wait_for_timeout(400)


def choose(page: Page, file: Path) -> None:
    """Open the dialog and give it a file: where there is one already, the button is in the chip that names it."""
    page.get_by_text(re.compile("No file yet|mean loss")).first.wait_for()
    if not page.get_by_role("button", name="Choose a file").count():
        page.keyboard.press("Escape")  # what is open already would be closed by the click
        page.locator(".st-key-chip-batch button").first.click()
    page.get_by_role("button", name=re.compile("Choose (a|another) file")).click()
    page.locator("input[type=file]").set_input_files(file)


def uploaded(visit: Visit, file: Path) -> Page:
    """A session that analyzes a file."""
    visit.go("/batch?batch=upload")
    choose(visit.page, file)
    expect(visit.page.get_by_text("Detected:")).to_be_visible()
    visit.page.get_by_role("button", name="Analyze this file").click()
    drawn(visit.page)
    return visit.page


def saved(folder: Path, kind: str) -> Path:
    """40 samples of three classes, with ids."""
    rng = np.random.default_rng(8)
    labels = rng.integers(3, size=40)
    logits = np.round(rng.normal(0, 1, (40, 3)) + 3 * np.eye(3)[labels], 3)
    path = folder / f"mine.{kind}"
    lossviz.save_predictions(path, logits, labels, ids=[f"picture-{n}" for n in range(40)])
    return path


def test_a_file_is_understood_and_asked_about(visit: Visit, tmp_path: Path) -> None:
    """One after the other, each in the place of the one before."""
    visit.go("/batch?batch=upload")
    for kind in ("csv", "npz", "parquet"):
        choose(visit.page, saved(tmp_path, kind))
        expect(visit.page.get_by_text("Detected:")).to_be_visible()
        visit.page.get_by_role("button", name="Analyze this file").click()
        expect(visit.page.get_by_text(re.compile(rf"mine\.{kind}: 40 samples × 3 classes"))).to_be_visible()
        drawn(visit.page)
        assert "picture-" in " ".join(visit.page.locator(".lossviz-stage .ytick").all_text_contents()), kind
    assert visit.errors == []
    assert visit.foreign == []


def test_a_large_file_touches_no_disk(visit: Visit, tmp_path: Path) -> None:
    """The server of these tests can write no file as large as this one: it would not arrive."""
    rng = np.random.default_rng(3)
    path = tmp_path / "large.npz"
    lossviz.save_predictions(path, rng.normal(size=(100_000, 5)), rng.integers(5, size=100_000))
    assert path.stat().st_size > 3 * LARGEST
    page = uploaded(visit, path)
    expect(page.get_by_text(re.compile("large.npz: 100.000 samples × 5 classes"))).to_be_visible()


def test_a_file_is_seen_by_no_one_else(visit: Visit, browser: Browser, tmp_path: Path) -> None:
    """Neither sees the other's; who comes without a file sees none, and a reload leaves nothing behind."""
    files = []
    for n, classes in enumerate((3, 4)):
        path = tmp_path / f"secret-{n}.parquet"
        rng = np.random.default_rng(n)
        lossviz.save_predictions(path, rng.normal(size=(30 + n, classes)), rng.integers(classes, size=30 + n))
        files.append(path)
    first = uploaded(visit, files[0])
    context = browser.new_context(viewport={"width": 1440, "height": 1200})
    other = Visit(context.new_page(), visit.address)
    other.page.goto(visit.address + "/batch?batch=upload")
    expect(other.page.get_by_text("No file yet.")).to_be_visible()
    assert "secret" not in other.page.content()
    second = uploaded(other, files[1])
    expect(second.get_by_text(re.compile("secret-1.parquet: 31 samples"))).to_be_visible()
    assert "secret-0" not in second.content()
    first.get_by_text("Shares", exact=True).first.click()
    drawn(first)
    expect(first.get_by_text(re.compile("secret-0.parquet: 30 samples"))).to_be_visible()
    assert "secret-1" not in first.content()
    first.reload()
    expect(first.get_by_text("No file yet.")).to_be_visible()
    context.close()


def test_a_refused_file_names_row_column_value_and_reason(visit: Visit, tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    path.write_text("logit_0,logit_1,label\n1,2,0\n3,oops,1\n", encoding="utf-8")
    visit.go("/batch?batch=upload")
    choose(visit.page, path)
    alert = visit.page.get_by_test_id("stAlert")
    expect(alert.first).to_be_visible()
    expect(visit.page.get_by_role("button", name="Analyze this file")).to_have_count(0)
    for part in ("row 2", "logit_1", "oops"):
        expect(visit.page.get_by_role("dialog")).to_contain_text(part)


def test_no_text_of_a_file_acts(visit: Visit, tmp_path: Path) -> None:
    """Names of classes, ids and the file that would be a picture, a script, a link or a formula, on pages and in the report."""
    names = ("<img src=x onerror=alert(1)>", "</script><script>alert(1)</script>", "[a](javascript:alert(1)) $x^2$ :red[x] b")
    path = tmp_path / f"{names[0]}.parquet"
    rng = np.random.default_rng(2)
    texts = [names[n % 3] for n in range(30)]
    lossviz.save_predictions(
        path, rng.normal(size=(30, 3)), rng.integers(3, size=30), ids=texts, groups=texts, class_names=names
    )
    alerts: list[str] = []
    visit.page.on("dialog", lambda dialog: (alerts.append(dialog.message), dialog.dismiss()))
    page = uploaded(visit, path)
    for question in ("Samples", "Class shares", "Class table", "Doubtful labels"):
        page.get_by_text(question, exact=True).first.click()
        settled(page)
        expect(page.get_by_text(names[0]).locator("visible=true").first).to_be_visible()
        nothing_acts(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Report (HTML)").click()
    report = tmp_path / "report.html"
    download.value.save_as(report)
    page.goto(report.as_uri())
    expect(page.get_by_role("heading", level=1)).to_contain_text(names[0])
    nothing_acts(page)
    assert alerts == [] and visit.errors == []


def nothing_acts(page: Page) -> None:
    assert page.locator("img[src=x], a[href^=javascript], .katex, [onerror]").count() == 0


def test_a_bar_opens_its_sample_and_that_opens_as_one_sample(visit: Visit) -> None:
    page = opened(visit, "/batch?ask=samples")
    bars = page.locator(".lossviz-stage .bars .point path")
    bars.nth(25).click(force=True)
    expect(page).to_have_url(re.compile("row="))
    row = re.search(r"row=(\d+)", page.url)
    assert row is not None
    card = page.locator(".st-key-card").filter(has_text=f"digit {row[1]} ·")
    expect(card).to_be_visible()
    settled(page)
    picture = card.get_by_role("img", name=f"digit {row[1]}, a").bounding_box()
    assert picture is not None and picture["width"] == picture["height"] > 30, "the digit itself"
    figure, card_box = page.locator(".lossviz-stage .picture").bounding_box(), card.bounding_box()
    assert figure is not None and card_box is not None
    assert card_box["x"] >= figure["x"] + figure["width"] and abs(card_box["y"] - figure["y"]) < 20
    expect(page.locator(".lossviz-stage .shapelayer path")).to_have_count(1)
    page.get_by_role("button", name="Open in One sample").click()
    expect(page.get_by_test_id("loss")).not_to_be_empty()
    expect(page).to_have_url(re.compile(rf"digit={row[1]}(&|$)"))
    assert "row=" not in page.url


def test_the_scrubber_moves_gamma_without_the_server(visit: Visit) -> None:
    page = opened(visit, "/batch?ask=shares")
    before = len(visit.sent)
    title = page.locator(".lossviz-stage .gtitle").first
    assert "γ = 2" in (title.text_content() or "")
    box = page.get_by_test_id("scrubber").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] * 0.7, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] - 2, box["y"] + box["height"] / 2, steps=5)
    expect(title).to_contain_text("γ = 5")
    assert len(visit.sent) == before
    page.mouse.up()
    expect(page).to_have_url(re.compile("gamma=5"))


STREAMLITS_OWN = {"presentation-role-conflict"}
"""A minor rule that Streamlit's own file field breaks."""

CONTENTS = (
    ("nothing yet", "", 390),
    ("Detected:", "logit_0,logit_1,label\n" + "1,2,0\n2,0.5,1\n" * 20, 390),
    ("40 rows cannot be used", "logit_0,logit_1,label\n" + "1,x,0\n2,0.5,7\n" * 20, 1440),
    ("found by name", "cat,dog,truth\n" + "1,2,0\n2,0.5,1\n" * 20, 390),
)
"""What the dialog says of a file, the file, and the screen's width."""


def test_the_dialog_keeps_the_rules_and_closes_by_key(phone: Visit, tmp_path: Path) -> None:
    page = phone.go("/batch?batch=upload")
    button = page.get_by_role("button", name="Choose a file")
    file = tmp_path / "mine.csv"
    for kind, content, width in CONTENTS:
        button.focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("dialog")).to_be_visible()
        if content:
            file.write_text(content)
            page.locator("input[type=file]").set_input_files(file)
            expect(page.get_by_text(kind)).to_be_visible()
        page.wait_for_timeout(600)
        keeps_the_rules_in_both_colours(page, width, STREAMLITS_OWN)
        assert page.get_by_role("dialog").evaluate("dialog => dialog.scrollWidth <= dialog.clientWidth"), kind
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)
        expect(button).to_be_visible()
