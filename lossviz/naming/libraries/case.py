"""What is put to a library, and what it answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from ...losses import LossSpec


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
        alone = self.spec.per_logit or sum(self.targets) <= 1
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


def program(*lines: str | list[str]) -> str:
    """Lines, and lists of lines, below each other."""
    flat = [line for part in lines for line in ([part] if isinstance(part, str) else part)]
    return "\n".join(flat)
