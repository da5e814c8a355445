"""How often Training's 95 % intervals hold the truth: draws of a page's seeds from the table of hundreds of them.

    python -m benchmarks.coverage

For each scene and measure, `DRAWS` times `SEEDS` seeds of the table; the truth is the table's mean. Both Student's interval of
each loss and the page's, for all losses at once, are of what is judged: the change that noise or rarity makes, or without a
claim the difference itself. nominal: 95 %; bar: 93 to 97 %. "refused": draws in which some loss has fewer than five distinct
differences, and so no interval.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from lossviz.analysis.training import MEASURES
from lossviz.analysis.training.coverage import Coverage, coverage, scene_differences
from lossviz.analysis.training.scenes import SCENES

SEEDS, DRAWS = 12, 600


def rows() -> Iterator[tuple[str, str, Coverage]]:
    """Each scene and measure that there is anything to compare by."""
    for key in SCENES:
        for measure in MEASURES:
            differences = scene_differences(key, measure)
            if not np.isnan(differences).any():
                yield key, measure, coverage(differences, SEEDS, DRAWS)


def main() -> None:
    """Print the table."""
    print(f"Coverage of 95 % intervals with {SEEDS} seeds (bar: 93 to 97 %), and of Student's, loss by loss")
    for key, measure, result in rows():
        mark = "" if 0.93 <= result.together <= 0.97 or np.isnan(result.together) else "  outside the bar"
        percent = "none" if np.isnan(result.together) else f"{100 * result.together:.1f}"
        line = f"{key:<20} {measure:<12} {percent:>5} %   Student {100 * result.student:5.1f} %"
        print(f"{line}   refused {100 * result.refused:3.0f} %{mark}", flush=True)


if __name__ == "__main__":
    main()
