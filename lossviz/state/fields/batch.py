"""The words that say which batch is looked at, and what is asked of it.

An uploaded file is in no link: it stays in the session that uploaded it.
"""

from __future__ import annotations

from ...analysis.batch import advisor, pruning
from ...analysis.batch.counting_unit import DIVISIONS
from ...analysis.batch.questions import QUESTIONS
from ...data.noise import KINDS
from ...fields import Choice, Field, Number, Text
from ...texts import say

SHIPPED, DETECTOR, UPLOAD = "digits", "detector", "upload"

NOISE = tuple(kind.replace(" ", "-") for kind in KINDS)

NOISE_LABELS = (
    say("No label noise"),
    say("Any label"),
    say("One class"),
    say("One class to another"),
    say("Near the boundary"),
    say("Far from the boundary"),
)


def _whole(name: str, label: str, default: int, help: str, low: int, high: int, step: int = 1) -> Number:
    return Number(name, label, "", default, help, low=low, high=high, range_low=low, range_high=high, step=step, integer=True)


BATCH: tuple[Field, ...] = (
    Choice(
        "batch",
        "Batch",
        (SHIPPED, DETECTOR, UPLOAD),
        SHIPPED,
        "Real predictions for 1,797 handwritten digits; simulated anchors of a detector; or your own predictions from a file.",
        labels=("Digits", "Detector", "My own file"),
    ),
    _whole("positives", say("Positives"), 100, say("How many of the detector’s anchors are objects."), 1, 100_000, 50),
    _whole(
        "negatives", say("Negatives"), 99_900, say("How many of the detector’s anchors are background."), 1, 1_000_000, 10_000
    ),
    Number(
        "separation",
        "Separation",
        "",
        4.0,
        "Distance between the mean logits of positives and negatives. 0 is an untrained head.",
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
        "The head is initialized with b = −ln((1 − π)/π), so that every anchor starts at probability π (RetinaNet: 0.01).",
        low=1e-6,
        high=0.999,
        range_low=0.001,
        range_high=0.5,
        step=0.01,
    ),
    _whole("seed", say("Seed"), 0, say("Random seed of the simulated anchors. The same seed gives the same batch."), 0, 10**6),
    Choice(
        "noise",
        "Label noise",
        NOISE,
        "none",
        "Changes some labels on purpose and marks them as suspects: of any class, of one class, from one class to another, or "
        "near or far from the decision boundary.",
        labels=NOISE_LABELS,
    ),
    Number("noise_rate", "Rate", "", 0.05, "The share of labels to change.", low=0.0, high=0.5, range_high=0.5, step=0.01),
    _whole(
        "noise_seed", say("Seed"), 0, say("Random seed of the label noise. The same seed changes the same labels."), 0, 10**6
    ),
    _whole("noise_from", say("From class"), 3, say("The class whose labels are changed."), 0, 999),
    _whole("noise_to", say("To class"), 8, say("The class they are changed to."), 0, 999),
    Choice(
        "ask",
        "Question",
        tuple(QUESTIONS),
        "samples",
        "Which samples contribute most · what share the hardest carry · how loss and gradient spread over pₜ · which classes "
        "or groups dominate · recall, precision and calibration of each class · what γ and α would do · which labels look "
        "wrong · whether probabilities can be trusted · what each library’s mean divides by.",
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
        "Each part’s share of the total loss, or of the summed gradient norms.",
        labels=("Loss", "Gradient"),
    ),
    Choice(
        "under",
        "Ranked by",
        ("chosen", "cross-entropy"),
        "chosen",
        "The loss that ranks the samples. Rank by cross-entropy to keep the order while this loss changes.",
        labels=("By this loss", "By cross-entropy"),
    ),
    Choice(
        "split",
        "Split by",
        tuple(DIVISIONS),
        "class",
        "Positives and negatives, classes, or the groups in your file.",
        labels=("Positives and negatives", "Classes", "Groups"),
    ),
    Choice(
        "counts",
        "Counts",
        ("linear", "log"),
        "log",
        "A logarithmic axis shows the few hard samples next to the many easy ones.",
        labels=("Linear", "Log"),
    ),
    Choice(
        "advice",
        "Show",
        advisor.QUANTITIES,
        "ratio",
        "The gradient of positives relative to negatives (or of the rarest class to the most common) · the share of the "
        "gradient from the hardest 1% or 10% · the mean gradient relative to cross-entropy · the share from suspects.",
        labels=("Balance of the two sides", "Hardest 1%", "Hardest 10%", "Mean gradient", "Share from suspects"),
    ),
    *(
        Text(f"of_{name}", label, help, longest=200)
        for name, label, help in (
            ("class", say("Class"), say("Only samples with this class as label or prediction: its name or number.")),
            ("label", say("Label"), say("Only samples with this label: a class name or number.")),
            ("guess", say("Prediction"), say("Only samples for which the model predicts this class: its name or number.")),
            ("group", say("Group"), say("Only samples of this group. The class table is then about this group only.")),
        )
    ),
    Choice(
        "label_score",
        "Rank by",
        pruning.SCORES,
        "normalized-margin",
        "Normalized margin: p of the label minus the largest other p. Self-confidence: p of the label alone. The margin ranks "
        "samples confidently assigned to another class before those the model is merely unsure of, which finds more errors "
        "where one class is often confused with another.",
        labels=("Normalized margin", "Self-confidence"),
    ),
    Choice(
        "lorenz",
        "Drawn as",
        ("hardest", "figure-4"),
        "hardest",
        "The share of the loss or gradient that the hardest samples carry; or figure 4 of the focal loss paper (Lin et "
        "al. 2017): the cumulative "
        "loss of the foreground and of the background, from easy to hard.",
        labels=("Hardest first", "RetinaNet’s figure 4"),
    ),
    Number(
        "part",
        "Part",
        "",
        None,
        "A class, side or group of the batch by its number, counted from 0. Click a bar to select one.",
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
        "A sample of the batch by its row, counted from 0. Click a bar to select one.",
        low=0,
        high=5_000_000,
        range_high=5_000_000,
        step=1,
        integer=True,
        optional=True,
    ),
)
"""The words of the page Batch."""
