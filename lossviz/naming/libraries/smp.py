"""segmentation_models_pytorch.losses: cross-entropies, and a focal loss whose multi-class mode is one-vs-rest."""

from __future__ import annotations

import numpy as np

from ...texts import say
from . import by_hand, differences, numerics
from .case import Answer, Case, UnsupportedError, answering, needs, program

REST = say("Its multi-class focal loss is one-vs-rest: a sigmoid for each class, averaged over classes, without softmax.")


@answering
def answer(case: Case) -> Answer:
    """In float32, as torch makes a tensor of a list."""
    says = say("It has cross-entropies and a focal loss; nothing else of this family.")
    needs(case, keys=("cross-entropy", "focal"), activations=("softmax", "sigmoid"), says=says)
    if case.spec.activation == "sigmoid":
        return _focal(case) if case.spec.gamma or case.spec.alpha is not None else _bce(case)
    if case.label is None:
        raise UnsupportedError(say("After softmax it takes labels only: no soft or multi-hot targets."))
    if case.spec.weight is not None or case.spec.alpha is not None:
        raise UnsupportedError(say("After softmax it has neither class weights nor α for a single sample."))
    return _one_vs_rest(case) if case.spec.gamma else _cross_entropy(case)


def _cross_entropy(case: Case) -> Answer:
    assert case.label is not None
    e = case.spec.label_smoothing
    text = program(
        *_head("SoftCrossEntropyLoss", case),
        f"labels = torch.tensor([{case.label}])",
        f"loss = SoftCrossEntropyLoss(smooth_factor={e!r}, reduction='sum')({by_hand.scaled(case)}, labels)",
    )
    log_p = numerics.log_softmax(by_hand.divided_by_temperature(case))
    value = -(1 - e) * log_p[case.label] - e / len(case.logits) * log_p.sum()
    return Answer(text, float(value), "", (say("Its default, no smooth_factor, raises an error."),))


def _one_vs_rest(case: Case) -> Answer:
    if case.spec.label_smoothing:
        raise UnsupportedError(say("Its focal loss takes labels only: no smoothing."))
    gamma = case.spec.gamma
    text = program(
        *_head("FocalLoss", case),
        f"labels = torch.tensor([{case.label}])",
        f"loss = FocalLoss('multiclass', gamma={gamma!r}, reduction='sum')({by_hand.scaled(case)}, labels)",
    )
    t = np.array(case.targets, np.float32)
    ce = numerics.binary(by_hand.divided_by_temperature(case), t)
    return Answer(text, float(((1 - np.exp(-ce)) ** np.float32(gamma) * ce).mean()), REST)


def _bce(case: Case) -> Answer:
    spec, n = case.spec, len(case.logits)
    (smooth, t), (weight, w) = by_hand.smoothed(case, 2), by_hand.weighted(case, "torch.tensor")
    each = np.broadcast_to(np.array(1.0 if spec.pos_weight is None else spec.pos_weight, np.float32), n)
    positive = [] if (each == 1).all() else [f"pos_weight = torch.tensor({each.tolist()})"]
    arguments = "reduction='sum'" + (", weight=weight" if weight else "") + (", pos_weight=pos_weight" if positive else "")
    text = program(
        *_head("SoftBCEWithLogitsLoss", case),
        f"targets = torch.tensor({[list(case.targets)]})",
        weight,
        positive,
        smooth,
        f"loss = SoftBCEWithLogitsLoss({arguments})({by_hand.scaled(case)}, targets)",
    )
    z = by_hand.divided_by_temperature(case)
    yes, no = numerics.binary(z, np.ones_like(z)), numerics.binary(z, np.zeros_like(z))
    notes = (say("Its smooth_factor moves a target by ε, not ε/2: here targets are smoothed by hand."),) if smooth else ()
    return Answer(text, float((w * (each * t * yes + (1 - t) * no)).sum()), "", notes)


def _focal(case: Case) -> Answer:
    spec = case.spec
    alpha, factor = by_hand.one_alpha(case), by_hand.positives(case)
    if spec.weight is not None or (factor != 1 and len(case.logits) > 1):
        raise UnsupportedError(say("It sums over classes before a weight can be applied to each."))
    smooth, t = by_hand.smoothed(case, 2)
    outer = 1 + (factor - 1) * case.targets[0]
    text = program(
        *_head("FocalLoss", case),
        f"targets = torch.tensor({[list(case.targets)]})",
        smooth,
        f"loss = {'' if outer == 1 else f'{outer!r} * '}FocalLoss('binary', alpha={alpha!r}, gamma={spec.gamma!r}, "
        f"reduction='sum')({by_hand.scaled(case)}, targets)",
    )
    ce = numerics.binary(by_hand.divided_by_temperature(case), t)
    value = (numerics.balance(alpha, t) * (1 - np.exp(-ce)) ** np.float32(spec.gamma) * ce).sum() * outer
    notes = (say("Its binary mode treats every logit as a separate sample."),) if len(case.logits) > 1 else ()
    return Answer(text, float(value), differences.balanced(case, "exp-ce", differences.EXP_CE), notes)


def _head(name: str, case: Case) -> list[str]:
    return [
        "import torch",
        f"from segmentation_models_pytorch.losses import {name}",
        "",
        f"logits = torch.tensor({[list(case.logits)]})",
    ]
