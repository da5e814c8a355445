"""Training: all losses and seeds of an experiment as one batched program, an epoch at a time."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import numpy as np
import torch
from torch import Tensor

from ...data.toy_datasets import make_dataset
from ...evaluation.devices import working_dtype
from ...evaluation.evaluate import evaluate
from ...losses import LossSpec
from .divergence import check_finite, check_loss, uninformed_loss
from .experiment import Experiment, snapshot_epochs
from .models import Models
from .snapshots import Snapshot, StackedDatasets, snapshot, stack_datasets


def train(
    experiment: Experiment, seeds: range | None = None, device: str = "cpu", epochs: Collection[int] | None = None
) -> Iterator[tuple[int, Snapshot | None]]:
    """Train all losses and seeds of an experiment together, an epoch at a time.

    Seeds are independent of each other: those of a part of `experiment.seed_numbers` are what they are in the whole. All
    losses of a seed see the same data, noise, initial weights and batches. Whoever stops iterating stops the training.

    Args:
        experiment: what is trained.
        seeds: a part of `experiment.seed_numbers`; None: all of them.
        device: "cpu", "cuda" or another name that torch knows.
        epochs: after which is measured, 0 being before training; None: `snapshot_epochs`.

    Returns:
        Each epoch's number from 0 on, with the snapshot after it, or None where nothing is measured.

    Raises:
        InputError: for settings of which nothing can be trained, and where training diverges.

    Example:
        >>> from lossviz import loss
        >>> from lossviz.data.toy_datasets import DatasetSpec
        >>> losses = loss("cross-entropy"), loss("focal", gamma=2.0)
        >>> experiment = Experiment(DatasetSpec("gaussians", 100), losses, seeds=3, epochs=2)
        >>> [(epoch, snapshot.accuracy.shape) for epoch, snapshot in train(experiment)]
        [(0, (2, 3)), (1, (2, 3)), (2, (2, 3))]
    """
    experiment.check()
    seeds = experiment.seed_numbers if seeds is None else seeds
    torch_device, dtype = torch.device(device), working_dtype(device)
    data = stack_datasets(experiment, [make_dataset(experiment.dataset_spec, seed) for seed in seeds], torch_device, dtype)
    models = Models(experiment, seeds, torch_device, dtype)
    optimiser = _optimiser(experiment, models)
    generators = [np.random.default_rng([seed, 3]) for seed in seeds]
    no_steps = torch.full((len(experiment.losses), len(seeds)), torch.nan, dtype=dtype, device=torch_device)
    epochs = snapshot_epochs(experiment.epochs) if epochs is None else epochs
    worst_loss = uninformed_loss(experiment, data.labels, dtype)
    for epoch in range(experiment.epochs + 1):
        measured = epoch in epochs
        step_length = _epoch(experiment, models, data, optimiser, generators, measured, epoch) if epoch else no_steps
        measurements = snapshot(experiment, models, data, epoch, step_length) if measured else None
        if measurements and epoch:
            check_loss(experiment, measurements.loss, worst_loss, epoch)
        elif measurements:
            worst_loss = np.maximum(worst_loss, measurements.loss)
        yield epoch, measurements


def _optimiser(experiment: Experiment, models: Models) -> torch.optim.Optimizer:
    if experiment.optimiser == "adam":
        return torch.optim.Adam(models.weights, experiment.learning_rate, fused=True)
    return torch.optim.SGD(models.weights, experiment.learning_rate, momentum=0.9, fused=True)


def _epoch(
    experiment: Experiment,
    models: Models,
    data: StackedDatasets,
    optimiser: torch.optim.Optimizer,
    generators: list[np.random.Generator],
    measured: bool,
    epoch: int,
) -> Tensor:
    """One pass over all samples, in an order of each seed's own; where it is measured, the mean length of its steps (L, S)."""
    n = data.x.shape[1]
    order = torch.tensor(np.stack([rng.permutation(n) for rng in generators]), device=data.x.device)
    x = data.x.gather(1, order[..., None].expand_as(data.x))
    labels = data.labels.gather(1, order)
    lengths = []
    for start in range(0, n, experiment.batch):
        batch = slice(start, start + experiment.batch)
        z = models.logits(x[:, batch])
        check_finite(experiment, z, epoch)
        logit_gradient = gradient(experiment, z.detach(), labels[:, batch])
        for weight, grad in zip(models.weights, torch.autograd.grad(z, models.weights, logit_gradient), strict=True):
            weight.grad = grad
        before = models.weights_copy() if measured else []
        optimiser.step()
        lengths += [models.distance_from(before)] if measured else []
    return torch.stack(lengths).mean(0) if measured else x.new_zeros(0)


def gradient(experiment: Experiment, z: Tensor, labels: Tensor) -> Tensor:
    """The gradient of each model's mean loss on its logits, (L, S, B, C); labels (S, B)."""
    gradients = torch.stack([_grad(spec, part, labels) for spec, part in zip(experiment.losses, z, strict=True)])
    if experiment.equal_gradient:
        first = torch.stack([_grad(experiment.losses[0], part, labels) for part in z])
        lengths, target_lengths = (g.norm(dim=-1).sum(-1) for g in (gradients, first))
        # A length of next to nothing has no quotient, and its gradient nothing to say.
        gradients = gradients * (target_lengths / lengths).nan_to_num(0.0, posinf=0.0)[..., None, None]
    return gradients / z.shape[2]


def _grad(spec: LossSpec, z: Tensor, labels: Tensor) -> Tensor:
    return evaluate(spec, z.reshape(-1, z.shape[-1]), labels.reshape(-1)).grad.view(z.shape)
