"""What is measured between epochs: on the clean test set, and of the samples trained on whom each loss listens to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from ...data.toy_datasets import Dataset
from ...evaluation.activations import probabilities
from ...evaluation.evaluate import evaluate
from ...evaluation.setting import Array
from .calibration import reliability
from .divergence import check_finite
from .experiment import Experiment
from .models import Models

GROUPS = ("mislabelled", "rare class", "others")
"""Who a sample trained on is: of a wrong label; else of the rare class, where there is one; else of the rest."""

CELLS, REACH = 240, 12.0
"""Cells of the rare class's log-odds from −REACH to REACH, for its curves."""

GRID = 41
"""Points on a side of a decision region's grid."""

MAX_LOGITS = 2**21
"""So many logits are held at once when models are measured: 16 MB, several times."""

MAX_MISLABELLED = 20
"""At most so many wrong labels of which it is kept what the models make of them."""


class Snapshot(NamedTuple):
    """L losses and S seeds after an epoch.

    On the test set: recall (L, S, C); accuracy (L, S), at the classes' shares in training; reliability (L, S, BINS, 4): per
    bin of the largest probability the samples, the sum of their confidences, and how many are right, each class counted by
    its share in training; and the variance of the difference of the latter two, of test sets with as many of each class;
    odds_histogram (L, 2, CELLS + 2): test samples of the other classes and of the rare one by the rare class's log-odds, all
    seeds together, a cell more at each end; precision (L, S): the rare class's average precision, at its share in training.
    On the training set: loss (L, S), the mean; memorised (L, S), the share of wrong labels that the model repeats (nan if
    there are none); loss_share and grad_share (L, S, 3): the share of all loss, and of the length of all gradients, by GROUPS
    (nan where there is no loss, or no gradient, at all); predictions (L, K): the class of the first K ≤ MAX_MISLABELLED
    samples of the first seed with wrong labels.
    region_probability (L, GRID²): of class 1 over the plane, for the first seed; empty for digits.
    step_length (L, S): the mean over this epoch's steps of ‖Δw‖, how far all weights and biases together moved; nan before
    training.
    """

    epoch: int
    recall: Array
    accuracy: Array
    reliability: Array
    odds_histogram: Array
    precision: Array
    loss: Array
    memorised: Array
    loss_share: Array
    grad_share: Array
    predictions: Array
    region_probability: Array
    step_length: Array


SUMMED_FIELDS, FIRST_SEED_FIELDS = ("odds_histogram",), ("epoch", "predictions", "region_probability")
"""What of a snapshot is a sum over seeds, and what is of the first seed; the rest has an axis of seeds, the second."""


def merge_snapshots(parts: Sequence[Snapshot]) -> Snapshot:
    """One snapshot of all seeds, from those of the parts that the seeds were trained or measured in."""
    if len(parts) == 1:
        return parts[0]
    return Snapshot._make(_merge_field(name, [getattr(part, name) for part in parts]) for name in Snapshot._fields)


def _merge_field(name: str, values: list[Array]) -> Array:
    if name in FIRST_SEED_FIELDS:
        return values[0]
    return np.sum(values, axis=0) if name in SUMMED_FIELDS else np.concatenate(values, axis=1)


class StackedDatasets(NamedTuple):
    """The datasets of S seeds: x (S, N, D), labels, truth (S, N), groups (S, N) and prior (S, C); the test sets (S, M, …).

    plane: the grid (GRID², D) of the regions, or None.
    """

    x: Tensor
    labels: Tensor
    truth: Tensor
    groups: Tensor
    prior: Tensor
    test_x: Tensor
    test_labels: Tensor
    plane: Tensor | None

    def select_seeds(self, part: slice) -> StackedDatasets:
        """Those of some seeds; the plane is the first seed's."""
        tensors = {name: getattr(self, name)[part] for name in self._fields[:-1]}
        return self._replace(**tensors, plane=None if part.start else self.plane)


def stack_datasets(
    experiment: Experiment, datasets: list[Dataset], device: torch.device, dtype: torch.dtype
) -> StackedDatasets:
    """Datasets of one spec, which has as many samples for every seed, as tensors."""

    def tensor(name: str, kind: torch.dtype) -> Tensor:
        return torch.tensor(np.stack([getattr(dataset, name) for dataset in datasets]), dtype=kind, device=device)

    labels, truth = tensor("labels", torch.int64), tensor("truth", torch.int64)
    rare = (truth == experiment.dataset_spec.rare) & (experiment.dataset_spec.ratio > 1)
    groups = torch.where(labels != truth, 0, torch.where(rare, 1, 2))
    return StackedDatasets(
        tensor("x", dtype),
        labels,
        truth,
        groups,
        tensor("prior", dtype),
        tensor("test_x", dtype),
        tensor("test_labels", torch.int64),
        torch.tensor(plane_grid(datasets[0]), dtype=dtype, device=device) if experiment.inputs == 2 else None,
    )


def extent(first: Dataset) -> tuple[float, float, float, float]:
    """Left, right, bottom and top of the picture of a plane: what the first seed's samples take up, and some room."""
    low, high = first.x.min(0), first.x.max(0)
    room = 0.06 * (high - low)
    return tuple(map(float, np.stack((low - room, high + room), 1).ravel()))  # type: ignore[return-value]


def plane_grid(first: Dataset) -> Array:
    """The points (GRID², 2) of a decision region, row by row from below."""
    left, right, bottom, top = extent(first)
    x, y = np.meshgrid(np.linspace(left, right, GRID), np.linspace(bottom, top, GRID))
    return np.stack((x.ravel(), y.ravel()), 1)


def snapshot(experiment: Experiment, models: Models, data: StackedDatasets, epoch: int, steps: Tensor) -> Snapshot:
    """Everything that is measured, now, some seeds at a time, for logits of all would not fit; `steps` was on the way."""
    samples = max(data.x.shape[1], data.test_x.shape[1])
    size = max(1, MAX_LOGITS // (len(experiment.losses) * samples * experiment.classes))
    parts = [slice(start, start + size) for start in range(0, len(data.x), size)]
    return merge_snapshots(
        [_snapshot(experiment, models.select_seeds(p), data.select_seeds(p), epoch, steps[:, p]) for p in parts]
    )


@torch.no_grad()
def _snapshot(experiment: Experiment, models: Models, data: StackedDatasets, epoch: int, steps: Tensor) -> Snapshot:
    z = models.outputs(data.test_x)
    check_finite(experiment, z, epoch)
    correct, confidence, odds = _test_outputs(experiment, z, data.test_labels)
    recall = _recall(correct.to(z.dtype), data.test_labels, experiment.classes)
    accuracy = (recall * data.prior).sum(-1)
    rare = data.test_labels == experiment.dataset_spec.rare
    precision = _precision(odds, rare, data.prior[:, experiment.dataset_spec.rare])
    on_test = (
        recall,
        accuracy,
        reliability(correct, confidence, data.test_labels, data.prior),
        _odds_histogram(odds, rare).sum(1),
        precision,
    )
    tensors = (*on_test, *_training(experiment, models, data, epoch), _regions(experiment, models, data), steps)
    return Snapshot(epoch, *(x.cpu().numpy().astype(np.float64) for x in tensors))


def _probabilities(experiment: Experiment, z: Tensor) -> Tensor:
    """Probabilities (L, …, C) of logits, each by its loss's own activation and temperature."""
    rows = [
        probabilities(spec.activation, part.reshape(-1, z.shape[-1]), spec.temperature)
        for spec, part in zip(experiment.losses, z, strict=True)
    ]
    return torch.stack(rows).view(z.shape)


def _test_outputs(experiment: Experiment, z: Tensor, labels: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Of each test sample, (L, S, M): whether the largest logit is the label's, its probability, the rare class's log-odds."""
    prediction, confidence = z.argmax(-1), _probabilities(experiment, z).amax(-1)
    rare = experiment.dataset_spec.rare
    z = z / z.new_tensor([spec.temperature for spec in experiment.losses])[:, None, None, None]
    others = torch.cat((z[..., :rare], z[..., rare + 1 :]), -1).logsumexp(-1)
    soft = torch.tensor([spec.activation == "softmax" for spec in experiment.losses], device=z.device)
    return prediction == labels, confidence, z[..., rare] - torch.where(soft[:, None, None], others, 0.0)


def _recall(right: Tensor, labels: Tensor, classes: int) -> Tensor:
    of = torch.nn.functional.one_hot(labels, classes).to(right.dtype)
    return torch.einsum("lsm,smc->lsc", right, of) / of.sum(1)


def _odds_histogram(odds: Tensor, rare: Tensor) -> Tensor:
    """How many test samples are in each cell of the log-odds: (L, S, 2, CELLS + 2)."""
    # Held to the cells before it is a whole number, which the largest floats have none of.
    cell = ((odds + REACH) * (CELLS / (2 * REACH))).floor().clamp(-1, CELLS).long() + 1
    bins = cell + (CELLS + 2) * rare.long()
    counts = torch.zeros(*odds.shape[:2], 2 * (CELLS + 2), dtype=odds.dtype, device=odds.device)
    return counts.scatter_add_(2, bins, torch.ones_like(odds)).view(*odds.shape[:2], 2, -1)


def _precision(odds: Tensor, rare: Tensor, prior: Tensor) -> Tensor:
    """Average precision (L, S), from the log-odds: in cells, a loss of small odds would be told less precise than it is."""
    rows = zip(rare.cpu().numpy(), prior.tolist(), strict=True)
    by_seed = [(yes, p, odds[:, n].cpu().numpy()) for n, (yes, p) in enumerate(rows)]
    return odds.new_tensor([[average_precision(z[yes], z[~yes], p) for z in of] for yes, p, of in by_seed]).T


def average_precision(rare: Array, others: Array, prior: float) -> float:
    """Σ (R_k − R_{k−1}) P_k from the highest log-odds down: over the rare class, the mean of the precision at its samples."""
    rare = np.sort(rare)
    recall, fallout = (1 - np.searchsorted(np.sort(x), rare) / len(x) for x in (rare, others))
    return float(np.mean(prior * recall / (prior * recall + (1 - prior) * fallout)))


def _training(
    experiment: Experiment, models: Models, data: StackedDatasets, epoch: int
) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
    """Mean loss, memorised share, shares of loss and gradient by group, and what is made of the first seed's wrong labels."""
    z, labels = models.outputs(data.x), data.labels.view(-1)
    check_finite(experiment, z, epoch)
    evs = [evaluate(spec, part.flatten(0, 1), labels) for spec, part in zip(experiment.losses, z, strict=True)]
    loss, norm = (torch.stack(x).view(z.shape[:-1]) for x in zip(*((e.loss, e.grad.norm(dim=1)) for e in evs), strict=True))
    wrong = data.groups == 0
    guess = z.argmax(-1)
    repeated = ((guess == data.labels) & wrong).sum(-1).to(z.dtype) / wrong.sum(-1)
    of = torch.nn.functional.one_hot(data.groups, len(GROUPS)).to(z.dtype)
    by_loss, by_norm = (torch.einsum("lsn,sng->lsg", x, of) / x.sum(-1, keepdim=True) for x in (loss, norm))
    return loss.mean(-1), repeated, by_loss, by_norm, guess[:, 0, wrong[0].nonzero()[:MAX_MISLABELLED, 0]]


def _regions(experiment: Experiment, models: Models, data: StackedDatasets) -> Tensor:
    if data.plane is None:
        return torch.zeros(len(experiment.losses), 0)
    p = _probabilities(experiment, models.first_seed_logits(data.plane))
    return p[..., 1] / p.sum(-1)
