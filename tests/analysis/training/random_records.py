"""Records that nobody has trained: made-up measurements in the shapes of real ones, for whatever draws or sums them."""

from __future__ import annotations

import numpy as np

from lossviz import loss
from lossviz.analysis.training import Experiment, Record, Snapshot, make_record
from lossviz.analysis.training.calibration import BINS
from lossviz.analysis.training.snapshots import CELLS, MAX_MISLABELLED
from lossviz.data.toy_datasets import DatasetSpec
from lossviz.losses import LossSpec

CE = loss("cross-entropy")
PAIR = (CE, loss("focal", gamma=2.0))
THREE = (*PAIR, loss("focal", gamma=5.0))
SIX = (*THREE, loss("focal", gamma=1.0), loss("focal", "sigmoid", gamma=2.0), loss("cross-entropy", weight=(1.0, 9.0)))

NOISY = DatasetSpec("gaussians", 200, ratio=4.0, noise="uniform", rate=0.2)
CLEAN = DatasetSpec("gaussians", 200)
DIGITS = DatasetSpec("digits", 400, ratio=5.0, rare=3, noise="uniform", rate=0.1)


def random_record(
    dataset_spec: DatasetSpec = NOISY, losses: tuple[LossSpec, ...] = PAIR, seeds: int = 5, epochs: tuple[int, ...] = (0, 1, 4)
) -> Record:
    """A record of random numbers, always the same."""
    rng = np.random.default_rng([len(losses), seeds])
    experiment = Experiment(dataset_spec, losses, seeds=seeds, epochs=epochs[-1])
    return make_record(experiment, [_snapshot(experiment, epoch, rng) for epoch in epochs])


def _snapshot(experiment: Experiment, epoch: int, rng: np.random.Generator) -> Snapshot:
    shape = (len(experiment.losses), experiment.seeds)
    counts = rng.integers(0, 40, (*shape, BINS)).astype(float)
    sure = counts * (np.arange(BINS) + rng.random((*shape, BINS))) / BINS
    bins = np.stack((counts, sure, rng.binomial(counts.astype(int), 0.7), 0.2 * counts), -1)
    return Snapshot(
        epoch=epoch,
        recall=rng.random((*shape, experiment.classes)),
        accuracy=rng.random(shape),
        reliability=bins,
        odds_histogram=rng.integers(0, 3, (shape[0], 2, CELLS + 2)).astype(float),
        precision=rng.random(shape),
        loss=rng.random(shape),
        memorised=rng.random(shape) if experiment.dataset_spec.rate else np.full(shape, np.nan),
        loss_share=rng.dirichlet((1, 1, 1), shape),
        grad_share=rng.dirichlet((1, 1, 1), shape),
        predictions=rng.integers(
            0, experiment.classes, (shape[0], MAX_MISLABELLED if experiment.dataset_spec.rate else 0)
        ).astype(float),
        region_probability=np.zeros((shape[0], 0)),
        step_length=rng.uniform(0.01, 0.5, shape) if epoch else np.full(shape, np.nan),
    )
