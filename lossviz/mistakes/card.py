"""A common mistake as two programs, the wrong one and the right one, which are shown as they are run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import torch
import torch.nn.functional as F

from ..analysis.sample import Array


class Card(NamedTuple):
    """wrong, right: programs that compute `loss` from `logits` (1, C), `labels` (1,) and `targets` (1, C).

    question, choices, answer: what to guess before looking, and the number of the right guess. why: what happens. notice: how
    a training run shows it. thread: where people met it. preset: settings that show it, as words of a link. dtype: what the
    programs are run in. harmless: the two agree.
    """

    key: str
    title: str
    wrong: str
    right: str
    question: str
    choices: tuple[str, ...]
    answer: int
    why: str
    notice: str
    thread: str
    preset: Mapping[str, str]
    dtype: str = "float64"
    harmless: bool = False

    @property
    def sides(self) -> tuple[str, str]:
        """What its two programs are called."""
        return "needless" if self.harmless else "wrong", "right"


class Side(NamedTuple):
    """A program's loss and its gradient on the logit that is moved, at each of its positions (K,)."""

    loss: Array
    grad: Array


class Told(NamedTuple):
    """Both programs while one logit is moved; `at` is the present place, and `all_grads` (C,) each one's gradient there."""

    moved: int
    z: Array
    at: int
    wrong: Side
    right: Side
    all_grads: tuple[Array, Array]


REACH = 12.0
"""How far a logit is moved to either side."""


def told(card: Card, logits: tuple[float, ...], targets: tuple[float, ...], points: int = 121) -> Told:
    """What both programs say while the logit of the likeliest target moves around its present place."""
    z, t = np.clip(np.array(logits), -1000, 1000), np.array(targets)
    k = int(t.argmax())
    around = np.linspace(z[k] - REACH, z[k] + REACH, points)
    at = points // 2
    around[at] = z[k]
    wrong, right = ([_run(code, _moved(z, k, x), t, card.dtype) for x in around] for code in (card.wrong, card.right))
    return Told(k, around, at, _side(wrong, k), _side(right, k), (wrong[at][1], right[at][1]))


def _side(runs: Sequence[tuple[float, Array]], k: int) -> Side:
    return Side(np.array([loss for loss, _ in runs]), np.array([grad[k] for _, grad in runs]))


def _moved(z: Array, k: int, x: float) -> Array:
    found = z.copy()
    found[k] = x
    return found


def _run(code: str, z: Array, t: Array, dtype: str) -> tuple[float, Array]:
    """The loss that a program of a card computes, and its gradient by autograd. Only ever given our own programs."""
    kind = getattr(torch, dtype)
    logits = torch.tensor(z[None], dtype=kind, requires_grad=True)
    scope: dict[str, Any] = {
        "torch": torch,
        "F": F,
        "logits": logits,
        "labels": torch.tensor([int(t.argmax())]),
        "targets": torch.tensor(t[None], dtype=kind),
    }
    exec(code, scope)
    loss = scope["loss"].sum()
    (grad,) = torch.autograd.grad(loss, logits)
    return float(loss.detach()), grad[0].double().numpy()
