"""Trainings on their way: begun, waited for, watched and stopped."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from ....analysis.training import Record
from ....analysis.training.queue import Job
from ....errors import InputError
from ....numbers import counted
from ....texts import joined, say
from ... import elements as st
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
    present = current_session()
    if present.training_request == experiments or small or set(experiments) <= present.lecture.trainings:
        return tuple(training_queue().request(watcher(), experiments))
    return ()


def _cost_text(now: Trainings) -> str:
    seconds, most = sum(one.seconds for one in now.experiments), max(one.memory_bytes for one in now.experiments)
    return joined((_cost(max(1, seconds), most, now.cause), say("Press Train to start.")), " ")


def _cost(seconds: float, memory_bytes: float, cause: str) -> str:
    """How long it takes, with the memory where that is much."""
    much, megabytes = memory_bytes > LIGHT, memory_bytes / 1e6
    if cause and much:
        return say(
            "This will take about {seconds:.0f} s and up to {memory:.0f} MB of memory: the experiment is trained twice, with "
            "{cause} and without.",
            seconds=seconds,
            memory=megabytes,
            cause=cause,
        )
    if cause:
        return say(
            "This will take about {seconds:.0f} s: the experiment is trained twice, with {cause} and without.",
            seconds=seconds,
            cause=cause,
        )
    if much:
        return say(
            "This will take about {seconds:.0f} s and up to {memory:.0f} MB of memory.", seconds=seconds, memory=megabytes
        )
    return say("This will take about {seconds:.0f} s.", seconds=seconds)


def _stopped_text(now: Trainings) -> str:
    done, first = sum(job.state == "done" for job in now.jobs), now.jobs[0]
    no_verdict = say("No verdict for a stopped run: early epochs can point the other way.")
    if len(now.jobs) == 1 or (now.cause and not done):
        measured = first.record
        so_far = say(
            "Stopped after epoch {epoch} of {epochs}; the figures show the results so far.",
            epoch=measured.epochs[-1] if measured else first.epoch,
            epochs=first.experiment.epochs,
        )
        return joined((so_far, no_verdict), " ")
    if now.cause:
        where = say("Stopped in training 2 of {number}, without {cause}.", number=len(now.jobs), cause=now.cause)
        return joined((where, say("The figures show the first training, which is done."), no_verdict), " ")
    return say("Stopped: {done} of {number} trainings are done and kept.", done=done, number=len(now.jobs))


def _draw_train_button(experiments: Experiments, why: str) -> None:
    with answer_row():
        sentence(why)
        st.button("Train", on_click=request_training, args=(experiments,), type="primary", icon=":material/play_arrow:")


def _draw_failed(job: Job) -> None:
    if isinstance(job.error, InputError):
        st.error(say("Training failed. {error}", error=str(job.error)), icon=":material/error:")
    else:
        st.error("Training failed because of an internal error. See the server log.", icon=":material/error:")


def _draw_bar(now: Trainings) -> None:
    going = [job for job in now.jobs if job.state in ("waiting", "training")]
    if not going:
        return  # the last one has just ended, and the next look tells of it
    present = next((job for job in going if job.state == "training"), going[0])
    share = sum(job.epoch for job in now.jobs) / sum(one.epochs for one in now.experiments)
    number = [_training_number(now, len(now.jobs) - len(going))] if len(now.jobs) > 1 else []
    with answer_row():
        st.Progress(share, _waiting_text(present) if present.state == "waiting" else _going_text(present, number))
        st.button("Stop", on_click=_stop, args=(list(now.jobs),), icon=":material/stop:", key="stop-training")


def _training_number(now: Trainings, number: int) -> str:
    """Which of several trainings it is, in words."""
    parts = {"number": number + 1, "trainings": len(now.jobs)}
    if not now.cause:
        return say("Training {number} of {trainings}", **parts)
    if number == 0:
        return say("Training {number} of {trainings}, with {cause}", **parts, cause=now.cause)
    return say("Training {number} of {trainings}, without {cause}", **parts, cause=now.cause)


def _waiting_text(job: Job) -> str:
    """How many are before a job, and how long they take."""
    before = counted(training_queue().position(job), "training")
    wait = training_queue().seconds_before(job)
    if wait is None:
        return say("Waiting: {trainings} ahead of this one.", trainings=before)
    return say("Waiting: {trainings} ahead of this one, about {seconds:.0f} s.", trainings=before, seconds=wait)


def _going_text(job: Job, number: list[str]) -> str:
    """Where a job is, after which of several it is."""
    experiment, left = job.experiment, job.seconds_left
    seeds, losses = counted(experiment.seeds, "seed"), counted(len(experiment.losses), "loss", "losses")
    epoch = say("Epoch {epoch} of {epochs}", epoch=job.epoch, epochs=experiment.epochs)
    many = say("{seeds} × {losses} at once", seeds=seeds, losses=losses)
    time = [] if left is None else [say("about {seconds:.0f} s left", seconds=left)]
    return joined((*number, epoch, many, *time), " · ")


def _stop(jobs: list[Job]) -> None:
    current_session().stopped_jobs, current_session().training_request = jobs, ()
    training_queue().withdraw(watcher())
