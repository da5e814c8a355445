"""Targets as people give them (labels, multi-hot, probabilities, signs), checked and put into one of two forms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ..errors import InputError
from ..texts import say

IGNORE = -100
"""The label that is ignored unless another is given, as in torch."""

MANY = 8_192
"""From here on passes over the targets cost more than calls into torch."""

CHECKED = 65_536
"""How many targets are looked at at once."""


@dataclass(frozen=True)
class Targets:
    """Targets of N samples: class indices (N,) or a target per logit (N, C); exactly one of the two is set.

    `hard`: only the true outcome of each distribution counts (no soft value anywhere). `valid` is a mask (N,) of rows that
    are not ignored, or None if all count.
    """

    labels: Tensor | None
    dense: Tensor | None
    hard: bool
    valid: Tensor | None = None

    @property
    def all(self) -> Tensor:
        """Whichever of the two is set."""
        targets = self.labels if self.dense is None else self.dense
        assert targets is not None
        return targets


def read(targets: Any, kind: str, activation: str, logits: Tensor, flat: bool, ignore_index: int | None) -> Targets:
    """Check targets against logits (N, C) and bring them to the logits' device and dtype.

    `kind` is the `targets` of the Loss; `flat` says that the logits came as (N,). Raises InputError.
    """
    t = as_tensor("targets", targets)
    t = t if t.device == logits.device else t.to(logits.device)
    if kind == "signs":
        return _signs(t, logits)
    integers = not t.is_floating_point()
    if (integers and t.dim() == 1) or kind == "indices":
        return _labels(t, activation, logits, ignore_index)
    if ignore_index is not None:
        value = say("{index} with targets that are not labels", index=ignore_index)
        raise InputError("ignore_index", value, say("integer labels of shape (N,)"))
    return _dense(t, logits, flat)


def as_tensor(argument: str, values: Any) -> Tensor:
    """A tensor, array or list of real numbers as a detached tensor; Python floats are float64. Raises InputError.

    Arrays are copied, so that the caller may go on writing into them.
    """
    try:
        t = values if isinstance(values, Tensor) else _from_array(np.asarray(values))
    except (TypeError, ValueError, RuntimeError, OverflowError) as error:
        description = f"{type(values).__name__} ({str(error)[:150]})"
        raise InputError(argument, description, say("an array, list or tensor of numbers")) from None
    if t.is_complex():
        raise InputError(argument, say("complex numbers"), say("integers or real numbers"))
    if t.layout != torch.strided:
        layout = str(t.layout).removeprefix("torch.")
        raise InputError(argument, say("a tensor of layout {layout}", layout=layout), say("a dense tensor"))
    return t.detach() if t.requires_grad else t


def _from_array(array: NDArray[Any]) -> Tensor:
    if array.dtype.kind not in "biufc":
        raise TypeError(f"dtype {array.dtype}")
    return torch.from_numpy(np.array(array, array.dtype.newbyteorder("="), order="C"))


def _wrong_shape(t: Tensor, expected: str) -> InputError:
    return InputError("targets", say("shape {shape}", shape=tuple(t.shape)), expected)


def _signs(t: Tensor, logits: Tensor) -> Targets:
    n = len(logits)
    if tuple(t.shape) not in ((n,), (n, 1)):
        raise _wrong_shape(t, say("shape ({n},): one sign, −1 or +1, per sample", n=n))
    bad = (t != 1) & (t != -1)
    _refuse(bad, t, "targets", say("−1 or +1"))
    return Targets(None, (t.reshape(n, 1).to(logits.dtype) + 1) / 2, True)


def _labels(t: Tensor, activation: str, logits: Tensor, ignore_index: int | None) -> Targets:
    n, c = logits.shape
    yes_or_no = activation == "sigmoid" and c == 1
    if t.is_floating_point() or (t.dtype == torch.bool and not yes_or_no):
        dtype = str(t.dtype).removeprefix("torch.")
        raise InputError("targets", say("dtype {dtype}", dtype=dtype), say("integer labels of shape ({n},)", n=n))
    if tuple(t.shape) != (n,):
        raise _wrong_shape(t, say("shape ({n},): one label per sample", n=n))
    ignored = IGNORE if ignore_index is None else ignore_index
    highest = 1 if yes_or_no else c - 1
    t = t.long()
    low, high = (int(v) for v in t.aminmax()) if n else (0, 0)
    valid = None
    if low < 0 or high > highest or low <= ignored <= high:
        outside = ((t < 0) | (t > highest)) & (t != ignored)
        expected = say("a label from 0 to {highest}, or {ignored} (ignored)", highest=highest, ignored=ignored)
        _refuse(outside, t, "targets", expected)
        valid = t != ignored
        t = t.where(valid, 0)
    if activation != "sigmoid":
        return Targets(t, None, True, valid)
    dense = t[:, None] if c == 1 else torch.nn.functional.one_hot(t, c)
    return Targets(None, dense.to(logits.dtype), True, valid)


def _dense(t: Tensor, logits: Tensor, flat: bool) -> Targets:
    if t.shape != logits.shape:
        n, c = logits.shape
        if t.dim() != 1 or len(t) != n or not (flat or c == 1):
            expected = say("shape ({n}, {c}) with values in [0, 1]", n=n, c=c)
            if not flat:
                expected = say("{shape}, or integer labels of shape ({n},)", shape=expected, n=n)
            raise _wrong_shape(t, expected)
        t = t.view(n, 1) if t.is_contiguous() else t.reshape(n, 1)
    used = t if t.dtype == logits.dtype else t.to(logits.dtype)
    hard = _all_hard(used)
    if not hard:
        _refuse(~((used >= 0) & (used <= 1)), t, "targets", say("a number in [0, 1]"))
    return Targets(None, used, hard)


def _all_hard(t: Tensor) -> bool:
    """Whether every target is 0 or 1; nan and ∞ are not.

    Few targets in as few calls into torch as can be; many by t − t², 0 for these and for nothing else, in passes that are
    faster and blocks that stay in the cache.
    """
    if t.numel() < MANY:
        return torch.equal(t, t.clamp(0, 1).ceil_())
    flat = t if t.dim() == 1 else t.reshape(-1)
    for start in range(0, flat.shape[0], CHECKED):
        part = flat[start : start + CHECKED] if flat.shape[0] > CHECKED else flat
        if torch.addcmul(part, part, part, value=-1).abs_().amax().item() != 0:
            return False
    return True


def _refuse(bad: Tensor, values: Tensor, argument: str, expected: str) -> None:
    """InputError for the first row in which `bad` is true."""
    where = bad.nonzero()
    if len(where) == 0:
        return
    first = where[0].tolist()
    value = str(values[tuple(first)].item())
    if len(first) == 2 and values.shape[1] > 1:
        value = say("{value} in column {column}", value=value, column=first[1])
    if len(where) > 1:
        value = say("{value} (and {n} more)", value=value, n=len(where) - 1)
    raise InputError(argument, value, expected, first[0])
