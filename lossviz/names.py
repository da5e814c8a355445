"""Settings → the names people use for them. Names are derived here, and written down nowhere else.

A name belongs to a *situation* (which loss, which activation, what kind of targets) with adjectives for what is added to it
(weights, smoothing …). A situation that nobody has named is said to have no name.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import torch
from torch import Tensor

from .errors import InputError
from .fields import Number
from .losses import LOSSES, LossSpec
from .losses.spec import NEUTRAL


class Names(NamedTuple):
    """title: the most common name, or a description if `common` is False; also: other names; why: why people say so."""

    title: str
    also: tuple[str, ...]
    why: str
    common: bool = True


def names(spec: LossSpec, targets: Any) -> Names:
    """What the loss of these settings is called.

    `targets` as for `evaluate`: integer labels (N,), signs, or one number per logit (N, C), whose kind matters to the name.

    >>> names(loss("cross-entropy"), [0]).title
    'categorical cross-entropy'
    """
    found = _named(spec, kind_of(targets))
    return found._replace(why=found.why + FOCAL_AT_0) if spec.key in FOCAL and spec.gamma == 0 else found


def label(spec: LossSpec, targets: Any) -> str:
    """The name of a setting with its numbers, as a legend needs it where several of one name stand side by side.

    >>> label(loss("focal", gamma=0.5), [0])
    'softmax focal loss, γ = 0.5'
    """
    kind = LOSSES[spec.key]
    said = [
        p for p in kind.parameters if isinstance(p, Number) and (p.name in kind.own or getattr(spec, p.name) != NEUTRAL[p.name])
    ]
    numbers = [f"{p.symbol} = {_written(getattr(spec, p.name))}" for p in said if p.symbol]
    title = names(spec, targets).title
    # Two losses may have one name: quality focal loss at hard labels, and focal loss.
    title += "" if kind.name in title else f" ({kind.name})"
    form = [f"{spec.soft_form} form"] if spec.soft_form != NEUTRAL["soft_form"] and _silent(spec, title, targets) else []
    return ", ".join((title, *numbers, *form))


def _silent(spec: LossSpec, title: str, targets: Any) -> bool:
    """Whether a title says nothing of the soft-label form, which makes no difference to these targets."""
    plain = LossSpec(spec.key, spec.activation, tuple(spec.replace(soft_form=NEUTRAL["soft_form"]).items()))
    return title == names(plain, targets).title


def _written(value: Any) -> str:
    return f"{value:g}" if isinstance(value, int | float) else f"({', '.join(f'{v:g}' for v in value)})"


def _named(spec: LossSpec, kind: str) -> Names:
    base = _base(spec, kind)
    adjectives = _adjectives(spec)
    if not adjectives:
        return base
    title = f"{', '.join(adjectives)} {base.title}"
    if len(adjectives) > 1 or not base.common:
        why = (
            f"It is {base.title}"
            + f" made {' and '.join(adjectives)}: people describe such a mixture, they have no word for it."
        )
        return Names(title, (), why, common=False)
    if (title_and_why := SPECIAL.get((base.title, adjectives[0]))) is not None:
        return Names(title, *title_and_why)
    return Names(title, (), f"It is {base.title} with {ADDED[adjectives[0]]}.")


def kind_of(targets: Any) -> str:
    """ "labels", "signs", "yes/no" (one 0/1 a sample), "one-hot", "multi-hot", "distribution", "soft" or "probability"."""
    try:
        t = targets if isinstance(targets, Tensor) else torch.as_tensor(targets)
    except (TypeError, ValueError, RuntimeError):
        raise InputError("targets", repr(targets)[:80], "an array, list or tensor of numbers") from None
    if t.dim() not in (1, 2):
        raise InputError("targets", f"shape {tuple(t.shape)}", "shape (N,) or (N, C)")
    if t.dim() == 1 or t.shape[1] == 1:
        if bool((t < 0).any()):
            return "signs"
        if t.dim() == 1 and not t.is_floating_point():
            return "one-hot" if bool((t > 1).any()) else "labels"
        return "yes/no" if _hard(t) else "probability"
    sums = t.double().sum(1)
    unit = bool(((sums - 1).abs() < 1e-6).all())
    if _hard(t):
        return "one-hot" if unit else "multi-hot"
    return "distribution" if unit else "soft"


def _hard(t: Tensor) -> bool:
    return bool(((t == 0) | (t == 1)).all())


def _adjectives(spec: LossSpec) -> list[str]:
    classes = [_factors(spec.weight), _factors(None if spec.activation == "sigmoid" else spec.alpha)]
    found = {
        "class-weighted": any(len(factors) > 1 for factors in classes),
        "rescaled": any(len(factors) == 1 and factors != {1.0} for factors in classes),
        "α-balanced": spec.alpha is not None and spec.activation == "sigmoid",
        "positive-weighted": _factors(spec.pos_weight) != {1.0},
        "label-smoothed": spec.label_smoothing > 0,
        "temperature-scaled": spec.temperature != 1,
    }
    return [word for word, there in found.items() if there]


def _factors(value: Any) -> set[float]:
    """The different factors that a parameter puts on classes; on softmax's, α is another class weight."""
    return {1.0} if value is None else set(value) if isinstance(value, tuple) else {value}


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
        "The variant of the paper's experiments (there γ = 2, α = 0.25): α counters what γ does to the class balance.",
    ),
    ("binary cross-entropy", "α-balanced"): (
        ("balanced cross-entropy", "weighted binary cross-entropy"),
        "It is the baseline of the focal loss paper: α on positives, 1 − α on negatives, nothing about difficulty.",
    ),
    ("binary cross-entropy", "positive-weighted"): (
        ("weighted binary cross-entropy", "BCEWithLogitsLoss(pos_weight)"),
        "Only the positive term carries the factor: like showing every positive sample that many times.",
    ),
    ("multi-label binary cross-entropy", "positive-weighted"): (
        ("BCEWithLogitsLoss(pos_weight)", "weighted multi-label cross-entropy"),
        "Only the positive terms carry the factor: each class can be made to count its rare positives more.",
    ),
    ("categorical cross-entropy", "class-weighted"): (
        ("weighted cross-entropy", "cost-sensitive cross-entropy"),
        "Each sample counts as much as the weight of its true class.",
    ),
    ("categorical cross-entropy", "label-smoothed"): (
        ("label smoothing", "label-smoothing regularisation (LSR)"),
        "Szegedy et al. 2016 smoothed the one-hot target and kept the loss: still a cross-entropy, with a soft target.",
    ),
    ("categorical cross-entropy", "temperature-scaled"): (
        ("temperature scaling", "softmax with temperature"),
        "Guo et al. 2017 fit one T after training to calibrate probabilities; the loss is the same on divided logits.",
    ),
}
"""Combinations that have a name of their own: (base, adjective) → (also, why)."""


def _base(spec: LossSpec, kind: str) -> Names:
    if spec.key == "nll":
        return NLL
    if spec.key == "logistic":
        return LOGISTIC
    if spec.key in ("cross-entropy", *FOCAL) and spec.gamma == 0:
        return (SOFTMAX if spec.activation == "softmax" else SIGMOID)[kind]
    if spec.key in FOCAL:
        return _quality(kind) if spec.key == "quality-focal" else _focal(spec, kind)
    return Names(LOSSES[spec.key].name, (), LOSSES[spec.key].summary)


FOCAL = ("focal", "quality-focal")
FOCAL_AT_0 = " With γ = 0 the focal factor is 1 and nothing of focal loss is left."


def _focal(spec: LossSpec, kind: str) -> Names:
    hard = kind in ("labels", "yes/no", "one-hot", "signs") or (kind == "multi-hot" and spec.activation == "sigmoid")
    if not hard or spec.label_smoothing:
        if kind in ("multi-hot", "soft") and spec.activation == "softmax" and not spec.label_smoothing:
            title = f"softmax focal loss ({spec.soft_form} form) on targets that are no distribution"
            return NOT_A_DISTRIBUTION._replace(title=title)
        title, home, who = SOFT_FORMS[spec.soft_form]
        title = title if (spec.soft_form, spec.activation) == ("quality", "sigmoid") else f"{spec.activation} {title}"
        found = "this one is" if home == spec.activation else f"this one is the {spec.activation} counterpart of"
        return Names(title, (), f"With soft targets “focal loss” is four different losses; {found} what {who} compute.")
    why = "Focal, because the factor (1 − pₜ)ᵞ focuses training on samples that are still wrong; "
    if spec.activation == "softmax":
        also = ("multi-class focal loss", "categorical focal cross-entropy (Keras)")
        return Names("softmax focal loss", also, why + "softmax, named after the activation.")
    why += "sigmoid, as in the paper."
    return Names("sigmoid focal loss", ("binary focal loss", "binary focal cross-entropy (Keras)"), why)


def _quality(kind: str) -> Names:
    if kind in ("soft", "probability", "distribution"):
        why = "The target is a quality (an overlap, say) between 0 and 1, and |t − p|ᵞ focuses on predictions far from it."
        return Names("quality focal loss", ("QFL",), why)
    return Names(
        "sigmoid focal loss",
        ("quality focal loss at hard labels",),
        "For targets 0 and 1, |t − p| is 1 − pₜ: both are one loss.",
    )


SOFT_FORMS = {
    "per-term": (
        "focal loss on soft targets, factor per term",
        "softmax",
        "Keras' categorical version and most softmax programs",
    ),
    "mixed": ("focal loss on soft targets, mixed pₜ", "sigmoid", "torchvision, fvcore, Keras' binary version and optax"),
    "exp-ce": ("focal loss on soft targets, pₜ = exp(−CE)", "sigmoid", "segmentation_models_pytorch and catalyst"),
    "quality": ("quality focal loss", "sigmoid", "mmdetection and its relatives"),
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
    "From logistic regression: the model of log-odds that is linear; with labels ±1 the two cases fold into one formula.",
)

_CATEGORICAL = Names(
    "categorical cross-entropy",
    (
        "softmax loss",
        "softmax cross-entropy",
        "multinomial logistic loss",
        "log loss",
        "negative log-likelihood of the softmax",
    ),
    "Categorical, because exactly one class is true; “softmax” is the activation in front of it.",
)
_SOFT_TARGET = Names(
    "soft-target cross-entropy",
    ("cross-entropy with probabilities", "KL divergence up to a constant"),
    "The target is itself a distribution; what is left at the minimum is its entropy.",
)
NOT_A_DISTRIBUTION = Names(
    "cross-entropy on targets that are no distribution",
    (),
    "Softmax probabilities sum to 1, these targets do not: no prediction can match them. Normalise them, or use sigmoid.",
    common=False,
)
SOFTMAX = {
    "labels": _CATEGORICAL,
    "one-hot": _CATEGORICAL,
    "distribution": _SOFT_TARGET,
    "soft": NOT_A_DISTRIBUTION,
    "multi-hot": NOT_A_DISTRIBUTION,
    "yes/no": _CATEGORICAL,
    "probability": NOT_A_DISTRIBUTION,
    "signs": _CATEGORICAL,
}
"""Names of cross-entropy after softmax, by kind of target."""

_BINARY = Names(
    "binary cross-entropy",
    ("sigmoid cross-entropy", "logistic loss", "log loss", "Bernoulli negative log-likelihood"),
    "Binary, because each logit answers one yes-or-no question.",
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
        "Every class is a question of its own, so several may be true at once: a sum of C binary cross-entropies.",
    ),
    "one-hot": Names(
        "one-vs-rest binary cross-entropy",
        ("one-vs-all logistic loss", "sigmoid cross-entropy"),
        "Exactly one class is true, yet each class is asked on its own: is it this one, or any other?",
    ),
    "distribution": Names(
        "multi-label binary cross-entropy with soft targets",
        ("sigmoid cross-entropy",),
        "Each class has a probability of its own as its target.",
    ),
    "soft": Names(
        "multi-label binary cross-entropy with soft targets",
        ("sigmoid cross-entropy",),
        "Each class has a probability of its own as its target.",
    ),
}
"""Names of cross-entropy after sigmoid, by kind of target."""
