"""Logits of more than two dimensions are what torch takes them for, and what their rows are one by one."""

from __future__ import annotations

from typing import Any

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

import lossviz

CE, FOCAL, BINARY = lossviz.loss("cross-entropy"), lossviz.loss("focal"), lossviz.loss("focal", "sigmoid")
SHAPES = [((4, 3, 5), 1), ((4, 5, 3), -1), ((4, 3, 5, 6), 1), ((4, 5, 6, 3), -1), ((2, 3, 2, 3, 5), 1)]


def generator(seed: int = 3) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def inputs(shape: tuple[int, ...], axis: int) -> tuple[Tensor, Tensor]:
    z = 3 * torch.randn(shape, generator=generator(), dtype=torch.float64)
    return z, torch.randint(3, z.select(axis, 0).shape, generator=generator())


@pytest.mark.parametrize(("shape", "axis"), SHAPES)
@pytest.mark.parametrize("weight", [None, (0.5, 2.0, 1.0)])
def test_labels_are_those_of_torch(shape: tuple[int, ...], axis: int, weight: tuple[float, ...] | None) -> None:
    z, y = inputs(shape, axis)
    y.view(-1)[2] = -100
    leaf = z.movedim(axis, 1).clone().requires_grad_()
    w = None if weight is None else torch.tensor(weight, dtype=torch.float64)
    F.cross_entropy(leaf, y, w).backward()
    assert leaf.grad is not None
    ev = lossviz.evaluate(lossviz.loss("cross-entropy", weight=weight), z, y)
    torch.testing.assert_close(ev.reduced_grad(), leaf.grad.movedim(1, axis), rtol=1e-12, atol=1e-15)
    torch.testing.assert_close(ev.reduce(), F.cross_entropy(leaf, y, w).detach(), rtol=1e-13, atol=0)
    torch.testing.assert_close(
        ev.reduce("none"), F.cross_entropy(leaf, y, w, reduction="none").detach(), rtol=1e-12, atol=1e-15
    )
    torch.testing.assert_close(ev.probs, z.softmax(axis), rtol=1e-12, atol=0)
    assert ev.terms.shape == ev.grad.shape == z.shape and ev.loss.shape == y.shape


@pytest.mark.parametrize("spec", [CE, FOCAL, BINARY], ids=lambda spec: f"{spec.key}-{spec.activation}")
@pytest.mark.parametrize("form", [list, "array", "tensor"])
def test_any_axis_that_is_named(spec: Any, form: Any) -> None:
    z, y = inputs((3, 3, 3), 1)
    for axis in (0, 1, 2, -1, -3):
        rows = lossviz.evaluate(spec, z.movedim(axis, -1).reshape(-1, 3), y.reshape(-1))
        arguments = (z.tolist(), y.tolist()) if form is list else (z.numpy(), y.numpy()) if form == "array" else (z, y)
        ev = lossviz.evaluate(spec, *arguments, class_axis=axis)
        for name in ("probs", "terms", "grad"):
            assert torch.equal(getattr(ev, name).movedim(axis, -1).reshape(-1, 3), getattr(rows, name)), name
        assert torch.equal(ev.loss.reshape(-1), rows.loss)
        assert ev.reduce("none").shape == (z.shape if spec.per_logit else y.shape)
        assert ev.reduce("mean", "elements") == rows.reduce("mean", "elements")


def test_soft_targets_name_the_classes() -> None:
    z, _ = inputs((4, 3, 5), 1)
    t = torch.rand(z.shape, generator=generator(), dtype=torch.float64).softmax(1)
    ev = lossviz.evaluate(CE, z, t, class_axis=1)
    torch.testing.assert_close(ev.loss, F.cross_entropy(z, t, reduction="none"), rtol=1e-12, atol=1e-14)
    assert lossviz.evaluate(CE, z[:, :, 0].t(), t[:, :, 0].t(), class_axis=0).loss.shape == (4,)


@pytest.mark.parametrize(
    ("logits", "targets", "axis", "words"),
    [
        ((3, 3, 3), (3, 3), None, ("class_axis", "shape (3, 3, 3) with targets of shape (3, 3)", "1 or -1")),
        ((4, 3, 5), (4, 3, 5), None, ("class_axis", "1 or -1")),
        ((4, 3, 5), (4,), None, ("logits", "shape (4, 3, 5) with targets of shape (4,)", "(N, C, d1, …)")),
        ((4, 3, 5), (5, 4), None, ("logits", "shape (5, 4)")),
        ((4, 3, 5), (4, 5), 3, ("class_axis", "3", "a dimension")),
        ((4, 3, 5), (4, 5), True, ("class_axis", "True")),
        ((4, 3, 5), (4, 5), 2, ("targets", "shape (4, 5)", "(4, 3)")),
        ((4, 3), (4,), 0, ("targets", "shape (4,)", "(3,)")),
    ],
)
def test_what_does_not_go_together(logits: Any, targets: Any, axis: Any, words: tuple[str, ...]) -> None:
    t = torch.zeros(targets, dtype=torch.long if len(targets) < len(logits) else torch.float64)
    with pytest.raises(lossviz.InputError) as caught:
        lossviz.evaluate(CE, torch.zeros(logits), t, class_axis=axis)
    assert caught.value.argument == words[0]
    assert not [word for word in words[1:] if word not in str(caught.value)], str(caught.value)
