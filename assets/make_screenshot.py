"""Take the README's picture from the running app.

make run            # in another terminal
.venv/bin/python assets/make_screenshot.py http://localhost:8501
"""

import os
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright


def main(address: str) -> None:
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=os.environ.get("LOSSVIZ_CHROMIUM"), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1320, "height": 1130})
        page.goto(address)
        page.get_by_test_id("loss").wait_for()
        page.wait_for_timeout(2000)
        page.screenshot(path=Path(__file__).with_name("one-sample.png"))
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1])
