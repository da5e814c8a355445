"""The γ/α advisor: a grid, lines with the 1:1 line, and what they say in plain words."""

from __future__ import annotations

from functools import partial

import numpy as np
import streamlit as st

from ....analysis.batch.advisor import QUANTITIES, Advice, advice, grid_losses, in_grid, present_knob
from ....analysis.batch.advisor_sentences import FIXED, aside, landmark, place, reading
from ....analysis.listing import listing
from ....figures.batch import advisor as drawing
from ....figures.batch.cells import PRESENT
from ....figures.picture import Picture
from ...components.figure_panel import show_figures
from ...components.markdown import literal
from ...controls.batch import Asked
from ...controls.field import control
from .shares import told


def draw(asked: Asked) -> None:
    """Everything is computed for the present loss with its γ and its α or class weights replaced by those of the grid."""
    spec, survey = asked.spec, asked.survey
    specs = grid_losses(spec, survey)
    found = advice(spec, survey, dict(zip(specs, asked.all_stats(specs), strict=True)))
    doubts = not np.isnan(found.suspects).all()
    what = str(control("advice", tuple(word for word in QUANTITIES if doubts or word != "suspects")))
    present = (spec.gamma, present_knob(spec, survey))
    st.markdown(literal(" ".join(aside(spec))))
    st.markdown(f"**At {place(found, *present)}:** {' '.join(map(literal, reading(found, *present)))}")
    name = PRESENT if in_grid(spec, survey) else landmark(found, *present)
    pictures = [Picture(drawing.grid(found, what, present, name), f"{what} over γ and {found.knob}", wide=True)]
    if what == "ratio":
        of_both = f"gradient of {found.sides[0]} to that of {found.sides[1]}"
        pictures.append(Picture(drawing.lines(found, present, name), of_both, wide=True))
    show_figures("advisor", pictures, None, told(asked), partial(_csv, found))
    st.caption(FIXED)


def _csv(found: Advice) -> str:
    header = ("γ", found.knob, *QUANTITIES, "decision threshold")
    blocks = (
        (
            (float(gamma), "off" if np.isnan(knob) else float(knob)),
            (*(getattr(found, name)[i : i + 1, j] for name in QUANTITIES), found.threshold[j : j + 1]),
        )
        for i, gamma in enumerate(found.gammas)
        for j, knob in enumerate(found.knobs)
    )
    return listing(header, blocks)
