"""How fast Curves and Surfaces answer: a step of the scrubber, a changed control beside a bare page with the same charts.

    python -m benchmarks.pictures

Figures are medians; the machine is shared and draws surfaces in software, so read the ratios.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import tempfile
from pathlib import Path

from playwright.sync_api import Page, WebSocket

from .server import ROOT, Server, chromium, line, served, session

STEPS, REPEATS, SESSIONS = 40, 15, 20
PAPER = "+vs+".join(f"focal+softmax+gamma+{gamma}" for gamma in (0, 0.5, 1, 2, 5))
PAGES = {
    "curves: loss": "/curves",
    "curves: six multipliers": f"/curves?y=multiplier&pins={PAPER}",
    "surface 61×61": "/surfaces?drawn=3-D",
    "surface and map": "/surfaces",
}
"""What is measured; the limits are for the first, the second and the third."""

BARE = """
import json, numpy as np, plotly.graph_objects as go, streamlit as st
value = st.number_input("value", 0.0, 99.0, 2.0, 0.05)
for number, figure in enumerate(json.load(open({path!r}))):
    for trace in figure["data"]:
        trace.update({{name: np.array(trace[name], np.float32) for name in "xyz" if isinstance(trace.get(name), list)}})
        for name in "z" if "z" in trace else "y":
            trace[name] = trace[name] * (1 + value / 100)
    figure["layout"]["title"]["text"] = f"value {{value:g}}"
    heights = [{{name: trace[name] for name in "yz" if name in trace}} | {{"type": trace["type"]}} for trace in figure["data"]]
    moved = [
        {{"name": str(n), "data": [one | {{k: v * (1 + n / 100) for k, v in one.items() if k in "yz"}} for one in heights]}}
        for n in range({frames})
    ]
    st.plotly_chart(go.Figure(figure["data"], figure["layout"], moved), key=f"chart-{{number}}")
"""
"""The same charts as Streamlit shows them, heights a little changed by each step; with frames to play, and without any."""


def main() -> None:
    """Print every figure."""
    with served(ROOT / "app.py") as ours, tempfile.TemporaryDirectory() as folder:
        for name, link in PAGES.items():
            with chromium() as browser:
                page = browser.new_page(viewport={"width": 1440, "height": 1000}, bypass_csp=True)
                measured(name, page, ours, link, Path(folder))
        asyncio.run(many_sessions(ours))


def measured(name: str, page: Page, ours: Server, link: str, folder: Path) -> None:
    """One page: what it weighs, its scrubber, and a changed control beside the bare page."""
    sent, received = heard(page)
    opened(page, ours.address + link)
    line(f"{name}: bytes to the browser", f"{sum(received) / 1000:.0f} kB", "in messages, first visit, frames included")
    before = len(sent)
    steps, gaps = page.evaluate(SCRUBBED, STEPS)
    note = f"{1000 / statistics.median(gaps):.0f} frames/s; {len(sent) - before} messages to the server"
    line(f"{name}: scrub step → painted", f"{statistics.median(steps):.0f} ms", note)
    opened(page, ours.address + link)
    figures = page.evaluate(PLAIN)
    count = int(page.get_by_test_id("scrubber").get_attribute("max") or 0) + 1
    page.get_by_test_id("stExpandSidebarButton").click()
    received.clear()
    mine = stepped(page, "Focusing γ", lambda n: f"γ = {n:.4g}", ".lossviz-stage")
    weight = sum(received) / REPEATS / 1000
    note = (("the same charts", bare(page, figures, folder, count)), ("still ones", bare(page, figures, folder, 0)))
    ratios = ", ".join(f"{what} {theirs:.0f} ms, ×{mine / theirs:.2f}" for what, theirs in note)
    line(f"{name}: changed control → painted", f"{mine:.0f} ms", f"bare page with {ratios}; {weight:.0f} kB")


def opened(page: Page, address: str) -> None:
    """The page, drawn and at rest."""
    page.goto(address)
    page.wait_for_selector(".lossviz-stage[data-drawn]")
    page.wait_for_timeout(2000)


def heard(page: Page) -> tuple[list[object], list[int]]:
    """Messages to the server from now on, and the sizes of those from it."""
    sent: list[object] = []
    received: list[int] = []

    def listen(socket: WebSocket) -> None:
        socket.on("framesent", lambda frame: sent.append(frame))
        socket.on("framereceived", lambda frame: received.append(len(frame)))

    page.on("websocket", listen)
    return sent, received


SCRUBBED = """async (count) => {
  const range = document.querySelector('[data-testid="scrubber"]');
  const plots = [...document.querySelectorAll(".lossviz-stage .plot")];
  const frame = () => new Promise(requestAnimationFrame);
  const taken = [], ticks = [];
  let ticking = true;
  (function tick(now) { ticks.push(now); if (ticking) requestAnimationFrame(tick); })(performance.now());
  for (let i = 0; i < count; i++) {
    const drawn = plots.map((gd) => new Promise((done) => gd.once("plotly_afterplot", done)));
    const start = performance.now();
    range.value = (Number(range.value) + 1) % (Number(range.max) + 1);
    range.dispatchEvent(new Event("input", { bubbles: true }));
    await Promise.race(drawn);
    await frame();
    taken.push(performance.now() - start);
  }
  ticking = false;
  return [taken, ticks.slice(1).map((now, i) => now - ticks[i])];
}"""

PLAIN = """() => {
  const plain = (value) => ArrayBuffer.isView(value) ? Array.from(value) : Array.isArray(value) ? value.map(plain)
    : value && typeof value === "object" ? Object.fromEntries(Object.entries(value).map(([k, v]) => [k, plain(v)])) : value;
  const plots = [...document.querySelectorAll(".lossviz-stage .plot")];
  return plots.map((gd) => ({ data: gd.data.map(plain), layout: plain(gd.layout) }));
}"""


def bare(page: Page, figures: list[object], folder: Path, frames: int) -> float:
    """The same charts, with so many frames to play, on a page that has nothing else."""
    data, script = folder / "figures.json", folder / "bare.py"
    data.write_text(json.dumps(figures))
    script.write_text(BARE.format(path=str(data), frames=frames))
    with served(script) as theirs:
        page.goto(theirs.address)
        page.wait_for_selector(".js-plotly-plot .gtitle", state="attached")
        page.wait_for_timeout(2000)
        return stepped(page, "value", lambda n: f"value {n:.4g}", "body")


def stepped(page: Page, label: str, text: object, within: str) -> float:
    """Milliseconds from a click on a number's + to the frame after every chart has been drawn anew."""
    plus = page.locator('[data-testid="stNumberInput"]', has=page.locator(f'input[aria-label="{label}"]'))
    plus = plus.get_by_test_id("stNumberInputStepUp")
    page.wait_for_timeout(800)
    seconds = []
    for i in range(REPEATS):
        page.evaluate(PAINTED, [within, text(2.05 + 0.05 * i)])  # type: ignore[operator]
        plus.click()
        page.wait_for_function("window.painted > 0")
        seconds.append(float(page.evaluate("window.painted")))
        page.wait_for_timeout(400)
    return statistics.median(seconds)


PAINTED = """([within, text]) => {
  window.painted = 0;
  let start = 0;
  addEventListener("pointerdown", () => (start = performance.now()), { capture: true, once: true });
  const texts = () => [...document.querySelectorAll(`${within} :is(.gtitle, .legendtext)`)];
  (function look() {
    if (!start || !texts().some((node) => node.textContent.includes(text))) requestAnimationFrame(look);
    else requestAnimationFrame(() => (window.painted = performance.now() - start));
  })();
}"""


async def many_sessions(server: Server) -> None:
    """Memory of the server with many sessions on these pages."""
    address = f"ws://localhost:{server.port}/_stcore/stream"
    before = server.memory()
    opened = [await session(address, ("curves", "surfaces")[i % 2]) for i in range(SESSIONS)]
    each = (server.memory() - before) / SESSIONS
    line(f"server memory, {SESSIONS} sessions", f"{server.memory():.0f} MB", f"{before:.0f} MB before them, {each:.1f} MB each")
    for socket in opened:
        await socket.close()


if __name__ == "__main__":
    main()
