"""A stuck loss value, and the explanations that are near it."""

from __future__ import annotations

import math

import streamlit as st

from ....analysis.forensics import NEAR, Match, matches
from ....analysis.mistakes import CARDS
from ....numbers import format_number
from ....state.sample import SampleView
from ...controls.field import control
from .cards import look

MOST = 12
"""So many causes are listed."""


def draw(_: SampleView) -> None:
    """The value, and below it what it may mean."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="stuck-controls"):
        kind = str(control("stuck_as"))
        value = control("stuck", idle=None if kind == "number" else f"The loss is {kind}, and no number.")
        classes, batch = control("stuck_classes"), control("stuck_batch")
        named = str(control("stuck_loss"))
    stuck = float(value if kind == "number" else kind)
    known = int(classes) if classes else None, int(batch) if batch else None
    hints = matches(stuck, *known, None if named == "any" else named)
    if not hints:
        st.info(_nothing(stuck, named, len(matches(stuck, *known))))
        return
    st.markdown("Possible causes, the likeliest first; many roads lead to one number.")
    for number, match in enumerate(hints[:MOST]):
        _match(match, number)
    if len(hints) > MOST:
        st.caption(
            f"{len(hints) - MOST} more are as near. More digits of the loss, the number of classes or its name narrow them."
        )


def _nothing(stuck: float, named: str, others: int) -> str:
    """What is said if there is no hint; `others` is how many there would be under any loss."""
    near = f"within {100 * NEAR:g} % of {format_number(stuck, 6)}" if stuck >= 0 and math.isfinite(stuck) else "known for this"
    if others:
        others_in_words = "there is 1 hint" if others == 1 else f"there are {others} hints"
        return f"Nothing of the loss “{named}” is {near}; under any loss {others_in_words}."
    return (
        f"Nothing that is known is {near}. Then it is no plateau of a formula: look at the data, the learning rate, and "
        "whether gradients reach the first layer."
    )


def _match(match: Match, number: int) -> None:
    one = match.candidate
    with st.container(border=True):
        st.markdown(f"**{one.says}**  \n{_arithmetic(match)}.")
        if one.card:
            st.button(
                f"Look at it: {CARDS[one.card].title}",
                key=f"match-{number}-{one.card}",
                on_click=look,
                args=(one.card,),
                icon=":material/arrow_forward:",
            )


def _arithmetic(match: Match) -> str:
    """How a hint's value comes about, and how far it is off; a value that is none, or negative, is not compared."""
    one = match.candidate
    if not math.isfinite(one.value) or one.value < 0:
        return one.arithmetic
    agrees = "it rounds to your value" if match.rounds else f"{100 * match.off:.2g} % off"
    return f"{one.arithmetic} = {format_number(one.value, 6)}; {'exactly' if match.off < 1e-9 else agrees}"
