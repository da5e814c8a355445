"""The words that say which batch is looked at, and what is asked of it.

An uploaded file is in no link: it stays in the session that uploaded it.
"""

from __future__ import annotations

from ...analysis.batch import advisor, pruning
from ...analysis.batch.counting_unit import DIVISIONS
from ...analysis.batch.questions import QUESTIONS
from ...data.noise import KINDS
from ...fields import Choice, Field, Number, Text

SHIPPED, DETECTOR, UPLOAD = "digits", "detector", "upload"

NOISE = tuple(kind.replace(" ", "-") for kind in KINDS)

NOISE_LABELS = (
    "No label noise",
    "Any label",
    "One class",
    "One class to another",
    "Near the boundary",
    "Far from the boundary",
)


def _whole(name: str, label: str, default: int, help: str, low: int, high: int, step: int = 1) -> Number:
    return Number(name, label, "", default, help, low=low, high=high, range_low=low, range_high=high, step=step, integer=True)


BATCH: tuple[Field, ...] = (
    Choice(
        "batch",
        "Batch",
        (SHIPPED, DETECTOR, UPLOAD),
        SHIPPED,
        "Real predictions for 1,797 digits; anchors as a detector has them, made from a seed; or a file of your own.",
        labels=("Digits", "Detector", "My own file"),
    ),
    _whole("positives", "Positives", 100, "How many of the detector's anchors are objects.", 1, 100_000, 50),
    _whole("negatives", "Negatives", 99_900, "How many of its anchors are background.", 1, 1_000_000, 10_000),
    Number(
        "separation",
        "Separation",
        "",
        4.0,
        "How far apart the mean logits of positives and negatives are: 0 is an untrained head.",
        low=0.0,
        high=20.0,
        range_high=12.0,
        step=0.5,
    ),
    Number(
        "prior",
        "Prior",
        "π",
        0.01,
        "The head starts with b = −ln((1 − π)/π), so that every anchor is given the probability π.",
        low=1e-6,
        high=0.999,
        range_low=0.001,
        range_high=0.5,
        step=0.01,
    ),
    _whole("seed", "Seed", 0, "Of the detector's numbers: the same seed gives the same batch.", 0, 10**6),
    Choice(
        "noise",
        "Label noise",
        NOISE,
        "none",
        "Labels changed on purpose, and marked as suspects: any label, those of one class, class a to b, or those of samples "
        "near to or far from the boundary.",
        labels=NOISE_LABELS,
    ),
    Number(
        "noise_rate", "Rate", "", 0.05, "The share of labels that are changed.", low=0.0, high=0.5, range_high=0.5, step=0.01
    ),
    _whole("noise_seed", "Seed", 0, "Of the noise: the same seed changes the same labels.", 0, 10**6),
    _whole("noise_from", "From class", 3, "Whose labels are changed.", 0, 999),
    _whole("noise_to", "To class", 8, "What they become.", 0, 999),
    Choice(
        "ask",
        "Question",
        tuple(QUESTIONS),
        "samples",
        "Which samples contribute most · who carries the loss · how hard the batch is · which classes or groups · every class "
        "by itself · what γ and α do · which labels are doubtful · are the probabilities right · what a mean divides by.",
        labels=(
            "Samples",
            "Shares",
            "Difficulty",
            "Class shares",
            "Class table",
            "γ and α",
            "Doubtful labels",
            "Calibration",
            "Mean",
        ),
    ),
    Choice(
        "by",
        "Share of",
        ("loss", "gradient"),
        "loss",
        "The share of all loss, or of the length of all gradients.",
        labels=("Loss", "Gradient"),
    ),
    Choice(
        "under",
        "Ranked by",
        ("chosen", "cross-entropy"),
        "chosen",
        "Which loss puts the samples in order.",
        labels=("The chosen loss", "Cross-entropy"),
    ),
    Choice(
        "split",
        "By",
        tuple(DIVISIONS),
        "class",
        "Positives against negatives, classes, or the groups of your file.",
        labels=("Positives and negatives", "Classes", "Groups"),
    ),
    Choice(
        "counts",
        "Counts",
        ("linear", "log"),
        "log",
        "A logarithmic height shows the few hard samples beside the many easy.",
        labels=("Linear", "Log"),
    ),
    Choice(
        "advice",
        "Show",
        advisor.QUANTITIES,
        "ratio",
        "Gradient of positives to negatives (or of the rarest class to the commonest) · the share of the gradient that the "
        "hardest 1 % or 10 % carry · mean gradient against cross-entropy · the share that falls on suspects.",
        labels=("Positives to negatives", "Hardest 1%", "Hardest 10%", "Mean gradient", "On suspects"),
    ),
    *(
        Text(f"of_{name}", name.capitalize(), help, longest=200)
        for name, help in (
            ("class", "Only samples with this label or this guess: the name of a class, or its number."),
            ("label", "Only samples with this label: the name of a class, or its number."),
            ("guess", "Only samples for which the model predicts this: the name of a class, or its number."),
            ("group", "Only samples of this group; the table of classes is then of this group alone."),
        )
    ),
    Choice(
        "label_score",
        "Rank by",
        pruning.SCORES,
        "normalized-margin",
        "Normalized margin: p of the label less the largest other p. Self-confidence: p of the label alone. The margin puts a "
        "sample that the model takes for another class before one that it is merely unsure of, which finds more of the labels "
        "where one class is often taken for one other.",
        labels=("Normalized margin", "Self-confidence"),
    ),
    Choice(
        "lorenz",
        "Drawn as",
        ("hardest", "figure-4"),
        "hardest",
        "What the hardest carry, from any share of them; or figure 4 of the focal loss paper (Lin et al. 2017): the cumulative "
        "loss of the foreground and of the background, from easy to hard.",
        labels=("Hardest first", "Figure 4 of the focal loss paper"),
    ),
    Number(
        "part",
        "Part",
        "",
        None,
        "One class, side or group of the batch by its number, counted from 0. A click on a bar selects one.",
        low=0,
        high=5_000_000,
        range_high=5_000_000,
        step=1,
        integer=True,
        optional=True,
    ),
    Number(
        "row",
        "Sample",
        "",
        None,
        "One sample of the batch by its row, counted from 0. A click on a bar selects one.",
        low=0,
        high=5_000_000,
        range_high=5_000_000,
        step=1,
        integer=True,
        optional=True,
    ),
)
"""The words of the page Batch."""
