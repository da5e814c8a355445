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
from .reference_results import reference_results
from .scenes import SCENES

DRAWS_AT_ONCE = 50
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
    simultaneous_hits, student_hits, refusals = [], [], []
    for _ in range(-(-draws // DRAWS_AT_ONCE)):
        samples = np.stack([differences[:, rng.permutation(differences.shape[-1])[:seeds]] for _ in range(DRAWS_AT_ONCE)])
        low, high = simultaneous(samples, OUTER, t)
        has_interval = np.isfinite(low)
        simultaneous_hits.append((((low <= truth) & (truth <= high)) | ~has_interval).all(-1)[has_interval.any(-1)])
        student_hits.append(np.abs(samples.mean(-1) - truth) <= t * samples.std(-1, ddof=1) / seeds**0.5)
        refusals.append(~has_interval.all(-1))
    hits = np.concatenate(simultaneous_hits)
    together = float(hits.mean()) if len(hits) else np.nan
    return Coverage(together, float(np.concatenate(student_hits).mean(0).min()), float(np.concatenate(refusals).mean()))


def scene_differences(key: str, measure: str) -> Array:
    """A scene's differences (K, S) by a measure: of a claim what noise or rarity changes; nan where there is nothing."""
    results = reference_results(key)
    present, absent = paired_differences(results.present[measure]), paired_differences(results.absent[measure])
    change = present - absent
    return change if claim(SCENES[key].experiment) and not np.isnan(change).any() else present


@lru_cache(maxsize=32)
def scene_coverage(key: str, seeds: int) -> float:
    """How often all intervals of a scene's own measure hold at once, with so many seeds; by 400 draws."""
    return coverage(scene_differences(key, SCENES[key].measure), seeds, 400).together
