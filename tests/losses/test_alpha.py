"""α: any size under softmax, on each outcome's term or, in the mixed form, mixed as p_t is, as torchvision has it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F

import lossviz
from lossviz.analysis.formula import formulas
from lossviz.analysis.optimum import optimum, threshold
from lossviz.analysis.sample import sample
from lossviz.analysis.sweep import sweeps
from lossviz.evaluation.setting import Setting, baseline
from lossviz.naming.libraries import Case, translate

from .. import drawn, specs
from ..evaluation.test_numerics import DTYPES, judge


def torchvision_focal(z: torch.Tensor, t: torch.Tensor, alpha: Any, gamma: float) -> torch.Tensor:
    """torchvision.ops.sigmoid_focal_loss as its documentation has it, not reduced."""
    p = torch.sigmoid(z)
    ce = F.binary_cross_entropy_with_logits(z, t, reduction="none")
    p_t = p * t + (1 - p) * (1 - t)
    return (alpha * t + (1 - alpha) * (1 - t)) * ce * (1 - p_t) ** gamma


@pytest.mark.parametrize(
    ("alpha", "gamma", "smoothing"),
    drawn.alternating([0.0, 0.25, 0.5, 0.9, 1.0, (0.1, 0.8, 0.3)], [0.0, 0.5, 1.0, 2.0, 5.0], [0.0, 0.2]),
)
def test_mixed_alpha_is_torchvisions(alpha: Any, gamma: float, smoothing: float) -> None:
    rng = specs.seeded("mixed alpha", alpha, gamma, smoothing)
    z = torch.tensor(rng.normal(0, 2, (40, 3)), requires_grad=True)
    t = torch.tensor(rng.uniform(0, 1, (40, 3)))
    smoothed = t * (1 - smoothing) + smoothing / 2
    value = torchvision_focal(z, smoothed, torch.tensor(alpha, dtype=torch.float64), gamma)
    value.sum().backward()
    spec = lossviz.loss("focal", "sigmoid", soft_form="mixed", alpha=alpha, gamma=gamma, label_smoothing=smoothing)
    ev = lossviz.evaluate(spec, z, t)
    torch.testing.assert_close(ev.terms, value.detach(), rtol=1e-11, atol=1e-14)
    assert z.grad is not None
    torch.testing.assert_close(ev.grad, z.grad, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("form", ["per-term", "exp-ce", "quality"])
def test_other_forms_have_an_alpha_for_each_outcome(form: str) -> None:
    """α off on the other outcome: with α = 1 negatives are silent, and with α = 0 positives; α is linear between."""
    z, t = [0.3, -1.0, 2.0], [0.7, 0.2, 0.5]
    quarter, yes, no = (
        lossviz.evaluate(lossviz.loss("focal", "sigmoid", soft_form=form, alpha=a), z, t).loss for a in (0.25, 1.0, 0.0)
    )
    torch.testing.assert_close(quarter, 0.25 * yes + 0.75 * no, rtol=1e-12, atol=0)
    mixed = lossviz.evaluate(lossviz.loss("focal", "sigmoid", soft_form="mixed", alpha=1.0), z, t).loss
    off = lossviz.evaluate(lossviz.loss("focal", "sigmoid", soft_form="mixed"), z, t).loss
    torch.testing.assert_close(mixed, torch.tensor(t, dtype=torch.float64) * off, rtol=1e-12, atol=0)
    assert not torch.allclose(yes, torch.tensor(t, dtype=torch.float64) * (yes + no), rtol=1e-3)


@pytest.mark.parametrize("gamma", [0.0, 1.5])
def test_mixed_alpha_after_softmax(gamma: float) -> None:
    rng = specs.seeded("mixed softmax", gamma)
    z, t = torch.tensor(rng.normal(0, 2, (30, 4)), requires_grad=True), torch.tensor(rng.dirichlet(np.ones(4), 30))
    alpha, weight = torch.tensor([3.0, 0.0, 1.5, 40.0], dtype=torch.float64), torch.tensor([1.0, 2.0, 0.5, 3.0]).double()
    log_p = z.log_softmax(1)
    u = 1 - (t * log_p.exp()).sum(1)
    value = (alpha * t).sum(1) * u**gamma * -(weight * t * log_p).sum(1)
    value.sum().backward()
    factors = {"alpha": tuple(alpha.tolist()), "weight": tuple(weight.tolist())}
    ev = lossviz.evaluate(lossviz.loss("focal", soft_form="mixed", gamma=gamma, **factors), z, t)
    torch.testing.assert_close(ev.loss, value.detach(), rtol=1e-11, atol=1e-14)
    assert z.grad is not None
    torch.testing.assert_close(ev.grad, z.grad, rtol=1e-9, atol=1e-12)


LARGE = {"many": (3.0, 0.0, 25.0), "one": 12.5, "huge": (1e6, 1.0, 1e-6)}


SIZED: tuple[tuple[str, dict[str, Any]], ...] = (
    ("cross-entropy", {}),
    ("focal", {"gamma": 0.5}),
    ("focal", {"gamma": 2.0, "soft_form": "mixed"}),
    ("focal", {"gamma": 2.0, "soft_form": "exp-ce"}),
    ("generalized-cross-entropy", {}),
    ("symmetric-cross-entropy", {}),
)


@pytest.mark.parametrize(("loss", "name", "kind", "dtype"), drawn.paired(SIZED, [*LARGE], ("labels", "soft"), DTYPES), ids=str)
def test_any_size_under_softmax(loss: tuple[str, dict[str, Any]], name: str, kind: str, dtype: str) -> None:
    """Against mpmath at 50 digits."""
    key, own = loss
    rng = drawn.generator("large alpha", key, own, name, kind, dtype)
    z = drawn.logits(3, dtype, rng, ordinary=3)[:12]
    targets = drawn.soft(len(z), 3, dtype, rng, distribution=True) if kind == "soft" else rng.integers(3, size=len(z))
    judge(lossviz.loss(key, "softmax", alpha=LARGE[name], **own), z, targets, dtype)


def test_finite_differences_along_the_logits() -> None:
    for spec in (
        lossviz.loss("focal", alpha=(5.0, 0.5, 2.0), gamma=2.0),
        lossviz.loss("focal", alpha=(5.0, 0.5, 2.0), gamma=0.7, soft_form="mixed"),
        lossviz.loss("focal", "sigmoid", alpha=(0.9, 0.1, 0.6), gamma=1.3, soft_form="mixed"),
    ):
        z, t, h = np.array([[0.4, -1.1, 0.9]]), np.array([[0.5, 0.2, 0.3]]), 1e-5
        grad = lossviz.evaluate(spec, z, t).grad[0]
        for k, step in enumerate(h * np.eye(3)):
            up, down = (float(lossviz.evaluate(spec, z + s, t).loss[0]) for s in (step, -step))
            assert float(grad[k]) == pytest.approx((up - down) / (2 * h), rel=1e-7)


def test_a_scalar_under_softmax_is_a_factor_of_a_distribution() -> None:
    t, z = [[0.5, 0.2, 0.3]], [[0.4, -1.1, 0.9]]
    for form in ("per-term", "mixed", "exp-ce", "quality"):
        plain, seven = (lossviz.evaluate(lossviz.loss("focal", soft_form=form, alpha=a), z, t).loss.item() for a in (None, 7.0))
        assert seven == pytest.approx(7 * plain, rel=1e-13)


MIXED = lossviz.loss("focal", "sigmoid", soft_form="mixed", alpha=0.25, gamma=2.0)


def test_cross_entropy_beside_it_has_the_same_alpha() -> None:
    """With γ = 0 nothing is left to compare: the factor is 1, also on soft targets."""
    plain = lossviz.loss("focal", "sigmoid", soft_form="mixed", alpha=0.25, gamma=0.0)
    assert baseline(MIXED) == plain == baseline(plain)
    now = sample(Setting(plain, (0.4,), (0.7,)))
    assert now.loss_factor[0] == now.norm_factor[0] == 1


def test_the_slider_of_alpha_is_the_loss_at_each_alpha() -> None:
    swept = next(s for s in sweeps(Setting(MIXED, (0.4,), (0.7,)), False, 2_000) if s.control == "alpha")
    for alpha, value in zip(swept.values, swept.table.loss, strict=True):
        spec = lossviz.loss("focal", "sigmoid", soft_form="mixed", alpha=float(alpha))
        assert value == pytest.approx(float(lossviz.evaluate(spec, [0.4], [0.7]).loss), rel=1e-12)


@pytest.mark.parametrize("alpha", [0.1, 0.25, 0.9])
def test_mixed_alpha_moves_no_minimum_at_gamma_0(alpha: float) -> None:
    """α_t does not depend on p: what is predicted is the truth, where an α on each outcome predicts something else."""
    mixed = Setting(lossviz.loss("focal", "sigmoid", soft_form="mixed", alpha=alpha, gamma=0.0), (0.0,), (1.0,))
    best = optimum(mixed, 0, 21)
    np.testing.assert_allclose(best.p[1:-1], best.eta[1:-1], atol=1e-9)
    assert threshold(mixed, 0) == pytest.approx(0.5, abs=1e-9)
    per_term = Setting(lossviz.loss("focal", "sigmoid", alpha=alpha, gamma=0.0), (0.0,), (1.0,))
    assert threshold(per_term, 0) == pytest.approx(1 - alpha, abs=1e-9)


def test_the_formula_says_what_alpha_is_on() -> None:
    def around(spec: lossviz.losses.LossSpec) -> str:
        setting = Setting(spec, (0.0, 1.0), (0.6, 0.4))
        return " ".join(formulas(setting, sample(setting)).around)

    assert r"\alpha\, t_i + (1 - \alpha)(1 - t_i)" in around(MIXED)
    assert r"\sum_i \alpha_i\, t_i" in around(lossviz.loss("focal", soft_form="mixed", alpha=(2.0, 3.0)))
    assert r"t_i \leftarrow \alpha\, t_i" in around(lossviz.loss("focal", "sigmoid", alpha=0.25))


@pytest.mark.parametrize("gamma", [0.0, 2.0])
def test_the_mixed_form_with_alpha_is_what_three_libraries_have(gamma: float) -> None:
    spec = lossviz.loss("focal", "sigmoid", soft_form="mixed", alpha=0.25, gamma=gamma)
    answers = translate(Case(spec, (0.3,), (0.6,)))
    expected = float(torchvision_focal(torch.tensor([0.3]).double(), torch.tensor([0.6]).double(), 0.25, gamma))
    for name in ("PyTorch", "torchvision", "Keras", "Optax (JAX)"):
        assert answers[name].why == "" and answers[name].value == pytest.approx(expected, rel=2e-6), name
    assert "own α there" in answers["kornia"].why
    other = translate(Case(lossviz.loss("focal", "sigmoid", alpha=0.25, gamma=gamma), (0.3,), (0.6,)))
    assert "mixes one α" in other["torchvision"].why and "α" not in other["kornia"].why


@pytest.mark.parametrize("activation", ["softmax", "sigmoid"])
def test_keras_has_an_alpha_at_gamma_0_in_its_focal_loss(activation: str) -> None:
    logits, targets = ((2.0, 1.0, 0.0), (1.0, 0.0, 0.0)) if activation == "softmax" else ((0.3,), (1.0,))
    for key in ("focal", "cross-entropy"):
        own = {"gamma": 0.0} if key == "focal" else {}
        spec = lossviz.loss(key, activation, alpha=0.25, **own)
        answer = translate(Case(spec, logits, targets))["Keras"]
        assert "focal_crossentropy" in answer.program and "gamma=0.0" in answer.program and answer.why == ""
        assert answer.value == pytest.approx(float(lossviz.evaluate(spec, [logits], [targets]).loss), rel=1e-6)
