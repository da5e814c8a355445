"""Mistakes: what the names' confusions do to numbers, and how to find them in a run."""

from __future__ import annotations

import streamlit as st

from ....state.pins import Pin
from ....state.sample import SampleView
from ...controls.field import control
from ...controls.lines import view_line
from . import cards, forensics, gradients, microscope, pairs

LABS = {
    "cards": ("What happens if …", cards.draw),
    "2x2": ("Two activations, two kinds of terms", pairs.draw),
    "microscope": ("Which digits are right?", microscope.draw),
    "gradients": ("Is the gradient right?", gradients.draw),
    "forensics": ("Where does it stand still?", forensics.draw),
}


def draw(view: SampleView, _: tuple[Pin, ...]) -> None:
    """The page."""
    with view_line("lab"):
        title, lab = LABS[str(control("lab", bare=True))]
    st.subheader(title)
    lab(view)
