"""The words that say how the pictures of one sample are drawn, and what it is compared with."""

from __future__ import annotations

from ...analysis import curves, optimum, planes, surfaces
from ...fields import Choice, Field, Number, Text
from ...losses import LOSSES
from ...numbers import subscript
from ...texts import say
from .sample import PARAMETERS, TASKS

WORDS = {"gamma": "p_t-gamma"}
"""Kinds of plane that a link calls otherwise."""

PLANES = {WORDS.get(kind, kind): kind for kind in planes.KINDS}
"""Every plane of `analysis.surfaces` by its word."""

MOST_PINS = 6
"""So many can be told apart on one picture."""

MOST_CLASSES = max(task.classes[1] for task in TASKS.values())

CLASSES = ("auto", *map(str, range(MOST_CLASSES)))
CLASS_LABELS = (say("Automatic"), *(say("Class {number}", number=i) for i in range(MOST_CLASSES)))
"""A class by its number, or whichever the picture is about."""

_OWN = [p.name for kind in LOSSES.values() for p in kind.parameters if p.name in kind.own_parameters and isinstance(p, Number)]
CONTROLS = tuple(dict.fromkeys((*_OWN, "alpha", "label_smoothing", "temperature", *(f"z{i}" for i in range(MOST_CLASSES)))))
"""What a scrubber can move: every loss's own numbers, those around all losses, and logits."""


def _control_label(name: str) -> str:
    """A parameter's symbol and name, or a logit."""
    if field := PARAMETERS.get(name):
        return say("{symbol} · {label}", symbol=field.symbol, label=field.label) if field.symbol else field.label
    label = say("Logit of class {number}", number=name[1:])
    return say("{symbol} · {label}", symbol=f"z{subscript(name[1:])}", label=label)


PLOTS: tuple[Field, ...] = (
    Text("pins", "Pins", "Settings to compare with: focal gamma 0.5 vs cross-entropy.", blank="none"),
    Choice(
        "y",
        "Show",
        (*curves.QUANTITIES, *optimum.QUANTITIES),
        "loss",
        "Loss ℓ, gradient ∂ℓ/∂z, multiplier w (the gradient divided by cross-entropy's) and curvature ∂²ℓ/∂z², all along one "
        "logit. Optimal p: the p with the smallest expected loss if the class is true with probability η. True η behind p: "
        "the inverse, which corrects probabilities after training.",
        labels=("Loss", "Gradient", "Multiplier", "Curvature", "Optimal p", "True η behind p"),
    ),
    Choice(
        "x",
        "Along",
        curves.AXES,
        "p_t",
        "pₜ: the probability of the true class. Logit: the one that is moved. Margin: its lead over the best other logit.",
        labels=("pₜ", "Logit", "Margin"),
    ),
    Choice(
        "scale",
        "Scale",
        ("linear", "log"),
        "linear",
        "A logarithmic axis shows what well-classified samples still contribute, down to 1e-12.",
        labels=("Linear", "Log"),
    ),
    Choice(
        "along",
        "Moved logit",
        CLASSES,
        "auto",
        "Which class's logit is moved. Automatic: the true class's.",
        labels=CLASS_LABELS,
    ),
    Choice(
        "scrub",
        "Scrubber",
        CONTROLS,
        "gamma",
        "What the scrubber below the picture moves.",
        labels=tuple(map(_control_label, CONTROLS)),
    ),
    Choice(
        "modulator",
        "Modulator",
        ("attached", "detached"),
        "attached",
        "Attached: the true gradient. Detached: also, dotted, the gradient with the focal factor held constant, as "
        "after detach().",
        labels=("Attached", "Detached"),
    ),
    Choice(
        "over",
        "Over",
        tuple(PLANES),
        "logits",
        "Two logits: the plane in which gradient descent moves. pₜ × γ: how focusing reshapes the loss. Three probabilities: "
        "the whole triangle of possible predictions.",
        labels=("Two logits", "pₜ × γ", "Three probabilities"),
    ),
    Choice(
        "height",
        "Height",
        surfaces.HEIGHTS,
        "loss",
        "Loss ℓ. Gradient norm: how strongly a sample pulls. Gradient, one class: the pull on the first class's logit alone.",
        labels=("Loss", "Gradient norm", "Gradient, one class"),
    ),
    Choice(
        "first", "First class", CLASSES, "auto", "On the plane's first axis. Automatic: the true class.", labels=CLASS_LABELS
    ),
    Choice(
        "second",
        "Second class",
        CLASSES,
        "auto",
        "On the plane's second axis. Automatic: the strongest of the other classes.",
        labels=CLASS_LABELS,
    ),
    Choice(
        "third",
        "Third class",
        CLASSES,
        "auto",
        "The triangle's third corner. Automatic: the strongest of those that remain.",
        labels=CLASS_LABELS,
    ),
    Choice(
        "drawn",
        "Drawn as",
        ("3-D", "contour", "both"),
        "both",
        "3-D: a surface to rotate. Map: heights as colors, where a click moves the sample. Both: side by side.",
        labels=("3-D", "Map", "Both"),
    ),
    Choice(
        "beside",
        "Beside",
        ("alone", "side-by-side", "difference"),
        "alone",
        "Alone: this loss. Side by side: two losses on one color scale. Difference: this loss minus the other.",
        labels=("Alone", "Side by side", "Difference"),
    ),
    Choice(
        "other",
        "With",
        ("cross-entropy", *(f"pin-{i}" for i in range(1, MOST_PINS + 1))),
        "cross-entropy",
        "What it is compared with: cross-entropy, all else equal, or a pin.",
        labels=(say("Cross-entropy"), *(say("Pin {number}", number=i) for i in range(1, MOST_PINS + 1))),
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
        "How many steps gradient descent takes from the current sample.",
        low=0,
        high=200,
        range_high=200,
        step=10,
        integer=True,
    ),
)
"""The words that say how a picture is drawn, and what it is compared with."""
