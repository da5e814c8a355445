"""The pictures of a training that is over."""

from __future__ import annotations

import streamlit as st

from ....analysis.training import Record
from ....figures.training.lines import Line
from ....trainings import Asked


def draw(look: str, asked: Asked, found: Record, measure: str) -> None:
    """What is asked for."""
    st.write(look, measure, len(found.epochs))


def lines(asked: Asked) -> tuple[Line, ...]:
    """The losses as the figures tell them apart."""
    named = zip(asked.experiment.losses, asked.labels, strict=True)
    return tuple(Line(label, spec.key, slot) for slot, (spec, label) in enumerate(named))
