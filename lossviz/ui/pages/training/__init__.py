"""Training: the same data, noise and beginnings under several losses, and what can be said of the differences."""

from __future__ import annotations

import numpy as np
import streamlit as st

from ....analysis.training import Record, differences, measured, verdict
from ....analysis.training.paired import Difference
from ....errors import InputError
from ....trainings import Asked
from ....words import LOOKS
from ...controls import control
from . import grids, live, looks, program, samples


def draw(asked: Asked) -> None:
    """The page."""
    try:
        asked.experiment.check()
    except InputError as error:
        st.error(f"This cannot be trained. {error}", icon=":material/error:")
        return
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="looks"):
        look, measure = str(control("look", _looks(asked), default="difference", row=True)), str(control("measure"))
    found = live.found(asked)
    if found is not None:
        _diverging(asked, found)
        _verdicts(asked, found, measure)
    if look in WITHOUT:
        WITHOUT[look](asked, measure)
    elif found is not None:
        looks.draw(look, looks.shown(asked, found, measure))


WITHOUT = {"data": samples.draw, "grid": grids.draw, "script": program.draw}
"""Looks at something else than the one training: they need not wait for it."""


def _looks(asked: Asked) -> tuple[str, ...]:
    return tuple(look for look in LOOKS if look != "data" or asked.experiment.recipe.shape != "digits")


def _verdicts(asked: Asked, found: Record, measure: str) -> None:
    """A sentence for each loss but the first, of the last epoch."""
    if len(asked.labels) == 1:
        st.info("There is one loss only: add another to compare it with.")
        return
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


def _diverging(asked: Asked, found: Record) -> None:
    """A warning where a loss ended far above where it began."""
    first, last = (np.nanmean(found.runs.loss[epoch], axis=-1) for epoch in (0, -1))
    for n in np.flatnonzero(last > RISEN * first):
        st.warning(
            f"{asked.labels[n]}: the mean training loss rose from {first[n]:.3g} to {last[n]:.3g}. The learning rate, "
            f"{asked.experiment.learning_rate:g}, is too high for it; what follows says little about the loss."
        )


RISEN = 2.0
"""A training loss that ends this many times higher than it began has diverged."""
