"""γ against noise rate: a training for each rate, and the differences as a map."""

from __future__ import annotations

from functools import partial

import numpy as np

from ....analysis.listing import listing
from ....analysis.training import MEASURES
from ....analysis.training.grid import Grid, experiments, grid
from ....analysis.training.headline_sentences import interval_label
from ....analysis.training.sentences import seeds_in_words
from ....errors import InputError
from ....fields import sentence_case
from ....figures.training import grid as drawing
from ....figures.training.lines import captioned
from ....state.training import TrainingQuery
from ....texts import joined, say
from ...components.figure_panel import show_figures
from ...server.training_queue import Experiments
from ...session import request_training
from ...session.store import current_session
from .answer import answer_row, draw_sentence, sentence
from .progress import Trainings, draw_progress, watched
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
        with answer_row():
            sentence(say("No map for these settings. {error}", error=str(error)))
        return
    if "look" in current_session().user_set:  # a person has clicked for the map, which no link does
        request_training(row_experiments)
    watched(row_experiments, "", partial(_map, query, measure, row_experiments))


def _map(query: TrainingQuery, measure: str, row_experiments: Experiments, now: Trainings) -> None:
    """The map once every row is trained, and before that how far they are."""
    if not now.is_done:
        draw_progress(now)
        return
    cells = grid(now.records, measure)
    figure = drawing.figure(cells, measure, query.labels[0], query.margin)
    summary = drawing.summary(cells, measure, query.labels[0], query.margin)
    small_print = _small_print(query, row_experiments, drawing.chance_in_words(cells))
    draw_sentence(say("{summary}.", summary=summary), interval_label(query.experiment), small_print)
    title = sentence_case(MEASURES[measure].title)
    picture = captioned(figure, say("{measure} by γ and noise rate, difference in points", measure=title), wide=True)
    show_figures(
        "grid", [picture._replace(sentences=())], None, experiment_in_words(query), partial(_csv, cells, query, measure)
    )


def _small_print(query: TrainingQuery, row_experiments: Experiments, chance: str) -> str:
    """Over what the map is, what it shows, and what its intervals cover."""
    cells = say(
        "Each cell is a mean {seeds}, after the last epoch ({epoch}); all cells use the same seeds. They show the differences "
        "themselves, not the change due to noise: the row at 0% is the experiment without noise. There is no interval where "
        "fewer than five differences are distinct. Trying another measure or δ is another look at the same data.",
        seeds=seeds_in_words(row_experiments[0]),
        epoch=query.experiment.epochs,
    )
    summary = say("The summary: {chance}.", chance=chance) if chance else say("The summary: no intervals.")
    return joined((cells, summary), "\n\n")


def _csv(cells: Grid, query: TrainingQuery, measure: str) -> str:
    ends = (f"95% {end}, {which}" for which in ("all cells at once", "this cell") for end in ("low", "high"))
    about = ("measure", "against", "seeds", "first seed", "epoch", "cells at once", "noise rate")
    experiment = query.experiment
    constant = (MEASURES[measure].title, query.labels[0], cells.seeds, experiment.first_seed, experiment.epochs, cells.cells)
    rows = zip(cells.rates, cells.mean, cells.low, cells.high, cells.cell_low, cells.cell_high, strict=True)
    blocks = (((*constant, rate), (np.array(cells.gammas), *columns)) for rate, *columns in rows)
    return listing((*about, "γ", "difference (points)", *ends), blocks)
