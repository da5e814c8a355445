"""A stuck loss value, and the explanations that are near it."""

from __future__ import annotations

import math

import streamlit as st

from ....analysis.forensics import NEAR, Match, matches
from ....mistakes import CARDS
from ....state import View
from ...controls import control
from .cards import look


def draw(_: View) -> None:
    """The value, and below it what it may mean."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="stuck-controls"):
        value, classes, batch = control("stuck"), control("stuck_classes"), control("stuck_batch")
        kind = st.segmented_control("or it is", ("a number", "nan", "inf"), default="a number", required=True, key="stuck-kind")
    stuck = float(value if kind == "a number" else str(kind))
    found = matches(stuck, int(classes) if classes else None, int(batch) if batch else None)
    if not found:
        st.info(
            f"Nothing that is known is within {100 * NEAR:g} % of {stuck:g}. "
            "Then it is no plateau of a formula: look at the data, "
            "the learning rate, and whether gradients reach the first layer."
        )
        return
    st.markdown("Hints, the nearest first; many roads lead to one number.")
    for number, match in enumerate(found):
        _match(match, number)


def _match(match: Match, number: int) -> None:
    one = match.candidate
    with st.container(border=True):
        off = "exactly" if match.off < 1e-9 else f"{100 * match.off:.2g} % off"
        arithmetic = f"{one.arithmetic} = {one.value:.6g}" if math.isfinite(one.value) and one.value >= 0 else one.arithmetic
        st.markdown(f"**{one.says}**  \n{arithmetic}; {off}.")
        if one.card:
            st.button(
                f"Look at it: {CARDS[one.card].title}",
                key=f"match-{number}-{one.card}",
                on_click=look,
                args=(one.card,),
                icon=":material/arrow_forward:",
            )
