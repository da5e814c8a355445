"""The queue: each experiment once, in order of arrival, a few at a time, and only while someone watches."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from lossviz import InputError, loss
from lossviz.analysis.training import Experiment, make_record, train
from lossviz.analysis.training import queue as queue_module
from lossviz.analysis.training.queue import TrainingQueue
from lossviz.data.toy_datasets import DatasetSpec

pytestmark = pytest.mark.usefixtures("few_test_samples")

LOSSES = (loss("cross-entropy"), loss("focal", gamma=2.0))


def experiment(epochs: int = 3, seeds: int = 3) -> Experiment:
    return Experiment(DatasetSpec("gaussians", 60), LOSSES, seeds=seeds, epochs=epochs)


def until(what: Callable[[], Any]) -> None:
    for _ in range(3000):
        if what():
            return
        time.sleep(0.01)
    pytest.fail("it does not come to that")


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Trainings wait before their first epoch until the gate is opened."""
    opened, real = threading.Event(), queue_module.train

    def gated(*arguments: Any) -> Iterator[Any]:
        for n, measurements in enumerate(real(*arguments)):
            if n == 1:
                opened.wait(20)
            yield measurements

    monkeypatch.setattr(queue_module, "train", gated)
    yield opened
    opened.set()


def test_the_parts_together_are_the_whole() -> None:
    queue = TrainingQueue(lambda _: True)
    (job,) = queue.request("a", [experiment()])
    until(lambda: job.state == "done")
    whole = make_record(experiment(), [measurements for _, measurements in train(experiment()) if measurements is not None])
    assert job.record is not None and job.record.epochs == whole.epochs == (0, 1, 2, 3)
    for name, actual, expected in zip(whole.runs._fields, job.record.runs, whole.runs, strict=True):
        np.testing.assert_allclose(actual, expected, rtol=1e-9, atol=1e-12, err_msg=name)
    assert job.record.runs.accuracy.shape == (4, 2, 3)
    assert queue.finished(experiment()) is job and queue.request("b", [experiment()]) == [job]


def test_the_first_seed_is_the_experiments() -> None:
    """Seeds 5 to 7 are the last three of seeds 4 to 7."""
    queue = TrainingQueue(lambda _: True)
    jobs = queue.request("a", [replace(experiment(), first_seed=5), replace(experiment(seeds=4), first_seed=4)])
    until(lambda: all(job.state == "done" for job in jobs))
    three, four = (job.record.runs for job in jobs if job.record)
    np.testing.assert_allclose(three.loss, four.loss[..., 1:], rtol=1e-9)


def test_a_room_trains_once_and_others_wait_in_order(gate: threading.Event) -> None:
    queue = TrainingQueue(lambda _: True)
    first, again = (queue.request(who, [experiment(3)])[0] for who in ("a", "b"))
    assert first is again
    second, third = (queue.request(who, [experiment(n)])[0] for who, n in (("c", 4), ("d", 5)))
    assert [queue.position(job) for job in (first, second, third)] == [0, 1, 2]
    assert (second.state, third.state) == ("waiting", "waiting")
    gate.set()
    until(lambda: third.state == "done")
    assert second.ended <= third.started and first.ended <= second.started


def test_those_who_wait_are_told_how_long_once_the_pace_is_known(gate: threading.Event) -> None:
    """The rest of the one that trains, and those between, as much slower than their guess as that one is."""
    queue = TrainingQueue(lambda _: True)
    first, second, third = (queue.request(n, [experiment(n)])[0] for n in (3, 4, 5))
    until(lambda: first.state == "training")
    assert [queue.seconds_before(job) for job in (second, third)] == [None, None]
    first.epoch, first.started = 1, time.monotonic() - 10
    rest, between = 20, 30 / experiment(3).seconds * experiment(4).seconds
    assert queue.seconds_before(second) == pytest.approx(rest, abs=1)
    assert queue.seconds_before(third) == pytest.approx(rest + between, rel=0.1)
    gate.set()
    until(lambda: third.state == "done")


def test_two_at_once(gate: threading.Event) -> None:
    queue = TrainingQueue(lambda _: True, at_once=2)
    jobs = [queue.request(n, [experiment(n)])[0] for n in (3, 4, 5)]
    until(lambda: [job.state for job in jobs] == ["training", "training", "waiting"])
    gate.set()
    until(lambda: all(job.state == "done" for job in jobs))


def test_what_nobody_watches_stops_and_can_be_asked_for_again(gate: threading.Event) -> None:
    expected = {"a": True, "b": True}
    queue = TrainingQueue(lambda who: expected[str(who)])
    (job,) = queue.request("a", [experiment()])
    queue.request("b", [experiment()])
    (waiting,) = queue.request("b", [experiment(4)])
    until(lambda: job.record is not None)
    expected["a"] = False
    gate.set()
    until(lambda: job.state == "stopped")
    assert job.record is not None and job.record.epochs[0] == 0 and len(job.record.epochs) < 4
    assert queue.finished(experiment()) is None
    until(lambda: waiting.state == "done")
    expected["a"] = True
    (anew,) = queue.request("a", [experiment()])
    assert anew is not job
    until(lambda: anew.state == "done")


def test_one_who_leaves_stops_nobody_elses(gate: threading.Event) -> None:
    queue = TrainingQueue(lambda _: True)
    job = queue.request("a", [experiment()])[0]
    queue.request("b", [experiment()])
    queue.withdraw("a")
    gate.set()
    until(lambda: job.state == "done")


def test_a_waiting_one_that_nobody_wants_is_never_begun(gate: threading.Event) -> None:
    queue = TrainingQueue(lambda _: True)
    first = queue.request("a", [experiment()])[0]
    second = queue.request("b", [experiment(4)])[0]
    queue.request("b", [experiment(5)])
    gate.set()
    until(lambda: first.state == "done" and queue.finished(experiment(5)) is not None)
    assert (second.state, second.epoch, second.record) == ("stopped", 0, None)


def test_the_end_of_the_process_waits_until_nothing_is_trained() -> None:
    queue = TrainingQueue(lambda _: True)
    running, waiting = queue.request("a", [experiment(1000), experiment(999)])
    until(lambda: running.epoch > 1)
    queue.close()
    assert (running.state, waiting.state) == ("stopped", "stopped")
    assert 1 < running.epoch < 1000 and waiting.epoch == 0


def test_an_error_is_kept_and_told() -> None:
    bad = Experiment(DatasetSpec("gaussians", 60), LOSSES, seeds=2, width=16, epochs=50, optimiser="sgd", learning_rate=1e6)
    queue = TrainingQueue(lambda _: True)
    (job,) = queue.request("a", [bad])
    until(lambda: job.state == "failed")
    assert isinstance(job.error, InputError) and "diverged" in str(job.error)
    assert queue.request("b", [bad]) == [job]


def test_so_many_results_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue_module, "MAX_RESULTS", 2)
    queue = TrainingQueue(lambda _: True)
    for epochs in (1, 2, 3):
        job = queue.request("a", [experiment(epochs, 1)])[0]
        until(lambda job=job: job.state == "done")  # type: ignore[misc]
    until(lambda: queue.finished(experiment(1, 1)) is None)
    assert queue.finished(experiment(2, 1)) and queue.finished(experiment(3, 1))


def test_results_take_so_much_room_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    queue = TrainingQueue(lambda _: True)
    (job,) = queue.request("a", [experiment(1, 1)])
    until(lambda: job.state == "done")
    assert 1e3 < job.nbytes < 1e6
    monkeypatch.setattr(queue_module, "MAX_RESULT_BYTES", 1.5 * job.nbytes)
    (other,) = queue.request("a", [replace(experiment(1, 1), learning_rate=0.5)])
    until(lambda: other.state == "done")
    until(lambda: queue.finished(job.experiment) is None)
    assert queue.finished(other.experiment) is other


@pytest.mark.parametrize("seeds", [range(1), range(2), range(5), range(7, 37), range(999_990, 1_000_090)], ids=str)
def test_seeds_are_shared_out(seeds: range) -> None:
    parts = queue_module._split_seeds(seeds)
    assert [n for part in parts for n in part] == list(seeds)
    assert max(map(len, parts)) - min(map(len, parts)) <= 1


def test_the_time_left_is_told_once_something_is_known(gate: threading.Event) -> None:
    queue = TrainingQueue(lambda _: True)
    job = queue.request("a", [experiment(3)])[0]
    assert job.seconds_left is None
    gate.set()
    until(lambda: job.state == "done")
    assert job.seconds_left is None and job.ended > job.started
