"""What makes the browser load Plotly stays until that is sure to have happened."""

from __future__ import annotations

import pytest

from lossviz.ui.components import player
from lossviz.ui.session.store import Session


def test_a_chart_stands_without_a_break_before_plotly_is_taken_for_there(monkeypatch: pytest.MonkeyPatch) -> None:
    present = Session()

    def is_there(run: int, seconds: float) -> bool:
        present.run = run
        monkeypatch.setattr(player.time, "monotonic", lambda: seconds)
        return player._is_plotly_there(present)

    assert not is_there(1, 100)
    assert not is_there(2, 100.1), "a page may draw itself twice at once"
    assert not is_there(4, 150), "in between was a page without figures, to which somebody turned at once"
    assert not is_there(5, 160)
    assert is_there(6, 171)
    assert is_there(9, 172), "it stays in the window"
