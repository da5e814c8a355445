"""The answers about a batch, a file a question, in the order in which a report gives them."""

from __future__ import annotations

from collections.abc import Iterator

from ...state.batch import BatchQuery, splits
from ..analyses import Analyses
from ..section import Section
from .advisor import advised, grid_of
from .calibration import calibration
from .classes import by_class
from .difficulty import hardness
from .doubtful_labels import doubtful_labels
from .parts import division
from .reductions import reduced
from .samples import samples
from .shares import figure_4, shares
from .understood import understood


def report_sections(query: BatchQuery, analyses: Analyses) -> Iterator[Section]:
    """All of them, as far as the batch gives an answer; of some questions two answers, one below the other."""
    for by in ("loss", "gradient"):
        yield shares(query, analyses, by)
    yield from figure_4(query, analyses)
    yield samples(query, analyses)
    yield hardness(query, analyses)
    for split in splits(query.survey):
        yield division(query, analyses, split)
    yield from by_class(query, analyses)
    grid = grid_of(query, analyses)
    for what in ("ratio", "hardest_1"):
        yield advised(query, grid, what)
    yield doubtful_labels(query, analyses)
    yield from calibration(analyses)
    yield reduced(query, analyses)
    yield understood(query, analyses)
