"""The trainings of a lecture: they begin when it is opened, so that no scene waits for its own."""

from __future__ import annotations

from functools import lru_cache

from ...analysis.training import Experiment
from ...errors import InputError
from ...lectures import Lecture, place
from ...state.training import training_query
from ..server.training_queue import lecture_watcher, training_queue
from ..session.address import words_of
from ..session.store import current_session
from .stage import OnStage

LONGEST, LARGEST, MOST = 60.0, 200e6, 20
"""Seconds and bytes of memory that one may be guessed to take, and how many are begun: anybody can write a lecture."""


def begin(at: OnStage | None) -> None:
    """Have those of the lecture that is on trained, and none where none is on."""
    present = current_session().lecture
    wanted = trainings_of(at.lecture) if at else ()
    if present.trainings == frozenset(wanted):
        return
    present.trainings = frozenset(wanted)
    if wanted:
        training_queue().request(lecture_watcher(), wanted)
    else:
        training_queue().withdraw(lecture_watcher())


@lru_cache(maxsize=32)
def trainings_of(lecture: Lecture) -> tuple[Experiment, ...]:
    """What its scenes show, and what their reveals open, in this order."""
    links = (link for scene in lecture.scenes for link in (scene.link, scene.then))
    every = dict.fromkeys(experiment for link in links for experiment in _trainings(link) if _is_modest(experiment))
    return tuple(every)[:MOST]


def _trainings(link: str) -> tuple[Experiment, ...]:
    """Those of a link; none where it leads to another page, or asks for what cannot be trained."""
    path, words = place(link)
    if path != "training":
        return ()
    query, _ = training_query(words_of(words))
    try:
        query.experiment.check()
    except InputError:
        return ()
    return query.trainings


def _is_modest(experiment: Experiment) -> bool:
    return experiment.seconds <= LONGEST and experiment.memory_bytes <= LARGEST
