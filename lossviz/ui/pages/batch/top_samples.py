"""Which samples drive the loss, and a look at one of them."""

from __future__ import annotations

import streamlit as st

from ....report.sections.samples import samples
from ...controls.batch import BatchView
from ...controls.field import control
from . import selected_sample
from .section import draw_section


def draw(view: BatchView) -> None:
    """Bars of the samples with the largest share, at every γ."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="xsmall", key="picture"):
        by, under = control("by"), control("under")
    draw_section(view.query, samples(view.query, view.analyses, by, under), picks=[0])
    st.caption("A click on a bar, or a row number below, looks at one sample.")
    selected_sample.draw(view)
