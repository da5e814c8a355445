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
from ....state.training import Asked
from ...components.player import mount_player
from ...server.training_queue import Wanted, start, trainer, watcher
from ...session import committed, revision, value
from .outcome import Trained
from .views import compared, lines_of

QUICK = 8.0
"""Trainings that are guessed to take so many seconds of one core are begun without being asked for."""

LIGHT = 200e6
"""And only if each takes no more bytes of memory: a link may begin it, for anybody."""


def found(asked: Asked) -> Trained | None:
    """What was trained, as far as it goes if it was stopped; None while there is nothing, and what can be done is drawn."""
    records = all_found(asked.wanted, asked)
    if not records:
        return None
    first, *others = records
    return Trained(first, next((one for one in others if one.epochs == first.epochs), None))


def all_found(wanted: Wanted, asked: Asked | None = None) -> list[Record] | None:
    """The records of several experiments; None while not all are there. `asked`: tell what has been measured so far."""
    if (halted := _halted(wanted)) is not None:
        _offer(wanted, _stopped(halted, asked))
        records = [job.record for job in halted]
        return [one for one in records if one] if asked and records[0] else None
    jobs = _jobs(wanted)
    if jobs is None:
        _offer(wanted, f"This will take about {_cost(wanted)}{_twice(wanted, asked)}. Press Train to start.")
        return None
    if failed := next((job for job in jobs if job.state == "failed"), None):
        _failed(failed)
        return None
    records = [job.record for job in jobs if job.state == "done"]
    if len(records) == len(wanted):
        return [one for one in records if one]
    _watch(wanted, asked)
    return None


def _cost(wanted: Wanted) -> str:
    seconds, held = sum(one.seconds for one in wanted), max(one.bytes_held for one in wanted)
    memory = f" and up to {held / 1e6:.0f} MB of memory" if held > LIGHT else ""
    return f"{max(1, seconds):.0f} s{memory}"


def _twice(wanted: Wanted, asked: Asked | None) -> str:
    """Why there are two trainings, where the second is a claim's counterpart."""
    if asked is None or asked.claim is None or len(wanted) < 2:
        return ""
    return f": the experiment is trained twice, with {asked.claim.cause} and without"


def _stopped(jobs: Sequence[Job], asked: Asked | None) -> str:
    if asked and jobs[0].state == "done":
        return f"Stopped in {_which(asked, 1, len(jobs))}. The first training is done: it is shown below."
    if asked:
        return f"Stopped after epoch {jobs[0].epoch} of {jobs[0].experiment.epochs}. Below is what was measured until then."
    return f"Stopped: {sum(job.state == 'done' for job in jobs)} of {len(jobs)} trainings are done and kept."


def _halted(wanted: Wanted) -> list[Job] | None:
    """These trainings, if this session has stopped them."""
    halted: list[Job] = st.session_state.get("halted", [])
    return halted if tuple(job.experiment for job in halted) == wanted else None


def _jobs(wanted: Wanted) -> list[Job] | None:
    """The trainings, begun if they are quick or have been asked for."""
    known = [trainer().known(one) for one in wanted]
    missing = [one for one, job in zip(wanted, known, strict=True) if job is None]
    small = sum(one.seconds for one in missing) <= QUICK and all(one.bytes_held <= LIGHT for one in missing)
    if st.session_state.get("train") == wanted or small:
        return trainer().ask(watcher(), wanted)
    return None


def _offer(wanted: Wanted, why: str) -> None:
    st.info(why, icon=":material/hourglass_empty:")
    st.button("Train", on_click=start, args=(wanted,), type="primary", icon=":material/play_arrow:")


def _failed(job: Job) -> None:
    if isinstance(job.error, InputError):
        st.error(f"Training could not go on. {job.error}", icon=":material/error:")
    else:
        st.error("Training failed because of an internal error. See the server log.", icon=":material/error:")


@st.fragment(run_every=0.7)
def _watch(wanted: Wanted, asked: Asked | None) -> None:
    """How far it is, again and again; once it is over, the page is drawn anew."""
    if _halted(wanted):
        st.rerun()
    jobs = trainer().ask(watcher(), wanted)
    going = [job for job in jobs if job.state in ("waiting", "training")]
    if not going or any(job.state == "failed" for job in jobs):
        st.rerun()
    now = next((job for job in going if job.state == "training"), going[0])
    bar, button = st.columns([5, 1], vertical_alignment="center")
    with bar:
        share = sum(job.epoch for job in jobs) / sum(one.epochs for one in wanted)
        number = len(jobs) - len(going)
        which = f"{_which(asked, number, len(jobs)).capitalize()} · " if len(jobs) > 1 else ""
        st.progress(share, _progress(now, which))
    with button:
        st.button("Stop", on_click=_stop, args=(jobs,), icon=":material/stop:", key="stop-training")
    if asked and (so_far := jobs[0].record) is not None:
        _so_far(asked, so_far)


def _which(asked: Asked | None, number: int, count: int) -> str:
    """Which of several trainings is on its way, in words."""
    part = f", {('with', 'without')[number]} {asked.claim.cause}" if asked and asked.claim else ""
    return f"training {number + 1} of {count}{part}"


def _progress(job: Job, which: str) -> str:
    """Where a job is, in words."""
    experiment = job.experiment
    if job.state == "waiting":
        before = trainer().place(job)
        wait = trainer().seconds_before(job)
        time = "" if wait is None else f", about {wait:.0f} s"
        return f"Waiting: {before} training{'s' * (before != 1)} before this one{time}."
    many = f"{experiment.seeds} seed{'s' * (experiment.seeds > 1)} × {len(experiment.losses)} losses at once"
    left = job.seconds_left
    time = f" · about {left:.0f} s left" if left is not None else ""
    return f"{which}Epoch {job.epoch} of {experiment.epochs} · {many}{time}"


def _so_far(asked: Asked, so_far: Record) -> None:
    """The figures as far as they go, without a scrubber."""
    measure, lines, last = str(value("measure")), lines_of(asked), len(so_far.epochs) - 1
    figures = [learning_curves.figure(lines, so_far, measure, last)]
    if len(lines) > 1:
        figures.insert(0, differences.by_epoch(compared(asked, Trained(so_far, None), measure), last))
    pictures = [Picture(Played(one.data, one.layout, []), one.title) for one in figures]
    mount_player(encode(pictures, None, revision(), "lossviz-training"), "training-so-far", committed)


def _stop(jobs: list[Job]) -> None:
    st.session_state["halted"] = jobs
    st.session_state.pop("train", None)
    trainer().leave(watcher())
