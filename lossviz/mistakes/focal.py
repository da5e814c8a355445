"""Mistakes in writing, weighting and reducing focal loss."""

from __future__ import annotations

from functools import partial
from statistics import NormalDist

import numpy as np
import torch

from .card import Batch, Card, Measure, ran
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


def p_read(code: str, given: Batch) -> float:
    """What exp(−ce) is."""
    return float(torch.exp(-ran(code, given)["ce"].detach()))


def share_of_last(code: str, given: Batch) -> float:
    """The last sample's share of all gradients on true classes' logits, in per cent."""
    scope = ran(code, given)
    (grads,) = torch.autograd.grad(scope["loss"].sum(), scope["batch"])
    own = grads[torch.arange(len(grads)), scope["answers"]].abs()
    return 100 * float(own[-1] / own.sum())


def mean_pull(gamma: int, code: str, _: Batch) -> float:
    """The mean gradient on the true class's logit over margins from N(1.5, 1.5), its even quantiles."""
    margins = [NormalDist(1.5, 1.5).inv_cdf((n + 0.5) / 2000) for n in range(2000)]
    z = np.stack([margins, np.zeros(2000)], 1)
    scope = ran(code.replace("** 2", f"** {gamma}"), Batch(z, np.zeros(2000, np.int64), np.eye(2)[[0] * 2000], "float64"))
    (grads,) = torch.autograd.grad(scope["loss"].mean(), scope["logits"])
    return float(grads[:, 0].abs().sum())


FOCAL_CARDS = (
    Card(
        "focal",
        "Focal loss as usually written, 0 < γ < 1",
        USUAL,
        LOG_SPACE,
        "float32, γ = ½, a positive with the logit 20: p rounds to 1. What is the gradient?",
        ("0", "A tiny number", "nan"),
        2,
        "The slope of (1 − p)^γ at p = 1 is infinite for γ < 1, and 1 − p is exactly 0: autograd multiplies 0 by ∞. In log "
        "space the factor is exp(γ log(1 − p)), and everything stays finite.",
        "The loss becomes nan in the middle of training, once the first sample is sure enough.",
        "https://github.com/kornia/kornia/issues/918",
        {**ONE, "loss": "focal", "gamma": "0.5", "logits": "20", "targets": "1"},
        dtype="float32",
    ),
    Card(
        "weight-inside",
        "A class weight inside the cross-entropy that p_t is taken from",
        WEIGHT
        + 'ce = F.cross_entropy(logits, labels, weight=weight, reduction="none")\n'
        + "loss = (1 - torch.exp(-ce)) ** 2 * ce",
        WEIGHT
        + 'ce = F.cross_entropy(logits, labels, reduction="none")\n'
        + "loss = weight[labels] * (1 - torch.exp(-ce)) ** 2 * ce",
        "Weight 5, p = 0.9. Which p_t does exp(−ce) read?",
        ("0.9", "0.59", "0.18"),
        1,
        "exp(−w · ce) is p to the power of w: 0.9 is read as 0.59, and the sample is taken for a hard one. The loss is 17 "
        "times too large, and class weights change what γ means.",
        "Weighted classes dominate far more than their weights say.",
        "https://github.com/gokulprasadthekkel/pytorch-multi-class-focal-loss/issues/1",
        {**THREE, "loss": "focal", "logits": "2.890371757896165 0 0", "targets": "1 0 0"},
        measures=(Measure("p_t that exp(−ce) reads", p_read),),
    ),
    Card(
        "mean-first",
        "The focal factor on the batch's mean",
        EASY + "ce = F.cross_entropy(batch, answers)  # the mean\nloss = (1 - torch.exp(-ce)) ** 2 * ce",
        EASY + 'ce = F.cross_entropy(batch, answers, reduction="none")\nloss = ((1 - torch.exp(-ce)) ** 2 * ce).mean()',
        "One hard sample (p = 0.01) among 99 easy ones. Its share of the gradient is 79 % with focal loss by sample. And here?",
        ("More than 79 %", "The same 79 %", "9 %, as with plain cross-entropy"),
        2,
        "All samples are multiplied by the same factor, that of the mean: it scales the gradient and focuses on nothing: "
        "γ silently does nothing but change the learning rate.",
        "Any γ trains alike, up to the learning rate.",
        "https://github.com/kaidic/LDAM-DRW/issues/6",
        {**THREE, "loss": "focal", "logits": "4.584967478670572 0 0", "targets": "0 1 0"},
        measures=(Measure("this sample’s share of the gradient, %", share_of_last),),
    ),
    Card(
        "comparing",
        "Comparing the values of two losses",
        'ce = F.cross_entropy(logits, labels, reduction="none")\nloss = (1 - torch.exp(-ce)) ** 2 * ce',
        'loss = F.cross_entropy(logits, labels, reduction="none")',
        "A model under focal loss (γ = 2) shows 0.17, one under cross-entropy 0.69. Which is the better?",
        ("The first", "The second", "They are equal"),
        2,
        "Both say p = ½. Focal loss multiplies by (1 − p)², and its gradients are smaller too: runs are to be compared by a "
        "metric that no loss owns, and at equal size of the gradient.",
        "“Focal loss converges to a lower loss.”",
        "https://github.com/clcarwin/focal_loss_pytorch/issues/2",
        {"task": "two-logit", "loss": "focal", "logits": "0 0", "targets": "1 0"},
        measures=tuple(
            Measure(f"mean gradient, margins from N(1.5, 1.5), γ = {gamma}", partial(mean_pull, gamma)) for gamma in (2, 5)
        ),
    ),
)
