"""Every loss with every activation, and seeded parameters, logits and targets for them, drawn from what the losses declare."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lossviz import LOSSES, loss
from lossviz.fields import Choice, Number
from lossviz.losses import LossSpec

from . import reference

Rng = np.random.Generator

KINDS = [(key, activation) for key, kind in LOSSES.items() for activation in kind.activations]
"""(loss, activation), all of them."""

TARGETS = {
    "any": ("labels", "one-hot", "multi-hot", "distribution", "soft"),
    "indices": ("labels",),
    "signs": ("signs",),
}
"""The kinds of target that a loss takes, by its declaration."""


def declared(key: str, activation: str) -> list[Number | Choice]:
    """The parameters that a loss has with an activation; `ignore_index`, which is about the rows of a batch, apart."""
    parameters = LOSSES[key].parameters
    return [p for p in parameters if p.name != "ignore_index" and (p.activations is None or activation in p.activations)]


def switched_on(key: str, activation: str, classes: int) -> list[dict[str, Any]]:
    """No parameter, and then each parameter alone at a value that is not its neutral one."""
    cases: list[dict[str, Any]] = [{}]
    for field in declared(key, activation):
        if isinstance(field, Choice):
            cases += [{field.name: word} for word in field.options]
        if isinstance(field, Number) and field.scalar:
            cases.append({field.name: (2 * field.range_low + field.range_high) / 3})
        if isinstance(field, Number) and field.vector:
            cases.append({field.name: tuple(np.linspace(0.2, 0.8, classes).tolist())})
    return cases


def drawn(key: str, activation: str, classes: int, rng: Rng) -> LossSpec:
    """A loss with about two thirds of its parameters set, scalars and vectors alike."""
    chosen = {f.name: _value(f, classes, rng) for f in declared(key, activation) if rng.random() < 0.65}
    return loss(key, activation, **chosen)


def _value(field: Number | Choice, classes: int, rng: Rng) -> Any:
    if isinstance(field, Choice):
        return str(rng.choice(field.options))
    if field.vector and (not field.scalar or rng.random() < 0.5):
        return tuple(rng.uniform(field.range_low, field.range_high, classes).tolist())
    return float(rng.uniform(field.range_low, field.range_high))


def targets(kind: str, rows: int, classes: int, rng: Rng) -> NDArray[Any]:
    """Targets of a kind, as `evaluate` takes them."""
    if kind == "signs":
        return rng.choice([-1, 1], rows)
    labels = rng.integers(classes, size=rows)
    if kind == "labels":
        return labels
    if kind == "one-hot":
        return np.eye(classes)[labels]
    if kind == "multi-hot":
        return rng.integers(2, size=(rows, classes)).astype(float)
    soft = rng.uniform(0.02, 0.98, (rows, classes))
    return soft / soft.sum(1, keepdims=True) if kind == "distribution" else soft


def logits(key: str, rows: int, classes: int, rng: Rng) -> NDArray[np.float64]:
    """Ordinary logits; log-probabilities, which are what "nll" is given, for a loss without an activation."""
    z = rng.normal(0, 2, (rows, classes))
    return z - np.logaddexp.reduce(z, axis=1)[:, None] if LOSSES[key].activations == ("exp",) else z


def seeded(*words: object) -> Rng:
    """A generator of its own for each test case, the same in every run."""
    return np.random.default_rng(list("|".join(map(str, words)).encode()))


def reference_of(spec: LossSpec) -> reference.Setting:
    """The reference's view of a spec."""
    known = {f.name for f in fields(reference.Setting)} - {"activation", "own"}
    shared = {name: value for name, value in spec.parameters if name in known}
    if spec.key == "quality-focal":
        shared["soft_form"] = "quality"
    if spec.key in reference.FORMS:
        shared["soft_form"] = spec.key
    return reference.Setting(
        spec.activation, **shared, own={n: v for n, v in spec.parameters if n in LOSSES[spec.key].own_parameters}
    )
