"""Every word that can stand in a link, once.

A link, the widgets and the session hold *values*, one per field of `FIELDS`. What they mean together is for `state`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from .data import digits
from .fields import Choice, Field, Number, Text, Vector
from .losses import LOSSES


class Task(NamedTuple):
    """A kind of classification: how many logits, which activations make sense, and an example to start from.

    `several`: any number of classes may be true, rather than exactly one.
    """

    classes: tuple[int, int]
    activations: tuple[str, ...]
    logits: str
    targets: str
    several: bool


TASKS: dict[str, Task] = {
    "binary": Task((1, 1), ("sigmoid",), "1", "1", several=True),
    "two-logit": Task((2, 2), ("softmax", "sigmoid"), "1.3 -0.4", "1 0", several=False),
    "multi-class": Task((2, 10), ("softmax", "sigmoid"), "2 1 0", "1 0 0", several=False),
    "multi-label": Task((1, 10), ("sigmoid", "softmax"), "2 -1 0.5", "1 0 1", several=True),
}
"""The tasks, by the word that stands in a link."""

OWN, DIGIT = "own numbers", "real digit"


def _parameters() -> dict[str, Field]:
    """The parameters of all losses as one number, word or list each; a single sample has nothing to ignore."""
    found: dict[str, Field] = {}
    for parameter in (p for kind in LOSSES.values() for p in kind.parameters if p.name != "ignore_index"):
        found.setdefault(parameter.name, _in_a_link(parameter))
    return found


LARGEST, LARGEST_LOGIT = 1e5, 1e30
"""What a link may ask for. Losses take more, but the pictures of it would show where float32 ends."""


def _in_a_link(parameter: Number | Choice) -> Field:
    """One number or a list of them, and none so large or small that it can only be a mistake."""
    if isinstance(parameter, Choice):
        return parameter
    if not parameter.scalar:
        return Vector(parameter.name, parameter.label, "", parameter.help, low=0.0, high=LARGEST, symbol=parameter.symbol)
    low = max(parameter.low, 1 / LARGEST) if parameter.open_low else parameter.low
    return replace(parameter, vector=False, low=low, open_low=False, high=min(parameter.high, LARGEST))


PARAMETERS = _parameters()

SAMPLE: tuple[Field, ...] = (
    Choice("task", "Task", tuple(TASKS), "multi-class", "What is being classified."),
    Choice("loss", "Loss", tuple(LOSSES), "focal", "Which loss is computed."),
    Choice("activation", "Activation", ("softmax", "sigmoid"), "softmax", "How logits become probabilities."),
    Choice(
        "sample",
        "Sample",
        (DIGIT, OWN),
        DIGIT,
        "A real model's logits for a handwritten digit, or numbers of your own.",
    ),
    Number(
        "digit",
        "Digit №",
        "",
        184,
        "Which of the 1 797 digits.",
        low=0,
        high=digits.COUNT - 1,
        range_high=digits.COUNT - 1,
        step=1,
        integer=True,
    ),
    Choice(
        "target",
        "Targets",
        ("hard", "soft"),
        "hard",
        "Targets 0 and 1 by a click, or anything between by a slider.",
    ),
    Vector(
        "logits",
        "Logits",
        "",
        "One number per class: 2 1 -0.5. Empty: the sample's own.",
        -LARGEST_LOGIT,
        LARGEST_LOGIT,
        infinite=True,
        symbol="z",
    ),
    Vector(
        "targets",
        "Targets",
        "",
        "One number from 0 to 1 per class: 1 0 0. Empty: the sample's own.",
        0.0,
        1.0,
        symbol="t",
    ),
    *PARAMETERS.values(),
)
"""The words that say which sample is looked at under which loss."""


CLASSES = ("auto", *map(str, range(10)))
"""A class by its number, or whichever the picture is about."""

CONTROLS = ("gamma", "alpha", "label_smoothing", "temperature", *(f"z{i}" for i in range(10)))
"""What a scrubber can move."""

PICTURES: tuple[Field, ...] = (
    Text("pins", "Pins", "Settings to compare with: focal gamma 0.5 vs cross-entropy."),
    Choice(
        "y",
        "Show",
        ("loss", "gradient", "multiplier", "curvature", "optimum", "recovery"),
        "loss",
        "ℓ, ∂ℓ/∂z, w = ∂ℓ/∂z ÷ cross-entropy's, or ∂²ℓ/∂z² along one logit; optimum: the p that minimises the expected loss "
        "where the truth has probability η; recovery: the η behind a p.",
    ),
    Choice(
        "x",
        "Along",
        ("p_t", "logit", "margin"),
        "p_t",
        "The probability of the truth, the logit that is moved, or its lead over the best other.",
    ),
    Choice(
        "scale",
        "Scale",
        ("linear", "log"),
        "linear",
        "A logarithmic height shows what well-classified samples still say: down to 1e-12, without holes.",
    ),
    Choice("along", "Moved logit", CLASSES, "auto", "Which class's logit is moved. auto: the true class's."),
    Choice("scrub", "Scrubber", CONTROLS, "gamma", "What the scrubber below the picture moves."),
    Choice(
        "modulator",
        "Modulator",
        ("attached", "detached"),
        "attached",
        "Detached: the focal factor held constant in the gradient, as by detach(), dotted beside the true one.",
    ),
    Choice(
        "over",
        "Over",
        ("logits", "p_t-gamma", "simplex"),
        "logits",
        "The plane: two logits, p_t and γ, or the probabilities of three classes.",
    ),
    Choice(
        "height",
        "Height",
        ("loss", "norm", "component"),
        "loss",
        "ℓ, the length of its gradient, or the gradient's component for the first class.",
    ),
    Choice("first", "First class", CLASSES, "auto", "On the plane's first axis. auto: the true class."),
    Choice("second", "Second class", CLASSES, "auto", "On the plane's second axis. auto: the strongest of the other classes."),
    Choice("third", "Third class", CLASSES, "auto", "The triangle's third corner. auto: the strongest of those that remain."),
    Choice(
        "drawn",
        "Drawn as",
        ("3-D", "contour", "both"),
        "both",
        "A surface that can be turned, a map that can be clicked, or both.",
    ),
    Choice(
        "beside",
        "Beside",
        ("alone", "side-by-side", "difference"),
        "alone",
        "The present setting alone, beside another on one colour scale, or minus the other.",
    ),
    Choice(
        "other",
        "With",
        ("cross-entropy", *(f"pin-{i}" for i in range(1, 7))),
        "cross-entropy",
        "What it is compared with: cross-entropy, all else equal, or a pin.",
    ),
    Number(
        "rate",
        "Step size",
        "η",
        1.0,
        "How far a step of gradient descent goes: z ← z − η ∂ℓ/∂z.",
        low=1e-4,
        high=1e4,
        range_low=0.1,
        range_high=10.0,
        step=0.5,
    ),
    Number(
        "steps",
        "Steps",
        "",
        40,
        "How many steps gradient descent takes from the present sample.",
        low=0,
        high=200,
        range_high=200,
        step=10,
        integer=True,
    ),
)
"""The words that say how a picture is drawn, and what it is compared with."""

FIELDS: dict[str, Field] = {field.name: field for field in (*SAMPLE, *PICTURES)}
"""Every word that can stand in a link, in the order of the screen."""
