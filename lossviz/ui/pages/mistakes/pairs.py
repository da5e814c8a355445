"""The 2×2: softmax or sigmoid, categorical or binary terms, and what each of the four trains the present sample toward."""

from __future__ import annotations

from functools import lru_cache, partial

import numpy as np
import streamlit as st

from ....analysis.listing import listing
from ....analysis.pairing import PAIRS, Trajectory, objection, trajectories, two_logits, verdict
from ....evaluation.setting import Array
from ....figures import pairing as drawing
from ....figures.picture import Picture
from ....state.fields import FIELDS
from ....state.plots import scrub_of
from ....state.sample import SampleView
from ...components.figure_panel import show_figures
from ...controls.field import control
from ..sample_notes import show_adjustments, single_logit_note
from .cards import look

CALLED = ("cross-entropy", "softmax’s terms on sigmoids", "binary terms on a softmax", "binary cross-entropy")
"""What the four are, in the order of PAIRS."""

MISTAKEN = {1: "categorical-on-sigmoid", 2: "binary-on-softmax"}
"""The cards of those that are mistakes."""

MOST = int(FIELDS["steps"].high)  # type: ignore[union-attr]


@lru_cache(maxsize=128)
def trajectories_of(logits: tuple[float, ...], targets: tuple[float, ...], rate: float) -> tuple[Array, list[Trajectory]]:
    """The targets as the four take them, and each one's course."""
    z, t = two_logits(logits, targets)
    return t, trajectories(z, t, rate, MOST)


def draw(view: SampleView) -> None:
    """What each of the four says, then all of them under one scrubber."""
    st.markdown(
        "Gradient descent on the sample’s logits, under four losses: $-\\sum_i t_i \\log p_i$ and $-\\sum_i t_i \\log p_i + "
        "(1 - t_i)\\log(1 - p_i)$, with a softmax and with sigmoids. Only logits and targets matter here, not the loss above."
    )
    logits, targets = view.setting.logits, view.setting.targets
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="pairs-controls"):
        rate, steps = float(control("rate")), int(control("steps"))
    aims, four = trajectories_of(logits, targets, rate)
    show_adjustments(logits, single_logit_note(logits, "(0, z): class 1 is the positive one"))
    by_pair = dict(zip(PAIRS, four, strict=True))
    for n, trajectory in enumerate(four):
        _words(n, f"{verdict(trajectory, aims)} {objection(PAIRS[n], by_pair, aims)}".strip())
    positions = _positions(steps)
    at = positions.index(steps)
    pictures = [
        Picture(one := drawing.figure(_name(n), trajectory, aims, positions, at), f"{one.title}. {verdict(trajectory, aims)}")
        for n, trajectory in enumerate(four)
    ]
    moves = scrub_of("steps", tuple(map(float, positions)), at)
    caption = "Gradient descent on one sample's logits under four losses. Computed by lossviz."
    show_figures("pairs", pictures, moves, caption, partial(_csv, aims, four))


def _name(n: int) -> str:
    return f"{PAIRS[n][0]}, {PAIRS[n][1]} terms"


def _words(n: int, says: str) -> None:
    """One of the four in a sentence, and the way to its card if it is a mistake."""
    mark = ":orange[:material/close:]" if n in MISTAKEN else ":blue[:material/check:]"
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"pair-{n}"):
        st.markdown(f"{mark} **{_name(n)}** ({CALLED[n]}). {says}")
        if n in MISTAKEN:
            st.button(
                "Its card",
                key=f"pair-card-{n}",
                on_click=look,
                args=(MISTAKEN[n],),
                help="Wrong and right code, and how a training run shows it.",
            )


def _positions(steps: int) -> list[int]:
    """Each of the first forty steps, then every fifth, and the present number of them."""
    return sorted({*range(41), *range(45, MOST + 1, 5), steps})


def _csv(targets: Array, four: list[Trajectory]) -> str:
    classes = range(len(targets))
    header = ("activation", "terms", "step", "loss", *(f"p{i}" for i in classes))
    blocks = (
        (pair, (np.arange(len(one.loss), dtype=float), one.loss, *one.probs.T)) for pair, one in zip(PAIRS, four, strict=True)
    )
    return listing(header, blocks)
