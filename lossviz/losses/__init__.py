"""What a loss is: one file for each, in the order in which the screen lists them."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Any

from ..errors import InputError, unknown_name
from .cross_entropy import CROSS_ENTROPY
from .focal import FOCAL
from .generalized_cross_entropy import GENERALIZED_CROSS_ENTROPY
from .logistic import LOGISTIC
from .nll import NLL
from .quality_focal import QUALITY_FOCAL
from .spec import Limit, Loss, LossSpec
from .symmetric_cross_entropy import SYMMETRIC_CROSS_ENTROPY

LOSSES: dict[str, Loss] = {
    loss.key: loss
    for loss in (
        CROSS_ENTROPY,
        FOCAL,
        NLL,
        LOGISTIC,
        QUALITY_FOCAL,
        GENERALIZED_CROSS_ENTROPY,
        SYMMETRIC_CROSS_ENTROPY,
    )
}
"""The registry: key → Loss. It is the menu, the table in the README and the list that tests run over."""


def loss(key: str, activation: str | None = None, **parameters: Any) -> LossSpec:
    """A loss with its activation and parameters, checked.

    `key` is one of `LOSSES`; `activation` is one that the loss makes sense with and defaults to its first. Parameters not
    given take their defaults: `gamma` ≥ 0; `alpha`, None or a number or one value per class, in [0, 1] with sigmoid and ≥ 0
    with softmax; `weight` ≥ 0 per class; `pos_weight` ≥ 0; `label_smoothing` in [0, 1]; `ignore_index`; `temperature` > 0;
    `soft_form`.

    Returns a frozen, hashable `LossSpec` whose parameters read as attributes.

    Raises InputError for an unknown key, activation or parameter, or a value outside its domain.

    >>> loss("focal", activation="sigmoid", gamma=2.0, alpha=0.25).alpha
    0.25
    """
    if not isinstance(key, str) or key not in LOSSES:
        raise unknown_name("loss", key, LOSSES)
    kind = LOSSES[key]
    chosen = kind.activations[0] if activation is None else activation
    if chosen not in kind.activations:
        raise unknown_name("activation", chosen, kind.activations)
    given = {name: kind.parameter(name, chosen).check(value) for name, value in parameters.items()}
    defaults = {p.name: p.default for p in kind.parameters if p.activations is None or chosen in p.activations}
    return LossSpec(key, chosen, tuple((defaults | given).items()))


def as_spec(spec: Any, call: str) -> LossSpec:
    """`spec` itself; InputError if it was not made by `loss`, with the call that would work, written where `call` has {}."""
    if isinstance(spec, LossSpec):
        return spec
    given = spec.key if isinstance(spec, Loss) else spec
    near = get_close_matches(given.lower(), LOSSES, n=1, cutoff=0.5) if isinstance(given, str) else []
    made = f"lossviz.loss({(near or ['cross-entropy'])[0]!r})"
    found = repr(spec)[:80] if isinstance(spec, str | int | float | type(None)) else f"an object of type {type(spec).__name__}"
    raise InputError("spec", found, f"what lossviz.loss returns: lossviz.{call.format(made)}")


__all__ = ["LOSSES", "InputError", "Limit", "Loss", "LossSpec", "as_spec", "loss"]
