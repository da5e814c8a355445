"""What is counted: a sample has one loss where one class is true, and one for each class where several may be.

In a multi-label batch and for a single sigmoid, an *entry* is a sample's answer about one class: positive or negative, with its
own loss term, gradient and p_t, as a detector's anchors have. In all other batches the sample itself is counted.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ...data.predictions import Predictions, Survey
from ...evaluation.evaluate import SeveralLosses, evaluate
from ...evaluation.result import Evaluation
from ...evaluation.setting import as_targets
from ...losses import LOSSES, LossSpec
from ...numbers import counted
from ...texts import say

Floats = NDArray[np.floating]


class CountingUnits(NamedTuple):
    """U units: loss, norm (of the gradient), p_t (U,) and stratum (U,); `samples`: their rows, None if they are the rows."""

    loss: Floats
    norm: Floats
    p_t: Floats
    stratum: NDArray[np.int64]
    samples: NDArray[np.int64] | None


def by_entry(task: str) -> bool:
    """Whether entries are counted rather than samples."""
    return task in ("binary", "multi-label")


def strata_count(survey: Survey) -> int:
    """How many strata there are: classes, or negatives and positives of each class."""
    return 2 * survey.classes if by_entry(survey.task) else survey.classes


def strata(survey: Survey) -> tuple[str, ...]:
    """Names of the strata, by their number."""
    if survey.task == "binary":
        return say("negatives"), say("positives")
    names = survey.class_labels
    if survey.task != "multi-label":
        return names
    sides = ((say("{name}, negative", name=name), say("{name}, positive", name=name)) for name in names)
    return tuple(side for both in sides for side in both)


class Partition(NamedTuple):
    """Parts of a batch with their names: the part of each stratum (P,), or None where groups are the parts."""

    names: tuple[str, ...]
    of_stratum: NDArray[np.int64] | None


DIVISIONS = {
    "side": (say("side"), say("sides")),
    "class": (say("class"), say("classes")),
    "group": (say("group"), say("groups")),
}
"""The ways to divide a batch, and what the parts of each are called: one of them, and several."""


def counted_parts(number: int, split: str) -> str:
    """So many parts of one of `DIVISIONS`."""
    if split == "side":
        return counted(number, "side")
    return counted(number, "class", "classes") if split == "class" else counted(number, "group")


def partitions(survey: Survey) -> dict[str, Partition]:
    """Those of `DIVISIONS` that a batch has: a side is the positives or the negatives; groups are those of a file."""
    ways: dict[str, Partition] = {}
    numbers = np.arange(strata_count(survey))
    if survey.task == "multi-label":
        ways["side"] = Partition((say("negatives"), say("positives")), numbers % 2)
        ways["class"] = Partition(survey.class_labels, numbers // 2)
    else:
        ways["side" if survey.task == "binary" else "class"] = Partition(strata(survey), numbers)
    if survey.groups:
        ways["group"] = Partition(survey.groups, None)
    return ways


def evaluated(spec: LossSpec, block: Predictions, device: str = "cpu") -> Evaluation:
    """`evaluate` on a block, with logits and targets in the form that the loss wants."""
    return next(evaluated_each([spec], block, device))


def evaluated_each(specs: Sequence[LossSpec], block: Predictions, device: str = "cpu") -> Iterator[Evaluation]:
    """The same for several losses, one after the other."""
    logits = tensor(block.logits)
    several = SeveralLosses(logits, block.targets, device) if len(specs) > 1 else None
    for spec in specs:
        targets = fitted(spec, block.targets)
        if spec.activation == "exp":
            # in float32 an easy sample's would be lost in the last digit
            yield evaluate(spec, logits.double().log_softmax(1), targets, device)
        elif several is not None and targets is block.targets:
            yield several.evaluate(spec)
        else:
            yield evaluate(spec, logits, targets, device)


def fitted(spec: LossSpec, targets: NDArray[np.generic]) -> NDArray[np.generic]:
    """Targets as a loss wants them: as they came, whatever rows are in a block; NLL gets the likeliest class of soft ones."""
    kind = LOSSES[spec.key].targets
    if kind == "any" or (kind == "indices" and targets.ndim == 1):
        return targets
    return as_targets(spec, (targets if targets.ndim == 2 else targets[:, None]).astype(np.float64))


def counting_units(ev: Evaluation, block: Predictions, task: str) -> CountingUnits:
    """What an evaluation of a block says of each unit."""
    if by_entry(task):
        return _entries(ev, block)
    stratum = block.targets if block.targets.ndim == 1 else block.targets.argmax(1)
    return CountingUnits(*of_samples(ev), true(ev, block), stratum.astype(np.int64), None)


def _entries(ev: Evaluation, block: Predictions) -> CountingUnits:
    n, classes = block.logits.shape
    targets = block.targets.reshape(n, classes)
    probs = _array(ev.probs)
    p_t = targets * probs + (1 - targets) * (1 - probs)
    stratum = 2 * np.arange(classes) + (targets > 0.5)
    samples = np.repeat(np.arange(n), classes) if classes > 1 else None
    loss, norm = (x.reshape(-1) for x in (_array(ev.terms), np.abs(_array(ev.grad))))
    return CountingUnits(loss, norm, p_t.astype(probs.dtype).reshape(-1), stratum.reshape(-1), samples)


def of_samples(ev: Evaluation) -> tuple[Floats, Floats]:
    """Loss and norm of each sample, whatever is counted."""
    return _array(ev.loss), norms(ev.grad)


def true(ev: Evaluation, block: Predictions) -> Floats:
    """p_t of each sample, as `analysis.sample.p_t` defines it."""
    if ev.true_probs is not None and block.targets.ndim == 1:
        return _array(ev.true_probs[:, 0])
    probs, targets = ev.probs, block.targets
    if targets.ndim == 2:
        t = tensor(targets).to(probs)
        p_t = (t * probs).sum(1) if ev.spec.activation != "sigmoid" else (t * probs + (1 - t) * (1 - probs)).amin(1)
        return _array(p_t)
    label = tensor(targets).to(probs.device)[:, None]
    if probs.shape[1] == 1:
        return _array(torch.where(label > 0, probs, 1 - probs)[:, 0])
    of_label = probs.gather(1, label)
    if ev.spec.activation != "sigmoid":
        return _array(of_label[:, 0])
    return _array((1 - probs).scatter(1, label, of_label).amin(1))


def norms(grad: Tensor) -> Floats:
    """Length of each row. Where squares would vanish, in units of the row's largest number."""
    if grad.shape[1] == 1:
        return _array(grad[:, 0].abs())
    lengths = torch.linalg.vector_norm(grad, dim=1)
    small = (lengths < torch.finfo(grad.dtype).tiny ** 0.5 * 1e6).nonzero()[:, 0]
    if len(small):
        few = grad[small]
        unit = few.abs().amax(1, keepdim=True)
        unit[unit == 0] = 1
        lengths[small] = torch.linalg.vector_norm(few / unit, dim=1) * unit[:, 0]
    return _array(lengths)


def tensor(x: NDArray[Any]) -> Tensor:
    """An array as a tensor; without a copy, unless its layout or a read-only file asks for one."""
    return torch.from_numpy(np.require(x, requirements=["C", "W"]))


def _array(x: Tensor) -> Floats:
    array: Floats = x.detach().cpu().numpy()
    return array
