"""What people call losses: a name for each situation, and why they say so."""

from __future__ import annotations

from typing import NamedTuple

from ..texts import say


class Names(NamedTuple):
    """title: the most common name, or a description if `common` is False; also: other names; why: why people say so."""

    title: str
    also: tuple[str, ...]
    why: str
    common: bool = True


ADDED: dict[str, str] = {
    say("class-weighted"): say("one factor per class"),
    say("rescaled"): say("one factor on every class alike: it scales loss and gradient and changes nothing else"),
    say("α-balanced"): say("α on positives and 1 − α on negatives"),
    say("positive-weighted"): say("a factor on the positive terms"),
    say("label-smoothed"): say("targets moved towards uniform"),
    say("temperature-scaled"): say("logits divided by a temperature"),
}
"""What each adjective stands for, in the order in which they stand in a name."""

SPECIAL: dict[tuple[str, str], tuple[tuple[str, ...], str]] = {
    ("sigmoid focal loss", "α-balanced"): (
        (say("RetinaNet's focal loss"), say("focal loss (torchvision: sigmoid_focal_loss)"), say("balanced focal loss")),
        say("The variant in the paper's experiments (γ = 2, α = 0.25): α counters what γ does to the class balance."),
    ),
    ("binary cross-entropy", "α-balanced"): (
        (say("balanced cross-entropy"), say("weighted binary cross-entropy")),
        say("It is the baseline of the focal loss paper: α on positives, 1 − α on negatives, regardless of difficulty."),
    ),
    ("binary cross-entropy", "positive-weighted"): (
        (say("weighted binary cross-entropy"), "BCEWithLogitsLoss(pos_weight)"),
        say("Only the positive term carries the factor: like showing every positive sample that many times."),
    ),
    ("multi-label binary cross-entropy", "positive-weighted"): (
        ("BCEWithLogitsLoss(pos_weight)", say("weighted multi-label cross-entropy")),
        say("Only the positive terms carry the factor: each class can give its rare positives more weight."),
    ),
    ("categorical cross-entropy", "class-weighted"): (
        (say("weighted cross-entropy"), say("cost-sensitive cross-entropy")),
        say("Each sample counts as much as the weight of its true class."),
    ),
    ("categorical cross-entropy", "label-smoothed"): (
        (say("label smoothing"), say("label-smoothing regularization (LSR)")),
        say("Szegedy et al. 2016 smoothed the one-hot target and kept the loss: still a cross-entropy, with a soft target."),
    ),
    ("categorical cross-entropy", "temperature-scaled"): (
        (say("temperature scaling"), say("softmax with temperature")),
        say(
            "Guo et al. 2017 fit one T after training to calibrate probabilities; the loss itself is unchanged, on logits "
            "divided by T."
        ),
    ),
}
"""Combinations that have a name of their own: (base, adjective) → (also, why)."""

FORMS = {
    "per-term": say("per-term form"),
    "mixed": say("mixed form"),
    "exp-ce": say("exp-ce form"),
    "quality": say("quality form"),
}
"""What the soft-label forms are called."""

SOFT_FORMS = {
    "per-term": (
        say("focal loss on soft targets, factor per term"),
        "softmax",
        say("Keras' categorical version and most softmax programs"),
    ),
    "mixed": (
        say("focal loss on soft targets, mixed pₜ"),
        "sigmoid",
        say("torchvision, fvcore, Keras' binary version and optax"),
    ),
    "exp-ce": (say("focal loss on soft targets, pₜ = exp(−CE)"), "sigmoid", say("segmentation_models_pytorch and catalyst")),
    "quality": (say("quality focal loss"), "sigmoid", say("mmdetection and its derivatives")),
}
"""Soft-label form → its description, the activation it is known with, and the libraries that have it."""

NLL = Names(
    say("negative log-likelihood"),
    ("NLLLoss", say("log loss"), say("the second half of cross-entropy")),
    say("It is minus the log of the probability (the likelihood) of what happened; the log must already have been taken."),
)
LOGISTIC = Names(
    say("logistic loss"),
    (
        say("soft-margin loss"),
        say("binomial deviance (up to a factor)"),
        say("log loss"),
        say("binary cross-entropy with labels ±1"),
    ),
    say("From logistic regression, the linear model of log-odds; with labels ±1 the two cases fold into one formula."),
)

_CATEGORICAL = Names(
    say("categorical cross-entropy"),
    (
        say("softmax loss"),
        say("softmax cross-entropy"),
        say("softmax-with-loss (Caffe)"),
        say("sparse categorical cross-entropy (labels as numbers)"),
        say("multinomial logistic loss"),
        say("log loss"),
        say("negative log-likelihood of the softmax"),
    ),
    say("Categorical, because exactly one class is true; “softmax” is the activation in front of it."),
)
_SOFT_TARGET = Names(
    say("soft-target cross-entropy"),
    (say("cross-entropy with probabilities"), say("distillation loss"), say("KL divergence up to a constant")),
    say("The target is itself a distribution; what is left at the minimum is its entropy."),
)
_SHARED = Names(
    say("softmax loss on multi-hot targets"),
    (say("soft-target cross-entropy"), say("softmax cross-entropy with targets 1/M")),
    say("Each of the M true classes has the target 1/M. The best softmax can do is 1/M for each, and the loss then is log M."),
)
NOT_A_DISTRIBUTION = Names(
    say("cross-entropy on targets that are not a distribution"),
    (),
    say("Softmax probabilities sum to 1, these targets do not: no prediction can match them. Normalize them, or use sigmoid."),
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
    say("binary cross-entropy"),
    (
        say("sigmoid cross-entropy"),
        say("BCE with logits"),
        say("logistic loss"),
        say("log loss"),
        say("Bernoulli negative log-likelihood"),
    ),
    say("Binary, because each logit answers one yes-or-no question."),
)
_SOFT_ENTRIES = Names(
    say("multi-label binary cross-entropy with soft targets"),
    (say("sigmoid cross-entropy"),),
    say("Each class has its own probability as its target."),
)
SIGMOID = {
    "labels": _BINARY,
    "yes/no": _BINARY,
    "signs": _BINARY,
    "probability": Names(
        say("binary cross-entropy with a soft target"),
        (say("sigmoid cross-entropy"), say("soft-label log loss")),
        say("The target is a probability; what is left at the minimum is its entropy."),
    ),
    "multi-hot": Names(
        say("multi-label binary cross-entropy"),
        (
            say("sigmoid cross-entropy"),
            say("multi-label soft-margin loss (as a mean over classes)"),
            say("sum of C logistic losses"),
        ),
        say("Every class is a separate yes-or-no question, so several may be true at once: a sum of C binary cross-entropies."),
    ),
    "one-hot": Names(
        say("one-vs-rest binary cross-entropy"),
        (say("one-vs-all logistic loss"), say("sigmoid cross-entropy")),
        say("Exactly one class is true, but each class is decided separately: is it this one, or any other?"),
    ),
    "shared": _SOFT_ENTRIES,
    "distribution": _SOFT_ENTRIES,
    "soft": _SOFT_ENTRIES,
}
"""Names of cross-entropy after sigmoid, by kind of target."""

FOCAL_AFTER = {
    "softmax": Names(
        say("softmax focal loss"),
        (say("multi-class focal loss"), say("categorical focal cross-entropy (Keras)")),
        say(
            "Focal, because the factor (1 − pₜ)ᵞ focuses training on samples that are still wrong; softmax, named after the "
            "activation."
        ),
    ),
    "sigmoid": Names(
        say("sigmoid focal loss"),
        (say("binary focal loss"), say("binary focal cross-entropy (Keras)")),
        say("Focal, because the factor (1 − pₜ)ᵞ focuses training on samples that are still wrong; sigmoid, as in the paper."),
    ),
}
"""Names of focal loss on hard labels, by activation."""

QUALITY = Names(
    say("quality focal loss"),
    ("QFL",),
    say("The target is a quality (an overlap, say) between 0 and 1, and |t − p|ᵞ focuses on predictions far from it."),
)
QUALITY_AT_HARD_LABELS = Names(
    say("sigmoid focal loss"),
    (say("quality focal loss at hard labels"),),
    say("For targets 0 and 1, |t − p| is 1 − pₜ: both are one loss."),
)
