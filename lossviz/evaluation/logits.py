"""Logits as people give them, checked: their shape, and that what counts is finite or has a limit."""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import Tensor

from ..errors import InputError
from ..losses.spec import LossSpec
from ..texts import say


def shaped(z: Tensor, logits: Any, spec: LossSpec) -> tuple[Tensor, bool]:
    """Logits as (N, C), and whether they came as (N,). Raises InputError."""
    flat = z.dim() == 1 and spec.per_logit
    z = z.view(-1, 1) if flat else z
    if z.dim() != 2 or z.shape[1] == 0:
        shape = tuple(logits.shape if hasattr(logits, "shape") else z.shape)
        raise InputError("logits", say("shape {shape}", shape=shape), _shape_words(spec))
    if spec.key == "logistic" and z.shape[1] != 1:
        raise InputError("logits", say("shape {shape}", shape=tuple(z.shape)), say("shape (N,): one logit per sample"))
    return z, flat


def counted(z: Tensor, valid: Tensor | None, spec: LossSpec) -> tuple[Tensor, bool]:
    """The logits (N, C) to compute with, and whether all are finite (see `Outcomes`).

    Rows that do not count may hold anything; what is not finite there is replaced by 0. Raises InputError for one that
    counts and has no limit.
    """
    if _all_finite(z):
        return z, True
    if valid is not None:
        z = torch.where(valid[:, None], z, 0)
        if _all_finite(z):
            return z, True
    _check_non_finite(z, spec)
    return z, False


def _all_finite(z: Tensor) -> bool:
    """Whether all is finite, with squares to spare: one pass tells, and only if it is not does anybody look closer."""
    flat = z.view(-1)
    return math.isfinite(torch.dot(flat, flat).item())


def undefined(z: Tensor, activation: str) -> Tensor:
    """The rows (N,) of logits that have no probabilities: with nan, or with several tied at infinity after softmax."""
    return z.isnan().any(1) | (_tied(z) if activation == "softmax" else False)


def _tied(z: Tensor) -> Tensor:
    top = z.amax(1, keepdim=True)
    return (top.isinf() & ((z == top).sum(1, keepdim=True) > 1)).any(1)


def _check_non_finite(z: Tensor, spec: LossSpec) -> None:
    row = _first(z.isnan().any(1))
    if row is not None:
        raise InputError("logits", "nan", say("a number"), row)
    row = _first(_tied(z)) if spec.activation == "softmax" else None
    if row is not None:
        expected = say("at most one: the limit does not exist")
        raise InputError("logits", say("several logits tied at infinity"), expected, row)


def _first(bad: Tensor) -> int | None:
    where = bad.nonzero()
    return int(where[0]) if len(where) else None


def _shape_words(spec: LossSpec) -> str:
    return say("shape (N, C), or (N,) for one logit per sample") if spec.per_logit else say("shape (N, C)")
