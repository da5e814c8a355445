"""Losses for noisy labels: against mpmath at 50 digits, against torch, and at the ends where textbooks lose their digits."""

from __future__ import annotations

import math
from itertools import product
from typing import Any, TypeAlias

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from mpmath import mp
from torch import Tensor

import lossviz

from .. import drawn, reference
from ..evaluation.test_numerics import ACTIVATIONS, CLASSES, DTYPES, ULPS, judge, ulps
from ..reference import Setting

GENERALIZED, SYMMETRIC = "generalized-cross-entropy", "symmetric-cross-entropy"
QS = (0.0, 1e-12, 0.05, 0.3, 0.7, 1.0)
WEIGHTS = (
    {"ce_weight": 0.1, "rce_weight": 1.0, "log_zero": -4.0},
    {"ce_weight": 0.0, "rce_weight": 1.0, "log_zero": -1.0},
    {"ce_weight": 1.0, "rce_weight": 0.1, "log_zero": -8.0},
    {"ce_weight": 1.0, "rce_weight": 0.0, "log_zero": -4.0},
    {"ce_weight": 0.5, "rce_weight": 0.5, "log_zero": 0.0},
)
SETTINGS = [*((GENERALIZED, {"q": q}) for q in QS), *((SYMMETRIC, own) for own in WEIGHTS)]
REACHED = [(key, own) for key, own in SETTINGS if not 0 < own.get("q", 1) < 0.01]
"""Those whose limit is not reached further out than the reference goes."""

Named: TypeAlias = tuple[str, dict[str, float]]


def words(value: Any) -> str:
    """A setting, or another axis of the tests, as tests are called."""
    return f"{value[0]}-{[*value[1].values()]}" if isinstance(value, tuple) else str(value)


each_dtype = pytest.mark.parametrize("dtype", DTYPES)
each_activation = pytest.mark.parametrize("activation", ACTIVATIONS)


@pytest.mark.parametrize(
    ("setting", "activation", "classes", "dtype"), drawn.paired(SETTINGS, ACTIVATIONS, CLASSES, DTYPES), ids=words
)
def test_labels(setting: Named, activation: str, classes: int, dtype: str) -> None:
    key, own = setting
    rng = drawn.generator("robust", key, own, activation, classes, dtype)
    z = drawn.logits(classes, dtype, rng)
    labels = rng.integers(max(classes, 2) if activation == "sigmoid" else classes, size=len(z))
    judge(lossviz.loss(key, activation, **own), z, labels, dtype)


@pytest.mark.parametrize(
    ("setting", "activation", "classes", "dtype"), drawn.paired(SETTINGS, ACTIVATIONS, CLASSES, DTYPES), ids=words
)
def test_soft_targets(setting: Named, activation: str, classes: int, dtype: str) -> None:
    key, own = setting
    rng = drawn.generator("robust, soft", key, own, activation, classes, dtype)
    z = drawn.logits(classes, dtype, rng)
    judge(
        lossviz.loss(key, activation, **own),
        z,
        drawn.soft(len(z), classes, dtype, rng, distribution=activation == "softmax"),
        dtype,
    )


@pytest.mark.parametrize(
    ("setting", "activation", "kind", "dtype"), drawn.paired(REACHED, ACTIVATIONS, ("labels", "soft"), DTYPES), ids=words
)
def test_infinite_logits(setting: Named, activation: str, kind: str, dtype: str) -> None:
    key, own = setting
    rng = drawn.generator("robust, infinite", key, own, activation, kind, dtype)
    z = drawn.infinite(3, dtype, rng)
    soft = drawn.soft(len(z), 3, dtype, rng, distribution=activation == "softmax")
    judge(lossviz.loss(key, activation, **own), z, rng.integers(3, size=len(z)) if kind == "labels" else soft, dtype)


@pytest.mark.parametrize(
    ("setting", "numbers", "spread"), drawn.paired(SETTINGS[::2], [*product(ACTIVATIONS, DTYPES)], (3, 1e4, 0)), ids=str
)
def test_a_thousand_classes(setting: Named, numbers: tuple[str, str], spread: float) -> None:
    (key, own), (activation, dtype) = setting, numbers
    rng = drawn.generator("robust, 1000", key, own, activation, dtype, spread)
    z = rng.normal(0, spread, (1, 1000)).astype(dtype)
    judge(lossviz.loss(key, activation, **own), z, rng.integers(1000, size=1), dtype)


SMALLEST = {"float32": 1e-30, "float64": 1e-300}


@pytest.mark.parametrize(("setting", "classes", "dtype"), drawn.paired(SETTINGS, (1, 3), DTYPES), ids=words)
def test_a_sure_sample_is_right_relative_to_its_own_size(setting: Named, classes: int, dtype: str) -> None:
    """1 − p^q where p^q is 1 to the last digit."""
    key, own = setting
    compared, far = 0, []
    for settings, z, label, ev in sure(key, own, classes, dtype):
        truth = reference.labelled(settings, z, label)
        for got, exact in zip([ev.loss.item(), *ev.grad[0].tolist()], [truth.loss, *truth.grad], strict=True):
            if abs(exact) >= SMALLEST[dtype]:
                compared += 1
                if (off := ulps(got, exact, dtype, floor=0.0)) > ULPS:
                    far.append((off, f"{z}: got {got!r}, exact {mp.nstr(exact, 20)}"))
    assert compared > 20
    assert not far, max(far)


def sure(key: str, own: dict[str, float], classes: int, dtype: str) -> Any:
    """Samples from p = ½ to where 1 − p is hardly a number."""
    rng = drawn.generator("robust, sure", key, own, classes, dtype)
    activation = "sigmoid" if classes == 1 else "softmax"
    setting = Setting(activation, soft_form=key, **own)
    for margin in rng.uniform(0, -math.log(SMALLEST[dtype]), 15):
        row, label = rng.normal(0, 1, classes), int(rng.integers(2 if classes == 1 else classes))
        if classes == 1:
            row[0] = margin * (2 * label - 1)
        else:
            row[label] += margin
        z = row.astype(dtype)
        yield setting, z.tolist(), label, lossviz.evaluate(lossviz.loss(key, activation, **own), z[None], [label])


@pytest.mark.parametrize(("q", "classes", "dtype"), drawn.paired((0.05, 0.3, 0.7, 1.0), (1, 3), DTYPES))
def test_a_hopeless_label_pulls_as_little_as_it_should(q: float, classes: int, dtype: str) -> None:
    """p^q relative to its own size, as long as p is a number; and within rounding of q·z where it is none any more."""
    spec = lossviz.loss(GENERALIZED, "sigmoid" if classes == 1 else "softmax", q=q)
    setting = Setting(spec.activation, soft_form=GENERALIZED, q=q)
    least = math.log(np.finfo(dtype).tiny)
    for z in (*np.linspace(0, least, 12), 1.5 * least, 3 * least):
        row = np.array([z, 0.3, 0.0][:classes], dtype)
        got = lossviz.evaluate(spec, row[None], [1 if classes == 1 else 0]).grad[0, 0].item()
        exact = reference.labelled(setting, row.tolist(), 1 if classes == 1 else 0).grad[0]
        if abs(exact) < SMALLEST[dtype]:
            continue
        room = ULPS if z > least + 2 else 2 * abs(z)
        assert ulps(got, exact, dtype, floor=0.0) <= room, (z, got, exact)


def plain(key: str, own: dict[str, float], p: Tensor, t: Tensor, w: Tensor) -> Tensor:
    """Σ of all samples' losses in plain probability space; K outcomes in the last dimension."""
    if key == GENERALIZED:
        q = own["q"]
        return (w * t * (-p.log() if q == 0 else (1 - p**q) / q)).sum()
    a, b, least = own.values()
    reverse = -(p * t.log().clamp(min=least)).sum(-1, keepdim=True)
    return (w * t * (b * reverse - a * p.log())).sum()


@pytest.mark.parametrize(
    ("setting", "activation", "kind", "extras"),
    drawn.alternating(REACHED, ACTIVATIONS, ("hard", "soft"), ("plain", "all parameters")),
    ids=words,
)
def test_autograd_of_the_plain_formula(setting: Named, activation: str, kind: str, extras: str) -> None:
    """A q next to 0 is not among them: the plain formula would subtract nearly equal numbers."""
    key, own = setting
    rng = drawn.generator("robust, autograd", key, own, activation, kind, extras)
    z = torch.from_numpy(rng.normal(0, 2, (7, 4))).requires_grad_()
    t = torch.from_numpy(drawn.soft(7, 4, "float64", rng, distribution=activation == "softmax"))
    t = F.one_hot(t.argmax(1), 4).double() if kind == "hard" else t
    full = extras != "plain"
    factors = {"weight": (1.5, 0.2, 3.0, 1.0), "alpha": (0.3, 0.9, 0.5, 0.1), "label_smoothing": 0.1, "temperature": 1.7}
    spec = lossviz.loss(key, activation, **own, **(factors if full else {}))
    w, a = (torch.tensor(factors[n] if full else [1.0] * 4, dtype=z.dtype) for n in ("weight", "alpha"))
    x, sigmoid = z / spec.temperature, activation == "sigmoid"
    p = torch.stack([x.sigmoid(), 1 - x.sigmoid()], -1) if sigmoid else x.softmax(-1)
    smooth = torch.stack([t, 1 - t], -1) if sigmoid else t
    smooth = (1 - spec.label_smoothing) * smooth + spec.label_smoothing / smooth.shape[-1]
    factors = torch.stack([w * a, w * (1 - a) if full else w], -1) if sigmoid else w * a
    value = plain(key, own, p, smooth, factors)
    (grad,) = torch.autograd.grad(value, z)
    ev = lossviz.evaluate(spec, z, t)
    torch.testing.assert_close(ev.reduce("sum"), value.detach(), rtol=1e-10, atol=1e-10)
    torch.testing.assert_close(ev.grad, grad, rtol=1e-8, atol=1e-9)


def test_q_1_is_half_of_the_absolute_error() -> None:
    z, y = torch.from_numpy(drawn.generator("mae").normal(0, 3, (9, 4))), torch.arange(9) % 4
    leaf = z.clone().requires_grad_()
    error = F.l1_loss(leaf.softmax(1), F.one_hot(y, 4).double(), reduction="none").sum(1) / 2
    (grad,) = torch.autograd.grad(error.sum(), leaf)
    ev = lossviz.evaluate(lossviz.loss(GENERALIZED, q=1.0), z, y)
    torch.testing.assert_close(ev.loss, error.detach(), rtol=1e-13, atol=1e-15)
    torch.testing.assert_close(ev.grad, grad, rtol=1e-12, atol=1e-15)


@each_dtype
def test_q_goes_to_0_without_a_jump(dtype: str) -> None:
    """CE − q CE²/2 + …: no smaller q is further from cross-entropy, down to where q itself ends."""
    z = np.array([[3.0, -1.0, 0.5], [-4.0, 2.0, 0.0]], dtype)
    ce = lossviz.evaluate(lossviz.loss("cross-entropy"), z, [0, 0])
    for q in 10.0 ** -np.arange(1, 31):
        ev = lossviz.evaluate(lossviz.loss(GENERALIZED, q=float(q)), z, [0, 0])
        eps = torch.finfo(ev.loss.dtype).eps
        assert ((ce.loss - ev.loss).abs() <= q * ce.loss**2 / 2 + 4 * eps * ce.loss).all(), q
        assert ((ce.grad - ev.grad).abs() <= q * ce.loss[:, None] * ce.grad.abs() + 4 * eps * ce.grad.abs()).all(), q


@pytest.mark.parametrize("q", [0.3, 0.7])
def test_the_factor_on_cross_entropys_gradient(q: float) -> None:
    """p^q, never above 1, where focal loss's is above 1 for a label that is not believed."""
    for p in (1e-6, 0.1, 0.5, 0.9):
        assert multiplier(lossviz.loss(GENERALIZED, "sigmoid", q=q), p) == pytest.approx(p**q, rel=1e-12)
    assert multiplier(lossviz.loss("focal", "sigmoid"), 0.1) > 1


def multiplier(spec: Any, p: float) -> float:
    """The gradient of a positive with probability p over cross-entropy's."""
    z = [math.log(p / (1 - p))]
    ours, ce = (lossviz.evaluate(s, z, [1]).grad.item() for s in (spec, lossviz.loss("cross-entropy", "sigmoid")))
    return ours / ce


def test_the_reverse_of_a_hard_label() -> None:
    """−A (1 − p): at z = (2, 1, 0), where CE is .4076 and p .6652, the paper's setting has .1 · .4076 + 4 · .3348."""
    ev = lossviz.evaluate(lossviz.loss(SYMMETRIC), [[2.0, 1.0, 0.0]], [0])
    assert ev.loss.item() == pytest.approx(0.1 * 0.4076 + 4 * (1 - 0.6652), abs=3e-4)
    for p in (1e-6, 0.1, 0.5, 0.9):
        assert multiplier(lossviz.loss(SYMMETRIC, "sigmoid"), p) == pytest.approx(0.1 + 4 * p, rel=1e-12)
    reverse = lossviz.loss(SYMMETRIC, ce_weight=0.0)
    hopeless = lossviz.evaluate(reverse, [[-1e4, 0.0], [-math.inf, 0.0]], [0, 0])
    assert hopeless.loss.tolist() == [4, 4], "bounded"


@each_dtype
def test_a_hopeless_label_written_out_keeps_its_digits(dtype: str) -> None:
    """One-hot targets, and RCE alone: what is left of the others' push is of the size of p_y, not of rounding beside 1."""
    z = np.array([[lead, 0.0, 1.0] for lead in (5.0, 20.0, 35.0)], dtype)
    t = np.array([[0.0, 1.0, 0.0]] * len(z), dtype)
    own = {"ce_weight": 0.0, "rce_weight": 1.0, "log_zero": -4.0}
    ev = lossviz.evaluate(lossviz.loss(SYMMETRIC, **own), z, t)
    for row, got in zip(z.tolist(), ev.grad.tolist(), strict=True):
        exact = reference.labelled(Setting("softmax", soft_form=SYMMETRIC, **own), row, 1).grad
        assert max(ulps(a, b, dtype, floor=0.0) for a, b in zip(got, exact, strict=True)) <= ULPS


@each_activation
def test_the_reverse_of_a_target_with_nothing_at_0_is_cross_entropy_the_other_way_round(activation: str) -> None:
    """Where no target reaches the floor, RCE is the cross-entropy with predictions and targets in each other's place."""
    rng = drawn.generator("swapped", activation)
    z, t = torch.from_numpy(rng.normal(0, 1, (9, 4))), torch.from_numpy(rng.uniform(0.1, 0.9, (9, 4)))
    t = t / t.sum(1, keepdim=True) if activation == "softmax" else t
    ours = lossviz.evaluate(lossviz.loss(SYMMETRIC, activation, ce_weight=0.0, log_zero=-50.0), z, t)
    back = t.log() if activation == "softmax" else t.logit()
    swapped = lossviz.evaluate(lossviz.loss("cross-entropy", activation), back, ours.probs)
    torch.testing.assert_close(ours.loss, swapped.loss, rtol=1e-12, atol=1e-14)


@each_activation
def test_shares_of_the_reverse_follow_the_weights_of_the_targets(activation: str) -> None:
    """A weight on a class multiplies all that its samples say, the reverse too: weighted, a hard label's loss is w times."""
    rng = drawn.generator("weighted", activation)
    z, y, w = rng.normal(0, 2, (9, 3)), np.arange(9) % 3, (0.5, 2.0, 3.0)
    bare, weighted = (lossviz.evaluate(lossviz.loss(SYMMETRIC, activation, weight=x), z, y) for x in (None, w))
    factors = torch.tensor(w)[torch.from_numpy(y)][:, None] if activation == "softmax" else torch.tensor(w)
    torch.testing.assert_close(weighted.terms, factors * bare.terms, rtol=1e-6, atol=1e-12, check_dtype=False)
    torch.testing.assert_close(weighted.grad, factors * bare.grad, rtol=1e-6, atol=1e-12, check_dtype=False)
