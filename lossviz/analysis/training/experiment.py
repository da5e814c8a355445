"""What is trained: a dataset, a model, an optimiser, and the losses that are compared."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from ...data.digits import COUNT
from ...data.toy_datasets import TEST_PER_CLASS, DatasetSpec, check_spec, class_count
from ...errors import InputError, unknown_name
from ...losses import LOSSES, LossSpec
from ...texts import say

MODELS = ("linear", "mlp")

OPTIMISERS = ("sgd", "adam")

BUDGETS = ("epochs", "logit-gradient")
"""What is equal between the losses that are compared: epochs, or in every step the mean length of the logit gradients."""

MAX_LOSSES = 6
MAX_SEEDS = 100

MAX_FIRST_SEED = 1_000_000
"""The largest number that the first seed may have."""

MAX_SECONDS = 120.0
"""Seconds of one core that an experiment may be guessed to take."""

MAX_BYTES = 1.2e9
"""Bytes that an experiment may be guessed to take."""

MAX_ACTIVATIONS = 2e7
"""Hidden units that a step may hold: 160 MB, several times."""


INTEGER_SETTINGS = (
    ("seeds", 1, MAX_SEEDS),
    ("first_seed", 0, MAX_FIRST_SEED),
    ("width", 0, 512),
    ("epochs", 1, 1000),
    ("batch", 1, 1_000_000),
)
"""Settings that are whole numbers, and the least and the most of each."""

SNAPSHOTS = 24
"""About so many epochs are measured, the beginning and the end among them."""


def snapshot_epochs(epochs: int) -> tuple[int, ...]:
    """The epochs after which everything is measured; more often at first, where more happens."""
    even = np.linspace(0, 1, SNAPSHOTS) ** 1.5 * epochs
    return tuple(sorted({*range(min(4, epochs + 1)), *(int(e) for e in even.round())}))


@dataclass(frozen=True)
class Experiment:
    """A whole experiment; two that are equal give the same numbers.

    losses: the first is what the others are compared with. width: hidden units of one layer with ReLU, or 0 for a linear
    model. optimiser: "adam" (β = 0.9, 0.999) or "sgd" (momentum 0.9). learning_rate > 0. batch: samples a step. prior: the last
    layer's biases start so that the rare class is given this probability (Lin et al. 2017, section 4.1), None: at 0.
    equal_gradient: logit gradients of equal mean length: in every step each loss's gradient on the logits is scaled to the mean
    length that the first loss's would have at the same logits. That is a schedule of learning rates, and makes no equal steps:
    models are elsewhere, and weights see the gradients through the inputs and the optimiser (`Snapshot.step_length`). seeds:
    how many, from `first_seed` on; seeds of other numbers are other draws of everything.
    """

    dataset_spec: DatasetSpec
    losses: tuple[LossSpec, ...]
    seeds: int = 8
    width: int = 0
    optimiser: str = "adam"
    learning_rate: float = 0.01
    epochs: int = 60
    batch: int = 64
    prior: float | None = None
    equal_gradient: bool = False
    first_seed: int = 0

    @property
    def seed_numbers(self) -> range:
        """The seeds that are trained."""
        return range(self.first_seed, self.first_seed + self.seeds)

    @property
    def model(self) -> str:
        """Which of `MODELS` is trained."""
        return "mlp" if self.width else "linear"

    @property
    def budget(self) -> str:
        """Which of `BUDGETS` the losses have in common."""
        return "logit-gradient" if self.equal_gradient else "epochs"

    @property
    def inputs(self) -> int:
        """Numbers a sample has."""
        return 64 if self.dataset_spec.shape == "digits" else 2

    @property
    def classes(self) -> int:
        """Classes a sample may be of."""
        return class_count(self.dataset_spec.shape)

    @property
    def layer_sizes(self) -> tuple[int, ...]:
        """Inputs, hidden units where there are any, and classes."""
        return (self.inputs, self.width, self.classes) if self.width else (self.inputs, self.classes)

    @property
    def parameter_count(self) -> int:
        """Weights and biases of one model."""
        return sum((before + 1) * after for before, after in pairwise(self.layer_sizes))

    @property
    def test_samples(self) -> int:
        """Test samples of a seed, at most."""
        return 2 * TEST_PER_CLASS if self.inputs == 2 else COUNT - self.dataset_spec.samples

    @property
    def seconds(self) -> float:
        """A guess of how long one core is busy: 2e9 products a second, a share for each step, and what measuring takes."""
        models = self.seeds * len(self.losses)
        steps = -(-self.dataset_spec.samples // self.batch) * self.epochs
        products = self.dataset_spec.samples * self.epochs * self.parameter_count * models
        samples_measured = (self.dataset_spec.samples + self.test_samples) * len(snapshot_epochs(self.epochs)) * models
        measuring = samples_measured * (1e-7 * self.classes + 5e-9 * self.width)
        return products / 2e9 + steps * (5e-4 + 4e-4 * len(self.losses)) + measuring

    @property
    def activations_per_step(self) -> float:
        """Hidden units of all models for a batch, which a step holds at once."""
        return float(min(self.batch, self.dataset_spec.samples) * self.width * self.seeds * len(self.losses))

    @property
    def memory_bytes(self) -> float:
        """Memory that training takes at most: each seed's data, four times, and what a step holds.

        Measured: 23 to 52 bytes for each unit of `activations_per_step`, with all derivatives.
        """
        bytes_per_seed = self.dataset_spec.samples * (32 * self.inputs + 48) + self.test_samples * (16 * self.inputs + 16)
        return 52 * self.activations_per_step + self.seeds * bytes_per_seed

    def check(self) -> None:
        """InputError that names the setting and what would be right."""
        check_spec(self.dataset_spec)
        if not 1 <= len(self.losses) <= MAX_LOSSES:
            raise InputError("losses", f"{len(self.losses)}", say("1 to {most}", most=MAX_LOSSES))
        for spec in self.losses:
            check_loss(spec, self.classes)
        for name, low, high in INTEGER_SETTINGS:
            if not low <= getattr(self, name) <= high:
                expected = say("a whole number from {low} to {high}", low=low, high=high)
                raise InputError(name, f"{getattr(self, name)}", expected)
        if self.optimiser not in OPTIMISERS:
            raise unknown_name("optimiser", self.optimiser, OPTIMISERS)
        if not (self.learning_rate > 0 and math.isfinite(self.learning_rate)):
            raise InputError("learning_rate", f"{self.learning_rate:g}", say("a number above 0"))
        if self.prior is not None and not 0 < self.prior < 1:
            raise InputError("prior", f"{self.prior:g}", say("a probability between 0 and 1, or None"))
        if self.seconds > MAX_SECONDS:
            raise InputError(
                "settings",
                say("about {seconds:.0f} s of training", seconds=self.seconds),
                say(
                    "at most {seconds:.0f}: fewer epochs, seeds, losses, samples or hidden units, or a larger batch",
                    seconds=MAX_SECONDS,
                ),
            )
        if self.activations_per_step > MAX_ACTIVATIONS:
            raise InputError(
                "settings",
                say("{units:.2g} hidden units of all models and samples of a batch", units=self.activations_per_step),
                say(
                    "at most {units:.0e}: a smaller batch, or fewer seeds, losses or hidden units",
                    units=MAX_ACTIVATIONS,
                ),
            )
        if self.memory_bytes > MAX_BYTES:
            raise InputError(
                "settings",
                say("about {megabytes:.0f} MB", megabytes=self.memory_bytes / 1e6),
                say("at most {megabytes:.0f} MB: fewer samples or seeds", megabytes=MAX_BYTES / 1e6),
            )


def check_loss(spec: LossSpec, classes: int) -> None:
    """InputError for a loss that cannot be trained with so many classes."""
    kind = LOSSES[spec.key]
    if kind.targets != "any" or spec.activation == "exp":
        raise InputError("losses", kind.name, say("losses of logits and any targets, with softmax or sigmoid"))
    for name in ("weight", "alpha", "pos_weight"):
        value = getattr(spec, name)
        if isinstance(value, tuple) and len(value) != classes:
            wrong = say("{loss} with {n} values of {weight}", loss=kind.name, n=len(value), weight=name)
            raise InputError("losses", wrong, say("{classes}, one per class", classes=classes))
