"""What does “mean” divide by? Libraries disagree; another denominator is another length of the gradient.

Kept of some rows are sums; those of any parts of the rows add up, and are divided at the end.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from ...evaluation.result import NORMALIZERS, Evaluation
from ...losses import LOSSES, LossSpec
from ...texts import say
from .counting_unit import norms


class ReductionSums(NamedTuple):
    """Sums over the rows that are not ignored; nothing here is divided or floored yet, so that all of it adds up.

    loss; norm: lengths of the samples' gradients. samples N, elements N·C, positives Σ t, weights Σ of class weights: see
    `Evaluation.denominator`; torch: what torch's functional of the loss divides by. indexed: samples whose target was a class
    index or a sign, not a probability.
    """

    loss: float
    norm: float
    samples: float
    elements: float
    positives: float
    weights: float
    torch: float
    indexed: float


class Reduction(NamedTuple):
    """One way to make a batch's losses one number.

    normalizer: a word of `KEYS`. denominator; mean: Σ loss ÷ denominator; norm: Σ lengths of gradients ÷ denominator. scale:
    how many times as long every gradient is as after the mean over samples, N ÷ denominator. used_by: libraries that do this
    with this loss.
    """

    normalizer: str
    denominator: float
    mean: float
    norm: float
    scale: float
    used_by: tuple[str, ...]


KEYS = (*NORMALIZERS, "sum")
"""What is divided by: a normalizer of `Evaluation.denominator`, or 1."""

OVER = {
    "torch": say("what torch divides by"),
    "samples": say("samples, N"),
    "elements": say("logits, N·C"),
    "positives": say("positives, Σ t"),
    "weights": say("class weights, Σ w"),
    "sum": say("nothing: the sum"),
}
"""What is divided by, in words."""

USED_BY: dict[tuple[str, str], dict[str, tuple[str, ...]]] = {
    ("cross-entropy", "softmax"): {
        "samples": (
            say("torch cross_entropy with probability targets"),
            "Keras CategoricalCrossentropy",
            "scikit-learn log_loss",
        ),
        "weights": (say("torch cross_entropy with class indices"),),
        "sum": ('torch cross_entropy(reduction="sum")',),
    },
    ("cross-entropy", "sigmoid"): {
        "elements": ("torch binary_cross_entropy_with_logits", "Keras BinaryCrossentropy"),
        "sum": ('torch binary_cross_entropy_with_logits(reduction="sum")',),
    },
    ("focal", "softmax"): {
        "samples": ("Keras CategoricalFocalCrossentropy",),
        "elements": ("kornia focal_loss",),
        "sum": ('kornia focal_loss(reduction="sum")',),
    },
    ("focal", "sigmoid"): {
        "elements": (
            'torchvision sigmoid_focal_loss(reduction="mean")',
            "kornia binary_focal_loss_with_logits",
            "Keras BinaryFocalCrossentropy",
        ),
        "positives": ("RetinaNet (Lin et al. 2017)", say("torchvision RetinaNet, image by image")),
        "sum": ('torchvision sigmoid_focal_loss(reduction="sum")',),
    },
    ("nll", "exp"): {
        "weights": ("torch nll_loss",),
        "sum": ('torch nll_loss(reduction="sum")',),
    },
    ("logistic", "sigmoid"): {
        "samples": ("scikit-learn log_loss",),
        "elements": ("torch soft_margin_loss",),
        "sum": ('torch soft_margin_loss(reduction="sum")',),
    },
    ("quality-focal", "sigmoid"): {
        "samples": ("MMDetection QualityFocalLoss",),
        "positives": ("MMDetection RTMDet",),
        "sum": ('MMDetection QualityFocalLoss(reduction="sum")',),
    },
    ("generalized-cross-entropy", "softmax"): {
        "samples": ("Keras CategoricalGeneralizedCrossEntropy",),
        "sum": ('Keras CategoricalGeneralizedCrossEntropy(reduction="sum")',),
    },
}
"""Loss and activation → what is divided by → by whom, where somebody does.

Sources: the libraries' code; Lin et al. 2017, §4.1; pytorch#25571.
"""


def reduction_sums(evaluation: Evaluation, norm: np.ndarray | None = None) -> ReductionSums:
    """The sums of what was evaluated; `norm` is the gradient's length of each sample, where somebody has it."""
    targets, (n, c) = evaluation.targets, evaluation.grad.shape
    samples = n if targets.valid is None else int(targets.valid.sum())
    of_class = _positives(evaluation)
    weight = np.ones(c) if evaluation.spec.weight is None else np.array(evaluation.spec.weight)
    denominators = {
        "samples": float(samples),
        "elements": float(samples * c),
        "positives": float(of_class.sum()),
        "weights": float(samples * weight.sum() if evaluation.spec.activation == "sigmoid" else of_class @ weight),
    }
    return ReductionSums(
        float(evaluation.loss.sum(dtype=torch.float64)),
        float((norms(evaluation.grad) if norm is None else norm).sum(dtype=np.float64)),
        **denominators,
        torch=denominators[_of_torch(evaluation.spec, targets.labels is not None)],
        indexed=float(samples if targets.labels is not None else 0),
    )


def _positives(evaluation: Evaluation) -> np.ndarray:
    """Σ t of each class, (C,), in float64."""
    targets, classes = evaluation.targets, evaluation.grad.shape[1]

    def valid(x: Tensor) -> Tensor:
        return x if targets.valid is None else x[targets.valid]

    if targets.dense is not None:
        return np.asarray(valid(targets.dense).sum(0, dtype=torch.float64).cpu())
    return np.asarray(torch.bincount(valid(targets.all), minlength=classes).double().cpu())


def _of_torch(spec: LossSpec, labels: bool) -> str:
    """What torch's functional divides by."""
    known = LOSSES[spec.key].normalizer[spec.activation]
    return known if known != "torch" else "weights" if labels else "samples"


def merge(a: ReductionSums, b: ReductionSums) -> ReductionSums:
    """The sums of the rows of both."""
    return ReductionSums(*(x + y for x, y in zip(a, b, strict=True)))


def reductions(sums: ReductionSums, spec: LossSpec) -> tuple[Reduction, ...]:
    """All of KEYS. Positives count at least 1, as in RetinaNet; where a denominator is 0, mean and scale are nan."""
    denominators = {key: float(getattr(sums, key)) for key in NORMALIZERS} | {"sum": 1.0}
    denominators["positives"] = max(1.0, sums.positives)
    return tuple(_reduction(key, denominators[key], sums, used_by(spec, key, sums.indexed > 0)) for key in KEYS)


def _reduction(key: str, denominator: float, sums: ReductionSums, users: tuple[str, ...]) -> Reduction:
    over = 1 / denominator if denominator else np.nan
    return Reduction(key, denominator, sums.loss * over, sums.norm * over, sums.samples * over, users)


def used_by(spec: LossSpec, key: str, indexed: bool) -> tuple[str, ...]:
    """The libraries that divide by this; "torch": what torch calls the loss, if it has it."""
    users = USED_BY.get((spec.key, spec.activation), {})
    if key == "torch":
        of = users.get(_of_torch(spec, indexed), ())
        return tuple(name for name in of if name.startswith("torch "))
    return users.get(key, ())
