"""How fast the page answers: in a real Chromium beside a bare Streamlit page, and with many sessions open.

    python -m benchmarks.page

Figures are medians; the machine is shared, so read the ratios.
"""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time
from contextlib import closing
from itertools import pairwise
from pathlib import Path

from playwright.sync_api import Browser, Page

from .server import ROOT, Server, chromium, line, served, session

REPEATS = 25
SESSIONS = 200
BARE = """
import numpy as np, plotly.graph_objects as go, streamlit as st
gamma = st.slider("gamma", 0.0, 5.0, 2.0)
x = np.linspace(0.01, 1, 500)
st.plotly_chart(go.Figure(go.Scatter(x=x, y=-((1 - x) ** gamma) * np.log(x))), key="chart")
"""


def main() -> None:
    """Print every figure."""
    with tempfile.TemporaryDirectory() as folder:
        bare = Path(folder) / "bare.py"
        bare.write_text(BARE)
        with served(ROOT / "app.py") as ours, served(bare) as theirs:
            in_chromium(ours, theirs)
        with served(ROOT / "app.py") as ours:
            asyncio.run(many_sessions(ours))


def in_chromium(ours: Server, theirs: Server) -> None:
    """Dragging, releasing, and the bare page's slider, in one browser."""
    with chromium() as browser:
        page, bare = (browser.new_page(viewport={"width": 1440, "height": 1400}, bypass_csp=True) for _ in range(2))
        sent: list[object] = []
        page.on("websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(frame)))
        page.goto(ours.address)
        page.wait_for_selector('[data-testid="loss"]')
        bare.goto(theirs.address)
        bare.wait_for_selector(".js-plotly-plot path.js-line", state="attached")
        time.sleep(2)
        first_visits(browser, ours)
        dragging(page, sent)
        keys(page)
        committed, cpu = releases(page, ours)
        peer, peer_cpu = slider_steps(bare, theirs)
    line(
        "release → committed numbers",
        f"{committed:.0f} ms",
        f"bare page, key → new chart {peer:.0f} ms, ×{peer / committed:.1f}",
    )
    line("server CPU per commit", f"{cpu:.1f} ms", f"bare page {peer_cpu:.1f} ms, ×{peer_cpu / cpu:.1f}")


def first_visits(browser: Browser, server: Server) -> None:
    """What a browser that has never been here is sent, by page: files as they travel, and messages."""
    for path in ("", "curves", "batch"):
        with closing(browser.new_context(viewport={"width": 1440, "height": 1400})) as context:
            page, received, before = context.new_page(), {"files": 0.0, "messages": 0.0}, server.cpu()
            tab = context.new_cdp_session(page)
            tab.send("Network.enable")
            tab.on("Network.loadingFinished", lambda event, sums=received: _add(sums, "files", event["encodedDataLength"]))
            page.on(
                "websocket",
                lambda socket, sums=received: socket.on("framereceived", lambda frame: _add(sums, "messages", len(frame))),
            )
            page.goto(f"{server.address}/{path}")
            page.wait_for_selector("[data-testid=loss]:not(:empty), .lossviz-stage[data-drawn]")
            page.wait_for_timeout(2000)
        files, messages = (f"{received[kind] / 1e6:.2f} MB" for kind in ("files", "messages"))
        note = f"and {messages} of messages; {server.cpu() - before:.0f} ms of the server's processor"
        line(f"first visit of /{path}", f"{files} of files", note)


def _add(sums: dict[str, float], kind: str, more: float) -> None:
    sums[kind] += more


def keys(page: Page) -> None:
    """Milliseconds from a key on γ to the number that it gives, painted."""
    slider = page.locator('[data-control="gamma"]').first
    slider.focus()
    page.evaluate(PAINTED)
    seconds = []
    for i in range(REPEATS):
        page.keyboard.press("ArrowRight" if i % 2 else "ArrowLeft")
        page.wait_for_function("window.painted > 0")
        seconds.append(page.evaluate("window.painted"))
        page.wait_for_timeout(700)
    line("key → painted", f"{statistics.median(seconds):.0f} ms", f"median of {REPEATS}")


PAINTED = """() => {
  let down = 0;
  addEventListener("keydown", () => { down = performance.now(); window.painted = 0; }, true);
  const live = [...document.querySelectorAll("*")].map((e) => e.shadowRoot?.querySelector(".live")).find(Boolean);
  const loss = live.querySelector("[data-testid=loss]");
  new MutationObserver(() => requestAnimationFrame(() => setTimeout(() => (window.painted ||= performance.now() - down))))
    .observe(loss, { childList: true, characterData: true, subtree: true });
}"""


def dragging(page: Page, sent: list[object]) -> None:
    """Frames per second and messages to the server while a logit is dragged."""
    page.bring_to_front()
    x, y, width = track(page, "z3")
    page.mouse.move(x + width / 2, y)
    page.mouse.down()
    before = len(sent)
    page.evaluate("window.frames_ = []; (function tick(t) { frames_.push(t); if (frames_) requestAnimationFrame(tick) })(0)")
    start = time.perf_counter()
    while time.perf_counter() - start < 3:
        for step in (*range(20), *range(20, 0, -1)):
            page.mouse.move(x + width * (0.1 + 0.04 * step), y)
    times = page.evaluate("(() => { const found = frames_.slice(2); window.frames_ = { push() {} }; return found })()")
    messages = len(sent) - before
    page.mouse.up()
    gaps = [b - a for a, b in pairwise(times)]
    rate = 1000 / statistics.median(gaps)
    line("dragging a logit of ten", f"{rate:.0f} frames/s", f"median of {len(gaps)}; {messages} messages to the server")
    time.sleep(1)


def releases(page: Page, server: Server) -> tuple[float, float]:
    """Milliseconds from releasing a drag to the backend's numbers on the page, and of the server's processor."""
    x, y, width = track(page, "z3")
    seconds = []
    page.evaluate(RELEASED)
    before = server.cpu()
    for i in range(REPEATS):
        page.mouse.move(x + width / 2, y)
        page.mouse.down()
        page.mouse.move(x + width * (0.3 + 0.4 * (i % 2) + 0.004 * i), y)
        page.wait_for_timeout(50)
        page.evaluate("window.answered = null")
        page.mouse.up()
        page.wait_for_function("window.answered !== null")
        seconds.append(page.evaluate("window.answered"))
        page.wait_for_timeout(100)
    return statistics.median(seconds), (server.cpu() - before) / REPEATS


RELEASED = """() => {
  let up = 0;
  addEventListener("pointerup", () => (up = performance.now()), true);
  const live = [...document.querySelectorAll("*")].map((e) => e.shadowRoot?.querySelector(".live")).find(Boolean);
  window.answered = null;
  new MutationObserver(() => requestAnimationFrame(() => (window.answered ??= performance.now() - up)))
    .observe(live, { attributes: true, attributeFilter: ["data-revision"] });
}"""


def slider_steps(page: Page, server: Server) -> tuple[float, float]:
    """The same for a key press on the bare page's slider and its redrawn chart."""
    page.bring_to_front()
    page.locator('[data-testid="stSlider"] input').first.focus()
    seconds = []
    before = server.cpu()
    for _ in range(REPEATS):
        page.evaluate(REDRAWN)
        page.keyboard.press("ArrowRight")
        page.wait_for_function("window.redrawn > 0")
        seconds.append(page.evaluate("window.redrawn"))
        page.wait_for_timeout(150)
    return statistics.median(seconds), (server.cpu() - before) / REPEATS


REDRAWN = """() => {
  window.redrawn = 0;
  const line = () => document.querySelector(".js-plotly-plot .scatterlayer path.js-line")?.getAttribute("d");
  const old = line(), start = performance.now();
  (function look() {
    const now = line();
    if (now && now !== old) window.redrawn = performance.now() - start; else requestAnimationFrame(look);
  })();
}"""


def track(page: Page, control: str) -> tuple[float, float, float]:
    """Left, middle height and width of a control's track."""
    box = page.locator(f'[data-control="{control}"]').first.bounding_box()
    assert box is not None
    return box["x"], box["y"] + box["height"] / 2, box["width"]


async def many_sessions(server: Server) -> None:
    """Memory of the server with one session and with many, each of which has had its page."""
    address = f"ws://localhost:{server.port}/_stcore/stream"
    opened = [await session(address)]
    one = server.memory()
    start = time.perf_counter()
    opened += await asyncio.gather(*(session(address) for _ in range(SESSIONS - 1)))
    seconds = time.perf_counter() - start
    many = server.memory()
    each = (many - one) / (SESSIONS - 1) * 1024
    line(f"server memory, {SESSIONS} sessions", f"{many:.0f} MB", f"{one:.0f} MB with one, {each:.0f} KiB for each more")
    line(f"{SESSIONS} sessions opened at once", f"{seconds:.1f} s", "until all had their page")
    for socket in opened:
        await socket.close()


if __name__ == "__main__":
    main()
