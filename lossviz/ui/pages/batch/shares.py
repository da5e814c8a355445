"""Who carries the loss: share curves and figure 4 of the focal loss paper, difficulty, and parts of the batch."""

from __future__ import annotations

import streamlit as st

from ....report.sections.difficulty import hardness
from ....report.sections.parts import division
from ....report.sections.shares import figure_4, shares
from ....state.batch import splits
from ...controls.batch import BatchView
from ...controls.field import control
from .section import draw_section


def draw_shares(view: BatchView) -> None:
    """Lorenz curves of the present loss at every γ, beside what it is compared with."""
    draw_section(view.query, shares(view.query, view.analyses, control("by")))
    for section in figure_4(view.query, view.analyses):
        draw_section(view.query, section)


def draw_difficulty(view: BatchView) -> None:
    """The histogram over p_t, and the mass of loss or gradient over it."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="xsmall", key="picture"):
        by, split, counts = control("by"), _split(view), control("counts")
    draw_section(view.query, hardness(view.query, view.analyses, by, split, counts))


def draw_parts(view: BatchView) -> None:
    """Shares of parts."""
    draw_section(view.query, division(view.query, view.analyses, _split(view)))


def _split(view: BatchView) -> str:
    """How the batch is divided: a choice only where there is one."""
    offered = splits(view.query.survey)
    return offered[0] if len(offered) == 1 else str(control("split", offered))
