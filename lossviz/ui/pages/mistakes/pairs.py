"""The 2×2: softmax or sigmoid, categorical or binary terms, and what each of the four trains the present sample toward."""

from __future__ import annotations

from functools import lru_cache, partial

import numpy as np

from ....analysis.listing import listing
from ....analysis.pairing import NEAR, PAIRS, Trajectory, objection, trajectories, two_logits, verdict
from ....evaluation.setting import Array
from ....figures import pairing as drawing
from ....figures.picture import Picture
from ....state.fields import FIELDS
from ....state.plots import scrub_of
from ....state.sample import SampleView
from ....texts import joined, say
from ... import elements as st
from ...components.figure_panel import show_figures
from ...controls.lines import number_chip
from ..sample_notes import show_adjustments, single_logit_note
from .cards import look

NAMES = (
    say("softmax, categorical terms"),
    say("sigmoid, categorical terms"),
    say("softmax, binary terms"),
    say("sigmoid, binary terms"),
)
"""The four, in the order of PAIRS."""

CALLED = (
    say("cross-entropy"),
    say("categorical terms on sigmoids"),
    say("binary terms on a softmax"),
    say("binary cross-entropy"),
)
"""What they come to, in the same order."""

MISTAKEN = {1: "categorical-on-sigmoid", 2: "binary-on-softmax"}
"""The cards of those that are mistakes."""

MOST = int(FIELDS["steps"].high)  # type: ignore[union-attr]


@lru_cache(maxsize=128)
def trajectories_of(logits: tuple[float, ...], targets: tuple[float, ...], rate: float) -> tuple[Array, list[Trajectory]]:
    """The targets as the four take them, and each one's course."""
    z, t = two_logits(logits, targets)
    return t, trajectories(z, t, rate, MOST)


CONTROLS = ("rate", "steps")


def controls(_: SampleView) -> tuple[float, int]:
    """The size and the number of steps."""
    return float(number_chip("rate")), int(number_chip("steps"))


def draw(view: SampleView, rate: float, steps: int) -> None:
    """All four under one scrubber, then what each of them trains toward."""
    logits, targets = view.setting.logits, view.setting.targets
    aims, four = trajectories_of(logits, targets, rate)
    positions = _positions(steps)
    at = positions.index(steps)
    with st.container(key="main-thing", gap="small"):
        figure = drawing.figure(PAIRS, four, aims, positions, at)
        each = (say("{pair}: {verdict}", pair=pair, verdict=verdict(one, aims)) for pair, one in zip(NAMES, four, strict=True))
        alt = joined((say("{title}.", title=figure.title), *each), " ")
        moves = scrub_of("steps", tuple(map(float, positions)), at)
        caption = say("Gradient descent on one sample's logits under four losses. Computed by lossviz.")
        picture = Picture(figure, alt, wide=True, sentences=(_summary(four, aims),))
        show_figures("pairs", [picture], moves, caption, partial(_csv, aims, four))
    show_adjustments(logits, single_logit_note(logits, positive=1))
    _four(four, aims)
    st.caption(
        "Categorical terms are $-\\sum_i t_i \\log p_i$, binary ones $-\\sum_i t_i \\log p_i + (1 - t_i)\\log(1 - p_i)$. Only "
        "logits and targets matter here, not the loss chosen on other pages."
    )


def _summary(four: list[Trajectory], aims: Array) -> str:
    """How many of the four end at the targets."""
    reach = [pair for pair, one in zip(NAMES, four, strict=True) if np.abs(one.limit - aims).max() < NEAR]
    if len(reach) == len(four):
        return say("Gradient descent reaches the targets under all four; the paths and the losses differ.")
    if not reach:
        return say("Gradient descent reaches the targets under none of the four.")
    return say(
        "Gradient descent reaches the targets under {number} of the four: {pairs}.",
        number=len(reach),
        pairs=joined(reach, "; "),
    )


def _four(four: list[Trajectory], aims: Array) -> None:
    """One of the four in each corner, as in the picture."""
    by_pair = dict(zip(PAIRS, four, strict=True))
    left, right = st.columns(2, gap="medium")
    for n, trajectory in enumerate(four):
        with left if PAIRS[n][1] == "categorical" else right:
            _words(n, joined(filter(None, (verdict(trajectory, aims), objection(PAIRS[n], by_pair, aims))), " "))


def _words(n: int, says: str) -> None:
    """One of the four in a sentence, with a link to its card if it is a mistake."""
    mark = ":orange[:material/close:]" if n in MISTAKEN else ":blue[:material/check:]"
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"pair-{n}"):
        st.markdown(say("{mark} **{pair}** ({name}). {verdict}", mark=mark, pair=NAMES[n], name=CALLED[n], verdict=says))
        if n in MISTAKEN:
            st.button(
                "See this mistake",
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
