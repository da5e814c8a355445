"""A link begins no training that takes much memory: that is for a person to say."""

from __future__ import annotations

import pytest

from lossviz.ui.server.training_queue import training_queue

from .pages import opened, pressed

HEAVY = {"model": "mlp", "width": "512", "examples": "800", "batch_size": "800", "epochs": "1", "seeds": "30"}
"""Two seconds, and 600 MB."""


@pytest.fixture
def requests(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """What is asked of the queue, which does nothing."""
    requests: list[object] = []

    def request(_: object, experiments: object) -> list[object]:
        requests.append(experiments)
        raise InterruptedError("begun")

    monkeypatch.setattr(training_queue(), "request", request)
    return requests


def test_a_link_that_takes_much_memory_waits_for_a_person(requests: list[object]) -> None:
    at = opened("training", HEAVY)
    blocks = (*at.info, *at.markdown, *at.caption)
    (text,) = [block.value for block in blocks if "Press Train to start" in block.value]
    assert "MB of memory" in text
    assert not requests
    with pytest.raises(AssertionError, match="encountered an error"):
        pressed(at, "Train")
    assert requests


def test_a_small_one_is_begun_at_once(requests: list[object]) -> None:
    with pytest.raises(AssertionError, match="encountered an error"):
        opened("training", {**HEAVY, "width": "16"})
    assert requests
