"""What would γ, and α or class weights, do to the gradient?"""

from __future__ import annotations

from functools import partial

import numpy as np

from ...analysis.batch.advisor import QUANTITIES, Advice, advice, grid_losses, in_grid, present_knob
from ...analysis.batch.advisor_sentences import FIXED, aside, finding, landmark, place, reading
from ...analysis.batch.questions import QUESTIONS
from ...analysis.listing import listing
from ...figures.batch import advisor as drawing
from ...figures.batch.cells import PRESENT
from ...figures.picture import Picture
from ...figures.text import escaped
from ...state.batch import BatchQuery
from ...texts import say
from ..analyses import Analyses
from ..section import Section

VARIANTS = {
    "ratio": "The balance of the two sides",
    "hardest_1": "The share of the hardest 1%",
    "hardest_10": "The share of the hardest 10%",
    "scale": "The norm of the mean gradient",
    "suspects": "The share of the suspects",
}
"""What each quantity of the grid is called above it."""


def quantities(result: Advice) -> tuple[str, ...]:
    """What the grid can show of a batch: suspects only where some are known."""
    known = not np.isnan(result.suspects).all()
    return tuple(word for word in QUANTITIES if known or word != "suspects")


def grid_of(query: BatchQuery, analyses: Analyses) -> Advice:
    """The grid around the present loss, with its γ and its α or class weights replaced by those of the grid."""
    specs = grid_losses(query.spec, query.survey)
    return advice(query.spec, query.survey, dict(zip(specs, analyses.all_stats(specs), strict=True)))


def advised(query: BatchQuery, result: Advice, what: str = "ratio") -> Section:
    """One quantity of the grid, and what the grid says of the present loss."""
    spec = query.spec
    present = (spec.gamma, present_knob(spec, query.survey))
    name = PRESENT if in_grid(spec, query.survey) else landmark(result, *present)
    figures = [Picture(drawing.grid(result, what, present, name), f"{what} over γ and {result.knob}", wide=True)]
    if what == "ratio":
        of_both = "gradient of {} to that of {}".format(*map(escaped, result.sides))
        figures.append(Picture(drawing.lines(result, present, name), of_both, wide=True))
    says = say("{place!b} {reading}", place=f"At {place(result, *present)}:", reading=" ".join(reading(result, *present)[1:]))
    return Section(
        "advisor",
        QUESTIONS["advisor"],
        VARIANTS[what],
        headline=(finding(result, *present, what)),
        sentences=(*(*aside(spec),), says),
        name="advisor",
        figures=tuple(figures),
        csv=partial(_csv, result),
        notes=(FIXED,),
    )


def _csv(result: Advice) -> str:
    header = ("γ", result.knob, *QUANTITIES, "decision threshold")
    blocks = (
        (
            (float(gamma), "off" if np.isnan(knob) else float(knob)),
            (*(getattr(result, name)[i : i + 1, j] for name in QUANTITIES), result.threshold[j : j + 1]),
        )
        for i, gamma in enumerate(result.gammas)
        for j, knob in enumerate(result.knobs)
    )
    return listing(header, blocks)
