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

Wanted = tuple[Experiment, ...]


def trainer() -> TrainingQueue:
    """The one of this process."""
    return _only()


@st.cache_resource(show_spinner=False)
def _only() -> TrainingQueue:
    made = TrainingQueue(_open, device=default_device())
    atexit.register(made.close)
    return made


def start(wanted: Wanted) -> None:
    """Train them, whatever it takes; for a button's `on_click`."""
    st.session_state["train"] = wanted
    st.session_state.pop("halted", None)


def watcher() -> str:
    """This session, as the trainer knows it."""
    context = get_script_run_ctx()
    return context.session_id if context else ""


def _open(session: Hashable) -> bool:
    """Whether a session's tab is still there; without a server, as in a test, it is."""
    return get_instance().is_active_session(str(session)) if exists() else True
