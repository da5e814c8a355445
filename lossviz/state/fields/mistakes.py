"""The words of the page Mistakes."""

from __future__ import annotations

from ...analysis import forensics, gradient_check, microscope
from ...analysis.mistakes import CARDS
from ...fields import Choice, Field, Number

MISTAKES: tuple[Field, ...] = (
    Choice(
        "lab",
        "Laboratory",
        ("cards", "2x2", "microscope", "gradients", "forensics"),
        "cards",
        "Common mistakes, wrong and right code side by side · softmax or sigmoid with categorical or binary terms · how many "
        "digits a formula keeps, and where it breaks · the gradient by formula, autograd and finite differences · a stuck loss "
        "value and what it points to.",
    ),
    Choice("card", "Mistake", tuple(CARDS), "softmax-twice", "Which mistake is looked at."),
    Number(
        "stuck",
        "The loss stands still at",
        "",
        2.3026,
        "The value that a training run does not leave; four digits help.",
        low=-1000.0,
        high=1000.0,
        range_low=0.0,
        range_high=10.0,
        step=0.1,
    ),
    Number(
        "stuck_classes",
        "Classes",
        "C",
        None,
        "How many classes there are, if you know.",
        low=2,
        range_low=2,
        high=1_000_000,
        range_high=1000,
        step=1,
        integer=True,
        optional=True,
    ),
    Number(
        "stuck_batch",
        "Batch size",
        "N",
        None,
        "How many samples a batch has, if you know.",
        low=1,
        range_low=1,
        high=10_000_000,
        range_high=1023,
        step=1,
        integer=True,
        optional=True,
    ),
    Choice(
        "stuck_loss",
        "Loss",
        ("any", *forensics.LOSSES),
        "any",
        "What the program calls: CrossEntropyLoss · BCELoss or BCEWithLogitsLoss · a focal loss · NLLLoss. any: not known.",
    ),
    Choice(
        "stuck_as",
        "It is",
        ("number", *forensics.NO_NUMBERS),
        "number",
        "A number, or what a loss becomes when it is none.",
    ),
    Choice(
        "gradient_in",
        "Computed in",
        gradient_check.PRECISIONS,
        "float64",
        "The precision of loss, formula, autograd and quotients; the reference is float64 all the same.",
    ),
    Choice(
        "dtype",
        "Precision",
        microscope.PRECISIONS,
        "float32",
        "What every number of the formula is rounded to.",
    ),
    Choice(
        "formula",
        "Formula",
        tuple(microscope.FORMULAS),
        "textbook",
        "How focal loss is written; the others stay in the picture, thinner.",
    ),
    Choice("label", "Target", ("1", "0"), "1", "What the logit should say.", symbol="t"),
    Number(
        "exponent",
        "Focusing",
        "γ",
        2.0,
        "γ of focal loss; 0 is binary cross-entropy.",
        low=0.0,
        high=100.0,
        range_high=5.0,
        step=0.5,
    ),
    Number(
        "reach",
        "Logits up to",
        "",
        40.0,
        "How far the picture goes to either side. The table looks further, to 1000.",
        low=1.0,
        high=1000.0,
        range_low=5.0,
        range_high=120.0,
        step=5.0,
    ),
)
"""The words of the page Mistakes."""
