"""Files of a lecture as the page Lecture makes them."""

from __future__ import annotations

from pathlib import Path

from .conftest import Visit, settled


def taken_along(window: Visit, name: str, kind: str, folder: Path, every_language: bool = False) -> Path:
    """The "file" or the "handout" of a shipped lecture, made and saved with the buttons of the page."""
    window.forget("light", 1440, 1200)
    page = window.load(f"/lecture?lecture={name}&lang=en")
    page.get_by_role("button", name="Take along").click()
    if every_language:
        page.get_by_text("In every language of lossviz").click()
        settled(page)
    page.get_by_role("button", name=f"Make the {kind} (HTML)").click()
    save = page.get_by_role("button", name=f"Save the {kind} (HTML)")
    save.wait_for(timeout=120_000)
    with page.expect_download() as download:
        save.click()
    saved = folder / download.value.suggested_filename
    download.value.save_as(saved)
    window.leave()
    return saved
