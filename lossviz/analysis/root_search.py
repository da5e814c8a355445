"""Where functions change their sign, many at once."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from ..evaluation.setting import Array

PRECISE = 1e-12
"""How near a crossing is known, in units of the logit."""

EVEN = np.linspace(0, 1, 25)
NEAR = np.concatenate((np.geomspace(0.1, 1e-10, 10), -np.geomspace(0.1, 1e-10, 10)))
"""Where a bracket is cut: many rows evaluate nearly as fast as one."""


def crossings(function: Callable[[Array], Array], begin: Array, end: Array, at_end: NDArray[np.bool_]) -> Array:
    """Where, from each of begin (n,) to end (n,), a function of (n, S) becomes positive, or ceases to be, as it is at the end.

    All brackets are cut at once, into even parts, which get through kinks and poles, and around the place where a straight
    line between their ends would cross, which soon leaves nothing of the others.
    """
    ends = np.stack((begin, end), 1)
    values = np.full_like(ends, np.nan)
    while (np.abs(ends[:, 1] - ends[:, 0]) > PRECISE * np.maximum(1, np.abs(ends[:, 1]))).any():
        start, fall = values[:, 0], values[:, 0] - values[:, 1]
        guess = np.nan_to_num(np.divide(start, fall, out=np.full_like(start, 0.5), where=fall != 0), nan=0.5)
        cuts = np.sort(np.concatenate((np.broadcast_to(EVEN, (len(ends), len(EVEN))), guess[:, None] + NEAR), 1).clip(0, 1), 1)
        inner = ends[:, :1] + (ends[:, 1:] - ends[:, :1]) * cuts
        at_middle = function(inner)
        reached = (at_middle > 0) == at_end[:, None]
        reached[:, 0], reached[:, -1] = False, True
        both = reached.argmax(1)[:, None] + [-1, 0]
        ends, values = np.take_along_axis(inner, both, 1), np.take_along_axis(at_middle, both, 1)
    middle: Array = ends.mean(1)
    return middle
