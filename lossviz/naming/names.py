"""Settings → the names people use for them. Names are derived here, and written down nowhere else.

A name belongs to a *situation* (which loss, which activation, what kind of targets) with adjectives for what is added to it
(weights, smoothing …). A situation that nobody has named is said to have no name.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from ..errors import InputError
from ..fields import Number
from ..losses import LOSSES, Limit, LossSpec, as_spec
from ..losses.spec import NEUTRAL
from ..numbers import minus
from ..texts import enumerated, joined, say
from .catalogue import (
    ADDED,
    FOCAL_AFTER,
    FORMS,
    LOGISTIC,
    NLL,
    NOT_A_DISTRIBUTION,
    QUALITY,
    QUALITY_AT_HARD_LABELS,
    SIGMOID,
    SOFT_FORMS,
    SOFTMAX,
    SPECIAL,
    Names,
)


def names(spec: LossSpec, targets: Any) -> Names:
    """What the loss of these settings is called.

    Args:
        spec: what `lossviz.loss` returns.
        targets: as for `evaluate`; their kind matters to the name: integer labels (N,), signs −1/+1 (N,), or a number in [0, 1]
            per logit, (N, C) or (N,).

    Returns:
        `Names`: the `title`, `also` other names, `why` people say so, and whether the name is `common` or a description.

    Raises:
        InputError: if `spec` was not made by `lossviz.loss`, or `targets` are no numbers of such a shape.

    Example:
        >>> names(loss("cross-entropy"), [0]).title
        'categorical cross-entropy'
    """
    spec = as_spec(spec, "names({}, targets)")
    name, limit = _named(spec, kind_of(targets)), _limit_at(spec)
    return name if limit is None else name._replace(why=joined((name.why, _what_is_left(spec, limit)), " "))


def label(spec: LossSpec, targets: Any) -> str:
    """The name of a setting with its numbers, as a legend needs it where several of one name stand side by side.

    Example:
        >>> label(loss("focal", gamma=0.5), [0])
        'softmax focal loss, γ = 0.5'
    """
    kind = LOSSES[spec.key]
    numeric = [
        p
        for p in kind.parameters
        if isinstance(p, Number) and (p.name in kind.own_parameters or getattr(spec, p.name) != NEUTRAL[p.name])
    ]
    numbers = [f"{p.symbol} = {_number_text(getattr(spec, p.name))}" for p in numeric if p.symbol]
    title = names(spec, targets).title
    # Two losses may have one name: quality focal loss at hard labels, and focal loss.
    if kind.name not in title:
        title = say("{title} ({loss})", title=title, loss=kind.name)
    form = [FORMS[spec.soft_form]] if spec.soft_form != NEUTRAL["soft_form"] and _omits_form(spec, title, targets) else []
    return joined((title, *numbers, *form), ", ")


def _omits_form(spec: LossSpec, title: str, targets: Any) -> bool:
    """Whether a title says nothing of the soft-label form, which makes no difference to these targets."""
    return title == names(spec.replace(soft_form=NEUTRAL["soft_form"]), targets).title


def _number_text(value: Any) -> str:
    text = f"{value:g}" if isinstance(value, int | float) else f"({', '.join(f'{v:g}' for v in value)})"
    return minus(text)


def _named(spec: LossSpec, kind: str) -> Names:
    base = _base(spec, kind)
    adjectives = _adjectives(spec)
    if not adjectives:
        return base
    title = say("{adjectives} {loss}", adjectives=enumerated(adjectives), loss=base.title)
    if len(adjectives) > 1 or not base.common:
        both = joined(adjectives, " and ")
        why = say("It is {loss}, {adjectives}: the combination has no name of its own.", loss=base.title, adjectives=both)
        return Names(title, (), why, common=False)
    if (title_and_why := SPECIAL.get((base.title, adjectives[0]))) is not None:
        return Names(title, *title_and_why)
    return Names(title, (), say("It is {loss} with {addition}.", loss=base.title, addition=ADDED[adjectives[0]]))


def kind_of(targets: Any) -> str:
    """ "labels", "signs", "yes/no" (one 0/1 a sample), "one-hot", "multi-hot", "distribution", "shared" (1/M for each
    of M classes), "soft" or "probability"."""
    try:
        t = targets if isinstance(targets, Tensor) else torch.as_tensor(targets)
    except (TypeError, ValueError, RuntimeError):
        raise InputError("targets", repr(targets)[:80], say("an array, list or tensor of numbers")) from None
    if t.dim() not in (1, 2):
        raise InputError("targets", say("shape {shape}", shape=tuple(t.shape)), say("shape (N,) or (N, C)"))
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
    if not unit:
        return "soft"
    return "shared" if len(t) and bool(((t == 0) | (t == t.amax(1, keepdim=True))).all()) else "distribution"


def _hard(t: Tensor) -> bool:
    return bool(((t == 0) | (t == 1)).all())


def _adjectives(spec: LossSpec) -> list[str]:
    classes = [_factors(spec.weight), _factors(None if spec.activation == "sigmoid" else spec.alpha)]
    applies = {
        "class-weighted": any(len(factors) > 1 for factors in classes),
        "rescaled": any(len(factors) == 1 and factors != {1.0} for factors in classes),
        "α-balanced": spec.alpha is not None and spec.activation == "sigmoid",
        "positive-weighted": _factors(spec.pos_weight) != {1.0},
        "label-smoothed": spec.label_smoothing > 0,
        "temperature-scaled": spec.temperature != 1,
    }
    return [word for word in ADDED if applies[word]]


def _factors(value: Any) -> set[float]:
    """The different factors that a parameter puts on classes; on softmax's, α is another class weight."""
    return {1.0} if value is None else set(value) if isinstance(value, tuple) else {value}


def _base(spec: LossSpec, kind: str) -> Names:
    if spec.key == "nll":
        return NLL
    if spec.key == "logistic":
        return LOGISTIC
    if spec.key == "cross-entropy" or _limit_at(spec) is not None:
        return (SOFTMAX if spec.activation == "softmax" else SIGMOID)[kind]
    if spec.key in FOCAL:
        return _quality(kind) if spec.key == "quality-focal" else _focal(spec, kind)
    return _own(spec)


FOCAL = ("focal", "quality-focal")


def _limit_at(spec: LossSpec) -> Limit | None:
    """The identity that makes this setting of another loss cross-entropy, whatever the targets; None if none does."""
    limits = (limit for limit in LOSSES[spec.key].limits if limit.when and limit.equals == "cross-entropy")
    exact = (
        limit
        for limit in limits
        if limit.factor == 1 and not limit.hard and spec.activation in (limit.activations or spec.activation)
    )
    return next((limit for limit in exact if all(getattr(spec, name) == value for name, value in limit.when.items())), None)


def _what_is_left(spec: LossSpec, limit: Limit) -> str:
    """What is left of a loss that has become cross-entropy."""
    if spec.key in FOCAL:
        return say("With γ = 0 the focal factor is 1 and nothing of focal loss is left.")
    return say("Nothing is left of {loss}: {reason}.", loss=LOSSES[spec.key].name, reason=limit.text)


def _own(spec: LossSpec) -> Names:
    """What a loss says of itself; where it goes with several activations, people say which."""
    kind = LOSSES[spec.key]
    several = len(kind.activations) > 1
    title = say("{activation} {loss}", activation=spec.activation, loss=kind.name) if several else kind.name
    return Names(title, kind.also, kind.summary)


def _focal(spec: LossSpec, kind: str) -> Names:
    hard = kind in ("labels", "yes/no", "one-hot", "signs") or (kind == "multi-hot" and spec.activation == "sigmoid")
    return _soft_focal(spec, kind) if not hard or spec.label_smoothing else FOCAL_AFTER[spec.activation]


def _soft_focal(spec: LossSpec, kind: str) -> Names:
    if kind in ("multi-hot", "soft") and spec.activation == "softmax" and not spec.label_smoothing:
        title = say("softmax focal loss ({form}) on targets that are not a distribution", form=FORMS[spec.soft_form])
        return NOT_A_DISTRIBUTION._replace(title=title)
    own, home, who = SOFT_FORMS[spec.soft_form]
    known = (spec.soft_form, spec.activation) == ("quality", "sigmoid")
    title = own if known else say("{activation} {loss}", activation=spec.activation, loss=own)
    if home == spec.activation:
        why = say("With soft targets “focal loss” is four different losses; this one is what {who} compute.", who=who)
    else:
        why = say(
            "With soft targets “focal loss” is four different losses; this one is the {activation} counterpart of what {who} "
            "compute.",
            activation=spec.activation,
            who=who,
        )
    return Names(title, (), why)


def _quality(kind: str) -> Names:
    return QUALITY if kind in ("soft", "probability", "distribution", "shared") else QUALITY_AT_HARD_LABELS
