"""Where does gradient descent on two logits go from the present sample? Walks over a "logits" plane of `surfaces`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..evaluation.setting import Array, Setting
from ..losses import LossSpec
from .planes import Plane
from .sample import EvaluatedRows, parts


class Path(NamedTuple):
    """The S + 1 places of S steps, the present sample first: x = z_i, y = z_j and the loss there, each (S + 1,)."""

    x: Array
    y: Array
    loss: Array


def descents(settings: Sequence[Setting], plane: Plane, rate: float, steps: int) -> list[Path]:
    """Plain gradient descent, z ← z − rate·∂ℓ/∂z, under every setting on the two logits of the plane; others stay as they are.

    A path that leaves what a float can hold stops: the rest repeats its last finite place. A sample at infinity stays there.
    Settings that differ in sample and γ alone are walked together, a call a step.
    """
    together: dict[tuple[LossSpec, str, int], list[int]] = {}
    for i, setting in enumerate(settings):
        key = _without_gamma(setting.spec), setting.device, len(setting.logits)
        together.setdefault(key, []).append(i)
    paths: dict[int, Path] = {}
    for those in together.values():
        paths |= zip(those, _walked([settings[i] for i in those], plane, rate, steps), strict=True)
    return [paths[i] for i in range(len(settings))]


def _without_gamma(spec: LossSpec) -> LossSpec:
    return spec.replace(gamma=0.0) if spec.has_gamma else spec


def _walked(settings: list[Setting], plane: Plane, rate: float, steps: int) -> list[Path]:
    """Paths of settings that differ in sample and γ alone."""
    two = list(plane.classes)
    z = np.array([setting.logits for setting in settings])
    now = _parts(settings, z)
    places, losses = [z[:, two]], [now.loss]
    for _ in range(steps):
        z, now = _step(settings, z, now, two, rate)
        places.append(z[:, two])
        losses.append(now.loss)
    return [Path(at[:, 0], at[:, 1], loss) for at, loss in zip(np.stack(places, 1), np.stack(losses, 1), strict=True)]


def _step(settings: list[Setting], z: Array, now: EvaluatedRows, two: list[int], rate: float) -> tuple[Array, EvaluatedRows]:
    """The next logits (R, C) and what the loss says there; rows that would overflow stay where they are."""
    onward = z.copy()
    with np.errstate(over="ignore"):
        onward[:, two] -= rate * now.grad[:, two]
    onward = np.where(np.isfinite(onward[:, two]).all(1, keepdims=True), onward, z)
    arrived = _parts(settings, onward)
    goes: NDArray[np.bool_] = np.isfinite(arrived.loss)
    kept = (np.where(goes.reshape(-1, *[1] * (new.ndim - 1)), new, old) for new, old in zip(arrived, now, strict=True))
    return np.where(goes[:, None], onward, z), EvaluatedRows(*kept)


def _parts(settings: list[Setting], z: Array) -> EvaluatedRows:
    """What the loss of each setting says of its row of logits (R, C)."""
    spec = settings[0].spec
    targets = np.array([setting.targets for setting in settings])
    own_gamma = spec.has_gamma and any(setting.spec != spec for setting in settings)
    sweep = ("gamma", np.array([setting.spec.gamma for setting in settings])) if own_gamma else None
    return parts(settings[0], spec, z, targets, sweep)
