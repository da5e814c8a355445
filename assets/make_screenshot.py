"""Take the README's pictures from the running app.

make run            # in another terminal
.venv/bin/python assets/make_screenshot.py http://localhost:8501             # all of them
.venv/bin/python assets/make_screenshot.py http://localhost:8501 training    # or some
"""

import os
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

PICTURES = {
    "one-sample": "/",
    "curves": "/curves",
    "surfaces": "/surfaces",
    "names": "/names?place=retinanet",
    "mistakes": "/mistakes?lab=microscope&exponent=0.5",
    "training": "/training",
    "batch": "/batch?batch=detector&ask=shares&lorenz=figure-4",
    "lecture": "/curves?task=binary&loss=cross-entropy&logits=2.1972&pins=focal+sigmoid+gamma+0.5+vs+focal+sigmoid+gamma+1"
    "+vs+focal+sigmoid+gamma+2+vs+focal+sigmoid+gamma+5&lecture=focal-in-15&scene=2",
}


def main(address: str, *names: str) -> None:
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=os.environ.get("LOSSVIZ_CHROMIUM"), args=["--no-sandbox"])
        for name, link in PICTURES.items():
            if names and name not in names:
                continue
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            page.goto(address + link)
            drawn(page)
            page.screenshot(path=Path(__file__).with_name(f"{name}.png"))
        browser.close()


def drawn(page: Page) -> None:
    """Wait until the page shows a number, a figure or a heading, nothing is a placeholder any more, and what comes after it."""
    page.locator('[data-testid="loss"], .lossviz-stage[data-drawn], [data-testid="stMain"] h3').first.wait_for()
    page.wait_for_function("!document.querySelector('[data-testid=stSkeleton]')")
    page.wait_for_timeout(3000)
    page.wait_for_function("!document.querySelector('[data-testid=stProgress]')", timeout=120_000)
    page.wait_for_timeout(3000)


if __name__ == "__main__":
    main(*sys.argv[1:])
