"""How many of the samples trained on are of each group, beside which a loss's share is too much or too little."""

from __future__ import annotations

import numpy as np

from ...data.toy_datasets import make_dataset
from ...evaluation.setting import Array
from .experiment import Experiment
from .snapshots import GROUPS


def samples(experiment: Experiment) -> Array:
    """The share (3,) of all seeds' samples that each of `GROUPS` has; 0 where an experiment has no such samples."""
    dataset_spec, found = experiment.dataset_spec, np.zeros(len(GROUPS))
    for seed in experiment.seed_numbers:
        one = make_dataset(dataset_spec, seed)
        rare = (one.truth == dataset_spec.rare) & (dataset_spec.ratio > 1) & ~one.wrong
        found += [one.wrong.sum(), rare.sum(), (~one.wrong & ~rare).sum()]
    shares: Array = found / found.sum()
    return shares
