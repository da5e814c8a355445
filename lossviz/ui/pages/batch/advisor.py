"""The γ/α advisor: a grid, lines with the 1:1 line, and what they say in plain words."""

from __future__ import annotations

from functools import partial

import numpy as np
import streamlit as st

from ....analysis.batch.advisor import Advice, advice, aside, reading
from ....analysis.batch.advisor import asked as losses_of
from ....analysis.listing import listing
from ....figures.batch import advisor as drawing
from ....figures.batch.cells import PRESENT
from ....figures.picture import Picture
from ....words import ADVICE
from ...batch_controls import Asked
from ...controls import control
from ...exhibit import exhibit
from ...markdown import literal
from .shared import told


def draw(asked: Asked) -> None:
    """Everything is computed for the present loss with its γ and its α or class weights replaced by those of the grid."""
    spec = asked.spec
    specs = losses_of(spec, asked.survey)
    found = advice(spec, asked.survey, dict(zip(specs, asked.tallies(specs), strict=True)))
    doubts = not np.isnan(found.suspects).all()
    what = str(control("advice", tuple(word for word in ADVICE if doubts or word != "suspects")))
    neutral = 0.5 if found.knob == "alpha" else 0.0
    knob = spec.alpha if found.knob == "alpha" and spec.alpha is not None else neutral
    said = f"**At {_setting(found, spec.gamma, spec.alpha)}:** {literal(' '.join(reading(found, spec.gamma, knob)))}"
    st.markdown(" ".join((*aside(spec), said)))
    present, name = (spec.gamma, knob), "cross-entropy" if aside(spec) else PRESENT
    pictures = [Picture(drawing.grid(found, what, present, name), f"{what} over γ and {found.knob}", wide=True)]
    if what == "ratio":
        of_both = f"gradient of {found.sides[0]} to that of {found.sides[1]}"
        pictures.append(Picture(drawing.lines(found, present, name), of_both, wide=True))
    exhibit("advisor", pictures, None, told(asked), partial(_csv, found))
    st.caption(
        "Read from a *fixed* model: these are the gradients that a next step of training would see. They say what a loss "
        "listens to, not which accuracy comes out of it; a model trained with another loss gives other numbers."
    )


def _setting(found: Advice, gamma: float, alpha: float | None) -> str:
    """The present place in the grid, in words."""
    if found.knob == "power":
        return f"γ = {gamma:g} and no class weights"
    return f"γ = {gamma:g} and α = {alpha:g}" if alpha is not None else f"γ = {gamma:g} and α off, which balances as α = ½ does"


def _csv(found: Advice) -> str:
    header = ("γ", found.knob, *ADVICE, "decision threshold")
    blocks = (
        (
            (float(gamma), float(knob)),
            (*(getattr(found, name)[i : i + 1, j] for name in ADVICE), found.threshold[j : j + 1]),
        )
        for i, gamma in enumerate(found.gammas)
        for j, knob in enumerate(found.knobs)
    )
    return listing(header, blocks)
