"""A loss takes part in autograd: its gradient is torch's, and a training loop ends at the weights of torch's own loss."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

import lossviz

Criterion = Callable[[Tensor, Tensor], Tensor]


def trained(criterion: Criterion, outputs: int, targets: Tensor, dtype: torch.dtype) -> list[Tensor]:
    """The weights of a small network after sixty steps of momentum."""
    generator = torch.Generator().manual_seed(11)
    x = torch.randn(64, 5, generator=generator, dtype=dtype)
    first = (torch.randn(5, 16, generator=generator, dtype=dtype) / 3).requires_grad_()
    second = (torch.randn(16, outputs, generator=generator, dtype=dtype) / 3).requires_grad_()
    optimizer = torch.optim.SGD([first, second], lr=0.2, momentum=0.9)
    for step in range(60):
        rows = torch.arange(step, step + 32) % 64
        optimizer.zero_grad()
        criterion(torch.tanh(x[rows] @ first) @ second, targets[rows]).backward()  # type: ignore[no-untyped-call]
        optimizer.step()
    return [first.detach(), second.detach()]


def ours(spec: Any, reduction: str = "mean") -> Criterion:
    return lambda z, t: lossviz.evaluate(spec, z, t).reduce(reduction)


def focal(z: Tensor, y: Tensor) -> Tensor:
    ce = F.cross_entropy(z, y, reduction="none")
    return ((1 - torch.exp(-ce)) ** 2 * ce).mean()


LABELS = torch.arange(64) % 4
WEIGHT = (0.5, 2.0, 1.0, 3.0)
W = torch.tensor(WEIGHT, dtype=torch.float64)
HOT = (torch.arange(256).view(64, 4) % 3 == 0).double()
LOOPS: dict[str, tuple[Criterion, Criterion, Tensor]] = {
    "cross-entropy": (F.cross_entropy, ours(lossviz.loss("cross-entropy")), LABELS),
    "weights": (lambda z, y: F.cross_entropy(z, y, W), ours(lossviz.loss("cross-entropy", weight=WEIGHT)), LABELS),
    "smoothing": (
        lambda z, y: F.cross_entropy(z, y, label_smoothing=0.1),
        ours(lossviz.loss("cross-entropy", label_smoothing=0.1)),
        LABELS.where(LABELS != 2, -100),
    ),
    "sigmoid": (F.binary_cross_entropy_with_logits, ours(lossviz.loss("cross-entropy", "sigmoid")), HOT),
    "nll": (
        lambda z, y: F.nll_loss(z.log_softmax(1), y),
        lambda z, y: lossviz.evaluate(lossviz.loss("nll"), z.log_softmax(1), y).reduce(),
        LABELS,
    ),
    "focal": (focal, ours(lossviz.loss("focal", gamma=2.0)), LABELS),
    "unreduced": (F.cross_entropy, lambda z, y: lossviz.evaluate(lossviz.loss("cross-entropy"), z, y).loss.mean(), LABELS),
}


@pytest.mark.parametrize("name", LOOPS)
def test_a_training_loop_ends_where_that_of_torch_does(name: str) -> None:
    theirs, mine, targets = LOOPS[name]
    for a, b in zip(*(trained(criterion, 4, targets, torch.float64) for criterion in (theirs, mine)), strict=True):
        torch.testing.assert_close(a, b, rtol=1e-9, atol=1e-11)


@pytest.mark.parametrize("shape", [(6,), (6, 3), (6, 3, 4), (6, 4, 3)])
@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
def test_the_gradient_of_any_shape(shape: tuple[int, ...], reduction: str) -> None:
    generator = torch.Generator().manual_seed(2)
    z = torch.randn(shape, generator=generator, dtype=torch.float64, requires_grad=True)
    t = (torch.rand(shape, generator=generator) < 0.5).double()
    value = lossviz.evaluate(lossviz.loss("cross-entropy", "sigmoid"), z, t, class_axis=1 if len(shape) > 2 else None).reduce(
        reduction
    )
    expected = F.binary_cross_entropy_with_logits(z, t, reduction=reduction)
    torch.testing.assert_close(value, expected)
    outer = torch.rand(expected.shape, generator=generator, dtype=torch.float64)
    torch.testing.assert_close(torch.autograd.grad(value, z, outer)[0], torch.autograd.grad(expected, z, outer)[0])


@pytest.mark.parametrize("half", [torch.float16, torch.bfloat16])
def test_half_precision_gets_its_own_back(half: torch.dtype) -> None:
    z = torch.tensor([[2.0, 1.0, 0.0]], dtype=half, requires_grad=True)
    ev = lossviz.evaluate(lossviz.loss("focal"), z, [0])
    ev.reduce().backward()  # type: ignore[no-untyped-call]
    assert ev.loss.dtype == torch.float32 and z.grad is not None and z.grad.dtype == half
    assert torch.equal(z.grad, ev.grad.to(half)) and not ev.grad.requires_grad and not ev.probs.requires_grad


def test_a_second_derivative_is_refused() -> None:
    z = torch.zeros(2, 3, requires_grad=True)
    value = lossviz.evaluate(lossviz.loss("focal"), z, [0, 1]).reduce()
    with pytest.raises(lossviz.InputError, match=r"create_graph: found True; expected False"):
        torch.autograd.grad(value, z, create_graph=True)


def test_no_graph_where_none_is_wanted() -> None:
    z = torch.zeros(2, 3, requires_grad=True)
    with torch.no_grad():
        assert not lossviz.evaluate(lossviz.loss("focal"), z, [0, 1]).loss.requires_grad
    assert not lossviz.evaluate(lossviz.loss("focal"), z.detach(), [0, 1]).reduce().requires_grad
    assert lossviz.evaluate(lossviz.loss("focal"), z, [0, 1]).loss.requires_grad
