"""The second derivative against differences of the gradient at 50 digits; the detached gradient against torch's `detach`."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from mpmath import mp, mpf
from torch import Tensor

import lossviz
from lossviz import LOSSES
from lossviz.evaluation.evaluate import curvature, detached_gradient, evaluate
from lossviz.losses import LossSpec

from .. import reference, specs
from ..drawn import alternating
from ..specs import reference_of

TASKS = [(key, a, kind) for key, a in specs.KINDS for kind in specs.TARGETS[LOSSES[key].targets]]
STEP = mpf(10) ** -15
INF = math.inf


def gradient(spec: LossSpec, z: list[Any], target: Any) -> list[mpf]:
    """The reference's gradient for a target as `evaluate` takes it."""
    setting = reference_of(spec)
    if spec.key == "nll":
        return reference.log_probability(setting, z, target).grad
    if isinstance(target, list):
        return reference.sample(setting, z, target).grad
    if spec.key == "logistic":
        return reference.sample(setting, z, [(target + 1) / 2]).grad
    one_hot = [float(i == target) for i in range(len(z))]
    return reference.sample(setting, z, [target] if spec.activation == "sigmoid" and len(z) == 1 else one_hot).grad


def bend(spec: LossSpec, z: list[float], target: Any, v: list[float]) -> tuple[mpf, mpf]:
    """vᵀHv by central differences, and the size of what is added up in it."""
    with mp.workdps(reference.DIGITS):
        after, before = (
            gradient(spec, [mpf(x) + side * STEP * mpf(d) for x, d in zip(z, v, strict=True)], target) for side in (1, -1)
        )
        parts = [mpf(d) * (a - b) / (2 * STEP) for a, b, d in zip(after, before, v, strict=True)]
        return mp.fsum(parts), mp.fsum(map(abs, parts))


@pytest.mark.parametrize(("key", "activation", "kind"), TASKS)
def test_curvature(key: str, activation: str, kind: str) -> None:
    rng = specs.seeded("curvature", key, activation, kind)
    seen = set()
    for _ in range(3):
        classes = 1 if LOSSES[key].targets == "signs" else int(rng.integers(1 if activation == "sigmoid" else 2, 5))
        spec = specs.drawn(key, activation, classes, rng)
        z, t = specs.logits(key, 2, classes, rng), specs.targets(kind, 2, classes, rng)
        v = rng.normal(size=(2, classes))
        got = curvature(spec, z, t, v)
        assert got.shape == (2,)
        for row in range(2):
            exact, size = bend(spec, z[row].tolist(), t[row].tolist(), v[row].tolist())
            # What the quality form adds and takes away near p = t and q = 1 is larger than what is left.
            assert abs(mpf(got[row].item()) - exact) <= 1e-10 * (size + mpf(10) ** -3), (spec, z[row], t[row])
        seen.add((spec, tuple(z.ravel().tolist())))
    assert len(seen) == 3


@pytest.mark.parametrize("gamma", [0.0, 0.3, 1.0, 1.5, 2.0, 3.7, 5.0])
@pytest.mark.parametrize("activation", ["softmax", "sigmoid"])
def test_small_curvatures_are_right_relative_to_their_own_size(gamma: float, activation: str) -> None:
    spec = lossviz.loss("focal", activation, gamma=gamma, temperature=1.3)
    z = np.linspace(5, 36, 12)
    assert len(set(z)) == 12
    rows = z[:, None] if activation == "sigmoid" else np.stack((z, 0.3 * np.sin(z), np.zeros(12)), 1)
    first = np.eye(rows.shape[1])[0]
    got = curvature(spec, rows, np.ones((12, 1)) if activation == "sigmoid" else np.zeros(12, int), first)
    for row, value in zip(rows.tolist(), got.tolist(), strict=True):
        exact, _ = bend(spec, row, 1 if activation == "sigmoid" else 0, first.tolist())
        assert abs(mpf(value) - exact) <= 1e-13 * abs(exact)
        assert value > 0


@pytest.mark.parametrize(
    ("form", "activation", "soft"),
    alternating(["per-term", "mixed", "exp-ce", "quality"], ["softmax", "sigmoid"], [False, True]),
)
def test_differences_in_a_batch_of_many_blocks(form: str, activation: str, soft: bool) -> None:
    """With logits at 0, which is where formulas that compare the two outcomes have their corner."""
    rng = specs.seeded("blocks", activation, form, soft)
    n, c = 6_000, 3
    spec = lossviz.loss("focal", activation, gamma=2.3, soft_form=form, weight=(0.5, 2.0, 1.0), alpha=(0.3, 0.9, 0.5))
    z, v = np.round(rng.normal(0, 2, (n, c))), rng.normal(size=(n, c))
    t = specs.targets("distribution" if soft else "one-hot", n, c, rng)
    assert len(np.unique(v)) == n * c
    assert (z == 0).any()
    h = 1e-5
    after, before = (evaluate(spec, z + side * h * v, t).grad.numpy() for side in (1, -1))
    expected = ((after - before) / (2 * h) * v).sum(1)
    np.testing.assert_allclose(curvature(spec, z, t, v), expected, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize(
    ("gamma", "form", "target", "z"),
    alternating(
        [0.0, 0.5, 1.0, 1.5, 2.0, 3.0],
        ["per-term", "mixed", "exp-ce", "quality"],
        [[1.0, 0.0, 0.0], [0.3, 0.7, 0.0]],
        [[INF, 0.0, 1.0], [-INF, 0.0, 1.0], [0.0, -INF, 1.0], [0.0, 0.5, INF], [0.4, -INF, -INF]],
    ),
)
def test_infinite_logits(gamma: float, form: str, target: list[float], z: list[float]) -> None:
    """What 300 gives, or more than the root of the largest float, where 300 and 600 differ."""
    if form == "quality" and gamma == 0.5 and z == [0.0, -INF, 1.0] and target[1] == 0:
        pytest.skip("p = t = 0 for a class: no second derivative in p")
    spec = lossviz.loss("focal", gamma=gamma, soft_form=form)
    direction, t = np.eye(3), [target] * 3
    at_big = (
        curvature(spec, [[math.copysign(big, x) if math.isinf(x) else x for x in z]] * 3, t, direction).tolist()
        for big in (300.0, 600.0)
    )
    for got, first, second in zip(curvature(spec, [z] * 3, t, direction).tolist(), *at_big, strict=True):
        if abs(first - second) > 1e-3:
            assert got == math.copysign(INF, second)
        else:
            assert got == pytest.approx(first, rel=1e-12, abs=1e-12)


@pytest.mark.parametrize("activation", ["softmax", "sigmoid"])
def test_infinite_and_saturated_logits_have_no_curvature_along_themselves(activation: str) -> None:
    for key, a in specs.KINDS:
        if a != activation or LOSSES[key].targets == "signs":
            continue
        for gamma in (0.5, 1.5, 2.0) if "gamma" in LOSSES[key].own_parameters else (None,):
            spec = lossviz.loss(key, a, **({} if gamma is None else {"gamma": gamma}))
            for big in (INF, -INF, 1e4, -1e4):
                assert curvature(spec, [[big, 0.3]], [[1.0, 0.0]], [1.0, 0.0]).item() == 0


def test_the_minimum_of_the_quality_form() -> None:
    """γ = 2 has a curvature there, 2 p′² BCE; above it is 0; below there is none, and 0 stands for it."""
    for t, z in ((0.5, 0.0), (0.25, -math.log(3))):
        entropy = -t * math.log(t) - (1 - t) * math.log(1 - t)
        expected = {1.0: 0.0, 1.5: 0.0, 2.0: 2 * (t * (1 - t)) ** 2 * entropy, 3.0: 0.0}
        for gamma, value in expected.items():
            got = curvature(lossviz.loss("quality-focal", gamma=gamma), [[z]], [[t]], [1.0]).item()
            if t == 0.5 or gamma == 2:
                assert got == pytest.approx(value, rel=1e-12, abs=0)


def test_shapes_ignored_rows_and_precision() -> None:
    spec = lossviz.loss("focal", ignore_index=9)
    z, v = [[1.0, 2.0, 0.0], [0.5, 0.0, -1.0], [3.0, 1.0, 1.0]], [0.2, -1.0, 0.4]
    got = curvature(spec, z, [0, 9, 2], v)
    assert got[1] == 0
    assert got[0] != 0
    torch.testing.assert_close(got, curvature(spec, z, [0, 9, 2], [v] * 3), rtol=0, atol=0)
    single = curvature(spec, z, [0, 9, 2], v, dtype=torch.float32)
    assert single.dtype == torch.float32
    torch.testing.assert_close(single.double(), got, rtol=1e-5, atol=1e-6)
    assert curvature(spec, np.zeros((0, 3)), np.zeros(0, int), v).shape == (0,)
    assert detached_gradient(spec, np.zeros((0, 3)), np.zeros(0, int)).shape == (0, 3)
    assert (detached_gradient(spec, z, [0, 9, 2])[1] == 0).all()


def plain(spec: LossSpec, z: Tensor, t: Tensor) -> Tensor:
    """Σ of the losses in probability space, with the modulator held constant; K outcomes in the last dimension."""
    sigmoid = spec.activation == "sigmoid"
    x = z / spec.temperature
    p = torch.stack([x.sigmoid(), (-x).sigmoid()], -1) if sigmoid else x.softmax(-1)
    t = torch.stack([t, 1 - t], -1) if sigmoid else t
    t = (1 - spec.label_smoothing) * t + spec.label_smoothing / t.shape[-1]
    ce = -t * p.log()
    form = "quality" if spec.key == "quality-focal" else spec.soft_form
    if form == "per-term":
        modulator = (1 - p) ** spec.gamma
    elif form == "quality":
        modulator = (t - p).abs() ** spec.gamma
    else:
        u = (t * (1 - p)).sum(-1, keepdim=True) if form == "mixed" else 1 - (-ce.sum(-1, keepdim=True)).exp()
        modulator = u**spec.gamma
    factors = alphas(spec, z.shape[1])
    factors = (factors * t).sum(-1, keepdim=True) if spec.mixes_alpha else factors
    return (weights(spec, z.shape[1]) * factors * modulator.detach() * ce).sum()


def weights(spec: LossSpec, classes: int) -> Tensor:
    """A factor for each outcome."""
    of = per_class(spec, classes)
    return of("weight") if spec.activation != "sigmoid" else torch.stack((of("weight") * of("pos_weight"), of("weight")), -1)


def alphas(spec: LossSpec, classes: int) -> Tensor:
    """α of each outcome: of no, what is left to 1."""
    alpha = per_class(spec, classes)("alpha")
    return alpha if spec.activation != "sigmoid" else torch.stack((alpha, 1 - alpha if spec.alpha is not None else alpha), -1)


def per_class(spec: LossSpec, classes: int) -> Callable[[str], Tensor]:
    def of(name: str) -> Tensor:
        value = getattr(spec, name)
        return torch.tensor(1.0 if value is None else value, dtype=torch.float64).expand(classes)

    return of


FACTORED = [
    (key, a, kind)
    for key, a, kind in TASKS
    if a != "exp" and ("gamma" in LOSSES[key].own_parameters or not LOSSES[key].own_parameters)
]
"""Those that are a factor times cross-entropy, or cross-entropy."""


@pytest.mark.parametrize(("key", "activation", "kind"), FACTORED)
def test_detached_gradient(key: str, activation: str, kind: str) -> None:
    rng = specs.seeded("detached", key, activation, kind)
    seen = set()
    for _ in range(4):
        classes = 1 if kind == "signs" else int(rng.integers(2, 6))
        spec = specs.drawn(key, activation, classes, rng)
        z, t = specs.logits(key, 5, classes, rng), specs.targets(kind, 5, classes, rng)
        dense = np.eye(classes)[t] if kind == "labels" else (t[:, None] + 1) / 2 if kind == "signs" else t
        leaf = torch.tensor(z, requires_grad=True)
        (expected,) = torch.autograd.grad(plain(spec, leaf, torch.tensor(dense, dtype=torch.float64)), leaf)
        torch.testing.assert_close(detached_gradient(spec, z, t), expected, rtol=1e-9, atol=1e-10)
        seen.add((spec, tuple(z.ravel().tolist())))
    assert len(seen) == 4


@pytest.mark.parametrize(("key", "activation"), specs.KINDS)
def test_without_modulator_detaching_changes_nothing(key: str, activation: str) -> None:
    rng = specs.seeded("same", key, activation)
    classes, kind = (1, "signs") if LOSSES[key].targets == "signs" else (3, "labels")
    spec = lossviz.loss(key, activation, **({"gamma": 0.0} if "gamma" in LOSSES[key].own_parameters else {}))
    z, t = specs.logits(key, 200, classes, rng) * 10, specs.targets(kind, 200, classes, rng)
    z[:4, 0] = (-INF, INF, 800, -800)
    z[4] = 0
    assert len(np.unique(z)) > 150
    torch.testing.assert_close(detached_gradient(spec, z, t), evaluate(spec, z, t).grad, rtol=1e-15, atol=0)


def test_detached_at_a_tenth() -> None:
    """The number that people get who detach: .81 of cross-entropy's push where the loss itself has 1.2245."""
    spec, z = lossviz.loss("focal", "sigmoid"), [[-math.log(9)]]
    ce = evaluate(lossviz.loss("cross-entropy", "sigmoid"), z, [1]).grad.item()
    assert detached_gradient(spec, z, [1]).item() / ce == pytest.approx(0.81, rel=1e-14)
    assert evaluate(spec, z, [1]).grad.item() / ce == pytest.approx(1.2245, abs=5e-5)


def test_detached_in_a_batch_of_many_blocks() -> None:
    rng = specs.seeded("many", "detached")
    spec = lossviz.loss("focal", "sigmoid", weight=(1.0, 2.0, 0.5), alpha=0.3)
    z, t = rng.normal(0, 3, (200_000, 3)), rng.integers(2, size=(200_000, 3)).astype(float)
    assert len(np.unique(z)) > 500_000
    whole = detached_gradient(spec, z, t)
    for row in (0, 2_729, 2_730, 131_072, 199_999):
        torch.testing.assert_close(whole[row : row + 1], detached_gradient(spec, z[row : row + 1], t[row : row + 1]))
