"""A lecture in Chromium: from a key until the next picture is painted, and a drag of the lecturer's while 200 phones vote.

    python -m benchmarks.lecture

Trust the figures of a quiet machine only: the load is printed beside them.
"""

from __future__ import annotations

import asyncio
import os
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode

from playwright.sync_api import Browser, CDPSession, Page

from lossviz.lectures import place, shipped

from .room import JOINING, PHONES, VOTING, Course, p95
from .server import ROOT, Server, chromium, line, served

NAME = "focal-in-15"
TURNS = 20
REST = 1500
"""Milliseconds between two keys: what comes next is computed ahead meanwhile, as while somebody speaks."""

WATCH = """() => {
    const Socket = window.WebSocket;
    const log = (window.measured = { key: 0, sent: 0, first: 0, last: 0, painted: 0, frames: 0 });
    window.WebSocket = class extends Socket {
        constructor(...of) {
            super(...of);
            this.addEventListener("message", () => {
                if (!log.key || log.painted) return;
                log.last = performance.now();
                log.first ||= log.last;
            });
        }
        send(data) {
            if (log.key) log.sent ||= performance.now();
            super.send(data);
        }
    };
    const roots = (node) => [...node.querySelectorAll("*")].flatMap((one) =>
        one.shadowRoot ? [...one.shadowRoot.querySelectorAll("[data-revision]")] : "revision" in one.dataset ? [one] : []);
    const newest = () => Math.max(0, ...roots(document.body).map((one) => Number(one.dataset.revision)));
    let before = 0;
    addEventListener("keydown", ({ key }) => {
        if (key !== "ArrowRight") return;
        before = newest();
        Object.assign(log, { key: performance.now(), sent: 0, first: 0, last: 0, painted: 0 });
    }, true);
    const frame = () => {
        log.frames += 1;
        if (log.key && !log.painted && log.first && newest() > before)
            requestAnimationFrame(() => setTimeout(() => (log.painted ||= performance.now())));
        requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
}"""
"""Notes when a key is pressed, a message sent, the first one received, and a newer picture painted."""


def opened(browser: Browser, server: Server, number: int) -> Page:
    """A scene in a tab that watches itself."""
    path, words = place(shipped.lecture(NAME).scenes[number - 1].link)
    page = browser.new_page(viewport={"width": 1280, "height": 720}, bypass_csp=True)
    page.add_init_script(f"({WATCH})()")
    page.goto(f"{server.address}/{path}?{urlencode(words | {'lecture': NAME, 'scene': str(number), 'lang': 'en'})}")
    page.locator(".remote .place", has_text="/").wait_for()  # which hears the keys
    settle(page)
    return page


def settle(page: Page) -> None:
    """Wait until the server has said all, and somebody would have spoken."""
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for(timeout=60_000)
    page.wait_for_timeout(REST)


def turns(browser: Browser, server: Server) -> None:
    """Print how long a key takes, once every scene has been on."""
    presses = sum(2 if scene.question else 1 for scene in shipped.lecture(NAME).scenes) - 1
    turns_measured: list[dict[str, float]] = []
    is_warm = False
    while len(turns_measured) < TURNS:
        page = opened(browser, server, 1)
        tab = page.context.new_cdp_session(page)
        tab.send("Performance.enable", {"timeDomain": "threadTicks"})
        round_ = [press(page, server, tab) for _ in range(presses)]
        turns_measured += round_ if is_warm else []
        is_warm = True
        page.close()
    report_turns(turns_measured)


def press(page: Page, server: Server, tab: CDPSession) -> dict[str, float]:
    """What one key took, in milliseconds since it was pressed; and of processor time, here and in the browser's page."""
    before, drawn = server.cpu(), busy(tab)
    page.keyboard.press("ArrowRight")
    page.wait_for_function("window.measured.painted", timeout=60_000)
    log: dict[str, float] = page.evaluate("window.measured")
    cpu = {"server": server.cpu() - before, "page": busy(tab) - drawn}
    settle(page)
    return {name: log[name] - log["key"] for name in ("sent", "first", "last", "painted")} | cpu


def busy(tab: CDPSession) -> float:
    """Milliseconds of processor time that the page has used so far."""
    metrics = tab.send("Performance.getMetrics")["metrics"]
    return next(1000 * float(one["value"]) for one in metrics if one["name"] == "TaskDuration")


def report_turns(turns_measured: list[dict[str, float]]) -> None:
    """Print what they came to."""
    painted = [one["painted"] for one in turns_measured]
    note = (
        f"p95 {p95(painted):.0f} ms, fastest {min(painted):.0f} ms; {len(turns_measured)} turns, load {os.getloadavg()[0]:.1f}"
    )
    line("key → next picture painted", f"{statistics.median(painted):.0f} ms", note)
    parts = [
        ("sent", statistics.median(one["sent"] for one in turns_measured)),
        ("first answer", statistics.median(one["first"] - one["sent"] for one in turns_measured)),
        ("answered before the picture", statistics.median(one["last"] - one["first"] for one in turns_measured)),
        ("painted", statistics.median(one["painted"] - one["last"] for one in turns_measured)),
    ]
    line("of which, one after the other", "", ", ".join(f"{name} {ms:.0f} ms" for name, ms in parts))
    cpu = {name: statistics.median(one[name] for one in turns_measured) for name in ("server", "page")}
    line(
        "CPU until it is painted",
        f"{cpu['server'] + cpu['page']:.0f} ms",
        f"server {cpu['server']:.0f}, page {cpu['page']:.0f}",
    )


DRAGGED, STEP = 6.0, 0.008
"""Seconds of a drag, and between two of its moves."""


def drag_beside_phones(browser: Browser, server: Server) -> None:
    """Print the frames a second of a drag, alone and while phones vote."""
    page = opened(browser, server, 2)
    page.locator(".st-key-chip-room button").click()
    page.get_by_role("button", name="Open a room").click()
    link = page.locator("a[href*='/r/']").first.get_attribute("href") or ""
    code = link.rpartition("/")[2]
    other = opened(browser, server, 4)  # a scene without a question, in which γ moves
    alone = drag(other)
    with phones(server.port, code):
        time.sleep(JOINING)
        cpu, voting = server.cpu(), drag(other)
        busy = (server.cpu() - cpu) / 1000 / DRAGGED
    load = os.getloadavg()[0]
    line("frames a second of a drag", f"{alone[0]:.0f}", f"{alone[1]:.0f} pictures a second; load {load:.1f}")
    line(
        f"the same while {PHONES} phones vote",
        f"{voting[0]:.0f}",
        f"{voting[1]:.0f} pictures a second; server {100 * busy:.0f} % of a core",
    )
    for one in (page, other):
        one.close()


@contextmanager
def phones(port: int, code: str) -> Iterator[None]:
    """Phones in a process of their own, which gives way to all others."""
    command = ["nice", "-n", "10", sys.executable, "-m", "benchmarks.lecture", "phones", str(port), code]
    process = subprocess.Popen(command, cwd=ROOT)
    try:
        yield
        process.wait(JOINING + VOTING + 60)
    finally:
        process.kill()


DRAWN = """() => {
    window.pictures = 0;
    const stage = document.querySelector(".lossviz-stage");
    new MutationObserver(() => (window.pictures += 1)).observe(stage, { attributeFilter: ["data-drawn"] });
}"""


def drag(page: Page) -> tuple[float, float]:
    """Frames and pictures a second while the scrubber is dragged to and fro."""
    box: Any = page.get_by_test_id("scrubber").bounding_box()
    y = box["y"] + box["height"] / 2
    page.evaluate(DRAWN)
    page.bring_to_front()
    page.mouse.move(box["x"] + box["width"] / 2, y)
    page.mouse.down()
    start = time.perf_counter()
    frames = page.evaluate("window.measured.frames")
    while (past := time.perf_counter() - start) < DRAGGED:
        share = abs((past / 2) % 2 - 1)
        page.mouse.move(box["x"] + (0.05 + 0.9 * share) * box["width"], y)
        time.sleep(STEP)
    counted, pictures = page.evaluate("[window.measured.frames, window.pictures]")
    seconds = time.perf_counter() - start
    page.mouse.up()
    return (counted - frames) / seconds, pictures / seconds


async def attend(port: int, code: str) -> None:
    """What the process of the phones does."""
    course = Course(port, code)
    await asyncio.gather(*course.phones(time.perf_counter(), random.Random(5)))
    print(f"{'':<34}{len(course.chosen):>14}   phones have voted, {course.refused} requests refused", flush=True)


def main() -> None:
    """Print every figure."""
    if sys.argv[1:2] == ["phones"]:
        asyncio.run(attend(int(sys.argv[2]), sys.argv[3]))
        return
    with served(ROOT / "app.py") as server, chromium() as browser:
        turns(browser, server)
        drag_beside_phones(browser, server)


if __name__ == "__main__":
    main()
