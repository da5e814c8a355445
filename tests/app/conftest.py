"""What pages are asked without a browser does not depend on how finely a scrubber moves, but the time does."""

from __future__ import annotations

import pytest

from lossviz.state import batch
from lossviz.ui.pages import curves, surfaces

ALL = {"curves": curves.STEPS, "surfaces": surfaces.STEPS}


@pytest.fixture(autouse=True)
def few_positions(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Scrubbers of figures have a few positions, but for tests that ask for `all_positions`."""
    if "all_positions" not in request.fixturenames:
        for page in (curves, surfaces):
            monkeypatch.setattr(page, "STEPS", 7)
        monkeypatch.setattr(batch, "OFFERED", ((3_000_000, batch.HALVES),))


@pytest.fixture
def all_positions() -> dict[str, int]:
    """Scrubbers have the positions that a person sees: about so many, by page."""
    return ALL
