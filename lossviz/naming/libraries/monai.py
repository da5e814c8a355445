"""monai.losses.FocalLoss: after sigmoids or softmax, on one-hot or soft targets."""

from __future__ import annotations

import numpy as np

from ...texts import say
from . import by_hand, differences, numerics
from .case import Answer, Case, UnsupportedError, answering, needs, program

SUMMED = say(
    "reduction='sum' would be the mean here: it averages over an empty list of spatial axes, which torch takes as all axes."
)


@answering
def answer(case: Case) -> Answer:
    """In float32, to which it converts whatever it is given."""
    says = say("Of this family it has focal loss, which is cross-entropy at γ = 0.")
    needs(case, keys=("focal", "cross-entropy"), activations=("softmax", "sigmoid"), says=says)
    spec, softmax = case.spec, case.spec.activation == "softmax"
    if softmax and spec.alpha is not None:
        raise UnsupportedError(
            say("After softmax its α is 1 − α on class 0 and α on every other, which is not a factor per class.")
        )
    alpha, factor = (None, 1.0) if softmax else (by_hand.one_alpha(case), by_hand.positives(case))
    (smooth, t), (weight, w) = (
        by_hand.smoothed(case, len(case.logits) if softmax else 2),
        by_hand.weighted(case, "torch.tensor"),
    )
    arguments = f"gamma={spec.gamma!r}, alpha={alpha!r}, use_softmax={softmax}, reduction='none'"
    text = program(
        "import torch",
        "from monai.losses import FocalLoss",
        "",
        f"logits = torch.tensor({[list(case.logits)]})",
        f"targets = torch.tensor({[list(case.targets)]})",
        weight,
        f"positive = 1 + {factor - 1!r} * targets" if factor != 1 else [],
        smooth,
        f"loss = ({'weight * ' if weight else ''}{'positive * ' if factor != 1 else ''}"
        f"FocalLoss({arguments})({by_hand.scaled(case)}, targets)).sum()",
    )
    z, g = by_hand.divided_by_temperature(case), np.float32(spec.gamma)
    if softmax:
        log_p = numerics.log_softmax(z)
        terms = -((1 - np.exp(log_p)) ** g) * log_p * t
        why = differences.form(case, "per-term", differences.PER_TERM)
    else:
        terms = np.exp(g * numerics.log_sigmoid(-z * (2 * t - 1))) * numerics.binary(z, t) * numerics.balance(alpha, t)
        why = differences.balanced(case, "", say("its factor is σ(−z(2t − 1))ᵞ, a form of its own"))
    positive = 1 + np.float32(factor - 1) * np.array(case.targets, np.float32)
    return Answer(text, float((w * positive * terms).sum()), why, (SUMMED,))
