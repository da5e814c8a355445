"""γ against noise rate: a training for each rate, and the differences as a map."""

from __future__ import annotations

from functools import partial

import numpy as np
import streamlit as st

from ....analysis.listing import listing
from ....analysis.training import MEASURES
from ....analysis.training.grid import Grid, experiments, grid
from ....analysis.training.sentences import over
from ....errors import InputError
from ....figures.picture import Picture
from ....figures.training import grid as drawing
from ....state.training import Asked
from ...components.figure_panel import show_figures
from .progress import all_found
from .views import in_words

GAMMAS = (0.5, 1.0, 2.0, 3.0, 5.0)
RATES = (0.0, 0.05, 0.1, 0.2, 0.3, 0.4)


def draw(asked: Asked, measure: str) -> None:
    """The map, or what it needs."""
    try:
        wanted = tuple(experiments(asked.experiment, GAMMAS, RATES))
        for one in wanted:
            one.check()
    except InputError as error:
        st.info(f"There is no map of these settings. {error}")
        return
    found = all_found(wanted)
    if found is None:
        return
    told = grid(found, measure)
    figure = drawing.figure(told, measure, asked.labels[0], asked.margin)
    st.caption(
        f"Each cell is a mean {over(wanted[0])}, after the last epoch ({asked.experiment.epochs}); the same seeds are in all "
        "cells. They show differences as they are, not what the noise changes: the row at 0% is the experiment without noise. "
        "There is no interval where fewer than five differences are distinct. Another measure or δ is another look."
    )
    show_figures("grid", [Picture(figure, figure.title, wide=True)], None, in_words(asked), partial(_csv, told, asked, measure))


def _csv(told: Grid, asked: Asked, measure: str) -> str:
    ends = (f"95% {end}, {which}" for which in ("all cells at once", "this cell") for end in ("low", "high"))
    about = ("measure", "against", "seeds", "first seed", "epoch", "cells at once", "noise rate")
    experiment = asked.experiment
    constant = (MEASURES[measure].title, asked.labels[0], told.seeds, experiment.first_seed, experiment.epochs, told.cells)
    rows = zip(told.rates, told.mean, told.low, told.high, told.alone_low, told.alone_high, strict=True)
    blocks = (((*constant, rate), (np.array(told.gammas), *columns)) for rate, *columns in rows)
    return listing((*about, "γ", "difference (points)", *ends), blocks)
