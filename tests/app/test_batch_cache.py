"""Batches in memory: computed once, kept within bounds, and let go of with their session."""

from __future__ import annotations

import gc
import weakref

import numpy as np
import pytest

from lossviz import loss
from lossviz.analysis.batch.batch_stats import plan, total
from lossviz.data import digits
from lossviz.state.batch import TENTHS
from lossviz.ui.server import batch_cache as room
from lossviz.ui.server.batch_cache import CachedBatch, release_closed_sessions, size, upload

GAMMAS = np.linspace(0, 5, 12)


def test_a_tally_is_computed_once_and_is_that_of_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    cached, specs = CachedBatch(digits.batch()), [loss("focal", gamma=1.0), loss("cross-entropy")]
    first = cached.all_stats(specs)
    for spec, stats in zip(specs, first, strict=True):
        direct = total(plan(spec, cached.survey), cached.batch)
        assert stats.samples.loss == direct.samples.loss
        assert cached.knows(spec)
    monkeypatch.setattr(room, "totals", lambda *_: pytest.fail("it is known"))
    assert cached.all_stats([*specs, specs[0]])[2] is first[0]


def test_only_so_many_are_kept_and_the_latest_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "ROOM", 1)
    cached = CachedBatch(digits.batch())
    specs = [loss("focal", gamma=gamma) for gamma in GAMMAS]
    assert len(cached.all_stats(specs)) == len(specs)
    assert [cached.knows(spec) for spec in specs] == [False] * 4 + [True] * 8


def test_all_uploads_share_the_room_for_tallies(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten uploads keep no more between them than one would."""
    specs = [loss("focal", gamma=gamma) for gamma in GAMMAS]
    monkeypatch.setattr(room, "_uploads", weakref.WeakSet())
    batches = [upload(digits.batch(), "cpu")]
    monkeypatch.setattr(room, "ROOM", sum(map(size, batches[0].all_stats(specs))))
    batches[0].all_stats(specs)
    assert all(batches[0].knows(spec) for spec in specs)
    batches.append(upload(digits.batch(), "cpu"))
    batches[1].all_stats(specs)
    assert [batches[1].knows(spec) for spec in specs] == [False] * 4 + [True] * 8


def test_all_positions_of_the_scrubber_are_kept_and_take_little() -> None:
    cached = CachedBatch(digits.batch())
    specs = [loss("focal", gamma=gamma) for gamma in TENTHS]
    cached.all_stats(specs)
    assert all(cached.knows(spec) for spec in specs)
    assert sum(size(cached.all_stats([spec])[0]) for spec in specs) < 10e6


def test_answers_are_kept_within_bounds_and_the_latest_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    cached = CachedBatch(digits.batch())
    made: list[int] = []

    def answer(key: int, numbers: int = 1) -> None:
        cached.answer(key, lambda: (made.append(key), np.zeros(numbers)))

    for key in (*range(room.ANSWERS), 0, room.ANSWERS, 0, 1):
        answer(key)
    assert made == [*range(room.ANSWERS + 1), 1], "0 was asked for again in time, 1 was not"
    monkeypatch.setattr(room, "ROOM", 100)
    answer(-1, 20)
    answer(-1)
    assert made[-1] == -1 and made.count(-1) == 1, "one is always kept"


def test_bytes_are_counted_in_all_depths() -> None:
    assert size((np.zeros(10), (np.zeros(3, np.float32), "x"), 1.0)) == 80 + 12


class Session:
    """Refers to itself, as a session of Streamlit does."""

    def __init__(self, batch: CachedBatch) -> None:
        self.batch, self.own = batch, self


def test_a_batch_goes_when_its_session_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "_looked", [-1e9])
    batch = digits.batch()
    session = Session(upload(batch, "cpu"))
    left = weakref.ref(session.batch)
    gc.disable()
    try:
        del session
        assert left() is not None, "nothing but a collection frees it"
        release_closed_sessions()
        assert left() is None
    finally:
        gc.enable()


def test_nobody_looks_without_need(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room.gc, "collect", lambda: pytest.fail("a tenth of a second for nothing"))
    monkeypatch.setattr(room, "_uploads", weakref.WeakSet())
    release_closed_sessions()
    kept = upload(digits.batch(), "cpu")
    monkeypatch.setattr(room, "_looked", [room.time.monotonic()])
    release_closed_sessions()
    assert kept in room._uploads
