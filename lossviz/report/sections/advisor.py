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
from ...texts import joined, say
from ..analyses import Analyses
from ..section import Section

VARIANTS = {
    "ratio": say("The balance of the two sides"),
    "hardest_1": say("The share of the hardest 1%"),
    "hardest_10": say("The share of the hardest 10%"),
    "scale": say("The norm of the mean gradient"),
    "suspects": say("The share of the suspects"),
}
"""What each quantity of the grid is called above it."""

WORDS = {
    "ratio": say("ratio"),
    "hardest_1": say("hardest_1"),
    "hardest_10": say("hardest_10"),
    "scale": say("scale"),
    "suspects": say("suspects"),
    "alpha": say("alpha"),
    "power": say("power"),
}
"""The quantities and the knobs, where a figure cannot be seen."""


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
    over = say("{quantity} over γ and {knob}", quantity=WORDS[what], knob=WORDS[result.knob])
    figures = [Picture(drawing.grid(result, what, present, name), over, wide=True)]
    if what == "ratio":
        first, second = map(escaped, result.sides)
        of_both = say("gradient of {first} to that of {second}", first=first, second=second)
        figures.append(Picture(drawing.lines(result, present, name), of_both, wide=True))
    at = say("At {place}:", place=place(result, *present))
    says = say("{place!b} {reading}", place=at, reading=joined(reading(result, *present)[1:], " "))
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
