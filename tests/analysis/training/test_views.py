"""The views of an experiment: each is drawn by the page, and only those that the data have."""

from __future__ import annotations

import pytest

from lossviz.analysis.training.views import VIEWS, available_views
from lossviz.data.toy_datasets import SHAPES
from lossviz.ui.pages.training.views import VIEW_FIGURES


@pytest.mark.parametrize("shape", SHAPES)
def test_only_data_of_the_plane_can_be_looked_at_there(shape: str) -> None:
    expected = [key for key in VIEWS if shape != "digits" or key != "data"]
    assert list(available_views(shape)) == expected


def test_the_page_draws_every_view() -> None:
    """Those under the scrubber by a function each, and the others by a module of their own."""
    assert set(VIEWS) == {*VIEW_FIGURES, "data", "grid", "script"}
