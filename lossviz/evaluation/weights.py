"""The factor on each outcome's term: class weights, positive weights and α, as tensors that a block of rows can use."""

from __future__ import annotations

from functools import lru_cache

import torch
from torch import Tensor

from ..errors import InputError
from ..losses.spec import LossSpec
from ..texts import say

Factors = tuple[Tensor, ...] | None
"""Per class (C,) for softmax; of yes and of no, each (rows, C), for sigmoid; None if all are 1."""


def of_outcomes(spec: LossSpec, rows: int, z: Tensor, mixed: bool) -> Factors:
    """The factor of each outcome, for blocks of `rows` rows of logits z; without α where it is `mixed` by the targets."""
    if spec.weight is None and spec.pos_weight is None and (spec.alpha is None or mixed):
        return None
    return _table(spec, *_size(spec, rows, z), True, not mixed)


def of_alpha(spec: LossSpec, rows: int, z: Tensor) -> Factors:
    """α of each outcome alone, in the same form: what a target mixes into the one α_t of its whole loss."""
    return _table(spec, *_size(spec, rows, z), False, True)


def _size(spec: LossSpec, rows: int, z: Tensor) -> tuple[int, int, torch.dtype, torch.device]:
    return rows if spec.per_logit else 0, z.shape[1], z.dtype, z.device


@lru_cache(maxsize=16)
def _table(
    spec: LossSpec, rows: int, classes: int, dtype: torch.dtype, device: torch.device, weighted: bool, balanced: bool
) -> tuple[Tensor, ...]:
    # Kept because small evaluations repeat, and written out for every row because broadcasting is slower than reading.
    def per_class(name: str, wanted: bool) -> Tensor:
        value = getattr(spec, name)
        if isinstance(value, tuple) and len(value) != classes:
            expected = say("{classes}, one per class of the logits", classes=classes)
            raise InputError(name, say("{n} values", n=len(value)), expected)
        return torch.tensor(value if wanted and value is not None else 1.0, dtype=torch.float64).expand(classes)

    base, alpha, positive = per_class("weight", weighted), per_class("alpha", balanced), per_class("pos_weight", weighted)
    if not spec.per_logit:
        return ((base * alpha).to(device, dtype),)
    off = spec.alpha is None or not balanced
    factors = (base * positive * alpha, base if off else base * (1 - alpha))
    return tuple(factor.to(device, dtype).repeat(rows, 1) for factor in factors)
