"""torchvision.ops.sigmoid_focal_loss: the focal loss of RetinaNet, for sigmoids only."""

from __future__ import annotations

import numpy as np

from ...texts import say
from . import by_hand, differences, numerics
from .case import Answer, Case, answering, needs, program


@answering
def answer(case: Case) -> Answer:
    """(α t + (1 − α)(1 − t)) (1 − p_t)^γ BCE with p_t = t p + (1 − t)(1 − p); α = −1 is off, and the default is 0.25."""
    needs(
        case,
        keys=("focal", "cross-entropy"),
        activations=("sigmoid",),
        says=say("Its only classification loss is focal loss after a sigmoid; cross-entropy is PyTorch's own."),
    )
    alpha, factor = by_hand.one_alpha(case), by_hand.positives(case)
    (smooth, t), (weight, w) = by_hand.smoothed(case, 2), by_hand.weighted(case, "torch.tensor")
    gamma = case.spec.gamma
    call = f"sigmoid_focal_loss({by_hand.scaled(case)}, targets, alpha={-1 if alpha is None else alpha!r}, gamma={gamma!r})"
    text = program(
        "import torch",
        "from torchvision.ops import sigmoid_focal_loss",
        "",
        f"logits = torch.tensor({[list(case.logits)]})",
        f"targets = torch.tensor({[list(case.targets)]})",
        weight,
        f"positive = 1 + {factor - 1!r} * targets" if factor != 1 else [],
        smooth,
        f"loss = ({'weight * ' if weight else ''}{'positive * ' if factor != 1 else ''}{call}).sum()",
    )
    z = by_hand.divided_by_temperature(case)
    p = numerics.sigmoid(z)
    p_t = p * t + (1 - p) * (1 - t)
    value = (
        w
        * (1 + np.float32(factor - 1) * t)
        * numerics.balance(alpha, t)
        * numerics.binary(z, t)
        * (1 - p_t) ** np.float32(gamma)
    ).sum()
    notes = (say("Its default is α = 0.25; −1 turns α off."),) if alpha is None else ()
    return Answer(text, float(value), differences.balanced(case, "mixed", differences.MIXED), notes)
