"""Ways to write focal loss of one logit as PyTorch programs, which are shown as they are run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from ...evaluation.setting import Array
from ...texts import say


class Formula(NamedTuple):
    """program: computes `loss` (N,) of logits `z` (N,), all with the target `t`, 1 or 0, under `gamma`; and maybe `grad` (N,).

    note: who writes it so, and what is to be known of it.
    """

    key: str
    title: str
    program: str
    note: str


class ProgramOutput(NamedTuple):
    """What a program gives, as float64; inside: those of its variables that are named in `INSIDE`, each (N,)."""

    loss: Array
    grad: Array
    inside: Mapping[str, Array]


INSIDE = {"p": "p", "p_t": "p_t", "rest": "1 − p_t", "factor": "(1 − p_t)ᵞ", "nll": "−log p_t"}
"""Variables of the programs, and what they stand for."""

PRECISIONS = ("float16", "bfloat16", "float32", "float64")
"""Dtypes that every number of a formula may be rounded to, by their names in PyTorch."""

CLAMP = "1e-7"
"""How far from 0 and 1 Keras and many others keep probabilities, as it is typed."""
EPSILON = float(CLAMP)

FORMULAS = {
    formula.key: formula
    for formula in (
        Formula(
            "textbook",
            say("As in the textbook"),
            """p = torch.sigmoid(z)
p_t = p if t == 1 else 1 - p
rest = 1 - p_t
factor = rest**gamma
nll = -torch.log(p_t)
loss = factor * nll""",
            say("The formula of the paper, typed as printed."),
        ),
        Formula(
            "clamped",
            say("p clamped"),
            f"""p = torch.sigmoid(z).clamp({CLAMP}, 1 - {CLAMP})
p_t = p if t == 1 else 1 - p
rest = 1 - p_t
factor = rest**gamma
nll = -torch.log(p_t)
loss = factor * nll""",
            say("Keras keeps probabilities {clamp} away from 0 and 1, and so does much hand-written code.", clamp=CLAMP),
        ),
        Formula(
            "with-logits",
            say("With logits, as in libraries"),
            """targets = torch.full_like(z, t)
p = torch.sigmoid(z)
nll = F.binary_cross_entropy_with_logits(z, targets, reduction="none")
p_t = p * targets + (1 - p) * (1 - targets)
rest = 1 - p_t
factor = rest**gamma
loss = factor * nll""",
            say("torchvision and fvcore compute the logarithm from the logit, but 1 − p_t still from the probability."),
        ),
        Formula(
            "log-space",
            say("In log space"),
            """signed = z if t == 1 else -z
nll = -F.logsigmoid(signed)
log_rest = F.logsigmoid(-signed)
factor = torch.exp(gamma * log_rest)
loss = factor * nll""",
            say("Neither p nor 1 − p is ever formed: log p and log(1 − p) come from the logit."),
        ),
        Formula(
            "lossviz",
            "lossviz",
            """import lossviz
focal = lossviz.loss("focal", "sigmoid", gamma=gamma)
work = torch.promote_types(z.dtype, torch.float32)
labels = torch.full(z.shape, t)
ev = lossviz.evaluate(focal, z.detach(), labels, dtype=work)
loss, grad = ev.loss.to(z.dtype), ev.grad[:, 0].to(z.dtype)""",
            say(
                "The gradient is a closed form, not autograd. There is no half precision in lossviz: for float16 and bfloat16 "
                "it computes in float32, and only the result is rounded."
            ),
        ),
    )
}
"""By key, in screen order."""


def run(formula: Formula, z: Array, dtype: str, t: int, gamma: float) -> ProgramOutput:
    """The loss that a program computes in `dtype` at logits z (N,), and its gradient, by autograd unless it has its own.

    Only our own programs ever come here. On the CPU every operation's result is rounded to the dtype, half precision included.
    """
    # PyTorch computes some logits at a time, and what is left over one by one, with other last digits: nothing is left over.
    padded = np.pad(z, (0, -len(z) % 64), mode="edge")
    leaf = torch.tensor(padded, dtype=getattr(torch, dtype), requires_grad=True)
    scope: dict[str, Any] = {"torch": torch, "F": F, "z": leaf, "t": t, "gamma": gamma}
    exec(formula.program, scope)
    loss = scope["loss"]
    grad = scope["grad"] if "grad" in scope else torch.autograd.grad(loss, leaf, torch.ones_like(loss))[0]
    inside = {name: _float64(scope[name])[: len(z)] for name in INSIDE if name in scope}
    return ProgramOutput(_float64(loss)[: len(z)], _float64(grad)[: len(z)], inside)


def rounded(z: Array, dtype: str) -> Array:
    """The logits (M,) that are numbers of the dtype, M ≤ N, none twice, in rising order."""
    return np.unique(_float64(torch.from_numpy(z).to(getattr(torch, dtype)))) + 0.0  # no −0


def _float64(x: Tensor) -> Array:
    numbers: Array = x.detach().double().numpy()
    return numbers
