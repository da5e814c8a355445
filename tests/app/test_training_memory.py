"""A link begins no training that takes much memory: that is for a person to say."""

from __future__ import annotations

import pytest

from lossviz.ui.server.training_queue import trainer

from .pages import opened, pressed

HEAVY = {"model": "mlp", "width": "512", "examples": "800", "batch_size": "800", "epochs": "1", "seeds": "30"}
"""Two seconds, and 600 MB."""


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """What is asked of the queue, which does nothing."""
    asked: list[object] = []

    def ask(_: object, wanted: object) -> list[object]:
        asked.append(wanted)
        raise InterruptedError("begun")

    monkeypatch.setattr(trainer(), "ask", ask)
    return asked


def test_a_link_that_takes_much_memory_waits_for_a_person(begun: list[object]) -> None:
    at = opened("training", HEAVY)
    (text,) = [info.value for info in at.info if "Press Train to start" in info.value]
    assert "MB of memory" in text
    assert not begun
    with pytest.raises(AssertionError, match="encountered an error"):
        pressed(at, "Train")
    assert begun


def test_a_small_one_is_begun_at_once(begun: list[object]) -> None:
    with pytest.raises(AssertionError, match="encountered an error"):
        opened("training", {**HEAVY, "width": "16"})
    assert begun
