"""All models of an experiment, one for each loss and seed, as one program over stacked weights."""

from __future__ import annotations

from copy import copy
from itertools import pairwise

import numpy as np
import torch
from torch import Tensor

from ...evaluation.setting import Array
from .experiment import Experiment

MAX_HIDDEN_UNITS = 2**21
"""So many hidden units of a loss's models are held at once where no gradient is asked for: 16 MB."""


class Models:
    """L × S models with weights (L, S, …); those of one seed begin alike. Logits are the last layer's."""

    def __init__(self, experiment: Experiment, seeds: range, device: torch.device, dtype: torch.dtype) -> None:
        layers = zip(*(initial_weights(experiment, seed) for seed in seeds), strict=True)
        self.weights = [
            torch.tensor(np.stack(layer), dtype=dtype, device=device)
            .repeat(len(experiment.losses), *(1,) * (layer[0].ndim + 1))
            .requires_grad_()
            for layer in layers
        ]

    def logits(self, x: Tensor) -> Tensor:
        """(L, S, B, C) of inputs x (S, B, D), which all losses share."""
        return _stacked_logits(self.weights, x)

    @torch.no_grad()
    def outputs(self, x: Tensor) -> Tensor:
        """`logits` of any number of samples, without a gradient and a part at a time: hidden units of all would not fit."""
        rows = max(1, MAX_HIDDEN_UNITS // self.weights[-2][0, ..., 0].numel())
        return torch.cat([self.logits(part) for part in torch.split(x, rows, 1)], 2)

    def select_seeds(self, part: slice) -> Models:
        """The models of some seeds, with the same weights."""
        models = copy(self)
        models.weights = [weight[:, part] for weight in self.weights]
        return models

    @torch.no_grad()
    def weights_copy(self) -> list[Tensor]:
        """A copy of all weights, to see later how far they have moved."""
        return [weight.clone() for weight in self.weights]

    @torch.no_grad()
    def distance_from(self, weights: list[Tensor]) -> Tensor:
        """How far each model's weights and biases together are from copies of them, (L, S); the copies are used up."""
        torch._foreach_sub_(weights, self.weights)
        each = torch.stack([torch.linalg.vector_norm(x, dim=(2, 3)) for x in weights])
        distances: Tensor = torch.linalg.vector_norm(each, dim=0)
        return distances

    def first_seed_logits(self, x: Tensor) -> Tensor:
        """(L, P, C) of inputs x (P, D), by the models of the first seed."""
        return _stacked_logits([w[:, :1] for w in self.weights], x[None])[:, 0]


def _stacked_logits(weights: list[Tensor], x: Tensor) -> Tensor:
    """Loss by loss: all at once, each would need a copy of x, and hidden units would not stay in the cache."""
    return torch.stack([_logits(layers, x) for layers in zip(*(w.unbind() for w in weights), strict=True)])


def _logits(layers: tuple[Tensor, ...], x: Tensor) -> Tensor:
    for w, b in zip(layers[:-2:2], layers[1:-2:2], strict=True):
        x = torch.baddbmm(b, x, w).relu_()
    return torch.baddbmm(layers[-1], x, layers[-2])


def initial_weights(experiment: Experiment, seed: int) -> list[Array]:
    """Weights (in, out) and biases (1, out) of each layer, by `uniform_init`; the last biases are by the prior, or 0."""
    return [*uniform_init(experiment.layer_sizes, seed)[:-1], initial_biases(experiment)]


def uniform_init(sizes: tuple[int, ...], seed: int) -> list[Array]:
    """Weights (in, out) and biases (1, out) of the layers between these sizes, uniform within ±1/√in."""
    rng = np.random.default_rng([seed, 2])
    layers = []
    for before, after in pairwise(sizes):
        bound = before**-0.5
        layers += [rng.uniform(-bound, bound, (before, after)), rng.uniform(-bound, bound, (1, after))]
    return layers


def initial_biases(experiment: Experiment) -> Array:
    """The last layer's biases (1, C): logits of the probabilities that a prior says, as the first loss reads logits."""
    classes, rare, prior, first = experiment.classes, experiment.dataset_spec.rare, experiment.prior, experiment.losses[0]
    if prior is None:
        return np.zeros((1, classes))
    p = np.full((1, classes), (1 - prior) / (classes - 1))
    p[0, rare] = prior
    logits: Array = first.temperature * (np.log(p) - (np.log1p(-p) if first.activation == "sigmoid" else 0.0))
    return logits
