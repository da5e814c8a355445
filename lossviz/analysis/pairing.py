"""Softmax or sigmoid, categorical or binary terms: what does each of the four pairs train a sample toward?

With p = softmax(z) or σ(z), the categorical terms are −Σ tᵢ log pᵢ, the binary ones −Σ (tᵢ log pᵢ + (1 − tᵢ) log(1 − pᵢ)).
Computed in log space in float64; gradients by autograd.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from ..evaluation.setting import Array
from ..texts import joined, say

PAIRS = (("softmax", "categorical"), ("sigmoid", "categorical"), ("softmax", "binary"), ("sigmoid", "binary"))
"""Activation and terms of the four, in screen order."""


class Trajectory(NamedTuple):
    """One of the four under gradient descent on the logits: probs (S + 1, C) and loss (S + 1,) after each step.

    start (C,): the gradient at the beginning. limit (C,), floor: probabilities and loss that no descent gets below.
    """

    probs: Array
    loss: Array
    start: Array
    limit: Array
    floor: float


def two_logits(logits: tuple[float, ...], targets: tuple[float, ...]) -> tuple[Array, Array]:
    """The sample with finite logits, and at least two: a single logit z with target t is (0, z) with (1 − t, t)."""
    z, t = np.clip(np.array(logits, float), -1000, 1000), np.array(targets, float)
    return (z, t) if len(z) > 1 else (np.array([0.0, z[0]]), np.array([1 - t[0], t[0]]))


def trajectories(logits: Array, targets: Array, rate: float, steps: int) -> list[Trajectory]:
    """Gradient descent on a sample's logits under each of the four: z ← z − rate·∂ℓ/∂z.

    Args:
        logits: (C,), finite, C ≥ 2.
        targets: (C,), in [0, 1].
        rate: the step size, above 0.
        steps: how many steps S are taken.

    Returns:
        A trajectory for each of `PAIRS`, with S + 1 points.

    Example:
        >>> softmax, *_ = trajectories(np.array([2.0, 1.0, 0.0]), np.array([0.0, 0.0, 1.0]), rate=0.5, steps=10)
        >>> softmax.limit.round(3).tolist()
        [0.0, 0.0, 1.0]
    """
    t = torch.tensor(targets)
    z = torch.tensor(logits).repeat(len(PAIRS), 1).requires_grad_()
    probs, losses, grads = [], [], []
    for _ in range(steps + 1):
        p, loss = _all(z, t)
        (grad,) = torch.autograd.grad(loss.sum(), z)
        probs.append(p.detach().numpy())
        losses.append(loss.detach().numpy())
        grads.append(grad.numpy())
        # Further out no probability changes, and it leaves room for the largest of steps.
        z = (z - rate * grad).detach().clamp(-1e9, 1e9).requires_grad_()
    limits, floors = _limits(torch.tensor(logits), t)
    rows = zip(np.stack(probs, 1), np.stack(losses, 1), grads[0], limits, floors, strict=True)
    return [Trajectory(*row) for row in rows]


def _limits(logits: Tensor, t: Tensor) -> tuple[Array, list[float]]:
    """Where the four end up, (4, C), and their losses there: by a quasi-Newton method, which has no rate to choose."""
    z = logits.clamp(-30, 30).repeat(len(PAIRS), 1).requires_grad_()
    search = torch.optim.LBFGS([z], max_iter=300, tolerance_grad=1e-9, tolerance_change=1e-14, line_search_fn="strong_wolfe")

    def closure() -> Tensor:
        search.zero_grad()
        loss = _all(z, t)[1].sum()
        loss.backward()  # type: ignore[no-untyped-call]
        return loss

    search.step(closure)  # type: ignore[no-untyped-call]
    p, loss = _all(z.detach(), t)
    return p.numpy(), loss.tolist()


def _all(z: Tensor, t: Tensor) -> tuple[Tensor, Tensor]:
    """Probabilities (4, C) and losses (4,) of logits (4, C), a row for each pair."""
    log_p, log_q = zip(*(_logs(activation, row) for (activation, _), row in zip(PAIRS, z, strict=True)), strict=True)
    yes, no = torch.stack(log_p), torch.stack(log_q)
    counts = torch.tensor([[terms == "binary"] for _, terms in PAIRS])
    return yes.exp(), -(t * yes + torch.where(counts, (1 - t) * no, 0.0)).sum(1)


def _logs(activation: str, z: Tensor) -> tuple[Tensor, Tensor]:
    """log p and log(1 − p) of logits (C,)."""
    if activation == "sigmoid":
        return F.logsigmoid(z), F.logsigmoid(-z)
    itself = torch.eye(len(z), dtype=torch.bool)
    others = z.expand(len(z), -1).masked_fill(itself, -torch.inf).logsumexp(-1)
    return z.log_softmax(-1), others - z.logsumexp(-1)


NEAR = 1e-3
"""Probabilities closer than this are called the same in `verdict`."""


def verdict(trajectory: Trajectory, targets: Array) -> str:
    """What a pair trains toward, in words that follow from its limit."""
    below = say("No loss below {floor:.4g} exists.", floor=trajectory.floor)
    floor = below if trajectory.floor > NEAR else say("The loss can go to 0.")
    far = np.abs(trajectory.limit - targets) >= NEAR
    total = float(targets.sum())
    if not far.any():
        return joined([say("Every p goes to its target."), floor], " ")
    if total > 0 and np.abs(trajectory.limit - targets / total).max() < NEAR:
        return joined([say("p goes to t/Σt, because softmax probabilities sum to 1."), floor], " ")
    pushed = trajectory.start != 0
    still, full = np.flatnonzero(~pushed), np.flatnonzero(far & (trajectory.limit > 1 - NEAR) & pushed)
    ends = joined(f"{round(float(p), 3):g}" for p in trajectory.limit)
    elsewhere = [say("p goes to {ends}, which are not the targets.", ends=ends)]
    return joined([*([*_full(full), *_still(still)] or elsewhere), floor], " ")


def _full(those: NDArray[np.intp]) -> list[str]:
    """Of the classes whose p goes to 1 though it should not."""
    classes = joined(map(str, those))
    if len(those) > 1:
        return [say("p of classes {classes} goes to 1, whatever else is true.", classes=classes)]
    return [say("p of class {classes} goes to 1, whatever else is true.", classes=classes)] if len(those) else []


def _still(those: NDArray[np.intp]) -> list[str]:
    """Of the classes that have no gradient."""
    classes = joined(map(str, those))
    if len(those) > 1:
        return [say("Nothing pushes classes {classes}: p stays where it is.", classes=classes)]
    return [say("Nothing pushes class {classes}: p stays where it is.", classes=classes)] if len(those) else []


def objection(pair: tuple[str, str], four: Mapping[tuple[str, str], Trajectory], targets: Array) -> str:
    """Why a pair is a mistake even where its verdict has nothing against it; "" for a pair that is none."""
    trajectory, plain = four[pair], four["softmax", "categorical"]
    reached = bool((np.abs(trajectory.limit - targets) < NEAR).all())
    if pair == ("sigmoid", "categorical"):
        if reached:
            return say("It is still wrong: only true classes have a term, and here every class is true.")
        return say("Only true classes have a term, so “yes” to everything is a perfect answer.")
    if pair != ("softmax", "binary"):
        return ""
    if not reached:
        return say("Probabilities that sum to 1 cannot answer yes or no for each class: that takes sigmoids.")
    why = say("It is still wrong: softmax already pushes the other classes down, and −log(1 − p) of each comes on top.")
    return joined([why, _starts(float(trajectory.loss[0]), float(plain.loss[0]), len(targets))], " ")


def _starts(loss: float, plain: float, classes: int) -> str:
    """Where binary terms of a softmax start, beside cross-entropy."""
    if classes == 2:
        return say(
            "Here the loss starts at {loss:.4g}, cross-entropy at {plain:.4g}, exactly half of it; "
            "with several true classes p could not reach its targets.",
            loss=loss,
            plain=plain,
        )
    return say(
        "Here the loss starts at {loss:.4g}, cross-entropy at {plain:.4g}; "
        "with several true classes p could not reach its targets.",
        loss=loss,
        plain=plain,
    )
