"""How many of the samples trained on are of each group, beside which a loss's share is too much or too little."""

from __future__ import annotations

import numpy as np

from ...data.toy_datasets import make_dataset
from ...evaluation.setting import Array
from .experiment import Experiment
from .snapshots import GROUPS


def group_shares(experiment: Experiment) -> Array:
    """The share (3,) of all seeds' samples that each of `GROUPS` has; 0 where an experiment has no such samples."""
    dataset_spec, counts = experiment.dataset_spec, np.zeros(len(GROUPS))
    for seed in experiment.seed_numbers:
        dataset = make_dataset(dataset_spec, seed)
        rare = (dataset.truth == dataset_spec.rare) & (dataset_spec.ratio > 1) & ~dataset.wrong
        counts += [dataset.wrong.sum(), rare.sum(), (~dataset.wrong & ~rare).sum()]
    shares: Array = counts / counts.sum()
    return shares
