"""The player as a person meets it: in an app of its own (stage_app.py) and as a file without a network."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from plotly.offline import get_plotlyjs

from lossviz.figures import export, theme
from lossviz.figures.browser import program
from lossviz.figures.player import FOLDER

from ..served import free_port, when_up
from . import stage_app
from .conftest import ROOT, Visit, broken_rules

pytestmark = pytest.mark.browser

PLOT = ".lossviz-stage .plot"


@pytest.fixture(scope="module")
def stage_address() -> Iterator[str]:
    """The address of stage_app.py."""
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", "tests/browser/stage_app.py", "--server.port", str(port)]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield when_up(f"http://localhost:{port}", server)
    finally:
        server.terminate()
        server.wait()


class Stage(Visit):
    """A tab with the player."""

    def open(self, link: str = "/") -> Page:
        self.page.goto(self.address + link)
        # The first visitor waits for what the server loads.
        self.page.locator(".lossviz-stage[data-drawn]").first.wait_for(timeout=60_000)
        self.page.wait_for_timeout(300)
        self.sent.clear()
        return self.page


@pytest.fixture(scope="module")
def stage_window(browser: Browser, stage_address: str) -> Iterator[Stage]:
    """The one window of those who are at a desk."""
    context = browser.new_context()
    yield Stage(context.new_page(), stage_address)
    context.close()


@pytest.fixture
def stage(stage_window: Stage) -> Iterator[Stage]:
    stage_window.forget("light", 1440, 1000)
    yield stage_window
    assert stage_window.errors == []
    assert stage_window.foreign == []


def curve(page: Page) -> str:
    """The first line as it is drawn."""
    return str(page.locator(f"{PLOT} .scatterlayer path.js-line").first.get_attribute("d"))


def layout(page: Page, path: str, picture: int = 0) -> Any:
    code = "([i, path]) => path.split('.').reduce((o, k) => o[k], document.getElementsByClassName('plot')[i]._fullLayout)"
    return page.evaluate(code, [picture, path])


def eyes(page: Page) -> list[list[float]]:
    """Where the cameras are on the screen, which Plotly's layouts learn of late."""
    code = "[...document.getElementsByClassName('plot')].map(g => Object.values(g._fullLayout.scene._scene.getCamera().eye))"
    return list(page.evaluate(code))


def middle(place: Locator) -> tuple[float, float]:
    box = place.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def drag(page: Page, start: tuple[float, float], by: tuple[float, float], release: bool = True) -> None:
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(start[0] + by[0], start[1] + by[1], steps=6)
    if release:
        page.mouse.up()


def drawn(page: Page, index: int) -> None:
    expect(page.locator(".lossviz-stage").first).to_have_attribute("data-drawn", str(index))


def revised(page: Page, revision: int) -> None:
    expect(page.locator(".lossviz-stage").first).to_have_attribute("data-revision", str(revision))
    page.wait_for_timeout(150)


def events(page: Page) -> list[dict[str, Any]]:
    return list(json.loads(page.get_by_test_id("stText").inner_text()))


def test_the_scrubber_plays_without_the_server_and_says_what_it_was_left_at(stage: Stage) -> None:
    page = stage.open()
    entries = page.evaluate("history.length")
    scrubber, value = page.get_by_test_id("scrubber"), page.get_by_test_id("value")
    expect(value).to_have_text("γ = 2.00")
    before = curve(page)
    _, y = middle(scrubber)
    box = scrubber.bounding_box()
    assert box is not None
    drag(page, (box["x"] + 8 + (box["width"] - 16) * 0.4, y), (box["width"] * 0.4, 0), release=False)
    expect(value).to_have_text("γ = 4.00")
    drawn(page, 16)
    expect(page.locator(f"{PLOT} .legendtext").first).to_have_text("focal, γ = 4.00")
    expect(scrubber).to_have_attribute("aria-valuetext", "γ = 4.00")
    moved = curve(page)
    assert moved != before
    assert stage.sent == []
    page.mouse.up()
    revised(page, 2)
    assert len(stage.sent) == 1
    assert events(page) == [{"control": "gamma", "value": 4, "revision": 1}]
    assert curve(page) == moved
    assert page.evaluate("history.length") == entries


def test_keys_step_the_focused_figure_and_in_one_go_are_let_go_of_once(stage: Stage) -> None:
    page = stage.open()
    page.get_by_test_id("picture-0").focus()
    for key in ("ArrowRight", "PageUp", "Home", "End", "ArrowLeft"):
        page.keyboard.press(key)
    drawn(page, 19)
    revised(page, 2)
    assert [event["value"] for event in events(page)] == [4.75]
    expect(page.get_by_test_id("picture-0")).to_be_focused()


def test_play_goes_round_until_somebody_does_something(stage: Stage) -> None:
    page = stage.open()
    page.get_by_test_id("play").click()
    page.wait_for_function("document.querySelector('.lossviz-stage').dataset.drawn > 14")
    page.wait_for_function("document.querySelector('.lossviz-stage').dataset.drawn < 6")
    assert stage.sent == []
    page.get_by_test_id("picture-0").focus()
    page.keyboard.press("Space")
    expect(page.get_by_test_id("play")).to_have_attribute("aria-label", "Play Focusing γ")
    # A slow machine may have played on to where it began, and then there is nothing to tell.
    left_at_the_beginning = page.locator(".lossviz-stage").first.get_attribute("data-drawn") == "8"
    revised(page, 1 if left_at_the_beginning else 2)
    assert len(events(page)) == (0 if left_at_the_beginning else 1)


def test_zoom_and_hidden_curves_survive_everything(stage: Stage) -> None:
    page = stage.open()
    drag(page, middle(page.locator(f"{PLOT} .nsewdrag").first), (120, 60))
    page.wait_for_timeout(200)
    page.locator(f"{PLOT} .legendtoggle").nth(1).click()
    hidden = "document.querySelector('.plot').data.filter(t => t.visible === 'legendonly').map(t => t.name).join()"
    page.wait_for_function(f"{hidden} === 'curve 1'")
    zoomed = layout(page, "xaxis.range")
    assert zoomed[1] - zoomed[0] < 0.5

    def still() -> None:
        assert layout(page, "xaxis.range") == pytest.approx(zoomed)
        assert page.evaluate(hidden) == "curve 1"

    page.get_by_test_id("picture-0").focus()
    page.keyboard.press("ArrowRight")
    revised(page, 2)
    still()
    page.get_by_role("button", name="fewer").click()
    revised(page, 3)
    still()
    page.get_by_role("button", name="fewer").click()
    revised(page, 4)
    still()
    line = f"{PLOT} .scatterlayer path.js-line"
    page.emulate_media(color_scheme="dark")
    expect(page.locator(line).first).to_have_css("stroke", "rgb(86, 180, 233)")
    still()
    page.emulate_media(color_scheme="light")
    expect(page.locator(line).first).to_have_css("stroke", "rgb(0, 114, 178)")
    page.locator(f"{PLOT} .nsewdrag").first.dblclick(position={"x": 20, "y": 20})
    page.wait_for_timeout(400)
    assert layout(page, "xaxis.range") == pytest.approx([0.01, 0.99], abs=0.1)
    assert page.evaluate(hidden) == "curve 1"


def test_a_turned_surface_stays_turned_and_turns_the_other(stage: Stage) -> None:
    stage.page.set_viewport_size({"width": 1000, "height": 800})
    page = stage.open("/?deep=1")
    page.wait_for_timeout(300)
    before = eyes(page)
    drag(page, middle(page.get_by_test_id("picture-0")), (80, 30))
    page.wait_for_timeout(1000)
    turned = eyes(page)
    assert turned[0] != pytest.approx(before[0], abs=0.1)
    assert turned[1] == pytest.approx(turned[0], abs=1e-3)
    page.get_by_test_id("picture-0").focus()
    page.keyboard.press("ArrowRight")
    revised(page, 2)
    page.get_by_role("button", name="fewer").click()
    revised(page, 3)
    page.emulate_media(color_scheme="dark")
    page.wait_for_timeout(400)
    for eye in eyes(page):
        assert eye == pytest.approx(turned[0], abs=1e-3)


def test_a_handle_slides_along_its_curve(stage: Stage) -> None:
    page = stage.open()
    grip = page.get_by_test_id("picture-0").get_by_test_id("grip")
    ranges = layout(page, "xaxis.range")
    start = middle(grip)
    drag(page, start, (100, -40), release=False)
    page.wait_for_timeout(150)
    assert stage.sent == []
    page.keyboard.press("Escape")
    page.wait_for_timeout(100)
    assert middle(grip) == pytest.approx(start, abs=1)
    page.mouse.up()
    assert stage.sent == []
    drag(page, start, (100, -40))
    revised(page, 2)
    (event,) = events(page)
    share = layout(page, "xaxis._length")
    p = stage_app.P[60] + 100 / share * (ranges[1] - ranges[0])
    assert event["control"] == "z3"
    assert 1 / (1 + 2.718281828 ** -event["value"]) == pytest.approx(p, abs=0.006)
    assert layout(page, "xaxis.range") == ranges
    grip.focus()
    page.keyboard.press("ArrowRight")
    revised(page, 3)
    assert events(page)[1]["value"] > event["value"]


def test_a_point_in_a_plane_is_placed_by_a_click_or_a_drag(stage: Stage) -> None:
    page = stage.open()
    plane = page.get_by_test_id("picture-1")
    x, y = middle(plane.locator(".nsewdrag").first)
    page.mouse.click(x, y)
    revised(page, 2)
    assert events(page) == [{"action": "place", "x": 0, "y": 0, "picture": 1, "revision": 1}]
    drag(page, middle(plane.get_by_test_id("grip")), (layout(page, "xaxis._length", 1) / 6, 0))
    revised(page, 3)
    assert (events(page)[1]["x"], events(page)[1]["y"]) == pytest.approx((1.0, 0.0))


def test_of_several_points_in_a_plane_each_is_dragged_by_its_name_and_none_by_a_click(stage: Stage) -> None:
    page = stage.open("/?means=1")
    left, right = (page.get_by_role("slider", name=f"Point {n}") for n in range(2))
    unit = layout(page, "xaxis._length") / 6.4
    x, y = middle(page.locator(".nsewdrag").first)
    page.mouse.click(x, y - unit)
    page.wait_for_timeout(300)
    assert stage.sent == []
    still = middle(left)
    drag(page, middle(right), (unit, 0), release=False)
    page.wait_for_timeout(150)
    assert stage.sent == []
    assert middle(right) == pytest.approx((x + 2 * unit, y), abs=3)
    expect(right).to_have_attribute("aria-valuetext", "2, 0")
    expect(left).to_have_attribute("aria-valuetext", "\u22121, 0")
    page.keyboard.press("Escape")
    page.wait_for_timeout(100)
    assert middle(right) == pytest.approx((x + unit, y), abs=1)
    page.mouse.up()
    drag(page, middle(right), (unit, 0))
    revised(page, 2)
    (event,) = events(page)
    assert (event["action"], event["control"], event["picture"]) == ("place", "mean1", 0)
    assert (event["x"], event["y"]) == pytest.approx((2, 0), abs=0.06)
    assert middle(left) == pytest.approx(still, abs=1)


def test_keys_move_a_named_point_both_ways_and_leave_the_other(stage: Stage) -> None:
    page = stage.open("/?means=1")
    left, right = (page.get_by_role("slider", name=f"Point {n}") for n in range(2))
    left.focus()
    for key in ("ArrowRight", "ArrowRight", "ArrowUp"):
        page.keyboard.press(key)
    page.keyboard.press("Tab")
    expect(right).to_be_focused()
    revised(page, 2)
    page.keyboard.press("ArrowDown")
    revised(page, 3)
    first, second = events(page)
    assert (first["control"], second["control"]) == ("mean0", "mean1")
    assert (first["x"], first["y"]) == pytest.approx((-0.8, 0.1), abs=1e-6)
    assert (second["x"], second["y"]) == pytest.approx((1, -0.1), abs=1e-6)
    expect(left).to_have_attribute("aria-valuetext", "\u22120.8, 0.1")


def test_a_layout_may_be_another_on_a_small_screen(stage: Stage) -> None:
    page = stage.open("/?means=1")
    plot = page.locator(PLOT)
    assert plot.evaluate("plot => plot.clientHeight") > 420, "it fills the window"
    assert layout(page, "margin.b") == 40
    page.set_viewport_size({"width": 390, "height": 800})
    expect(plot).to_have_css("height", "300px")
    page.wait_for_timeout(300)
    assert layout(page, "margin.b") == 90
    page.set_viewport_size({"width": 1440, "height": 1000})
    expect(plot).not_to_have_css("height", "300px")
    page.wait_for_timeout(300)
    assert plot.evaluate("plot => plot.clientHeight") > 420
    assert layout(page, "margin.b") == 40


def test_a_click_on_a_bar_picks_what_it_stands_for(stage: Stage) -> None:
    page = stage.open("/?bars=1")
    layer = page.get_by_test_id("picture-0").locator(".nsewdrag").first
    box = layer.bounding_box()
    assert box is not None
    places = [(box["x"] + 30, box["y"] + box["height"] * (2 * n + 1) / 6) for n in range(3)]
    page.mouse.move(*places[0])
    expect(layer).to_have_css("cursor", "pointer")
    page.mouse.move(box["x"] + box["width"] * 0.95, places[2][1])
    expect(layer).to_have_css("cursor", "crosshair")
    page.mouse.down()
    page.mouse.up()  # beside the bars
    page.wait_for_timeout(200)
    assert stage.sent == []
    page.mouse.click(*places[1])
    revised(page, 2)
    assert events(page) == [{"action": "pick", "value": 42, "revision": 1}]
    page.get_by_test_id("scrubber").focus()
    page.keyboard.press("End")
    revised(page, 3)
    page.mouse.click(*places[2])
    revised(page, 4)
    assert events(page)[-1] == {"action": "pick", "value": 20, "revision": 3}


def test_a_zoom_over_bars_and_a_click_on_others_pick_nothing(stage: Stage) -> None:
    page = stage.open("/?bars=1")
    drag(page, middle(page.get_by_test_id("picture-0").locator(".nsewdrag").first), (-90, 40))
    page.wait_for_timeout(400)
    assert layout(page, "xaxis.range")[1] < 4
    layer = page.get_by_test_id("picture-1").locator(".nsewdrag").first
    box = layer.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 30, box["y"] + box["height"] / 2)
    page.wait_for_timeout(400)
    expect(layer).to_have_css("cursor", "crosshair")
    assert stage.sent == []
    assert events(page) == []


def test_a_finger_picks_too(browser: Browser, stage_address: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 800}, has_touch=True, is_mobile=True)
    visit = Stage(context.new_page(), stage_address)
    page = visit.open("/?bars=1")
    box = page.get_by_test_id("picture-0").locator(".nsewdrag").first.bounding_box()
    assert box is not None
    page.touchscreen.tap(box["x"] + 30, box["y"] + box["height"] / 6)
    revised(page, 2)
    assert [event["value"] for event in events(page)] == [7]
    assert visit.errors == []
    context.close()


def test_a_browser_without_plotly_gets_plain_figures(browser: Browser, stage_address: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.clock.install()
    page.route("**/PlotlyChart*", lambda route: route.abort())
    page.goto(stage_address)
    page.locator(".lossviz-stage").wait_for(state="attached", timeout=20_000)
    page.clock.run_for(9000)
    expect(page.get_by_text("could not start the player")).to_be_visible()
    context.close()


@pytest.mark.parametrize(("scheme", "width", "link"), [("light", 1440, "/?two=1"), ("dark", 390, "/")])
def test_axe_finds_nothing_serious(browser: Browser, stage_address: str, scheme: Any, width: int, link: str) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    visit = Stage(context.new_page(), stage_address)
    page = visit.open(link)
    page.wait_for_timeout(500)
    violations = broken_rules(page).response["violations"]
    assert [f"{v['id']}: {v['nodes'][0]['html'][:200]}" for v in violations if v["impact"] in ("serious", "critical")] == []
    assert visit.errors == []
    context.close()


def test_a_finger_scrolls_the_page_over_a_chart(browser: Browser, stage_address: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 700}, has_touch=True, is_mobile=True)
    visit = Stage(context.new_page(), stage_address)
    page = visit.open()
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= 390
    x, y = middle(page.locator(f"{PLOT} .nsewdrag").first)
    finger = context.new_cdp_session(page)
    finger.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    for up in range(0, 130, 10):
        finger.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [{"x": x, "y": y - up}]})
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    page.wait_for_function("document.querySelector('[data-testid=stMain]').scrollTop > 50")
    assert layout(page, "xaxis.range") == pytest.approx([0.01, 0.99], abs=0.1)
    assert visit.errors == []
    context.close()


@pytest.mark.parametrize("model", [stage_app.flat(1), stage_app.deep(1)], ids=["curves", "surfaces"])
def test_an_exported_file_plays_offline(browser: Browser, tmp_path: Path, model: dict[str, Any]) -> None:
    file = tmp_path / "figure.html"
    link = "https://example.org/?gamma=2&x=<b>"
    file.write_text(export.html(model, "A <title>", "γ is </script><script>alert(1)</script> 2", link), encoding="utf-8")
    context = browser.new_context(viewport={"width": 1000, "height": 900}, color_scheme="dark")
    context.set_offline(True)
    visit = Visit(context.new_page(), file.as_uri())
    page = visit.page
    page.goto(file.as_uri())
    drawn(page, 8)
    before = page.get_by_test_id("picture-0").screenshot()
    page.get_by_test_id("scrubber").focus()
    page.keyboard.press("End")
    drawn(page, 20)
    page.wait_for_timeout(600)
    expect(page.get_by_test_id("value")).to_have_text("γ = 5.00")
    assert page.get_by_test_id("picture-0").screenshot() != before
    page.get_by_test_id("picture-0").focus()
    page.keyboard.press("ArrowLeft")
    drawn(page, 19)
    page.keyboard.press("Space")
    page.wait_for_function("document.querySelector('.lossviz-stage').dataset.drawn < 9")
    expect(page.get_by_role("link")).to_have_attribute("href", link)
    assert page.get_by_test_id("grip").count() == 0
    assert [v["id"] for v in broken_rules(page).response["violations"] if v["impact"] in ("serious", "critical")] == []
    assert visit.errors == []
    assert visit.foreign == []
    context.close()


def test_a_player_may_be_closed_as_soon_as_it_is_drawn(browser: Browser) -> None:
    page = browser.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.set_content("<section></section>")
    page.add_script_tag(content=get_plotlyjs())
    page.add_script_tag(content=f"{program(FOLDER / 'player.js')}\nwindow.createPlayer = createPlayer;")
    left = page.evaluate(
        """async () => {
            const figure = { data: [{ y: [1, 2e5] }], layout: { title: { text: "Short-lived" } } };
            const section = document.querySelector("section");
            const stage = createPlayer(section, null);
            stage.receive({ pictures: [{ figure }, { figure }], revision: 0 });
            const drawn = [...section.querySelectorAll(".plot")].filter((plot) => plot.data);
            stage.close();
            await new Promise((done) => setTimeout(done, 200));
            return [drawn.length, section.childElementCount, drawn.filter((plot) => plot.data).length];
        }"""
    )
    page.close()
    assert left == [2, 0, 0], "drawn, gone from the page, and forgotten by Plotly"
    assert errors == []


def test_a_long_title_takes_rows_and_nothing_jumps_between_short_and_long(browser: Browser, tmp_path: Path) -> None:
    model = stage_app.flat(1)
    titles = ["Short", "A title of many words that go on and on, " * 4]
    figure = model["pictures"][0]["figure"]
    figure["layout"] |= theme.layout(titles[0])
    for n, frame in enumerate(figure["frames"]):
        frame["layout"] = {"title": {"text": titles[n % 2]}}
    file = tmp_path / "figure.html"
    file.write_text(export.html(model, "Rows", "", ""), encoding="utf-8")
    context = browser.new_context(viewport={"width": 1000, "height": 900})
    page = context.new_page()
    page.goto(file.as_uri())
    drawn(page, 8)
    tops = []
    for n, rows in ((8, 0), (9, 2)):
        drawn(page, n)
        assert page.locator(".gtitle .line").count() >= rows
        plot, title = (page.get_by_test_id("picture-0").locator(at).bounding_box() for at in (".nsewdrag", ".gtitle"))
        picture = page.get_by_test_id("picture-0").bounding_box()
        assert plot and title and picture
        assert picture["y"] <= title["y"]
        assert title["y"] + title["height"] <= plot["y"]
        assert title["x"] + title["width"] <= picture["x"] + picture["width"]
        tops.append(plot["y"])
        page.get_by_test_id("scrubber").focus()
        page.keyboard.press("ArrowRight")
    assert tops[0] == pytest.approx(tops[1], abs=0.5)
    context.close()
