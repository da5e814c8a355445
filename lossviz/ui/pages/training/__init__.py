"""Training: the same data, noise and beginnings under several losses, and what can be said of the differences."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from ....analysis.training import Experiment, contrast, estimate
from ....analysis.training.reference_results import known
from ....analysis.training.reference_sentences import reference_mean, reference_rows, reference_scope
from ....analysis.training.scenes import RETINANET, RETINANET_SOURCE, SCENES
from ....errors import InputError
from ....state.training import Asked, looks_on_offer
from ...controls.field import control
from . import grid, program, progress, samples, verdicts, views
from .outcome import Trained, no_verdict


def draw(asked: Asked) -> None:
    """The page."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="looks"):
        look = str(control("look", looks_on_offer(asked.experiment.dataset_spec.shape), row=True))
        measure = str(control("measure"))
    try:
        asked.experiment.check()
        _answer(asked, look, measure)
    except InputError as error:
        st.error(f"This cannot be trained. {error}", icon=":material/error:")


def _answer(asked: Asked, look: str, measure: str) -> None:
    """How far the training is, or what came out; and what is looked at."""
    if look == "grid":
        grid.draw(asked, measure)
        return
    if look == "data":  # above all that changes while a middle is dragged, so that it stays where it is
        samples.draw(asked)
    found = progress.found(asked)
    if found is not None:
        if why := no_verdict(asked, found):
            st.caption(why)
        else:
            verdicts.draw(asked, found, measure)
    _scene(asked, found)
    if look == "script":
        program.draw(asked)
    elif found is not None and look in views.PICTURES:
        views.draw(look, views.shown(asked, found, measure))


def _scene(asked: Asked, found: Trained | None) -> None:
    """What is known of the experiment, if it is one of the scenes."""
    scene = next((one for one in SCENES.values() if _alike(one.experiment, asked.experiment)), None)
    if scene is None:
        return
    here = None if found is None or no_verdict(asked, found) else estimate(contrast(*found, scene.measure).judged[-1])
    st.caption(f"{reference_mean(scene.key, asked.labels, here)} A likely reason: {scene.says} ({scene.source})")
    with st.expander(f"What {len(known(scene.key).seeds)} seeds say"):
        st.table(reference_rows(scene.key, asked.labels))
        st.caption(reference_scope(scene.key, asked.labels[0], asked.experiment.seeds))
    if asked.experiment.dataset_spec.ratio > 1:
        with st.expander("RetinaNet’s own table: average precision by γ and α"):
            st.table([{"γ": f"{one.gamma:g}", "α": f"{one.alpha:g}", "AP (%)": f"{one.ap:.1f}"} for one in RETINANET])
            st.caption(f"As printed in {RETINANET_SOURCE}; not computed here.")


def _alike(scene: Experiment, experiment: Experiment) -> bool:
    """Whether an experiment is a scene's, whichever seeds it is trained with."""
    return replace(experiment, seeds=scene.seeds, first_seed=scene.first_seed) == scene
