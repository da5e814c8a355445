"""How often the page's intervals hold the truth: draws of a few seeds from the hundreds of the table, whose mean is known."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from ...evaluation.setting import Array
from ..quantiles import student
from .claims import claim
from .contrasts import OUTER, paired_differences
from .intervals import simultaneous
from .reference_results import known
from .scenes import SCENES

PART = 50
"""Draws at once, for all would not fit."""


class Coverage(NamedTuple):
    """Shares of draws.

    together: all means are inside their intervals at once, of draws in which there is any; student: each mean is inside
    Student's own interval, the worst of the losses; refused: some loss has no interval.
    """

    together: float
    student: float
    refused: float


def coverage(differences: Array, seeds: int, draws: int) -> Coverage:
    """Of differences (K, S) of many seeds, drawing `seeds` of them without replacement; the truth is the mean over all.

    It is nearer to a draw's mean than in a draw from all seeds that there are, by a factor √(1 − seeds/S).
    """
    rng, truth, t = np.random.default_rng(1), differences.mean(-1), student(seeds - 1, OUTER)
    inside, alone, refused = [], [], []
    for _ in range(-(-draws // PART)):
        drawn = np.stack([differences[:, rng.permutation(differences.shape[-1])[:seeds]] for _ in range(PART)])
        low, high = simultaneous(drawn, OUTER, t)
        told = np.isfinite(low)
        inside.append((((low <= truth) & (truth <= high)) | ~told).all(-1)[told.any(-1)])
        alone.append(np.abs(drawn.mean(-1) - truth) <= t * drawn.std(-1, ddof=1) / seeds**0.5)
        refused.append(~told.all(-1))
    whole = np.concatenate(inside)
    together = float(whole.mean()) if len(whole) else np.nan
    return Coverage(together, float(np.concatenate(alone).mean(0).min()), float(np.concatenate(refused).mean()))


def scene_differences(key: str, measure: str) -> Array:
    """A scene's differences (K, S) by a measure: of a claim what noise or rarity changes; nan where there is nothing."""
    told = known(key)
    here, without = paired_differences(told.present[measure]), paired_differences(told.absent[measure])
    change = here - without
    return change if claim(SCENES[key].experiment) and not np.isnan(change).any() else here


@lru_cache(maxsize=32)
def scene_coverage(key: str, seeds: int) -> float:
    """How often all intervals of a scene's own measure hold at once, with so many seeds; by 400 draws."""
    return coverage(scene_differences(key, SCENES[key].measure), seeds, 400).together
