"""Training as anybody would write it: one loss of one seed at a time, with autograd. Standalone programs consist of this."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeAlias

import numpy as np
import torch
from torch import Tensor

from ...data.toy_datasets import Dataset
from ...evaluation.setting import Array
from .intervals import simultaneous
from .models import uniform_init
from .snapshots import average_precision

Loss: TypeAlias = Callable[[Tensor, Tensor], Tensor]
"""The sum of the losses of logits (B, C) and labels (B,)."""


class Hyperparameters(NamedTuple):
    """How models are trained: the sizes of their layers, the last layer's first biases, optimiser, epochs, samples a step."""

    layer_sizes: tuple[int, ...]
    biases: tuple[float, ...]
    optimiser: Callable[[list[Tensor]], torch.optim.Optimizer]
    epochs: int
    batch: int


def predict(layers: list[Tensor], x: Tensor) -> Tensor:
    """Logits (B, C) of inputs (B, D), by weights and biases of each layer in turn."""
    for w, b in zip(layers[:-2:2], layers[1:-2:2], strict=True):
        x = torch.relu(x @ w + b)
    return x @ layers[-2] + layers[-1]


def train_model(hyperparameters: Hyperparameters, seed: int, dataset: Dataset, loss: Loss) -> list[Tensor]:
    """The layers of a model that a loss has trained; all losses of a seed see the same data, beginning and batches."""
    first = [*uniform_init(hyperparameters.layer_sizes, seed)[:-1], np.array([hyperparameters.biases])]
    layers = [torch.tensor(layer, requires_grad=True) for layer in first]
    optimiser = hyperparameters.optimiser(layers)
    x, labels = torch.tensor(dataset.x), torch.tensor(dataset.labels)
    orders = np.random.default_rng([seed, 3])
    for _ in range(hyperparameters.epochs):
        order = torch.tensor(orders.permutation(len(x)))
        for rows in torch.split(order, hyperparameters.batch):
            mean = loss(predict(layers, x[rows]), labels[rows]) / len(rows)
            optimiser.zero_grad()
            mean.backward()  # type: ignore[no-untyped-call]
            optimiser.step()
    return layers


def equal_gradient(loss: Loss, first: Loss) -> Loss:
    """A loss times what gives its gradients, in each step, the mean length that the first one's have at the same logits."""

    def scaled(z: Tensor, labels: Tensor) -> Tensor:
        grads = [torch.autograd.grad(each(z, labels), z, retain_graph=True)[0] for each in (loss, first)]
        length, target = (grad.norm(dim=1).sum() for grad in grads)
        # A length of next to nothing has no quotient, and its gradient nothing to say.
        return loss(z, labels) * torch.nan_to_num(target / length, nan=0.0, posinf=0.0)

    return scaled


class Readout(NamedTuple):
    """How a loss reads logits: which activation and temperature, and the class whose average precision is reported."""

    activation: str
    temperature: float
    rare: int


def log_odds(z: Tensor, readout: Readout) -> Array:
    """The rare class's log-odds (N,) of logits (N, C): against all others by softmax, of itself by sigmoid."""
    z = z / readout.temperature
    own, others = z[:, readout.rare], torch.cat((z[:, : readout.rare], z[:, readout.rare + 1 :]), 1)
    odds: Array = (own - others.logsumexp(1) if readout.activation == "softmax" else own).numpy()
    return odds


METRICS = ("clean accuracy", "balanced accuracy", "average precision of the rare class", "memorized wrong labels")


@torch.no_grad()
def evaluate_model(layers: list[Tensor], dataset: Dataset, readout: Readout) -> dict[str, float]:
    """Shares, by the names of METRICS.

    Of the clean test set the accuracy, at the classes' shares in training, and balanced; the rare class's average precision, at
    its share in training; and what share of the wrong labels trained on the model repeats.
    """
    z, labels = predict(layers, torch.tensor(dataset.test_x)), dataset.test_labels
    guess, odds, rare = z.argmax(1).numpy(), log_odds(z, readout), labels == readout.rare
    recall = np.array([np.mean(guess[labels == c] == c) for c in range(len(dataset.prior))])
    precision = average_precision(odds[rare], odds[~rare], float(dataset.prior[readout.rare]))
    repeated = predict(layers, torch.tensor(dataset.x)).argmax(1).numpy() == dataset.labels
    memorised = repeated[dataset.wrong].mean() if dataset.wrong.any() else np.nan
    shares = float(recall @ dataset.prior), float(recall.mean()), precision, float(memorised)
    return dict(zip(METRICS, shares, strict=True))


def compare_losses(
    hyperparameters: Hyperparameters,
    losses: Sequence[Loss],
    readouts: Sequence[Readout],
    data: Callable[[int], Dataset],
    seeds: range,
) -> dict[str, Array]:
    """Percentages of all losses and seeds (L, S), by the names of METRICS."""
    percentages = {name: np.empty((len(losses), len(seeds))) for name in METRICS}
    for at, seed in enumerate(seeds):
        dataset = data(seed)
        for n, (loss, readout) in enumerate(zip(losses, readouts, strict=True)):
            for name, share in evaluate_model(train_model(hyperparameters, seed, dataset, loss), dataset, readout).items():
                percentages[name][n, at] = 100 * share
    return percentages


def format_table(head: str, names: Sequence[str], percentages: dict[str, Array], t: float) -> str:
    """The percentages of `compare_losses`, and paired differences to the first loss with the intervals of `simultaneous`."""
    width, lines = max(map(len, names)), [head]
    for title, values in percentages.items():
        if np.isnan(values).any():
            continue  # no wrong labels
        lines += ["", title]
        lines += [f"  {name:<{width}} {own.mean():8.3f}" for name, own in zip(names, values, strict=True)]
        differences = values[1:] - values[:1]
        ends = zip(differences.mean(-1), *simultaneous(differences, 0.95, t), strict=True)
        for n, (mean, low, high) in enumerate(ends, len(lines) - len(differences)):
            lines[n] += f"   {mean:+.3f}" + (f" [{low:+.3f}, {high:+.3f}]" if low < high else "")
    return "\n".join(lines)
