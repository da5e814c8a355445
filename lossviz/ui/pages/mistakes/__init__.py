"""Mistakes: what mixed-up names do to loss and gradient, and how to find them in a run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ....state.pins import Pin
from ....state.sample import SampleView
from ... import elements as st
from ...controls.field import control
from ...controls.lines import setting_line, view_line
from ...session import value
from ...stylesheet import stylesheet
from . import cards, forensics, gradients, microscope, pairs

STYLE = stylesheet(Path(__file__).with_name("mistakes.css"))

LABS: dict[str, Any] = {"cards": cards, "2x2": pairs, "microscope": microscope, "gradients": gradients, "forensics": forensics}


def chips() -> tuple[str, ...]:
    """What the lab that is open has to do with the sample and the loss of the other pages."""
    match value("lab"):
        case "cards":
            return ("example",) if value("example") == "own-example" else ("example", "sample", "targets")
        case "2x2":
            return ("sample", "targets")
        case "gradients":
            return ("loss", "parameters", "sample", "targets")
        case _:
            return ()


def draw(view: SampleView, _: tuple[Pin, ...]) -> None:
    """The page."""
    st.html(STYLE)
    if not chips():
        with setting_line():
            LABS[str(value("lab"))].setting()
    with view_line("lab", *LABS[str(value("lab"))].CONTROLS):
        lab = LABS[str(control("lab", bare=True))]
        settings = lab.controls(view)
    lab.draw(view, *settings)
