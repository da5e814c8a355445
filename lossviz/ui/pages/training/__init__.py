"""Training: the same data, noise and beginnings under several losses, and what can be said of the differences."""

from __future__ import annotations

import streamlit as st

from ....analysis.training import CLAIMS, Record, claim, differences, measured, verdict
from ....analysis.training.paired import Difference
from ....analysis.training.scenes import RETINANET, RETINANET_SOURCE, SCENES
from ....errors import InputError
from ....trainings import Asked, looks_on_offer
from ...controls import control
from . import grids, live, looks, program, samples


def draw(asked: Asked) -> None:
    """The page."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="looks"):
        look = str(control("look", looks_on_offer(asked.experiment.recipe.shape), row=True))
        measure = str(control("measure"))
    try:
        asked.experiment.check()
        _answer(asked, look, measure)
    except InputError as error:
        st.error(f"This cannot be trained. {error}", icon=":material/error:")


def _answer(asked: Asked, look: str, measure: str) -> None:
    """How far the training is, or what came out; and what is looked at."""
    if look == "grid":
        grids.draw(asked, measure)
        return
    if look == "data":  # above all that changes while a middle is dragged, so that it stays where it is
        samples.draw(asked)
    found = live.found(asked)
    if found is not None:
        _verdicts(asked, found, measure)
    _scene(asked)
    if look == "script":
        program.draw(asked)
    elif found is not None and look in looks.PICTURES:
        looks.draw(look, looks.shown(asked, found, measure))


def _scene(asked: Asked) -> None:
    """What is known of the experiment, if it is one of the scenes."""
    scene = next((one for one in SCENES.values() if one.experiment == asked.experiment), None)
    if scene is None:
        return
    st.caption(f"Known of this scene ({scene.source}; its tests hold it to that): {scene.says}")
    if asked.experiment.recipe.ratio > 1:
        with st.expander("RetinaNet’s own table: average precision by γ and α"):
            st.table([{"γ": f"{one.gamma:g}", "α": f"{one.alpha:g}", "AP (%)": f"{one.ap:.1f}"} for one in RETINANET])
            st.caption(f"As printed in {RETINANET_SOURCE}; not computed here.")


def _verdicts(asked: Asked, found: Record, measure: str) -> None:
    """The claim, and a sentence for each loss but the first, of the last epoch; none of a training that was stopped."""
    if len(asked.labels) == 1:
        st.info("There is one loss only: add another to compare it with.")
        return
    if found.epochs[-1] < asked.experiment.epochs:
        st.caption("There is no verdict on a training that was stopped: an early epoch may say the opposite of the last one.")
        return
    if about := CLAIMS[claim(asked.experiment)]:
        st.markdown(f"**The claim:** {about}.")
    last = differences(measured(found, measure)[-1])
    for n, called in enumerate(asked.labels[1:]):
        st.markdown(f"- {verdict(asked.experiment, last, n, called, measure)}")
    st.caption(_how_sure(asked, last, found.epochs[-1]))


def _how_sure(asked: Asked, last: Difference, epoch: int) -> str:
    equal = "equal mean gradient" if asked.experiment.equal_gradient else "equal epochs"
    return (
        f"Against {asked.labels[0]}, at {equal}, after epoch {epoch}, on clean test data. In brackets: Student’s 95 % interval "
        f"of the paired difference over {last.seeds} seeds, each loss by itself."
    )
