"""A common mistake as two programs, the wrong one and the right one, which are shown as they are run."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from types import CodeType
from typing import Any, NamedTuple

import numpy as np
import torch
import torch.nn.functional as F

from ...evaluation.setting import Array
from ...texts import say
from ..pairing import two_logits


class ProgramInputs(NamedTuple):
    """What a program is given: logits z (N, C), labels (N,), targets (N, C), and the name of their dtype."""

    z: Array
    labels: Array
    targets: Array
    dtype: str


class CardMeasure(NamedTuple):
    """A number beside loss and gradient that shows the mistake: what it is, and how it is computed of a program on a sample."""

    label: str
    of: Callable[[str, ProgramInputs], float]


class Card(NamedTuple):
    """wrong, right: programs that compute `loss` from `logits` (1, C), `labels` (1,) and `targets` (1, C).

    question, choices, answer: what to guess before looking, and the number of the right guess. why: what happens. notice: how
    a training run shows it. thread: where people met it. preset: settings that show it, as words of a link. dtype: what the
    programs are run in. harmless: the two agree. measures: what else is computed of both.
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
    measures: tuple[CardMeasure, ...] = ()

    @property
    def sides(self) -> tuple[str, str]:
        """What its two programs are called."""
        return say("needless") if self.harmless else say("wrong"), say("right")

    @property
    def softmax(self) -> bool:
        """Whether its programs take a softmax, which says nothing of a single logit."""
        return "sigmoid" not in self.wrong

    @property
    def labelled(self) -> bool:
        """Whether a program takes the label of one class, whatever the other targets are."""
        return "labels" in self.wrong + self.right


class ProgramCurve(NamedTuple):
    """A program's loss and its gradient on the logit that is moved, at each of its positions (K,)."""

    loss: Array
    grad: Array


class CardResult(NamedTuple):
    """Both programs while one logit is moved; positions z (K,), of which `present` is the number of the present
    one; `all_grads`: the gradient (C,) of each at that."""

    moved: int
    z: Array
    present: int
    wrong: ProgramCurve
    right: ProgramCurve
    all_grads: tuple[Array, Array]


REACH = 12.0
"""How far a logit is moved to either side."""


def run_card(card: Card, logits: tuple[float, ...], targets: tuple[float, ...], points: int = 121) -> CardResult:
    """Both programs of a card while the logit of the likeliest target moves around its present place.

    Args:
        card: the mistake.
        logits: (C,), any number of them; infinite ones are computed at ±1000.
        targets: (C,), in [0, 1].
        points: how many positions there are, an odd number: the present place is the middle one.

    Returns:
        Loss and gradient of both programs at each position, (K,).

    Example:
        >>> from lossviz.analysis.mistakes import CARDS
        >>> result = run_card(CARDS["softmax-twice"], (4.0, 1.0, 0.0), (0.0, 0.0, 1.0))
        >>> [round(float(side.loss[result.present]), 3) for side in (result.wrong, result.right)]
        [1.512, 4.066]
    """
    z, t = card_sample(card, logits, targets)
    k = int(t.argmax())
    positions = np.linspace(z[k] - REACH, z[k] + REACH, points)
    present = points // 2
    positions[present] = z[k]
    wrong, right = ([_run(code, _moved(z, k, x), t, card.dtype) for x in positions] for code in (card.wrong, card.right))
    return CardResult(k, positions, present, _side(wrong, k), _side(right, k), (wrong[present][1], right[present][1]))


def card_sample(card: Card, logits: tuple[float, ...], targets: tuple[float, ...]) -> tuple[Array, Array]:
    """The sample with finite logits, and two of them at least where a card takes a softmax."""
    z, t = two_logits(logits, targets)
    return (z, t) if card.softmax else (z[-len(logits) :], t[-len(logits) :])


def _side(runs: Sequence[tuple[float, Array]], k: int) -> ProgramCurve:
    return ProgramCurve(np.array([loss for loss, _ in runs]), np.array([grad[k] for _, grad in runs]))


def _moved(z: Array, k: int, x: float) -> Array:
    moved = z.copy()
    moved[k] = x
    return moved


def measure(card: Card, logits: tuple[float, ...], targets: tuple[float, ...]) -> list[tuple[float, float]]:
    """Each of a card's measures, of its wrong and of its right program."""
    inputs = _inputs_of(*card_sample(card, logits, targets), card.dtype)
    return [(one.of(card.wrong, inputs), one.of(card.right, inputs)) for one in card.measures]


def _inputs_of(z: Array, t: Array, dtype: str) -> ProgramInputs:
    return ProgramInputs(z[None], np.array([t.argmax()]), t[None], dtype)


def _run(code: str, z: Array, t: Array, dtype: str) -> tuple[float, Array]:
    """The loss that a program of a card computes, and its gradient by autograd."""
    scope = run_program(code, _inputs_of(z, t, dtype))
    loss = scope["loss"].sum()
    (grad,) = torch.autograd.grad(loss, scope["logits"])
    return float(loss.detach()), grad[0].double().numpy()


def run_program(code: str, inputs: ProgramInputs) -> dict[str, Any]:
    """Every variable of a program after it has run. Only our own programs ever come here."""
    dtype = getattr(torch, inputs.dtype)
    scope: dict[str, Any] = {
        "torch": torch,
        "F": F,
        "logits": torch.tensor(inputs.z, dtype=dtype, requires_grad=True),
        "labels": torch.tensor(inputs.labels),
        "targets": torch.tensor(inputs.targets, dtype=dtype),
    }
    exec(_compiled(code), scope)
    return scope


@cache
def _compiled(code: str) -> CodeType:
    """A program of a card, which is run at every position of a curve."""
    return compile(code, "<card>", "exec")
