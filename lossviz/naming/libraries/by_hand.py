"""What a library has no argument for and people do around it, as lines of a program and as its numbers."""

from __future__ import annotations

import numpy as np

from ...texts import say
from .case import Case, UnsupportedError
from .numerics import Array


def scaled(case: Case) -> str:
    """The logits as a library is given them: none has a temperature."""
    return "logits" if case.spec.temperature == 1 else f"logits / {case.spec.temperature!r}"


def divided_by_temperature(case: Case) -> Array:
    """The numbers of `scaled`, in float32."""
    z = np.array(case.logits, np.float32)
    return z if case.spec.temperature == 1 else z / np.float32(case.spec.temperature)


def smoothed(case: Case, outcomes: int) -> tuple[list[str], Array]:
    """Smoothing by hand, as a line of a program and as its numbers."""
    e, t = case.spec.label_smoothing, np.array(case.targets, np.float32)
    if not e:
        return [], t
    line = f"targets = (1 - {e!r}) * targets + {e!r} / {outcomes}"
    return [line], np.float32(1 - e) * t + np.float32(e / outcomes)


def weighted(case: Case, make: str) -> tuple[list[str], Array]:
    """Class weights as an array of the library's, made by `make(…)`; ones and no line where there are none."""
    weight = case.spec.weight
    if weight is None:
        return [], np.ones(len(case.logits), np.float32)
    return [f"weight = {make}({[float(w) for w in weight]})"], np.array(weight, np.float32)


def one_alpha(case: Case) -> float | None:
    """α where it is one number or off; UnsupportedError where it is a number per class."""
    alpha: float | tuple[float, ...] | None = case.spec.alpha
    if isinstance(alpha, tuple):
        raise UnsupportedError(say("It takes one α for all classes, and here each class has its own."))
    return alpha


def positives(case: Case) -> float:
    """The factor on positive terms, by hand where targets are 0 and 1; otherwise only a loss's own `pos_weight` does it."""
    factor = case.spec.pos_weight
    if factor is None or factor == 1:
        return 1.0
    if isinstance(factor, tuple) or not case.sharp:
        raise UnsupportedError(say("It has no positive weight, and with soft targets none can be applied from outside."))
    return float(factor)
