"""What Python remembers of a session from run to run, but for what is a widget's own state."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.runtime.scriptrunner import get_script_run_ctx

from ...analysis.training import Experiment
from ...analysis.training.queue import Job
from ...data.files.problems import FileProblem
from ...data.predictions import Batch
from ...languages import ENGLISH
from ..server.batch_cache import CachedBatch
from . import keys
from .lecture_state import LectureState
from .widget_values import WidgetValues


class FileReading(NamedTuple):
    """The batch that was read from an uploaded file, or why it was refused; `key` tells the file and its mapping."""

    key: Hashable
    result: Batch | FileProblem


class NoisyBatch(NamedTuple):
    """The uploaded batch with label noise; `noise` says which."""

    noise: Hashable
    batch: CachedBatch


class SeedSets(NamedTuple):
    """The sets of seeds, (first seed, number of seeds), that a person has looked at for one experiment."""

    experiment: Experiment
    sets: frozenset[tuple[int, int]]


@dataclass
class Session:
    """One visitor's words, what the browser is known to show of them, and what pages keep between two runs."""

    chosen: dict[str, Any] = field(default_factory=dict)
    """The words that are not at their default."""
    parked: dict[str, Any] = field(default_factory=dict)
    """Such words of other pages, until one comes back to them."""
    set_aside: dict[str, Any] = field(default_factory=dict)
    """Such words that are not on offer now: the page falls back to another value until they are."""
    defaults: dict[str, Any] = field(default_factory=dict)
    """The words whose widgets the browser has, with what each is by default."""
    drawn: set[str] = field(default_factory=set)
    """The words that this run has drawn."""
    user_set: set[str] = field(default_factory=set)
    """The words that a person has set since the last run."""
    outdated: set[str] = field(default_factory=set)
    """The words of which the browser has sent an old value since."""
    widget_values: WidgetValues = field(default_factory=WidgetValues)

    language: str = ENGLISH
    run: int = 0
    page: str = ""
    page_since: int = 0
    """The first run that has drawn this page."""
    opened: set[str] = field(default_factory=set)
    """The pages that have been open."""
    untouched: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Of each page that was left, the words with which it opened and that nobody has changed."""
    opening: Mapping[str, str] = field(default_factory=dict)
    """The words with which the page opens where nobody has said anything of it."""
    chips: tuple[str, ...] = ()
    """The chips of the last run that drew any."""
    moved: bool = False
    """Whether this run draws another page than the last one, or what Back or Forward ask for."""
    step: int = 0
    """How many steps a person has taken to which Back leads."""
    open_chip: str = ""
    """The key of the chip that is open in the browser, as far as that has said."""
    popover: str = ""
    """The key of the popover in which is what is drawn now."""
    last_event: int = 0
    """The number of the last event of a component that has been applied."""
    revision: int = 0
    """How many times a component has been sent its data: it tells old data from new by it."""
    link: str = ""
    """The address of what is on show, as of the end of the last run."""
    query: str = ""
    """Its words."""
    left: dict[str, str] | None = None
    """The path and words of a page that was left in the same moment as something was done on it: no run has written them."""
    link_problems: list[str] | None = None
    """What cannot be used of the link, or what is wrong with the last event, until a person does something; None where the
    words of the address have just been read."""
    has_problems: bool = False
    """Whether the last run has told of any problem."""
    moves_problems: bool = False
    """Whether what has been told belongs elsewhere, since a chip was opened or closed."""
    problem_places: dict[str, DeltaGenerator] = field(default_factory=dict)
    """Where in the popover that is open is told what is wrong with its fields."""
    plotly_since: float = 0.0
    """Since when every run has sent the browser what makes it load Plotly, by `time.monotonic`."""
    plotly_run: int = -2
    """The last run that did."""
    plotly_is_there: bool = False
    """Whether that was long enough."""
    static_figures: set[str] = field(default_factory=set)
    """The keys of players that the browser could not start."""
    jumped: bool = False
    """Whether the next run shows what a scene of a lecture says, and nothing of what was chosen before."""
    subject: str = ""
    """What the page is about, as far as it says: its loss, or its losses."""
    lecture: LectureState = field(default_factory=LectureState)
    pending_page: str | None = None
    """The path of the page that a button or the line of pages leads to, until the run that goes there."""

    batch_key: Hashable = None
    """Tells the batch of the last run from others."""
    uploaded: CachedBatch | None = None
    """The batch that this session has uploaded."""
    noisy: NoisyBatch | None = None
    upload_dialog: bool = False
    """Whether the next run opens the dialog in which a file is uploaded."""
    reading: FileReading | None = None
    """The file that the dialog has read, before it is used."""

    training_request: tuple[Experiment, ...] = ()
    """The experiments that a person wants trained, whatever it takes."""
    stopped_jobs: list[Job] = field(default_factory=list)
    """The trainings that a person has stopped."""
    seeds: SeedSets | None = None


_of_thread: ContextVar[Session | None] = ContextVar("of_thread", default=None)
"""The session of a thread that runs a script, which is of one visitor: all that is drawn asks for it."""


def current_session() -> Session:
    """The present one."""
    if present := _of_thread.get():
        return present
    try:
        present = st.session_state[keys.SESSION]
    except KeyError:
        present = st.session_state[keys.SESSION] = Session()
    if get_script_run_ctx(suppress_warning=True):
        _of_thread.set(present)
    return present
