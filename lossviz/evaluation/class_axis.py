"""Logits of more than two dimensions: which of them counts the classes, and the way to rows (N, C) and back."""

from __future__ import annotations

from typing import NamedTuple

from torch import Tensor

from ..errors import InputError
from ..texts import joined, say


class ClassAxis(NamedTuple):
    """The shape of logits as they came, and the dimension of it that counts the classes."""

    shape: tuple[int, ...]
    axis: int

    @property
    def samples(self) -> tuple[int, ...]:
        """The shape without the classes."""
        return self.shape[: self.axis] + self.shape[self.axis + 1 :]

    def rows(self, x: Tensor) -> Tensor:
        """Something of the shape of the logits as (N, C)."""
        return x.movedim(self.axis, -1).reshape(-1, self.shape[self.axis])

    def targets(self, t: Tensor) -> Tensor:
        """Targets that are laid out as the logits, or as these without their classes, one row a sample."""
        return self.rows(t) if tuple(t.shape) == self.shape else t.reshape(-1)

    def as_logits(self, x: Tensor) -> Tensor:
        """(N, C) as the logits came."""
        return x.view(*self.samples, x.shape[1]).movedim(-1, self.axis)

    def as_samples(self, x: Tensor) -> Tensor:
        """(N,) as the logits came, without their classes."""
        return x.view(self.samples)


def class_axis_of(shape: tuple[int, ...], targets: tuple[int, ...], class_axis: int | None) -> ClassAxis:
    """The class axis of logits: the one that is named; or (N, C, d1, …) or (…, C), whichever goes with targets of this shape.

    Raises InputError where neither does, or both do.
    """
    if class_axis is not None:
        return _named(shape, targets, class_axis)
    fitting = [ClassAxis(shape, axis) for axis in (1, len(shape) - 1) if targets in (ClassAxis(shape, axis).samples, shape)]
    if len(fitting) == 1:
        return fitting[0]
    value = say("shape {shape} with targets of shape {targets}", shape=shape, targets=targets)
    if fitting:
        expected = say("{axes}: which dimension of the logits counts the classes", axes=joined(("1", "-1"), " or "))
        raise InputError("class_axis", say("None for {value}", value=value), expected)
    raise InputError("logits", value, say("shape (N, C), (N, C, d1, …) with targets (N, d1, …), or (…, C) with targets (…)"))


def _named(shape: tuple[int, ...], targets: tuple[int, ...], class_axis: int) -> ClassAxis:
    dimensions = len(shape)
    if isinstance(class_axis, bool) or not isinstance(class_axis, int) or not -dimensions <= class_axis < dimensions:
        expected = say("a dimension of logits of shape {shape}", shape=shape)
        raise InputError("class_axis", repr(class_axis), expected)
    named = ClassAxis(shape, class_axis % dimensions)
    if targets not in (named.samples, shape):
        expected = say("shape {samples} of labels, or {shape}", samples=named.samples, shape=shape)
        raise InputError("targets", say("shape {shape}", shape=targets), expected)
    return named
