"""Every identity that a loss declares, on random inputs: value, terms and gradient."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

import lossviz
from lossviz.losses import Limit

from .. import drawn

N, C = 50, 4


def cases() -> list[Any]:
    params = []
    for key, kind in lossviz.LOSSES.items():
        for number, limit in enumerate(kind.limits):
            for activation in limit.activations or kind.activations:
                params.append(pytest.param(key, limit, activation, id=f"{key}-{number}-{activation}"))
    return params


@pytest.mark.parametrize("key", lossviz.LOSSES)
def test_every_loss_declares_a_limit(key: str) -> None:
    limits = lossviz.LOSSES[key].limits
    assert limits and all(limit.text and limit.equals in lossviz.LOSSES for limit in limits)


def inputs(key: str, other: str, activation: str, hard: bool) -> tuple[Any, Any, Any, Any]:
    """Logits and targets for a loss and for the one it is to equal."""
    rng = drawn.generator("limits", key, other, activation, hard)
    z = rng.normal(0, 4, (N, C))
    if key == "logistic":
        signs = rng.choice([-1, 1], N)
        return z[:, 0], signs, z[:, 0], (signs + 1) / 2
    labels = rng.integers(C, size=N)
    if key == "nll":
        return torch.from_numpy(z).log_softmax(1), labels, z, labels
    if hard:
        hot = np.eye(C)[labels] if activation == "softmax" else rng.integers(2, size=(N, C)).astype(float)
        return z, hot, z, hot
    soft = drawn.soft(N, C, "float64", rng, distribution=activation == "softmax")
    return z, soft, z, soft


@pytest.mark.parametrize(("key", "limit", "activation"), cases())
@pytest.mark.parametrize("hard", [True, False])
def test_limit(key: str, limit: Limit, activation: str, hard: bool) -> None:
    if limit.hard and not hard:
        pytest.skip("declared for hard labels only")
    kind, other = lossviz.LOSSES[key], lossviz.LOSSES[limit.equals]
    z, t, other_z, other_t = inputs(key, limit.equals, activation, hard)
    used = activation if activation in kind.activations else None
    ours = lossviz.evaluate(lossviz.loss(key, used, **limit.when), z, t)
    spec = lossviz.loss(other.key, activation if activation in other.activations else None, **limit.parameters)
    theirs = lossviz.evaluate(spec, other_z, other_t)
    assert theirs.loss.unique().numel() == N, "the inputs have to vary"
    torch.testing.assert_close(ours.loss, limit.factor * theirs.loss, rtol=1e-14, atol=1e-15)
    torch.testing.assert_close(ours.terms, limit.factor * theirs.terms, rtol=1e-14, atol=1e-15)
    if key != "nll":  # its gradient is with respect to log-probabilities
        torch.testing.assert_close(ours.grad, limit.factor * theirs.grad, rtol=1e-13, atol=1e-15)
