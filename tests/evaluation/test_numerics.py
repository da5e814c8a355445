"""Loss, terms, gradient and probabilities against mpmath at 50 digits: 8 ulp of max(|exact|, 1), in both precisions."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import product
from typing import Any, TypeAlias

import numpy as np
import pytest
import torch
from mpmath import mp, mpf

import lossviz

from .. import drawn, reference
from ..reference import Exact, Setting
from ..specs import reference_of

DTYPES = ("float64", "float32")
GAMMAS = (0.0, 0.1, 0.3, 0.5, 0.9, 1.0, 1.5, 2.0, 5.0)
FORMS = ("per-term", "mixed", "exp-ce", "quality")
ACTIVATIONS = ("softmax", "sigmoid")
CLASSES = (1, 2, 3, 10)
ULPS = 8
LARGE = 1e-8
SAFE = (1e-300, 1e30)
"""Sizes between which differences and quotients are ordinary numbers in both precisions."""


Slack: TypeAlias = Callable[[int, int, float], bool]


def ulps(got: float, exact: mpf, dtype: str, floor: float = 1.0) -> float:
    """|got − exact| in ulps of max(|exact|, floor), half of one too few or many below 4; past the largest float, ∞ is right."""
    info = np.finfo(dtype)
    near, eps = float(exact), float(info.eps)
    size = max(abs(near), floor)
    if SAFE[0] < size < SAFE[1] and abs(got - near) < ULPS / 2 * eps * size:
        return abs(got - near) / (eps * size)  # floats say that well enough; all that is not as close goes the long way
    if abs(exact) > mpf(float(info.max)):
        # A gradient without a limit may also come out as a number that no finite logits reach.
        return 0.0 if (got > 0) == (exact > 0) and abs(got) > LARGE * float(info.max) else math.inf
    if not math.isfinite(got) or mp.isinf(exact):
        return math.inf
    return float(abs(mpf(got) - exact) / (mpf(eps) * max(abs(exact), mpf(floor))))


def check(ev: Any, exact: Sequence[Exact], dtype: str, slack: Slack | None = None) -> None:
    """Every number of an evaluation is within 8 ulps (or within `slack`); the message names the worst row."""
    worst: dict[str, tuple[float, int, int, float, mpf]] = {}
    for row, truth in enumerate(exact):
        pairs = {
            "loss": ([ev.loss[row].item()], [truth.loss]),
            **{name: (getattr(ev, name)[row].tolist(), getattr(truth, name)) for name in ("terms", "grad", "probs")},
        }
        for name, (got, true) in pairs.items():
            for column, (a, b) in enumerate(zip(got, true, strict=True)):
                off = ulps(a, b, dtype)
                if off > ULPS and name == "grad" and slack is not None and slack(row, column, a):
                    continue
                if off > ULPS and off >= worst.get(name, (0.0,))[0]:
                    worst[name] = off, row, column, a, b
    bad = [
        f"{name} is {off:.3g} ulp off at row {row}, column {column}: got {a!r}, exact {mp.nstr(b, 20)}"
        for name, (off, row, column, a, b) in worst.items()
    ]
    assert not bad, "; ".join(bad)


def ill_conditioned(setting: Setting, z: drawn.Array, targets: drawn.Array, dtype: str) -> Slack:
    """For the forms whose gradient can cancel or have a cusp: may this number be as far off as it is?

    Near p = t the quality form with γ < 1 is steeper than any arithmetic in this precision can follow: rounding p in its last
    place moves the true gradient by more than 8 ulp. There the gradient has to be one that the truth takes within 2 ulp of p.
    """
    nudge = 4 * float(np.finfo(dtype).eps)

    def allowed(row: int, column: int, got: float) -> bool:
        with mp.workdps(reference.DIGITS):
            point = [mpf(x) for x in z[row].tolist()]
            truth = reference.sample(setting, point, targets[row].tolist()).grad[column]
            moved = mpf(0)
            for k in range(len(point)):
                near = [x + nudge * (i == k) for i, x in enumerate(point)]
                moved += abs(reference.sample(setting, near, targets[row].tolist()).grad[column] - truth)
        return math.isfinite(got) and abs(mpf(got) - truth) <= moved

    return allowed


def judge(spec: lossviz.losses.LossSpec, z: drawn.Array, targets: drawn.Array, dtype: str) -> None:
    """Evaluate and check; labels (N,) or a target per logit (N, C)."""
    ev = lossviz.evaluate(spec, z, targets)
    assert ev.loss.dtype == getattr(torch, dtype)
    setting, exact = reference_of(spec), []
    for row, target in zip(z.tolist(), targets.tolist(), strict=True):
        if spec.key == "nll":
            exact.append(reference.log_probability(setting, row, target))
        elif isinstance(target, list):
            exact.append(reference.sample(setting, row, target))
        elif spec.key == "logistic":
            exact.append(reference.sample(setting, [row] if isinstance(row, float) else row, [(target + 1) / 2]))
        else:
            exact.append(reference.labelled(setting, row, target))
    quality = setting.soft_form == "quality" and targets.ndim == 2
    check(ev, exact, dtype, ill_conditioned(setting, z, targets, dtype) if quality else None)


@pytest.mark.parametrize(("gamma", "activation", "classes", "dtype"), drawn.paired(GAMMAS, ACTIVATIONS, CLASSES, DTYPES))
def test_focal_of_labels(gamma: float, activation: str, classes: int, dtype: str) -> None:
    rng = drawn.generator("hard", gamma, activation, classes, dtype)
    z = drawn.logits(classes, dtype, rng)
    labels = rng.integers(max(classes, 2) if activation == "sigmoid" else classes, size=len(z))
    judge(lossviz.loss("focal", activation, gamma=gamma), z, labels, dtype)


@pytest.mark.parametrize(
    ("form", "gamma", "activation", "numbers"), drawn.alternating(FORMS, GAMMAS, ACTIVATIONS, [*product(CLASSES, DTYPES)])
)
def test_focal_of_soft_targets(form: str, gamma: float, activation: str, numbers: tuple[int, str]) -> None:
    classes, dtype = numbers
    rng = drawn.generator("soft", form, gamma, activation, classes, dtype)
    z = drawn.logits(classes, dtype, rng)
    targets = drawn.soft(len(z), classes, dtype, rng, distribution=activation == "softmax")
    judge(lossviz.loss("focal", activation, gamma=gamma, soft_form=form), z, targets, dtype)


PARAMETERS: dict[str, dict[str, Any]] = {
    "plain": {},
    "alpha 0": {"alpha": 0.0},
    "alpha .25": {"alpha": 0.25},
    "alpha 1": {"alpha": 1.0},
    "alpha vector": {"alpha": (0.9, 0.0, 0.3)},
    "weight": {"weight": (2.0, 4.0, 6.0)},
    "weight with 0": {"weight": (0.7, 0.0, 1.3)},
    "pos_weight": {"pos_weight": 3.7},
    "pos_weight vector": {"pos_weight": (0.2, 3.0, 0.0)},
    "smoothing": {"label_smoothing": 0.1},
    "tiny smoothing": {"label_smoothing": 1e-3},
    "full smoothing": {"label_smoothing": 1.0},
    "smoothing, weight": {"label_smoothing": 0.2, "weight": (1.0, 3.0, 0.5)},
    "smoothing, alpha, weight": {"label_smoothing": 0.1, "alpha": 0.25, "weight": (0.6, 1.0, 0.0)},
    "warm": {"temperature": 2.5},
    "cold": {"temperature": 0.1},
}


LOSSES: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("cross-entropy", "softmax", {}),
    ("cross-entropy", "sigmoid", {}),
    ("focal", "softmax", {"gamma": 2.0}),
    ("focal", "sigmoid", {"gamma": 0.5}),
    ("focal", "softmax", {"gamma": 1.5, "soft_form": "mixed"}),
    ("focal", "sigmoid", {"gamma": 2.0, "soft_form": "mixed"}),
    ("focal", "softmax", {"gamma": 2.0, "soft_form": "exp-ce"}),
    ("focal", "sigmoid", {"gamma": 0.9, "soft_form": "exp-ce"}),
    ("focal", "softmax", {"gamma": 2.0, "soft_form": "quality"}),
    ("quality-focal", "sigmoid", {"gamma": 2.0}),
    ("generalized-cross-entropy", "softmax", {"q": 0.7}),
    ("generalized-cross-entropy", "sigmoid", {"q": 0.3}),
    ("symmetric-cross-entropy", "softmax", {}),
    ("symmetric-cross-entropy", "sigmoid", {"ce_weight": 0.5, "log_zero": -2.0}),
)


def accepts(key: str, activation: str, parameters: dict[str, Any]) -> bool:
    """Whether a loss has all these parameters with this activation."""
    known = {p.name: p for p in lossviz.LOSSES[key].parameters}
    return all(name in known and activation in (known[name].activations or (activation,)) for name in parameters)


ACCEPTED = [(loss, name) for loss in LOSSES for name in PARAMETERS if accepts(*loss[:2], PARAMETERS[name])]


@pytest.mark.parametrize(
    ("loss", "name", "kind", "dtype"),
    [(*case, *numbers) for case, numbers in drawn.alternating(ACCEPTED, [*product(("labels", "soft"), DTYPES)])],
    ids=lambda value: value if isinstance(value, str) else "-".join(map(str, (*value[:2], *value[2].values()))),
)
def test_parameters(loss: tuple[str, str, dict[str, Any]], name: str, kind: str, dtype: str) -> None:
    key, activation, own = loss
    rng = drawn.generator(key, activation, own, name, kind, dtype)
    z = drawn.logits(3, dtype, rng)
    soft = drawn.soft(len(z), 3, dtype, rng, distribution=activation == "softmax")
    targets = soft if kind == "soft" else rng.integers(3, size=len(z))
    judge(lossviz.loss(key, activation, **own, **PARAMETERS[name]), z, targets, dtype)


def test_every_parameter_is_given_to_most_losses() -> None:
    assert len(ACCEPTED) > 140
    assert {name for _, name in ACCEPTED} == set(PARAMETERS)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("weight", [None, (2.0, 0.0, 6.5)])
def test_nll(weight: tuple[float, ...] | None, dtype: str) -> None:
    rng = drawn.generator("nll", weight, dtype)
    logs = np.vstack([-abs(drawn.logits(3, dtype, rng)), drawn.logits(3, dtype, rng)])
    labels = rng.integers(3, size=len(logs))
    judge(lossviz.loss("nll", weight=weight), logs, labels, dtype)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("temperature", [1.0, 0.3, 4.0])
def test_logistic(temperature: float, dtype: str) -> None:
    rng = drawn.generator("logistic", temperature, dtype)
    z = np.concatenate([drawn.logits(1, dtype, rng) for _ in range(2)])
    judge(lossviz.loss("logistic", temperature=temperature), z, rng.choice([-1, 1], len(z)), dtype)


@pytest.mark.parametrize(
    ("gamma", "activation", "classes", "dtype"), drawn.paired((None, *GAMMAS), ACTIVATIONS, CLASSES, DTYPES)
)
def test_infinite_logits(gamma: float | None, activation: str, classes: int, dtype: str) -> None:
    """Without γ: cross-entropy."""
    rng = drawn.generator("infinite", gamma, activation, classes, dtype)
    z = drawn.infinite(classes, dtype, rng)
    if activation == "softmax" and classes == 1:
        z[np.isinf(z)] = np.inf
    high = max(classes, 2) if activation == "sigmoid" else classes
    spec = lossviz.loss("cross-entropy", activation) if gamma is None else lossviz.loss("focal", activation, gamma=gamma)
    judge(spec, z, rng.integers(high, size=len(z)), dtype)


@pytest.mark.parametrize(
    ("own", "numbers"),
    drawn.alternating([None, *product(FORMS, GAMMAS)], [*product(ACTIVATIONS, DTYPES)]),
    ids=lambda value: "-".join(map(str, value or ["cross-entropy"])),
)
def test_infinite_logits_with_soft_targets(own: tuple[str, float] | None, numbers: tuple[str, str]) -> None:
    activation, dtype = numbers
    rng = drawn.generator("infinite, soft", own, activation, dtype)
    spec = (
        lossviz.loss("focal", activation, soft_form=own[0], gamma=own[1]) if own else lossviz.loss("cross-entropy", activation)
    )
    z = drawn.infinite(3, dtype, rng)
    judge(spec, z, drawn.soft(len(z), 3, dtype, rng, distribution=activation == "softmax"), dtype)


@pytest.mark.parametrize(
    ("gamma", "activation", "kind", "dtype", "spread"),
    drawn.paired((None, 0.5, 2.0), ACTIVATIONS, ("labels", "soft"), DTYPES, (3, 1e4, 0)),
)
def test_a_thousand_classes(gamma: float | None, activation: str, kind: str, dtype: str, spread: float) -> None:
    """A spread of 0: all tied."""
    rng = drawn.generator(1000, gamma, activation, kind, dtype, spread)
    z = rng.normal(0, spread, (1, 1000)).astype(dtype)
    soft = drawn.soft(1, 1000, dtype, rng, distribution=activation == "softmax")
    targets = soft if kind == "soft" else rng.integers(1000, size=1)
    spec = lossviz.loss("cross-entropy", activation) if gamma is None else lossviz.loss("focal", activation, gamma=gamma)
    judge(spec, z, targets, dtype)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("key", ["cross-entropy", "focal"])
def test_weights_far_apart(key: str, dtype: str) -> None:
    """A class of enormous weight that is right beyond doubt must not drown what the others pull."""
    spec = lossviz.loss(key, "softmax", weight=(1e20, 1.0, 3.0))
    z = np.array([[1e4, 0.0, 1.0], [1e3, 2.0, -1.0], [400.0, 1.0, 0.0]], dtype)
    judge(spec, z, np.array([[0.5, 0.25, 0.25]] * 3, dtype), dtype)


SMALLEST = {"float32": 1e-30, "float64": 1e-300}


@pytest.mark.parametrize(("classes", "gamma", "dtype"), drawn.paired(CLASSES, GAMMAS, DTYPES))
def test_small_tail_is_right_relative_to_its_own_size(classes: int, gamma: float, dtype: str) -> None:
    """Well-classified samples: log plots show their tiny losses and gradients, so 8 ulp of those, not of 1."""
    activation = "sigmoid" if classes == 1 else "softmax"
    rng = drawn.generator("tail", activation, classes, gamma, dtype)
    z = rng.normal(0, 1, (20, classes))
    labels = rng.integers(2 if classes == 1 else classes, size=20)
    margins = rng.uniform(0, -math.log(SMALLEST[dtype]), 20)
    if classes == 1:
        z = (margins * (2 * labels - 1))[:, None]
    else:
        z[np.arange(20), labels] += margins
    z = z.astype(dtype)
    ev = lossviz.evaluate(lossviz.loss("focal", activation, gamma=gamma), z, labels)
    compared, far = 0, []
    for row in range(20):
        truth = reference.labelled(Setting(activation, gamma), z[row].tolist(), int(labels[row]))
        got = [ev.loss[row].item(), *ev.grad[row].tolist(), *ev.probs[row].tolist()]
        for a, b in zip(got, [truth.loss, *truth.grad, *truth.probs], strict=True):
            if abs(b) >= SMALLEST[dtype]:
                compared += 1
                if (off := ulps(a, b, dtype, floor=0.0)) > ULPS:
                    far.append((off, f"row {row}: got {a!r}, exact {mp.nstr(b, 20)}"))
    assert compared > 20
    assert not far, max(far)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("key", ["cross-entropy", "focal", "quality-focal"])
def test_tiny_temperatures_and_huge_logits_stay_finite_where_the_truth_is(key: str, dtype: str) -> None:
    for activation in lossviz.LOSSES[key].activations:
        z = np.array([[3.0, -2.0, 1.0], [1e30, -1e30, 0.0], [-1e-30, 1e-30, 0.0]], dtype)
        for temperature in (1e-12, 1e-6, 1e6):
            spec = lossviz.loss(key, activation, temperature=temperature)
            ev = lossviz.evaluate(spec, z, np.array([0, 0, 1]))
            assert torch.isfinite(ev.probs).all() and torch.isfinite(ev.grad).all(), (activation, temperature)
            assert not ev.loss.isnan().any()


REDUCED: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("cross-entropy", "softmax", {"weight": (2.0, 4.0, 6.0), "label_smoothing": 0.1}),
    ("cross-entropy", "sigmoid", {"weight": (2.0, 4.0, 6.0), "pos_weight": 3.0}),
    ("focal", "softmax", {"gamma": 1.5, "alpha": (0.2, 0.5, 0.9)}),
    ("focal", "sigmoid", {"gamma": 2.0, "alpha": 0.25}),
    ("nll", "exp", {"weight": (2.0, 4.0, 6.0)}),
)


@pytest.mark.parametrize(
    ("loss", "normalizer", "ignored", "dtype"),
    drawn.paired(REDUCED, ("torch", "samples", "elements", "positives", "weights"), ("none", "some", "all"), DTYPES),
    ids=lambda value: value if isinstance(value, str) else "-".join(value[:2]),
)
def test_reductions(loss: tuple[str, str, dict[str, Any]], normalizer: str, ignored: str, dtype: str) -> None:
    key, activation, parameters = loss
    rng = drawn.generator("reductions", key, activation, normalizer, ignored, dtype)
    n = 12
    z = (-abs(rng.normal(0, 3, (n, 3))) if key == "nll" else rng.normal(0, 3, (n, 3))).astype(dtype)
    labels = rng.integers(3, size=n)
    labels[{"none": slice(0, 0), "some": slice(2, 7), "all": slice(0, n)}[ignored]] = -100
    spec = lossviz.loss(key, activation, **parameters)
    ev = lossviz.evaluate(spec, z, labels)
    setting = reference_of(spec)
    truth = reference.log_probability if key == "nll" else reference.labelled
    kept = [i for i in range(n) if labels[i] >= 0]
    exact = {i: truth(setting, z[i].tolist(), int(labels[i])) for i in kept}
    total = mp.fsum(exact[i].loss for i in kept)
    by = denominator(spec, normalizer, [int(labels[i]) for i in kept])
    assert ulps(ev.reduce("sum").item(), total, dtype) <= ULPS
    mean = ev.reduce("mean", normalizer).item()
    assert ulps(mean, total / by, dtype) <= ULPS if by else math.isnan(mean)
    none, scaled = ev.reduce("none"), ev.reduced_grad("mean", normalizer)
    assert none.shape == ((n, 3) if activation == "sigmoid" else (n,))
    assert torch.equal(none, ev.terms if activation == "sigmoid" else ev.loss)
    assert torch.equal(ev.reduced_grad("sum"), ev.grad) and torch.equal(ev.reduced_grad("none"), ev.grad)
    for i in range(n):
        for k in range(3):
            assert ulps(scaled[i, k].item(), exact[i].grad[k] / by if i in exact else mpf(0), dtype) <= ULPS


def denominator(spec: Any, normalizer: str, labels: list[int]) -> mpf:
    """What a mean divides by, in words of its own."""
    c, n = 3, len(labels)
    if normalizer == "torch":
        default = {("cross-entropy", "softmax"): "weights", ("cross-entropy", "sigmoid"): "elements", ("nll", "exp"): "weights"}
        normalizer = default.get((spec.key, spec.activation), "samples")
    weight = spec.weight or (1.0,) * c
    if normalizer == "weights":
        return mp.fsum(weight) * n if spec.activation == "sigmoid" else mp.fsum(weight[y] for y in labels)
    return mpf({"samples": n, "elements": n * c, "positives": max(1, n)}[normalizer])
