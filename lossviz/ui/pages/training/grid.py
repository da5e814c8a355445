"""γ against noise rate: a training for each rate, and the differences as a map."""

from __future__ import annotations

from functools import partial

import numpy as np
import streamlit as st

from ....analysis.listing import listing
from ....analysis.training import MEASURES
from ....analysis.training.grid import Grid, experiments, grid
from ....analysis.training.sentences import seeds_in_words
from ....errors import InputError
from ....figures.picture import Picture
from ....figures.training import grid as drawing
from ....state.training import TrainingQuery
from ...components.figure_panel import show_figures
from .progress import records
from .views import experiment_in_words

GAMMAS = (0.5, 1.0, 2.0, 3.0, 5.0)
RATES = (0.0, 0.05, 0.1, 0.2, 0.3, 0.4)


def draw(query: TrainingQuery, measure: str) -> None:
    """The map, or what it needs."""
    try:
        row_experiments = tuple(experiments(query.experiment, GAMMAS, RATES))
        for one in row_experiments:
            one.check()
    except InputError as error:
        st.info(f"There is no map of these settings. {error}")
        return
    trained = records(row_experiments)
    if trained is None:
        return
    cells = grid(trained, measure)
    figure = drawing.figure(cells, measure, query.labels[0], query.margin)
    st.caption(
        f"Each cell is a mean {seeds_in_words(row_experiments[0])}, after the last epoch ({query.experiment.epochs}); "
        "the same seeds are in all cells. They show differences as they are, not what the noise changes: the row at 0% is the "
        "experiment without noise. There is no interval where fewer than five differences are distinct. Another measure or δ "
        "is another look."
    )
    show_figures(
        "grid",
        [Picture(figure, figure.title, wide=True)],
        None,
        experiment_in_words(query),
        partial(_csv, cells, query, measure),
    )


def _csv(cells: Grid, query: TrainingQuery, measure: str) -> str:
    ends = (f"95% {end}, {which}" for which in ("all cells at once", "this cell") for end in ("low", "high"))
    about = ("measure", "against", "seeds", "first seed", "epoch", "cells at once", "noise rate")
    experiment = query.experiment
    constant = (MEASURES[measure].title, query.labels[0], cells.seeds, experiment.first_seed, experiment.epochs, cells.cells)
    rows = zip(cells.rates, cells.mean, cells.low, cells.high, cells.cell_low, cells.cell_high, strict=True)
    blocks = (((*constant, rate), (np.array(cells.gammas), *columns)) for rate, *columns in rows)
    return listing((*about, "γ", "difference (points)", *ends), blocks)
