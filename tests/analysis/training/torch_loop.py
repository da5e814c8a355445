"""Small experiments, and what is true of one model: a plain loop of torch, one sample of seeds and losses at a time."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from lossviz import loss
from lossviz.analysis.training import Experiment, Snapshot, train
from lossviz.analysis.training.models import initial_weights
from lossviz.data.toy_datasets import Dataset, DatasetSpec, make_dataset
from lossviz.losses import LossSpec

CE, FOCAL = loss("cross-entropy"), loss("focal", gamma=2.0)
SIGMOID = loss("cross-entropy", "sigmoid")
NOISY = DatasetSpec("gaussians", 90, 2.0, noise="one class", rate=0.2, pair=(0, 1))
MOONS = DatasetSpec("moons", 100, 4.0, noise="uniform", rate=0.1)
DIGITS = DatasetSpec("digits", 200, 5.0, rare=3, noise="pair", rate=0.3, pair=(8, 3))


def small(dataset_spec: DatasetSpec = NOISY, losses: tuple[LossSpec, ...] = (CE, FOCAL), **more: Any) -> Experiment:
    """An experiment of a few seconds at most, with a last batch that is smaller."""
    return Experiment(dataset_spec, losses, **{"seeds": 3, "epochs": 3, "batch": 32, "learning_rate": 0.02, **more})


def trained(experiment: Experiment, seeds: range | None = None) -> list[Snapshot]:
    """All that was measured."""
    return [snapshot for _, snapshot in train(experiment, seeds) if snapshot]


def select(snapshot: Snapshot, losses: slice = slice(None), seeds: slice = slice(None)) -> dict[str, Any]:
    """Those fields of a snapshot that have axes of losses and seeds, for some of each."""
    with_seeds = (
        "recall",
        "accuracy",
        "reliability",
        "precision",
        "loss",
        "memorised",
        "loss_share",
        "grad_share",
        "step_length",
    )
    return {name: getattr(snapshot, name)[losses, seeds] for name in with_seeds}


def assert_alike(actual: dict[str, Any], expected: dict[str, Any], tolerance: float = 1e-9) -> None:
    """That snapshots' fields are equal but for the rounding of sums in another order."""
    assert actual.keys() == expected.keys()
    for name, values in actual.items():
        np.testing.assert_allclose(values, expected[name], rtol=tolerance, atol=tolerance, err_msg=name)


def log_space(spec: LossSpec, z: Tensor, labels: Tensor) -> Tensor:
    """A loss (B,) as its paper writes it, from torch's log-probabilities; autograd does the rest."""
    z = z / spec.temperature
    if spec.activation == "softmax":
        log_p = F.log_softmax(z, 1).gather(1, labels[:, None])[:, 0]
        return -((1 - log_p.exp()) ** spec.gamma) * log_p
    hot = F.one_hot(labels, z.shape[1]).to(z.dtype)
    log_p = F.logsigmoid(torch.where(hot == 1, z, -z))
    return (-((1 - log_p.exp()) ** spec.gamma) * log_p).sum(1)


class PlainModel(NamedTuple):
    """A model trained on a dataset; steps: how far each of the last epoch's moved all parameters."""

    model: nn.Module
    dataset: Dataset
    step_length: list[float]

    def logits(self, x: Any) -> Tensor:
        with torch.no_grad():
            return self.model(torch.tensor(x))


def train_plain(experiment: Experiment, spec: LossSpec, seed: int) -> PlainModel:
    """The loop that everybody writes: modules, a loss of torch's, autograd, an optimiser of torch's."""
    made = make_dataset(experiment.dataset_spec, seed)
    x, labels = torch.tensor(made.x), torch.tensor(made.labels)
    d, h, c = experiment.inputs, experiment.width, experiment.classes
    layers = [nn.Linear(d, h), nn.ReLU(), nn.Linear(h, c)] if h else [nn.Linear(d, c)]
    model = nn.Sequential(*layers).double()
    with torch.no_grad():
        for weight, initial in zip(model.parameters(), initial_weights(experiment, seed), strict=True):
            weight.copy_(torch.tensor(initial).T.reshape(weight.shape))
    if experiment.optimiser == "adam":
        optimiser: torch.optim.Optimizer = torch.optim.Adam(model.parameters(), lr=experiment.learning_rate)
    else:
        optimiser = torch.optim.SGD(model.parameters(), lr=experiment.learning_rate, momentum=0.9)
    order = np.random.default_rng([seed, 3])
    for _ in range(experiment.epochs):
        steps = []
        for rows in torch.tensor(order.permutation(len(x))).split(experiment.batch):
            optimiser.zero_grad()
            plain_loss(spec, model(x[rows]), labels[rows]).backward()
            before = nn.utils.parameters_to_vector(model.parameters()).detach().clone()
            optimiser.step()
            steps.append(float((nn.utils.parameters_to_vector(model.parameters()).detach() - before).norm()))
    return PlainModel(model, made, steps)


def plain_loss(spec: LossSpec, z: Tensor, labels: Tensor) -> Tensor:
    """The mean over samples, by torch's own functional where it has one."""
    if spec == CE:
        return F.cross_entropy(z, labels)
    if spec == SIGMOID:
        hot = F.one_hot(labels, z.shape[1]).to(z.dtype)
        return F.binary_cross_entropy_with_logits(z, hot, reduction="sum") / len(z)
    return log_space(spec, z, labels).mean()
