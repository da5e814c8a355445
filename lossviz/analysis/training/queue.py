"""Trainings of a whole process: each experiment once, a few at a time, in order of arrival, and only while someone watches.

A result is kept, so that a room in which everybody opens the same link trains once.
"""

from __future__ import annotations

import os
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable
from contextlib import suppress
from itertools import pairwise

from .batched_training import train
from .experiment import Experiment
from .record import Record, make_record
from .snapshots import Snapshot, merge_snapshots

MAX_RESULTS = 24
"""Results that are kept at most."""

MAX_RESULT_BYTES = 96e6
"""Bytes that they may take together; one of 12 seeds takes a megabyte, one of 100 seeds and six losses eleven."""

THREADS_PER_JOB = min(2, os.cpu_count() or 1)
"""Threads that a training's seeds are shared out to. torch lets go of the interpreter, so that each has a core."""

STOP_TIMEOUT = 5.0
"""Seconds that the end of the process waits for a training to stop; it looks up after each epoch."""


class Job:
    """One experiment on its way. `state`: "waiting", "training", "done", "failed" or "stopped"."""

    def __init__(self, experiment: Experiment) -> None:
        self.experiment = experiment
        self.state = "waiting"
        self.error: Exception | None = None
        self.epoch = 0
        self.started = self.ended = 0.0
        self._parts: list[list[Snapshot]] = []

    @property
    def record(self) -> Record | None:
        """What has been measured so far, None before anything has."""
        rows = list(zip(*[list(part) for part in self._parts], strict=False))
        return make_record(self.experiment, [merge_snapshots(row) for row in rows]) if rows else None

    @property
    def nbytes(self) -> int:
        """What its measurements take."""
        return sum(x.nbytes for part in self._parts for one in part for x in one[1:])

    @property
    def pace(self) -> float | None:
        """Seconds that a second of the experiment's own guess has taken so far; None while nothing is known."""
        if self.state != "training" or not self.epoch:
            return None
        guess = self.experiment.seconds * self.epoch / self.experiment.epochs
        return (time.monotonic() - self.started) / guess

    @property
    def seconds_left(self) -> float | None:
        """How long the rest will take if it goes on like this; None while nothing is known."""
        if self.state != "training" or not self.epoch:
            return None
        return (time.monotonic() - self.started) / self.epoch * (self.experiment.epochs - self.epoch)

    def run(self, is_wanted: Callable[[], bool], device: str) -> None:
        """Train in as many threads as there are parts; stop where nobody wants it any more."""
        self.state, self.started = "training", time.monotonic()
        ranges = _split_seeds(self.experiment.seed_numbers)
        self._parts = [[] for _ in ranges]
        epochs = [0] * len(ranges)
        workers = [
            threading.Thread(target=self._part, args=(n, part, epochs, is_wanted, device), daemon=True)
            for n, part in enumerate(ranges)
        ]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        self.ended = time.monotonic()
        if self.error:
            self.state = "failed"
        else:
            self.state = "done" if min(epochs) == self.experiment.epochs else "stopped"

    def _part(self, n: int, seeds: range, epochs: list[int], is_wanted: Callable[[], bool], device: str) -> None:
        try:
            for epoch, snapshot in train(self.experiment, seeds, device):
                if self.error or not is_wanted():
                    return
                if snapshot is not None:
                    self._parts[n].append(snapshot)
                epochs[n] = epoch
                self.epoch = min(epochs)
        except Exception as error:  # whoever watches is told, in another thread
            self.error = error


def _split_seeds(seeds: range) -> list[range]:
    """The seeds in as many parts as there are threads, all nearly alike."""
    parts = min(THREADS_PER_JOB, len(seeds))
    ends = [round(len(seeds) * n / parts) for n in range(parts + 1)]
    return [seeds[a:b] for a, b in pairwise(ends)]


class TrainingQueue:
    """The process's trainings. A watcher is whoever wants some jobs; `is_watching` says whether a watcher is still there."""

    def __init__(self, is_watching: Callable[[Hashable], bool], at_once: int = 1, device: str = "cpu") -> None:
        self._is_watching, self._at_once, self._device = is_watching, at_once, device
        self._lock = threading.Lock()
        self._finished: OrderedDict[Experiment, Job] = OrderedDict()
        self._queue: list[Job] = []
        self._running: dict[Job, threading.Thread] = {}
        self._requests: dict[Hashable, tuple[Experiment, ...]] = {}

    def finished(self, experiment: Experiment) -> Job | None:
        """A training that is done; None if there is none."""
        with self._lock:
            if experiment in self._finished:
                self._finished.move_to_end(experiment)
            return self._finished.get(experiment)

    def request(self, watcher: Hashable, experiments: Iterable[Experiment]) -> list[Job]:
        """The jobs of these experiments, which are what the watcher wants from now on, and nothing else."""
        experiments = tuple(experiments)
        with self._lock:
            self._requests[watcher] = experiments
            jobs = [self._job(experiment) for experiment in experiments]
            self._start()
        return jobs

    def withdraw(self, watcher: Hashable) -> None:
        """The watcher wants nothing any more: what no other wants is stopped."""
        with self._lock:
            self._requests.pop(watcher, None)

    def position(self, job: Job) -> int:
        """How many are before a waiting job, those that train included."""
        with self._lock:
            return len(self._running) + self._queue.index(job) if job in self._queue else 0

    def seconds_before(self, job: Job) -> float | None:
        """How long a waiting job will still wait, at the pace of those that train; None while none of them has one."""
        with self._lock:
            paces = [one.pace for one in self._running]
            left = [one.seconds_left for one in self._running]
            queued = self._queue[: self._queue.index(job)] if job in self._queue else []
        if not paces or None in paces or None in left:
            return None
        pace = sum(filter(None, paces)) / len(paces)
        return (sum(filter(None, left)) + pace * sum(one.experiment.seconds for one in queued)) / self._at_once

    def close(self) -> None:
        """Stop all, and wait for it, at the end of a process: torch must not be at work when it is taken down."""
        with self._lock:
            self._requests.clear()
            threads = list(self._running.values())
        for thread in threads:
            thread.join(STOP_TIMEOUT)

    def _job(self, experiment: Experiment) -> Job:
        for job in (*self._running, *self._queue, *self._finished.values()):
            if job.experiment == experiment and job.state != "stopped":
                return job
        job = Job(experiment)
        self._queue.append(job)
        return job

    def _start(self) -> None:
        """Train what is next, if there is room; what nobody waits for any more is let go of."""
        for job in self._queue:
            if not self._wanted(job):
                job.state = "stopped"
        self._queue = [job for job in self._queue if job.state == "waiting"]
        while self._queue and len(self._running) < self._at_once:
            job = self._queue.pop(0)
            self._running[job] = threading.Thread(target=self._run, args=(job,), daemon=True)
            self._running[job].start()

    def _run(self, job: Job) -> None:
        try:
            job.run(lambda: self._wanted(job), self._device)
        finally:
            with self._lock:
                del self._running[job]
                if job.state in ("done", "failed"):
                    self._finished[job.experiment] = job
                while len(self._finished) > 1 and (
                    len(self._finished) > MAX_RESULTS or self._result_bytes() > MAX_RESULT_BYTES
                ):
                    self._finished.popitem(last=False)
                self._start()

    def _result_bytes(self) -> float:
        """Bytes of all results that are kept."""
        return float(sum(job.nbytes for job in self._finished.values()))

    def _wanted(self, job: Job) -> bool:
        watchers = [who for who, experiments in list(self._requests.items()) if job.experiment in experiments]
        present = [who for who in watchers if self._is_watching(who)]
        for who in set(watchers) - set(present):
            with suppress(KeyError):
                del self._requests[who]
        return bool(present)
