"""Every colour of lossviz. The palette is Okabe and Ito's (2008), which people of all kinds of colour vision can tell apart."""

from __future__ import annotations

BLUE, SKY, GREEN, YELLOW, ORANGE, VERMILLION, PURPLE = (
    "#0072B2",
    "#56B4E9",
    "#009E73",
    "#F0E442",
    "#E69F00",
    "#D55E00",
    "#CC79A7",
)

LOSS_COLOURS = {
    "cross-entropy": BLUE,
    "focal": VERMILLION,
    "nll": SKY,
    "logistic": GREEN,
    "quality-focal": PURPLE,
}
"""One colour a loss, the same on every page; a loss that is not listed takes ORANGE."""


def loss_colour(key: str) -> str:
    """The colour of a loss."""
    return LOSS_COLOURS.get(key, ORANGE)
