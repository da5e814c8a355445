"""The closed form as one compiled program, for many logits on a GPU with hard targets; off unless $LOSSVIZ_COMPILE is 1.

A compiler puts all the arithmetic of a batch into a pass or two over its logits, where calls into torch read and write all of
them some twenty times. That takes it seconds for every loss and number of classes, which a training loop gains back and a
page that is looked at once does not.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import lru_cache
from itertools import count
from types import FunctionType
from typing import Any, TypeAlias

import torch
from torch import Tensor

from ..losses import LOSSES
from ..losses.spec import LossSpec
from .activations import Block, Rows, SigmoidHard, SoftmaxHard
from .softmax_rows import SoftmaxRows
from .weights import Factors, of_outcomes

MANY = 1_000_000
"""From here on logits are worth a compiler's seconds."""

DEVICES = ("cuda",)
"""Where a compiled program has been measured to be faster and as exact.

On the CPU (Xeon, one thread, 4e6 logits, focal) it took 42, 12 and 9 ms for 10, 1 000 and 128 256 classes, and 3 to 48 s to
compile; `unshifted_softmax` took 21, 8 and 5 ms without."""

FORMS: dict[Callable[[Rows], Block], Callable[[Rows], Block]] = {SoftmaxHard: SoftmaxRows, SigmoidHard: SigmoidHard}
"""What is compiled in the place of an activation's block; the others, of soft targets, are not."""

OPTIONS: dict[str, Any] = {"coordinate_descent_tuning": True}
"""A GPU's kernels are tried in more than their usual sizes: a second or three, and with ten classes half of the time."""

NUMBERS = count()
"""For the names of programs, none of which may be another's: see `compiled_form`."""

ClosedForm: TypeAlias = Callable[[Tensor, Tensor, Factors], tuple[Tensor, ...]]
"""From logits (N, C), targets and weights: terms, (N, C) or of the true class alone (N, 1), gradient (N, C), and what more a
program returns lest it compute it again and again."""


def is_compiled(activation: Callable[[Rows], Block], z: Tensor) -> bool:
    """Whether these logits are to go through a compiled program, and there is a compiler for their device."""
    if z.device.type not in DEVICES or activation not in FORMS or z.numel() < MANY:
        return False
    return os.environ.get("LOSSVIZ_COMPILE") == "1" and has_compiler(z.device.type)


@lru_cache(maxsize=8)
def has_compiler(device: str) -> bool:
    """Whether a small program can be compiled for a kind of device: tried, because a compiler alone is not enough."""
    try:
        torch.compile(_twice, dynamic=False)(torch.ones(1, device=device))
    except (RuntimeError, ImportError, OSError):
        return False
    return True


def _twice(x: Tensor) -> Tensor:
    return x + x


def compiled_block(
    spec: LossSpec, activation: Callable[[Rows], Block], z: Tensor, target: Tensor, all_finite: bool
) -> tuple[Tensor, Tensor]:
    """Terms, (N, C) or (N, 1), and gradient (N, C) of all rows by the compiled closed form."""
    form = compiled_form(spec, activation, all_finite, (z.shape[1], z.dtype, z.device.type))
    terms, grad, *_ = form(z, target, of_outcomes(spec, 1, z, mixed=False))
    return terms, grad


@lru_cache(maxsize=64)
def compiled_form(
    spec: LossSpec, activation: Callable[[Rows], Block], all_finite: bool, kind: tuple[int, torch.dtype, str]
) -> ClosedForm:
    """`closed_form` compiled for one kind of logits: classes, dtype and device; compiling happens at the first call."""
    form = closed_form(spec, activation, all_finite)
    # Torch keeps no more than eight programs of one piece of code, and makes variables of the numbers and shapes in which they
    # differ, by the code's name: with variable shapes the kernel for 128 256 classes took half as long again.
    code = form.__code__.replace(co_name=f"form_{next(NUMBERS)}")
    own = FunctionType(code, form.__globals__, code.co_name, None, form.__closure__)
    program: ClosedForm = torch.compile(own, options=OPTIONS if kind[2] == "cuda" else None)
    return program


def closed_form(spec: LossSpec, activation: Callable[[Rows], Block], all_finite: bool) -> Any:
    """Terms and gradient as a function of tensors alone, with nothing in it that is not arithmetic."""
    make, formula, temperature = FORMS[activation], LOSSES[spec.key].formula, spec.temperature
    parameters = {name: getattr(spec, name) for name in LOSSES[spec.key].own_parameters}

    def form(z: Tensor, target: Tensor, weight: Factors) -> tuple[Tensor, ...]:
        block = make(Rows(z, target, weight, temperature, 0.0, all_finite))
        terms, pull = formula(block.outcomes, **parameters)
        grad = block.grad(pull)
        return block.terms(terms), grad, *(block.factors if isinstance(block, SoftmaxRows) else ())

    return form
