"""Training: the same data, noise and beginnings under several losses, and what can be said of the differences."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from ....analysis.training import Experiment, contrast, estimate
from ....analysis.training.reference_results import reference_results
from ....analysis.training.reference_sentences import reference_mean, reference_rows, reference_scope
from ....analysis.training.scenes import RETINANET, RETINANET_SOURCE, SCENES
from ....analysis.training.views import available_views
from ....errors import InputError
from ....state.training import TrainingQuery
from ...controls.field import control
from ...controls.lines import view_line
from . import grid, program, progress, samples, verdicts, views
from .outcome import TrainingResult, verdict_obstacle


def draw(query: TrainingQuery) -> None:
    """The page."""
    with view_line("look", "measure"):
        view_key = str(control("look", available_views(query.experiment.dataset_spec.shape), row=True, bare=True))
        measure = str(control("measure", bare=True))
    try:
        query.experiment.check()
        _answer(query, view_key, measure)
    except InputError as error:
        st.error(f"This cannot be trained. {error}", icon=":material/error:")


def _answer(query: TrainingQuery, view_key: str, measure: str) -> None:
    """How far the training is, or what came out; and what is looked at."""
    if view_key == "grid":
        grid.draw(query, measure)
        return
    if view_key == "data":  # above all that changes while a middle is dragged, so that it stays where it is
        samples.draw(query)
    result = progress.training_result(query)
    if result is not None:
        if why := verdict_obstacle(query, result):
            st.caption(why)
        else:
            verdicts.draw(query, result, measure)
    _scene(query, result)
    if view_key == "script":
        program.draw(query)
    elif result is not None and view_key in views.VIEW_FIGURES:
        views.draw(view_key, views.training_view(query, result, measure))


def _scene(query: TrainingQuery, result: TrainingResult | None) -> None:
    """What is known of the experiment, if it is one of the scenes."""
    scene = next((one for one in SCENES.values() if _same_but_seeds(one.experiment, query.experiment)), None)
    if scene is None:
        return
    estimated = (
        None if result is None or verdict_obstacle(query, result) else estimate(contrast(*result, scene.measure).effect[-1])
    )
    st.caption(f"{reference_mean(scene.key, query.labels, estimated)} A likely reason: {scene.reason} ({scene.source})")
    with st.expander(f"What {len(reference_results(scene.key).seeds)} seeds say"):
        st.table(reference_rows(scene.key, query.labels))
        st.caption(reference_scope(scene.key, query.labels[0], query.experiment.seeds))
    if query.experiment.dataset_spec.ratio > 1:
        with st.expander("RetinaNet’s own table: average precision by γ and α"):
            st.table([{"γ": f"{one.gamma:g}", "α": f"{one.alpha:g}", "AP (%)": f"{one.ap:.1f}"} for one in RETINANET])
            st.caption(f"As printed in {RETINANET_SOURCE}; not computed here.")


def _same_but_seeds(scene: Experiment, experiment: Experiment) -> bool:
    """Whether an experiment is a scene's, whichever seeds it is trained with."""
    return replace(experiment, seeds=scene.seeds, first_seed=scene.first_seed) == scene
