"""The process's trainings, as a session asks for them."""

from __future__ import annotations

import atexit
from collections.abc import Hashable

import streamlit as st
from streamlit.runtime import exists, get_instance
from streamlit.runtime.scriptrunner import get_script_run_ctx

from ...analysis.training import Experiment
from ...analysis.training.queue import TrainingQueue
from ...evaluation.devices import default_device

Experiments = tuple[Experiment, ...]


def training_queue() -> TrainingQueue:
    """The one of this process."""
    return _process_queue()


@st.cache_resource(show_spinner=False)
def _process_queue() -> TrainingQueue:
    queue = TrainingQueue(_open, device=default_device())
    atexit.register(queue.close)
    return queue


def watcher() -> str:
    """This session, as the trainer knows it."""
    context = get_script_run_ctx()
    return context.session_id if context else ""


def lecture_watcher() -> tuple[str, str]:
    """The lecture that this session is at, which wants the trainings of all of its scenes."""
    return watcher(), "lecture"


def _open(watcher: Hashable) -> bool:
    """Whether a session's tab is still there; without a server, as in a test, it is."""
    session = watcher[0] if isinstance(watcher, tuple) else watcher
    return get_instance().is_active_session(str(session)) if exists() else True
