"""Trainings on their way: begun, waited for, watched and stopped."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import streamlit as st

from ....analysis.training import Record
from ....analysis.training.queue import Job
from ....errors import InputError
from ....numbers import counted
from ...server.training_queue import Experiments, training_queue, watcher
from ...session import request_training
from ...session.store import current_session
from .answer import answer_row, sentence

QUICK = 8.0
"""Trainings that are guessed to take so many seconds of one core are begun without a click."""

LIGHT = 200e6
"""And only if each takes no more bytes of memory: a link may begin it, for anybody."""


class Trainings(NamedTuple):
    """How far some experiments are. jobs: empty where they wait for a click; cause: what the second one is without."""

    experiments: Experiments
    jobs: tuple[Job, ...]
    is_stopped: bool
    cause: str

    @property
    def failed(self) -> Job | None:
        """The first that failed."""
        return next((job for job in self.jobs if job.state == "failed"), None)

    @property
    def is_done(self) -> bool:
        """Whether all have come to their end."""
        return bool(self.jobs) and all(job.state == "done" for job in self.jobs)

    @property
    def is_going(self) -> bool:
        """Whether there is anything to wait for."""
        return bool(self.jobs) and not (self.is_stopped or self.failed or self.is_done)

    @property
    def records(self) -> list[Record]:
        """What has been measured of the first ones, up to the first of which nothing has been."""
        measured: list[Record] = []
        for job in () if self.failed else self.jobs:
            if (record := job.record) is None:
                break
            measured.append(record)
        return measured


def watched(experiments: Experiments, cause: str, draw: Callable[[Trainings], None]) -> None:
    """Draw how far some experiments are: while they go on again and again, and always in the same places of the page.

    Streamlit has a container around a fragment; what is drawn after the last run has one too, so that nothing is built anew.
    """
    now = _trainings(experiments, cause)
    if now.is_going:
        _again(experiments, cause, draw)
    else:
        with st.container():
            draw(now)


@st.fragment(run_every=0.7)
def _again(experiments: Experiments, cause: str, draw: Callable[[Trainings], None]) -> None:
    """What is drawn while it trains; once that is over, the page is drawn anew."""
    now = _trainings(experiments, cause)
    if not now.is_going:
        st.rerun()
    draw(now)


def draw_progress(now: Trainings) -> None:
    """What there is to say of trainings without a result, in the place of the verdict, and what can be done."""
    if now.failed:
        _draw_failed(now.failed)
    elif now.is_going:
        _draw_bar(now)
    elif now.is_stopped:
        _draw_train_button(now.experiments, _stopped_text(now))
    else:
        _draw_train_button(now.experiments, _cost_text(now))


def _trainings(experiments: Experiments, cause: str) -> Trainings:
    stopped_jobs = current_session().stopped_jobs
    if tuple(job.experiment for job in stopped_jobs) == experiments:
        return Trainings(experiments, tuple(stopped_jobs), True, cause)
    return Trainings(experiments, _jobs(experiments), False, cause)


def _jobs(experiments: Experiments) -> tuple[Job, ...]:
    """The trainings, begun if they are quick or a person has started them."""
    finished_jobs = [training_queue().finished(one) for one in experiments]
    missing = [one for one, job in zip(experiments, finished_jobs, strict=True) if job is None]
    small = sum(one.seconds for one in missing) <= QUICK and all(one.memory_bytes <= LIGHT for one in missing)
    if current_session().training_request == experiments or small:
        return tuple(training_queue().request(watcher(), experiments))
    return ()


def _cost_text(now: Trainings) -> str:
    seconds, most = sum(one.seconds for one in now.experiments), max(one.memory_bytes for one in now.experiments)
    memory = f" and up to {most / 1e6:.0f} MB of memory" if most > LIGHT else ""
    twice = f": the experiment is trained twice, with {now.cause} and without" if now.cause else ""
    return f"This will take about {max(1, seconds):.0f} s{memory}{twice}. Press Train to start."


def _stopped_text(now: Trainings) -> str:
    done, first = sum(job.state == "done" for job in now.jobs), now.jobs[0]
    if len(now.jobs) == 1 or (now.cause and not done):
        return (
            f"Stopped after epoch {first.epoch} of {first.experiment.epochs}; the figures show the results so far. "
            "No verdict for a stopped run: early epochs can point the other way."
        )
    if now.cause:
        return (
            f"Stopped in {_training_number(now, 1)}. The figures show the first training, which is done. "
            "No verdict for a stopped run: early epochs can point the other way."
        )
    return f"Stopped: {done} of {len(now.jobs)} trainings are done and kept."


def _draw_train_button(experiments: Experiments, why: str) -> None:
    with answer_row():
        sentence(why)
        st.button("Train", on_click=request_training, args=(experiments,), type="primary", icon=":material/play_arrow:")


def _draw_failed(job: Job) -> None:
    if isinstance(job.error, InputError):
        st.error(f"Training failed. {job.error}", icon=":material/error:")
    else:
        st.error("Training failed because of an internal error. See the server log.", icon=":material/error:")


def _draw_bar(now: Trainings) -> None:
    going = [job for job in now.jobs if job.state in ("waiting", "training")]
    present = next((job for job in going if job.state == "training"), going[0])
    share = sum(job.epoch for job in now.jobs) / sum(one.epochs for one in now.experiments)
    number = _training_number(now, len(now.jobs) - len(going)) if len(now.jobs) > 1 else ""
    with answer_row():
        st.progress(min(1.0, share), _progress_text(present, f"{number[0].upper()}{number[1:]} · " if number else ""))
        st.button("Stop", on_click=_stop, args=(list(now.jobs),), icon=":material/stop:", key="stop-training")


def _training_number(now: Trainings, number: int) -> str:
    """Which of several trainings it is, in words."""
    part = f", {('with', 'without')[number]} {now.cause}" if now.cause else ""
    return f"training {number + 1} of {len(now.jobs)}{part}"


def _progress_text(job: Job, which: str) -> str:
    """Where a job is, in words."""
    experiment = job.experiment
    if job.state == "waiting":
        before = training_queue().position(job)
        wait = training_queue().seconds_before(job)
        time = "" if wait is None else f", about {wait:.0f} s"
        return f"Waiting: {counted(before, 'training')} ahead of this one{time}."
    many = f"{counted(experiment.seeds, 'seed')} × {counted(len(experiment.losses), 'loss', 'losses')} at once"
    left = job.seconds_left
    time = f" · about {left:.0f} s left" if left is not None else ""
    return f"{which}Epoch {job.epoch} of {experiment.epochs} · {many}{time}"


def _stop(jobs: list[Job]) -> None:
    current_session().stopped_jobs, current_session().training_request = jobs, ()
    training_queue().withdraw(watcher())
