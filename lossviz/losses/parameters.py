"""Parameters that several losses share, each declared once."""

from __future__ import annotations

import math

from ..fields import Choice, Number

GAMMA = Number(
    name="gamma",
    label="Focusing",
    symbol="γ",
    default=2.0,
    low=0.0,
    range_high=5.0,
    step=0.1,
    stops=(0.0, 0.5, 1.0, 2.0, 5.0),  # those of the paper
    help="How strongly well-classified samples are down-weighted, by the factor (1 − p_t)^γ. 0 is cross-entropy.",
)
ALPHA = Number(
    name="alpha",
    label="Class balance",
    symbol="α",
    default=None,
    low=0.0,
    high=1.0,
    high_under=(("softmax", math.inf),),
    optional=True,
    vector=True,
    step=0.01,
    help="Counters class imbalance. Sigmoid: α on positives, 1 − α on negatives. Softmax: a factor ≥ 0 per class. Off "
    "by default.",
)
WEIGHT = Number(
    name="weight",
    label="Class weights",
    symbol="w",
    default=None,
    low=0.0,
    range_high=10.0,
    optional=True,
    scalar=False,
    vector=True,
    help="One factor per class, on that class's term: for rare classes or costly mistakes.",
)
POS_WEIGHT = Number(
    name="pos_weight",
    label="Positive weight",
    symbol="w₊",
    default=None,
    low=0.0,
    range_high=10.0,
    step=0.1,
    optional=True,
    vector=True,
    activations=("sigmoid",),
    help="Sigmoid only: a factor on the positive terms. Above 1 it raises recall.",
)
LABEL_SMOOTHING = Number(
    name="label_smoothing",
    label="Label smoothing",
    symbol="ε",
    default=0.0,
    low=0.0,
    high=1.0,
    step=0.01,
    help="Targets become (1 − ε)·t + ε/K with K classes (K = 2 for each sigmoid), which keeps a model from overconfidence.",
)
TEMPERATURE = Number(
    name="temperature",
    label="Temperature",
    symbol="T",
    default=1.0,
    low=0.0,
    open_low=True,
    range_low=0.1,
    range_high=5.0,
    step=0.05,
    help="Logits are divided by T before the activation. Above 1 the probabilities soften: for calibration and distillation.",
)
IGNORE_INDEX = Number(
    name="ignore_index",
    label="Ignored label",
    symbol="",
    default=None,
    integer=True,
    optional=True,
    range_low=-100.0,
    range_high=0.0,
    step=1.0,
    help="Rows with this label get loss and gradient 0 and do not count in a mean. The default for integer labels is −100.",
)
SOFT_FORM = Choice(
    name="soft_form",
    label="Soft-label form",
    options=("per-term", "mixed", "exp-ce", "quality"),
    default="per-term",
    help="With soft targets “focal loss” is four different losses; with hard ones all four agree.",
    labels=("Per term", "Mixed pₜ", "exp(−CE)", "Quality"),
)
