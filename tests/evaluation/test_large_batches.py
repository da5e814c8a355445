"""Many numbers at once take another way to −log p than few do (`activations.MANY`): the truth is the same."""

import mpmath
import pytest
import torch

import lossviz
from lossviz.evaluation import activations

N = 3 * activations.MANY
SPEC = lossviz.loss("focal", "sigmoid", gamma=2.0, alpha=0.25)


def inputs(dtype: torch.dtype) -> tuple[torch.Tensor, torch.Tensor]:
    generator = torch.Generator().manual_seed(5)
    z = torch.randn(N, generator=generator, dtype=torch.float64) * 12
    z[:12] = torch.tensor([0.0, 30, -30, 80, -80, 1e4, -1e4, 1e30, -1e30, torch.inf, -torch.inf, 1e-30])
    t = (torch.rand(N, generator=generator) < 0.4).to(dtype)
    assert 0.3 < t.mean() < 0.5
    assert z[12:].std() > 10
    return z.to(dtype), t


@pytest.mark.parametrize(("dtype", "eps"), [(torch.float32, 2.0**-23), (torch.float64, 2.0**-52)])
def test_against_50_digits(dtype: torch.dtype, eps: float) -> None:
    z, t = inputs(dtype)
    ev = lossviz.evaluate(SPEC, z, t)
    with mpmath.workdps(50):
        for i in (*range(9), 11, *range(12, N, N // 150)):
            x = mpmath.mpf(z[i].item()) * (1 if t[i] else -1)
            p, q, nll = 1 / (1 + mpmath.exp(-x)), 1 / (1 + mpmath.exp(x)), mpmath.log1p(mpmath.exp(-x))
            alpha = mpmath.mpf(0.25 if t[i] else 0.75)
            loss = alpha * q**2 * nll
            grad = alpha * q**2 * (q + 2 * p * nll) * (-1 if t[i] else 1)
            for value, true in ((ev.loss[i], loss), (ev.grad[i, 0], grad)):
                assert abs(value.item() - true) <= 8 * eps * max(abs(true), 1)
                if abs(true) > 1e-30:
                    assert abs(value.item() - true) <= 16 * eps * abs(true), f"z = {z[i]}, tail"


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_infinite_logits_have_their_limits(dtype: torch.dtype) -> None:
    z, t = inputs(dtype)
    t[9], t[10] = 1, 0
    ev = lossviz.evaluate(SPEC, z, t)
    assert ev.loss[9] == ev.loss[10] == 0
    assert ev.grad[9] == ev.grad[10] == 0
    t[9], t[10] = 0, 1
    ev = lossviz.evaluate(SPEC, z, t)
    assert torch.isinf(ev.loss[9:11]).all()
    assert ev.grad[9:11].flatten().tolist() == pytest.approx([0.75, -0.25])


@pytest.mark.parametrize("n", [3, N])
@pytest.mark.parametrize("value", [-1e-30, 1 + 2e-7, 2.0, -1.0, torch.inf, -torch.inf, torch.nan])
def test_a_target_outside_is_found_among_few_and_among_many(n: int, value: float) -> None:
    t = torch.zeros(n)
    t[n // 2] = value
    with pytest.raises(lossviz.InputError, match=f"targets, row {n // 2}"):
        lossviz.evaluate(SPEC, torch.zeros(n), t)


@pytest.mark.parametrize("n", [3, N])
@pytest.mark.parametrize("value", [1e-45, 0.5, 1 - 6e-8])
def test_a_soft_target_is_found_among_few_and_among_many(n: int, value: float) -> None:
    t = torch.zeros(n)
    t[n // 2] = value
    assert t[n // 2] not in (0, 1)
    assert not lossviz.evaluate(SPEC, torch.zeros(n), t).targets.hard
    assert lossviz.evaluate(SPEC, torch.zeros(n), t.round()).targets.hard
