"""Gradients against autograd of an independent formula and against central differences, for every loss, activation and form."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor

import lossviz

from .. import drawn

N, C = 7, 4
FORMS = ("per-term", "mixed", "exp-ce", "quality")
WEIGHTS = {"weight": (1.5, 0.2, 3.0, 1.0), "alpha": (0.3, 0.9, 0.5, 0.1)}
KINDS = ("hard", "soft")


def by_hand(
    z: Tensor, t: Tensor, activation: str, gamma: float, form: str, factors: dict[str, Any], epsilon: float, temperature: float
) -> Tensor:
    """Σ of all samples' losses in plain probability space; K outcomes in the last dimension."""
    x = z / temperature
    p = torch.stack([x.sigmoid(), 1 - x.sigmoid()], -1) if activation == "sigmoid" else x.softmax(-1)
    t = torch.stack([t, 1 - t], -1) if activation == "sigmoid" else t
    t = (1 - epsilon) * t + epsilon / t.shape[-1]
    w, a = (torch.tensor(factors.get(n, [1.0] * C), dtype=z.dtype) for n in ("weight", "alpha"))
    if activation == "sigmoid":
        w = torch.stack([w, w], -1)
        a = torch.stack([a, 1 - a] if "alpha" in factors else [a, a], -1)
    w = w * ((a * t).sum(-1, keepdim=True) if form == "mixed" else a)
    ce = -t * p.log()
    if form == "per-term":
        return (w * (1 - p) ** gamma * ce).sum()
    if form == "quality":
        return (w * (t - p).abs() ** gamma * ce).sum()
    u = (t * (1 - p)).sum(-1) if form == "mixed" else 1 - torch.exp(-ce.sum(-1))
    return (u**gamma * (w * ce).sum(-1)).sum()


def cases() -> list[tuple[str, str, str, float]]:
    cases = []
    for key in ("cross-entropy", "focal", "quality-focal"):
        for activation in lossviz.LOSSES[key].activations:
            for form in FORMS if key == "focal" else ("quality",) if key == "quality-focal" else ("per-term",):
                for gamma in (0.0,) if key == "cross-entropy" else (0.0, 0.5, 1.0, 2.0, 3.3, 5.0):
                    cases.append((key, activation, form, gamma))
    return cases


@pytest.mark.parametrize(
    ("key", "activation", "form", "gamma", "kind", "extras"),
    [(*case, kind, extras) for case, kind, extras in drawn.alternating(cases(), KINDS, ("plain", "all parameters"))],
)
def test_autograd_of_the_plain_formula(key: str, activation: str, form: str, gamma: float, kind: str, extras: str) -> None:
    rng = drawn.generator(key, activation, form, gamma, kind, extras)
    z = torch.from_numpy(rng.normal(0, 2, (N, C))).requires_grad_()
    assert z.unique().numel() == N * C
    t = torch.from_numpy(drawn.soft(N, C, "float64", rng, distribution=activation == "softmax"))
    if kind == "hard":
        t = torch.nn.functional.one_hot(t.argmax(1), C).double()
    known = {p.name for p in lossviz.LOSSES[key].parameters}
    factors = {n: v for n, v in WEIGHTS.items() if n in known and extras != "plain"}
    epsilon = 0.1 if extras != "plain" and "label_smoothing" in known else 0.0
    temperature = 1.7 if extras != "plain" else 1.0
    own = {n: v for n, v in {"gamma": gamma, "soft_form": form, "label_smoothing": epsilon}.items() if n in known}
    spec = lossviz.loss(key, activation, temperature=temperature, **own, **factors)
    value = by_hand(z, t, activation, gamma, form, factors, epsilon, temperature)
    (grad,) = torch.autograd.grad(value, z)
    ev = lossviz.evaluate(spec, z, t)
    torch.testing.assert_close(ev.reduce("sum"), value.detach(), rtol=1e-10, atol=1e-10)
    torch.testing.assert_close(ev.grad, grad, rtol=1e-7, atol=1e-8)
    assert_differences(spec, z.detach(), t)


@pytest.mark.parametrize("temperature", [1.0, 2.5])
def test_logistic(temperature: float) -> None:
    rng = drawn.generator("logistic", temperature)
    z = torch.from_numpy(rng.normal(0, 3, N)).requires_grad_()
    y = torch.from_numpy(rng.choice([-1.0, 1.0], N))
    spec = lossviz.loss("logistic", temperature=temperature)
    (grad,) = torch.autograd.grad((1 + (-y * z / temperature).exp()).log().sum(), z)
    torch.testing.assert_close(lossviz.evaluate(spec, z, y).grad[:, 0], grad, rtol=1e-9, atol=1e-11)
    assert_differences(spec, z.detach(), y)


def test_nll() -> None:
    rng = drawn.generator("nll")
    z, y = torch.from_numpy(rng.normal(-2, 1, (N, C))), torch.from_numpy(rng.integers(C, size=N))
    assert_differences(lossviz.loss("nll", weight=WEIGHTS["weight"]), z, y)


def assert_differences(spec: Any, z: Tensor, t: Tensor, step: float = 1e-5) -> None:
    """Central differences of the loss of every sample, in every direction at once for all samples."""
    ev = lossviz.evaluate(spec, z, t)
    columns = z[:, None] if z.dim() == 1 else z
    for k in range(columns.shape[1]):
        ends = []
        for sign in (1, -1):
            moved = columns.clone()
            moved[:, k] += sign * step
            ends.append(lossviz.evaluate(spec, moved.view_as(z), t).loss)
        torch.testing.assert_close((ends[0] - ends[1]) / (2 * step), ev.grad[:, k], rtol=1e-5, atol=1e-6)
