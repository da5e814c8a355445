"""A training on its way: asked for, waited for, watched and stopped."""

from __future__ import annotations

import streamlit as st

from ....analysis.training import Experiment, Record, differences, measured
from ....errors import InputError
from ....trainer import Job
from ....trainings import Asked
from ...trained import trainer, watcher

QUICK = 4.0
"""A training that is guessed to take so many seconds is begun without being asked for."""


def found(asked: Asked) -> Record | None:
    """The training's record if it is there; otherwise what can be said and done about it is drawn."""
    experiment = asked.experiment
    if (halted := _halted(experiment)) is not None:
        _offer(experiment, f"Stopped after epoch {halted.epoch} of {experiment.epochs}: below is what was measured until then.")
        return halted.record
    job = _job(experiment)
    if job is None:
        _offer(experiment, f"This takes some {experiment.seconds:.0f} s, and is begun when you say so.")
    elif job.state == "failed":
        _failed(job)
    elif job.state == "done":
        return job.record
    else:
        _watch(asked)
    return None


def _halted(experiment: Experiment) -> Job | None:
    """The training of this experiment that this session has stopped."""
    halted: Job | None = st.session_state.get("halted")
    return halted if halted is not None and halted.experiment == experiment else None


def wanted(experiment: Experiment) -> None:
    """Train it, whatever it takes; for a button's `on_click`."""
    st.session_state["train"] = experiment
    st.session_state.pop("halted", None)


def _job(experiment: Experiment) -> Job | None:
    """The experiment's training, begun if it is quick or has been asked for."""
    known = trainer().known(experiment)
    if known is not None:
        trainer().ask(watcher(), ())
        return known
    if st.session_state.get("train") == experiment or experiment.seconds <= QUICK:
        return trainer().ask(watcher(), (experiment,))[0]
    return None


def _offer(experiment: Experiment, why: str) -> None:
    st.info(why, icon=":material/hourglass_empty:")
    st.button("Train", on_click=wanted, args=(experiment,), type="primary", icon=":material/play_arrow:")


def _failed(job: Job) -> None:
    if isinstance(job.error, InputError):
        st.error(f"The training could not go on. {job.error}", icon=":material/error:")
    else:
        st.error("The training ended with an error that is ours; the server’s log has it.", icon=":material/error:")


@st.fragment(run_every=0.7)
def _watch(asked: Asked) -> None:
    """How far it is, again and again; once it is over, the page is drawn anew."""
    if _halted(asked.experiment):
        st.rerun()
    job = trainer().ask(watcher(), (asked.experiment,))[0]
    if job.state not in ("waiting", "training"):
        st.rerun()
    bar, button = st.columns([5, 1], vertical_alignment="center")
    with bar:
        st.progress(job.epoch / asked.experiment.epochs, _progress(job))
    with button:
        st.button("Stop", on_click=_stop, args=(job,), icon=":material/stop:", key="stop-training")
    if job.record is not None:
        _so_far(asked, job.record)


def _progress(job: Job) -> str:
    """Where a job is, in words."""
    experiment = job.experiment
    if job.state == "waiting":
        before = trainer().place(job)
        return f"Waiting: {before} training{'s' * (before != 1)} before this one."
    many = f"{experiment.seeds} seed{'s' * (experiment.seeds > 1)} × {len(experiment.losses)} losses at once"
    left = job.seconds_left
    time = f" · about {left:.0f} s left" if left is not None else ""
    return f"Epoch {job.epoch} of {experiment.epochs} · {many}{time}"


def _so_far(asked: Asked, so_far: Record) -> None:
    """Accuracy and difference at the last epoch that was measured."""
    values = measured(so_far, "accuracy")[-1]
    change = differences(values)
    rows = {
        "loss": asked.labels,
        "clean accuracy": [f"{x:.1f} %" for x in values.mean(-1)],
        "minus the first": ["", *(f"{x:+.2f}".replace("-", "−") for x in change.mean)],
    }
    st.table(rows, border="horizontal", width="content")


def _stop(job: Job) -> None:
    st.session_state["halted"] = job
    st.session_state.pop("train", None)
    trainer().leave(watcher())
