"""What a loss is: one file for each, in the order in which the screen lists them."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from difflib import get_close_matches
from typing import Any, Protocol, TypeAlias

from ..errors import InputError, unknown_name
from ..fields import Value
from ..texts import say
from .cross_entropy import CROSS_ENTROPY
from .focal import FOCAL
from .generalized_cross_entropy import GENERALIZED_CROSS_ENTROPY
from .logistic import LOGISTIC
from .nll import NLL
from .quality_focal import QUALITY_FOCAL
from .spec import LOSSES, Limit, Loss, LossSpec
from .symmetric_cross_entropy import SYMMETRIC_CROSS_ENTROPY

LOSSES.update(
    {
        kind.key: kind
        for kind in (
            CROSS_ENTROPY,
            FOCAL,
            NLL,
            LOGISTIC,
            QUALITY_FOCAL,
            GENERALIZED_CROSS_ENTROPY,
            SYMMETRIC_CROSS_ENTROPY,
        )
    }
)


class Listable(Protocol):
    """An array or a tensor."""

    def tolist(self) -> Any:
        """Its numbers as Python has them."""


PerClass: TypeAlias = Sequence[float] | Listable | None
"""One number per class, or None: off."""

DEFAULT: Any = inspect.Parameter.empty
"""A parameter that a call does not pass."""


def loss(
    key: str,
    activation: str | None = None,
    *,
    gamma: float | Listable = DEFAULT,
    alpha: float | PerClass = DEFAULT,
    weight: PerClass = DEFAULT,
    pos_weight: float | PerClass = DEFAULT,
    label_smoothing: float | Listable = DEFAULT,
    temperature: float | Listable = DEFAULT,
    ignore_index: int | None = DEFAULT,
    soft_form: str = DEFAULT,
    **own: Value | Listable,
) -> LossSpec:
    """A loss with its activation and parameters, checked.

    Args:
        key: one of `LOSSES`.
        activation: one that the loss makes sense with; its first by default.
        gamma: the focusing parameter γ ≥ 0 of focal losses.
        alpha: class balance: None, a number or one per class, in [0, 1] with sigmoid (α on positives, 1 − α on negatives) and
            ≥ 0 with softmax.
        weight: one factor ≥ 0 per class, on that class's term.
        pos_weight: a factor ≥ 0, or one per class, on the positive terms of a sigmoid.
        label_smoothing: ε in [0, 1].
        temperature: T > 0, by which logits are divided.
        ignore_index: the label of rows that do not count; −100 for integer labels by default.
        soft_form: "per-term", "mixed", "exp-ce" or "quality": what focal loss is on soft targets.
        own: parameters that only this loss has, such as `q` of generalized cross-entropy; `LOSSES[key].parameters` lists them.

    Returns:
        A frozen, hashable `LossSpec` whose parameters read as attributes. Those not passed have their defaults.

    Raises:
        InputError: for an unknown key, activation or parameter, or a value outside its domain.

    Example:
        >>> loss("focal", activation="sigmoid", gamma=2.0, alpha=0.25).alpha
        0.25
    """
    if not isinstance(key, str) or key not in LOSSES:
        raise unknown_name("loss", key, LOSSES)
    shared = {
        "gamma": gamma,
        "alpha": alpha,
        "weight": weight,
        "pos_weight": pos_weight,
        "label_smoothing": label_smoothing,
        "temperature": temperature,
        "ignore_index": ignore_index,
        "soft_form": soft_form,
    }
    passed = {name: value for name, value in shared.items() if value is not DEFAULT}
    return LOSSES[key].spec(activation, **passed, **own)


def as_spec(spec: Any, call: str) -> LossSpec:
    """`spec` itself; InputError if it was not made by `loss`, with the call that would work, written where `call` has {}."""
    if isinstance(spec, LossSpec):
        return spec
    key = spec.key if isinstance(spec, Loss) else spec
    near = get_close_matches(key.lower(), LOSSES, n=1, cutoff=0.5) if isinstance(key, str) else []
    made = f"lossviz.loss({(near or ['cross-entropy'])[0]!r})"
    description = repr(spec)[:80]
    if not isinstance(spec, str | int | float | type(None)):
        description = say("an object of type {type}", type=type(spec).__name__)
    expected = say("what lossviz.loss returns: {program}", program=f"lossviz.{call.format(made)}")
    raise InputError("spec", description, expected)


__all__ = ["LOSSES", "InputError", "Limit", "Loss", "LossSpec", "as_spec", "loss"]
