"""kornia.losses: focal losses for labels after softmax, and for any targets after sigmoids."""

from __future__ import annotations

import numpy as np

from ...texts import say
from . import by_hand, differences, numerics
from .case import Answer, Case, UnsupportedError, answering, needs, program


@answering
def answer(case: Case) -> Answer:
    """In float32, as torch makes a tensor of a list."""
    says = say("Its only classification losses are focal losses; with γ = 0 they are cross-entropy.")
    needs(case, keys=("focal", "cross-entropy"), activations=("softmax", "sigmoid"), says=says)
    return _softmax(case) if case.spec.activation == "softmax" else _sigmoid(case)


def _softmax(case: Case) -> Answer:
    if case.label is None or case.spec.label_smoothing:
        raise UnsupportedError(say("After softmax it takes labels only: no soft, smoothed or multi-hot targets."))
    alpha, classes = case.spec.alpha, len(case.logits)
    if alpha is not None:
        raise UnsupportedError(say("Its α is 1 − α on class 0 and α on every other class, which is not a factor per class."))
    weight, w = by_hand.weighted(case, "torch.tensor")
    gamma = case.spec.gamma
    arguments = f"alpha=None, gamma={gamma!r}, reduction='sum'{', weight=weight' if weight else ''}"
    text = program(
        "import torch",
        "from kornia.losses import focal_loss",
        "",
        f"logits = torch.tensor({[list(case.logits)]})",
        f"labels = torch.tensor([{case.label}])",
        weight,
        f"loss = focal_loss({by_hand.scaled(case)}, labels, {arguments})",
    )
    log_p = numerics.log_softmax(by_hand.divided_by_temperature(case))[case.label]
    value = -w[case.label] * (1 - np.exp(log_p)) ** np.float32(gamma) * log_p
    return Answer(text, float(value), "", (say("Its mean divides by all N·C values, here by {classes}.", classes=classes),))


def _sigmoid(case: Case) -> Answer:
    spec = case.spec
    alpha = by_hand.one_alpha(case)
    (smooth, t), (weight, w) = by_hand.smoothed(case, 2), by_hand.weighted(case, "torch.tensor")
    factor = 1.0 if spec.pos_weight is None else spec.pos_weight
    each = [float(factor)] * len(case.logits) if isinstance(factor, int | float) else [float(x) for x in factor]
    positive = [] if set(each) == {1.0} else [f"pos_weight = torch.tensor({each})"]
    arguments = f"alpha={alpha!r}, gamma={spec.gamma!r}, reduction='sum'"
    arguments += (", pos_weight=pos_weight" if positive else "") + (", weight=weight" if weight else "")
    text = program(
        "import torch",
        "from kornia.losses import binary_focal_loss_with_logits",
        "",
        f"logits = torch.tensor({[list(case.logits)]})",
        f"targets = torch.tensor({[list(case.targets)]})",
        weight,
        positive,
        smooth,
        f"loss = binary_focal_loss_with_logits({by_hand.scaled(case)}, targets, {arguments})",
    )
    z, g = by_hand.divided_by_temperature(case), np.float32(spec.gamma)
    yes = -np.exp(g * numerics.log_sigmoid(-z)) * t * numerics.log_sigmoid(z)
    no = -np.exp(g * numerics.log_sigmoid(z)) * (1 - t) * numerics.log_sigmoid(-z)
    if alpha is not None:
        yes, no = np.float32(alpha) * yes, np.float32(1 - alpha) * no
    value = (w * (np.array(each, np.float32) * yes + no)).sum()
    return Answer(text, float(value), differences.balanced(case, "per-term", differences.PER_TERM, mixes=False))
