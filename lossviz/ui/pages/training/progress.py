"""Trainings on their way: asked for, waited for, watched and stopped."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from ....analysis.training import Record
from ....analysis.training.queue import Job
from ....errors import InputError
from ....figures.frames import Played
from ....figures.picture import Picture
from ....figures.player.payload import encode
from ....figures.training import differences, learning_curves
from ....state.training import TrainingQuery
from ...components.player import mount_player
from ...server.training_queue import Experiments, training_queue, watcher
from ...session import next_revision, receive_event, request_training, value
from ...session.store import current_session
from .outcome import TrainingResult
from .views import comparison, loss_lines

QUICK = 8.0
"""Trainings that are guessed to take so many seconds of one core are begun without being asked for."""

LIGHT = 200e6
"""And only if each takes no more bytes of memory: a link may begin it, for anybody."""


def training_result(query: TrainingQuery) -> TrainingResult | None:
    """What was trained, as far as it goes if it was stopped; None while there is nothing, and what can be done is drawn."""
    both = records(query.trainings, query)
    if not both:
        return None
    first, *others = both
    return TrainingResult(first, next((one for one in others if one.epochs == first.epochs), None))


def records(experiments: Experiments, query: TrainingQuery | None = None) -> list[Record] | None:
    """The records of several experiments; None while not all are there. `query`: tell what has been measured so far."""
    if (stopped_jobs := _stopped_jobs(experiments)) is not None:
        _train_button(experiments, _stopped(stopped_jobs, query))
        partial = [job.record for job in stopped_jobs]
        return [one for one in partial if one] if query and partial[0] else None
    jobs = _jobs(experiments)
    if jobs is None:
        _train_button(
            experiments, f"This will take about {_cost(experiments)}{_twice_note(experiments, query)}. Press Train to start."
        )
        return None
    if failed := next((job for job in jobs if job.state == "failed"), None):
        _failed(failed)
        return None
    whole = [job.record for job in jobs if job.state == "done"]
    if len(whole) == len(experiments):
        return [one for one in whole if one]
    _progress_bar(experiments, query)
    return None


def _cost(experiments: Experiments) -> str:
    seconds, most = sum(one.seconds for one in experiments), max(one.memory_bytes for one in experiments)
    memory = f" and up to {most / 1e6:.0f} MB of memory" if most > LIGHT else ""
    return f"{max(1, seconds):.0f} s{memory}"


def _twice_note(experiments: Experiments, query: TrainingQuery | None) -> str:
    """Why there are two trainings, where the second is a claim's counterpart."""
    if query is None or query.claim is None or len(experiments) < 2:
        return ""
    return f": the experiment is trained twice, with {query.claim.cause} and without"


def _stopped(jobs: Sequence[Job], query: TrainingQuery | None) -> str:
    if query and jobs[0].state == "done":
        return f"Stopped in {_training_number(query, 1, len(jobs))}. The first training is done: it is shown below."
    if query:
        return f"Stopped after epoch {jobs[0].epoch} of {jobs[0].experiment.epochs}. Below is what was measured until then."
    return f"Stopped: {sum(job.state == 'done' for job in jobs)} of {len(jobs)} trainings are done and kept."


def _stopped_jobs(experiments: Experiments) -> list[Job] | None:
    """These trainings, if this session has stopped them."""
    stopped_jobs = current_session().stopped_jobs
    return stopped_jobs if tuple(job.experiment for job in stopped_jobs) == experiments else None


def _jobs(experiments: Experiments) -> list[Job] | None:
    """The trainings, begun if they are quick or have been asked for."""
    finished_jobs = [training_queue().finished(one) for one in experiments]
    missing = [one for one, job in zip(experiments, finished_jobs, strict=True) if job is None]
    small = sum(one.seconds for one in missing) <= QUICK and all(one.memory_bytes <= LIGHT for one in missing)
    if current_session().training_request == experiments or small:
        return training_queue().request(watcher(), experiments)
    return None


def _train_button(experiments: Experiments, why: str) -> None:
    st.info(why, icon=":material/hourglass_empty:")
    st.button("Train", on_click=request_training, args=(experiments,), type="primary", icon=":material/play_arrow:")


def _failed(job: Job) -> None:
    if isinstance(job.error, InputError):
        st.error(f"Training could not go on. {job.error}", icon=":material/error:")
    else:
        st.error("Training failed because of an internal error. See the server log.", icon=":material/error:")


@st.fragment(run_every=0.7)
def _progress_bar(experiments: Experiments, query: TrainingQuery | None) -> None:
    """How far it is, again and again; once it is over, the page is drawn anew."""
    if _stopped_jobs(experiments):
        st.rerun()
    jobs = training_queue().request(watcher(), experiments)
    going = [job for job in jobs if job.state in ("waiting", "training")]
    if not going or any(job.state == "failed" for job in jobs):
        st.rerun()
    now = next((job for job in going if job.state == "training"), going[0])
    bar, button = st.columns([5, 1], vertical_alignment="center")
    with bar:
        share = sum(job.epoch for job in jobs) / sum(one.epochs for one in experiments)
        number = len(jobs) - len(going)
        which = f"{_training_number(query, number, len(jobs)).capitalize()} · " if len(jobs) > 1 else ""
        st.progress(share, _progress_text(now, which))
    with button:
        st.button("Stop", on_click=_stop, args=(jobs,), icon=":material/stop:", key="stop-training")
    if query and (partial := jobs[0].record) is not None:
        _partial_figures(query, partial)


def _training_number(query: TrainingQuery | None, number: int, count: int) -> str:
    """Which of several trainings is on its way, in words."""
    part = f", {('with', 'without')[number]} {query.claim.cause}" if query and query.claim else ""
    return f"training {number + 1} of {count}{part}"


def _progress_text(job: Job, which: str) -> str:
    """Where a job is, in words."""
    experiment = job.experiment
    if job.state == "waiting":
        before = training_queue().position(job)
        wait = training_queue().seconds_before(job)
        time = "" if wait is None else f", about {wait:.0f} s"
        return f"Waiting: {before} training{'s' * (before != 1)} before this one{time}."
    many = f"{experiment.seeds} seed{'s' * (experiment.seeds > 1)} × {len(experiment.losses)} losses at once"
    left = job.seconds_left
    time = f" · about {left:.0f} s left" if left is not None else ""
    return f"{which}Epoch {job.epoch} of {experiment.epochs} · {many}{time}"


def _partial_figures(query: TrainingQuery, partial: Record) -> None:
    """The figures as far as they go, without a scrubber."""
    measure, lines, last = str(value("measure")), loss_lines(query), len(partial.epochs) - 1
    figures = [learning_curves.figure(lines, partial, measure, last)]
    if len(lines) > 1:
        figures.insert(0, differences.by_epoch(comparison(query, TrainingResult(partial, None), measure), last))
    pictures = [Picture(Played(one.data, one.layout, []), one.title) for one in figures]
    mount_player(encode(pictures, None, next_revision(), "lossviz-training"), "training-so-far", receive_event)


def _stop(jobs: list[Job]) -> None:
    current_session().stopped_jobs, current_session().training_request = jobs, ()
    training_queue().withdraw(watcher())
