"""Training: the same data, noise, initialization and batches under several losses, and what can be said of the differences."""

from __future__ import annotations

from functools import partial

from ....analysis.training.views import available_views
from ....errors import InputError
from ....state.training import TrainingQuery
from ....texts import say
from ... import elements as st
from ...controls.field import control
from ...controls.lines import view_line
from ...session.store import current_session
from . import grid, known_results, program, samples, verdicts, views
from .outcome import training_result, verdict_obstacle
from .progress import Trainings, draw_progress, watched


def draw(query: TrainingQuery) -> None:
    """The page."""
    with view_line("look", "measure"):
        look = str(control("look", available_views(query.experiment.dataset_spec.shape), row=True, bare=True))
        measure = str(control("measure", bare=True, menu=True))
    try:
        query.experiment.check()
        _answer(query, look, measure)
    except InputError as error:
        st.error(say("Cannot train with these settings. {error}", error=str(error)), icon=":material/error:")


def _answer(query: TrainingQuery, look: str, measure: str) -> None:
    """How far the training is, or what came out; below it what is looked at, and what is known of the experiment."""
    if look == "grid":
        grid.draw(query, measure)
        return
    if look == "data":
        samples.cached_plane(query.experiment.dataset_spec, query.experiment.first_seed)  # or why there is none
    cause = query.claim.cause if query.claim else ""
    watched(query.trainings, cause, partial(_result, query, look, measure))
    if look == "data":
        samples.draw(query)
    elif look == "script":
        program.draw(query)
    if not current_session().lecture.sealed:
        known_results.draw(query)


def _result(query: TrainingQuery, look: str, measure: str, now: Trainings) -> None:
    """The verdict, or how far the training is; and the pictures of what has been measured."""
    result = training_result(now)
    if result is None or not now.is_done:
        draw_progress(now)
    elif current_session().lecture.sealed:
        pass  # the question of a lecture is about the verdict
    elif why := verdict_obstacle(query, result):
        verdicts.draw_obstacle(query, why)
    else:
        verdicts.draw(query, result, measure)
    if result is not None and look in views.VIEW_FIGURES:
        views.draw(look, views.training_view(query, result, measure, awaits_counterpart=now.is_going))
