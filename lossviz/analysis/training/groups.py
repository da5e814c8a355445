"""How many of the samples trained on are of each group, beside which a loss's share is too much or too little."""

from __future__ import annotations

import numpy as np

from ...data.worlds import world
from ...evaluation.setting import Array
from .experiment import Experiment
from .measures import GROUPS


def samples(experiment: Experiment) -> Array:
    """The share (3,) of all seeds' samples that each of `GROUPS` has; 0 where an experiment has no such samples."""
    recipe, found = experiment.recipe, np.zeros(len(GROUPS))
    for seed in experiment.seed_numbers:
        one = world(recipe, seed)
        rare = (one.truth == recipe.rare) & (recipe.ratio > 1) & ~one.wrong
        found += [one.wrong.sum(), rare.sum(), (~one.wrong & ~rare).sum()]
    shares: Array = found / found.sum()
    return shares
