"""What people call losses: a name for each situation, and why they say so."""

from __future__ import annotations

from typing import NamedTuple


class Names(NamedTuple):
    """title: the most common name, or a description if `common` is False; also: other names; why: why people say so."""

    title: str
    also: tuple[str, ...]
    why: str
    common: bool = True


ADDED = {
    "class-weighted": "one factor per class",
    "rescaled": "one factor on every class alike: it scales loss and gradient and changes nothing else",
    "α-balanced": "α on positives and 1 − α on negatives",
    "positive-weighted": "a factor on the positive terms",
    "label-smoothed": "targets moved towards uniform",
    "temperature-scaled": "logits divided by a temperature",
}
"""What each adjective stands for."""

SPECIAL: dict[tuple[str, str], tuple[tuple[str, ...], str]] = {
    ("sigmoid focal loss", "α-balanced"): (
        ("RetinaNet's focal loss", "focal loss (torchvision: sigmoid_focal_loss)", "balanced focal loss"),
        "The variant in the paper's experiments (γ = 2, α = 0.25): α counters what γ does to the class balance.",
    ),
    ("binary cross-entropy", "α-balanced"): (
        ("balanced cross-entropy", "weighted binary cross-entropy"),
        "It is the baseline of the focal loss paper: α on positives, 1 − α on negatives, regardless of difficulty.",
    ),
    ("binary cross-entropy", "positive-weighted"): (
        ("weighted binary cross-entropy", "BCEWithLogitsLoss(pos_weight)"),
        "Only the positive term carries the factor: like showing every positive sample that many times.",
    ),
    ("multi-label binary cross-entropy", "positive-weighted"): (
        ("BCEWithLogitsLoss(pos_weight)", "weighted multi-label cross-entropy"),
        "Only the positive terms carry the factor: each class can give its rare positives more weight.",
    ),
    ("categorical cross-entropy", "class-weighted"): (
        ("weighted cross-entropy", "cost-sensitive cross-entropy"),
        "Each sample counts as much as the weight of its true class.",
    ),
    ("categorical cross-entropy", "label-smoothed"): (
        ("label smoothing", "label-smoothing regularization (LSR)"),
        "Szegedy et al. 2016 smoothed the one-hot target and kept the loss: still a cross-entropy, with a soft target.",
    ),
    ("categorical cross-entropy", "temperature-scaled"): (
        ("temperature scaling", "softmax with temperature"),
        "Guo et al. 2017 fit one T after training to calibrate probabilities; the loss itself is unchanged, on logits "
        "divided by T.",
    ),
}
"""Combinations that have a name of their own: (base, adjective) → (also, why)."""


SOFT_FORMS = {
    "per-term": (
        "focal loss on soft targets, factor per term",
        "softmax",
        "Keras' categorical version and most softmax programs",
    ),
    "mixed": ("focal loss on soft targets, mixed pₜ", "sigmoid", "torchvision, fvcore, Keras' binary version and optax"),
    "exp-ce": ("focal loss on soft targets, pₜ = exp(−CE)", "sigmoid", "segmentation_models_pytorch and catalyst"),
    "quality": ("quality focal loss", "sigmoid", "mmdetection and its derivatives"),
}
"""Soft-label form → its description, the activation it is known with, and the libraries that have it."""

NLL = Names(
    "negative log-likelihood",
    ("NLLLoss", "log loss", "the second half of cross-entropy"),
    "It is minus the log of the probability (the likelihood) of what happened; the log must already have been taken.",
)
LOGISTIC = Names(
    "logistic loss",
    ("soft-margin loss", "binomial deviance (up to a factor)", "log loss", "binary cross-entropy with labels ±1"),
    "From logistic regression, the linear model of log-odds; with labels ±1 the two cases fold into one formula.",
)

_CATEGORICAL = Names(
    "categorical cross-entropy",
    (
        "softmax loss",
        "softmax cross-entropy",
        "softmax-with-loss (Caffe)",
        "sparse categorical cross-entropy (labels as numbers)",
        "multinomial logistic loss",
        "log loss",
        "negative log-likelihood of the softmax",
    ),
    "Categorical, because exactly one class is true; “softmax” is the activation in front of it.",
)
_SOFT_TARGET = Names(
    "soft-target cross-entropy",
    ("cross-entropy with probabilities", "distillation loss", "KL divergence up to a constant"),
    "The target is itself a distribution; what is left at the minimum is its entropy.",
)
_SHARED = Names(
    "softmax loss on multi-hot targets",
    ("soft-target cross-entropy", "softmax cross-entropy with targets 1/M"),
    "Each of the M true classes has the target 1/M. The best softmax can do is 1/M for each, and the loss then is log M.",
)
NOT_A_DISTRIBUTION = Names(
    "cross-entropy on targets that are not a distribution",
    (),
    "Softmax probabilities sum to 1, these targets do not: no prediction can match them. Normalize them, or use sigmoid.",
    common=False,
)
SOFTMAX = {
    "labels": _CATEGORICAL,
    "one-hot": _CATEGORICAL,
    "distribution": _SOFT_TARGET,
    "shared": _SHARED,
    "soft": NOT_A_DISTRIBUTION,
    "multi-hot": NOT_A_DISTRIBUTION,
    "yes/no": _CATEGORICAL,
    "probability": NOT_A_DISTRIBUTION,
    "signs": _CATEGORICAL,
}
"""Names of cross-entropy after softmax, by kind of target."""

_BINARY = Names(
    "binary cross-entropy",
    ("sigmoid cross-entropy", "BCE with logits", "logistic loss", "log loss", "Bernoulli negative log-likelihood"),
    "Binary, because each logit answers one yes-or-no question.",
)
_SOFT_ENTRIES = Names(
    "multi-label binary cross-entropy with soft targets",
    ("sigmoid cross-entropy",),
    "Each class has its own probability as its target.",
)
SIGMOID = {
    "labels": _BINARY,
    "yes/no": _BINARY,
    "signs": _BINARY,
    "probability": Names(
        "binary cross-entropy with a soft target",
        ("sigmoid cross-entropy", "soft-label log loss"),
        "The target is a probability; what is left at the minimum is its entropy.",
    ),
    "multi-hot": Names(
        "multi-label binary cross-entropy",
        ("sigmoid cross-entropy", "multi-label soft-margin loss (as a mean over classes)", "sum of C logistic losses"),
        "Every class is a separate yes-or-no question, so several may be true at once: a sum of C binary cross-entropies.",
    ),
    "one-hot": Names(
        "one-vs-rest binary cross-entropy",
        ("one-vs-all logistic loss", "sigmoid cross-entropy"),
        "Exactly one class is true, but each class is decided separately: is it this one, or any other?",
    ),
    "shared": _SOFT_ENTRIES,
    "distribution": _SOFT_ENTRIES,
    "soft": _SOFT_ENTRIES,
}
"""Names of cross-entropy after sigmoid, by kind of target."""
