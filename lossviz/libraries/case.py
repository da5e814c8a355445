"""What is put to a library, what it answers, and what the programs for several libraries have in common."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..losses import LossSpec

Array = NDArray[Any]


class Case(NamedTuple):
    """One sample under one loss: C logits, and a target for each."""

    spec: LossSpec
    logits: tuple[float, ...]
    targets: tuple[float, ...]

    @property
    def hard(self) -> bool:
        """Whether every target is 0 or 1."""
        return set(self.targets) <= {0.0, 1.0}

    @property
    def label(self) -> int | None:
        """The class that alone is true, where there is one."""
        return self.targets.index(1.0) if self.hard and sum(self.targets) == 1 and len(self.targets) > 1 else None

    @property
    def sharp(self) -> bool:
        """Whether each outcome's target, as the loss sees it, is 0 or 1 and a single one of those that exclude each other."""
        alone = self.spec.activation == "sigmoid" or sum(self.targets) <= 1
        return self.hard and alone and self.spec.label_smoothing == 0


class Answer(NamedTuple):
    """program: Python that ends with `loss`, the loss of the sample, or "" if there is none that comes near. value: what it
    returns on these numbers. why: why there is no program, or in what its loss is another one; "" if it is the same loss.
    notes: what else one should know of the call.
    """

    program: str = ""
    value: float = float("nan")
    why: str = ""
    notes: tuple[str, ...] = ()


class UnsupportedError(Exception):
    """A library has nothing that comes near; the message says what is missing."""


def answering(write: Callable[[Case], Answer]) -> Callable[[Case], Answer]:
    """A function that may say `UnsupportedError`, as one that answers always."""

    def answer(case: Case) -> Answer:
        try:
            return write(case)
        except UnsupportedError as missing:
            return Answer(why=str(missing))

    return answer


def needs(case: Case, *, keys: tuple[str, ...], activations: tuple[str, ...], says: str) -> None:
    """UnsupportedError, unless the loss and its activation are among those that the library has."""
    if case.spec.key not in keys or case.spec.activation not in activations:
        raise UnsupportedError(says)


def scaled(case: Case) -> str:
    """The logits as a library is given them: none has a temperature."""
    return "logits" if case.spec.temperature == 1 else f"logits / {case.spec.temperature!r}"


def cooled(case: Case) -> Array:
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
        raise UnsupportedError("It takes one α for all classes, and here each class has its own.")
    return alpha


def positives(case: Case) -> float:
    """The factor on positive terms, by hand where targets are 0 and 1; otherwise only a loss's own `pos_weight` does it."""
    factor = case.spec.pos_weight
    if factor is None or factor == 1:
        return 1.0
    if isinstance(factor, tuple) or not case.sharp:
        raise UnsupportedError("It has no positive weight, and with soft targets none can be put on its terms from outside.")
    return float(factor)


def program(*lines: str | list[str]) -> str:
    """Lines, and lists of lines, below each other."""
    flat = [line for part in lines for line in ([part] if isinstance(part, str) else part)]
    return "\n".join(flat)


# The textbook functions as libraries compute them in float32, without the care that `lossviz.activations` takes.


def sigmoid(z: Array) -> Array:
    """1/(1 + e^{−z})."""
    with np.errstate(over="ignore"):
        found: Array = (1 / (1 + np.exp(-z))).astype(z.dtype)
    return found


def log_sigmoid(z: Array) -> Array:
    """log of it, without overflow."""
    found: Array = (np.minimum(z, 0) - np.log1p(np.exp(-np.abs(z)))).astype(z.dtype)
    return found


def log_softmax(z: Array) -> Array:
    """z minus the log of the sum of its exponentials, from the largest on."""
    s = z - z.max()
    found: Array = (s - np.log(np.exp(s).sum(dtype=z.dtype))).astype(z.dtype)
    return found


def binary(z: Array, t: Array) -> Array:
    """Binary cross-entropy of logits, each entry's."""
    found: Array = (-t * log_sigmoid(z) - (1 - t) * log_sigmoid(-z)).astype(z.dtype)
    return found


def balance(alpha: float | None, t: Array) -> Array:
    """α on positives and 1 − α on negatives, mixed where targets are; ones where α is off."""
    return np.ones_like(t) if alpha is None else (alpha * t + (1 - alpha) * (1 - t)).astype(t.dtype)


MIXED = "it mixes pₜ from both outcomes (the mixed form)"
PER_TERM = "it puts a factor on each outcome's term (the per-term form)"
EXP_CE = "it takes pₜ = exp(−BCE) (the exp-ce form)"


def form(case: Case, own: str, says: str) -> str:
    """In what a library's focal loss is another one for soft targets; "" where it is the same."""
    spec = case.spec
    if case.sharp or not spec.gamma:
        return ""
    wanted = "quality" if spec.key == "quality-focal" else spec.soft_form
    return "" if wanted == own else f"With soft targets {says}; this setting has the {wanted} form."


def mixed_alpha(case: Case) -> str:
    """In what α is another one for soft targets."""
    if case.sharp or case.spec.alpha in (None, 0.5):
        return ""
    return "With soft targets it mixes one α for both outcomes; here each outcome's term has its own."


def join(*reasons: str) -> str:
    """Reasons that there are, as one text."""
    return " ".join(reason for reason in reasons if reason)
