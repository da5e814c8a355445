"""Mistakes in writing, weighting and reducing focal loss."""

from __future__ import annotations

from functools import partial
from math import log
from statistics import NormalDist

import numpy as np
import torch

from ...texts import say
from .card import Card, CardMeasure, ProgramInputs, run_program
from .wiring import ONE, THREE

USUAL = """p = logits.sigmoid()
ce = F.binary_cross_entropy_with_logits(logits, targets, reduction="none")
p_t = p * targets + (1 - p) * (1 - targets)
loss = (ce * (1 - p_t) ** 0.5).sum(1)"""

LOG_SPACE = """log_p = F.logsigmoid(torch.stack([logits, -logits]))
log_q = log_p.flip(0)
both = (0.5 * log_q).exp() * -log_p
loss = (targets * both[0] + (1 - targets) * both[1]).sum(1)"""

WEIGHT = "weight = torch.full((logits.shape[1],), 5.0, dtype=logits.dtype)\n"

EASY = """# 99 samples with p = 0.9, and this one
easy = torch.zeros(99, logits.shape[1], dtype=logits.dtype)
easy[:, 0] = torch.log(torch.tensor(9.0 * (logits.shape[1] - 1), dtype=logits.dtype))
batch = torch.cat([easy, logits])
answers = torch.cat([torch.zeros(99, dtype=torch.long), labels])
"""

EASY_P, HARD_P = 0.9, 0.01


def focal(p: float) -> float:
    """Focal loss of a sample whose true class has the probability p, γ = 2."""
    return -((1 - p) ** 2) * log(p)


def share(gamma: float) -> str:
    """A hard sample's part in the gradients on the true classes' logits, (1 − p)^γ (1 − p − γ p ln p), beside 99 easy ones."""
    hard, easy = ((1 - p) ** gamma * (1 - p - gamma * p * log(p)) for p in (HARD_P, EASY_P))
    return f"{100 * hard / (hard + 99 * easy):.0f}%"


def p_read(code: str, inputs: ProgramInputs) -> float:
    """What exp(−ce) is."""
    return float(torch.exp(-run_program(code, inputs)["ce"].detach()))


def share_of_last(code: str, inputs: ProgramInputs) -> float:
    """The last sample's share of all gradients on true classes' logits, in per cent."""
    scope = run_program(code, inputs)
    (grads,) = torch.autograd.grad(scope["loss"].sum(), scope["batch"])
    on_true = grads[torch.arange(len(grads)), scope["answers"]].abs()
    return 100 * float(on_true[-1] / on_true.sum())


def mean_pull(gamma: int, code: str, _: ProgramInputs) -> float:
    """The mean gradient on the true class's logit over margins from N(1.5, 1.5), its even quantiles."""
    margins = [NormalDist(1.5, 1.5).inv_cdf((n + 0.5) / 2000) for n in range(2000)]
    z = np.stack([margins, np.zeros(2000)], 1)
    scope = run_program(
        code.replace("** 2", f"** {gamma}"), ProgramInputs(z, np.zeros(2000, np.int64), np.eye(2)[[0] * 2000], "float64")
    )
    (grads,) = torch.autograd.grad(scope["loss"].mean(), scope["logits"])
    return float(grads[:, 0].abs().sum())


FOCAL_CARDS = (
    Card(
        "focal",
        say("Focal loss as usually written, 0 < γ < 1"),
        USUAL,
        LOG_SPACE,
        say("float32, γ = ½, a positive with the logit 20: p rounds to 1. What is the gradient?"),
        ("0", say("A tiny number"), "NaN"),
        2,
        say(
            "The slope of (1 − p)^γ at p = 1 is infinite for γ < 1, and 1 − p is exactly 0: autograd multiplies 0 by ∞. In log "
            "space the factor is exp(γ log(1 − p)), and everything stays finite."
        ),
        say("The loss becomes NaN in the middle of training, once the model is sure enough of one sample."),
        "https://github.com/kornia/kornia/issues/918",
        {**ONE, "loss": "focal", "gamma": "0.5", "logits": "20", "targets": "1"},
        dtype="float32",
    ),
    Card(
        "weight-inside",
        say("Class weight inside the cross-entropy that yields pₜ"),
        WEIGHT
        + 'ce = F.cross_entropy(logits, labels, weight=weight, reduction="none")\n'
        + "loss = (1 - torch.exp(-ce)) ** 2 * ce",
        WEIGHT
        + 'ce = F.cross_entropy(logits, labels, reduction="none")\n'
        + "loss = weight[labels] * (1 - torch.exp(-ce)) ** 2 * ce",
        say("Weight 5, p = {p}. Which p_t does exp(−ce) give?", p=EASY_P),
        (f"{EASY_P}", f"{EASY_P**5:.2f}", f"{EASY_P / 5:.2f}"),
        1,
        say(
            "exp(−w · ce) is p to the power of w: {p} is read as {read:.2f}, and the sample counts as a hard one. "
            "The loss is {times:.0f} times too large, and class weights change what γ means.",
            p=EASY_P,
            read=EASY_P**5,
            times=focal(EASY_P**5) / 5 / focal(EASY_P),
        ),
        say("Weighted classes dominate far more than their weights suggest."),
        "https://github.com/gokulprasadthekkel/pytorch-multi-class-focal-loss/issues/1",
        {**THREE, "loss": "focal", "logits": f"{log(2 * EASY_P / (1 - EASY_P))} 0 0", "targets": "1 0 0"},
        measures=(CardMeasure(say("p_t that exp(−ce) gives"), p_read),),
    ),
    Card(
        "mean-first",
        say("The focal factor on the batch's mean"),
        EASY + "ce = F.cross_entropy(batch, answers)  # the mean\nloss = (1 - torch.exp(-ce)) ** 2 * ce",
        EASY + 'ce = F.cross_entropy(batch, answers, reduction="none")\nloss = ((1 - torch.exp(-ce)) ** 2 * ce).mean()',
        say(
            "One hard sample (p = {p}) among 99 easy ones. Its share of the gradient is {share} with focal loss by sample. "
            "What is its share here?",
            p=HARD_P,
            share=share(2),
        ),
        (
            say("More than {share}", share=share(2)),
            say("The same {share}", share=share(2)),
            say("{share}, as with plain cross-entropy", share=share(0)),
        ),
        2,
        say(
            "Every sample is multiplied by the same factor, that of the mean. This rescales the gradient without focusing "
            "on anything: γ only changes the learning rate."
        ),
        say("Training looks the same at every γ, apart from the learning rate."),
        "https://github.com/kaidic/LDAM-DRW/issues/6",
        {**THREE, "loss": "focal", "logits": f"{log(1 / HARD_P - 2)} 0 0", "targets": "0 1 0"},
        measures=(CardMeasure(say("this sample’s share of the gradient, %"), share_of_last),),
    ),
    Card(
        "comparing",
        say("Comparing the values of two losses"),
        'ce = F.cross_entropy(logits, labels, reduction="none")\nloss = (1 - torch.exp(-ce)) ** 2 * ce',
        'loss = F.cross_entropy(logits, labels, reduction="none")',
        say(
            "A model under focal loss (γ = 2) shows {focal:.2f}, one under cross-entropy {ce:.2f}. Which is better?",
            focal=focal(0.5),
            ce=log(2),
        ),
        (say("The first"), say("The second"), say("They are equally good")),
        2,
        say(
            "Both predict p = ½. Focal loss multiplies by (1 − p)², and its gradients are smaller too. Compare runs by a "
            "metric that neither loss optimizes, and with gradients of equal size."
        ),
        say("“Focal loss converges to a lower loss.”"),
        "https://github.com/clcarwin/focal_loss_pytorch/issues/2",
        {"task": "two-logit", "loss": "focal", "logits": "0 0", "targets": "1 0"},
        measures=tuple(
            CardMeasure(say("mean gradient, margins from N(1.5, 1.5), γ = {gamma}", gamma=gamma), partial(mean_pull, gamma))
            for gamma in (2, 5)
        ),
    ),
)
