"""How often Training's 95 % intervals hold the truth: draws of a page's seeds from the table of hundreds of them.

    python -m benchmarks.coverage

For each scene and measure, `DRAWS` times `SEEDS` seeds of the table; the truth is the table's mean. Both Student's interval of
each loss and the page's, for all losses at once, are of what is judged: the change that noise or rarity makes. nominal: 95 %;
bar: 93 to 97 %. Seeds are drawn without replacement, so that the truth is nearer to their mean than it would be in another
draw of all: by a factor √(1 − SEEDS/S), 1.5 % of an interval's width with 12 of 400. "refused": draws in which some loss has
fewer than five distinct differences, and so no interval.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from lossviz.analysis.training import MEASURES, paired
from lossviz.analysis.training.contrasts import OUTER
from lossviz.analysis.training.intervals import simultaneous
from lossviz.analysis.training.known import known
from lossviz.analysis.training.scenes import SCENES
from lossviz.analysis.training.student import quantile

SEEDS, DRAWS, PART = 12, 600, 50


class Coverage(NamedTuple):
    """Shares of draws: all truths inside at once; each truth inside Student's interval, the worst of the losses; refused."""

    together: float
    student: float
    refused: float


def coverage(differences: np.ndarray, seeds: int = SEEDS, draws: int = DRAWS) -> Coverage:
    """Of differences (K, S), the table's."""
    rng, truth = np.random.default_rng(1), differences.mean(-1)
    t = quantile(seeds - 1, OUTER)
    inside, alone, refused = [], [], []
    for _ in range(draws // PART):
        drawn = np.stack([differences[:, rng.permutation(differences.shape[-1])[:seeds]] for _ in range(PART)])
        low, high = simultaneous(drawn, OUTER, t)
        told = np.isfinite(low)
        inside.append((((low <= truth) & (truth <= high)) | ~told).all(-1)[told.any(-1)])
        reach = t * drawn.std(-1, ddof=1) / seeds**0.5
        alone.append(np.abs(drawn.mean(-1) - truth) <= reach)
        refused.append(~told.all(-1))
    whole = np.concatenate(inside)
    return Coverage(
        float(whole.mean()) if len(whole) else np.nan,
        float(np.concatenate(alone).mean(0).min()),
        float(np.concatenate(refused).mean()),
    )


def rows() -> Iterator[tuple[str, str, Coverage]]:
    """Each scene and measure that there is anything to compare by."""
    for key in SCENES:
        told = known(key)
        for measure in MEASURES:
            change = paired(told.present[measure]) - paired(told.absent[measure])
            found = paired(told.present[measure]) if np.isnan(change).any() else change
            if not np.isnan(found).any():
                yield key, measure, coverage(found)


def main() -> None:
    """Print the table."""
    print(f"Coverage of 95 % intervals with {SEEDS} seeds (bar: 93 to 97 %), and of Student's, loss by loss")
    for key, measure, found in rows():
        mark = "" if 0.93 <= found.together <= 0.97 or np.isnan(found.together) else "  outside the bar"
        told = "none" if np.isnan(found.together) else f"{100 * found.together:.1f}"
        line = f"{key:<20} {measure:<12} {told:>5} %   Student {100 * found.student:5.1f} %"
        print(f"{line}   refused {100 * found.refused:3.0f} %{mark}", flush=True)


if __name__ == "__main__":
    main()
