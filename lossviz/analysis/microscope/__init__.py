"""How many digits does a way of writing focal loss keep, in which dtype, and where does it break?"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ...evaluation.setting import Array
from .breaks import FAR, INF, NAN, OFF, OFF_BY, QUANTITIES, ZERO, Break, Case, Verdict, first_breaks, verdicts
from .formulas import CLAMP, EPSILON, FORMULAS, INSIDE, PRECISIONS, Formula, rounded, run
from .truth import Exact, truths

NEAR = 40.0
"""Up to here the sweep's steps are even, beyond they grow with the logit."""

SWEEP = np.concatenate((np.linspace(0, NEAR, 201), np.geomspace(NEAR, FAR, 121)[1:]))


class Seen(NamedTuple):
    """case: what was computed. z (K,): logits of the sweep, rising from −1000 to 1000, all of them numbers of the dtype.

    loss, grad: the truth there. verdicts: by formula and quantity ("loss" or "grad"). breaks: every formula's first ones.
    """

    case: Case
    z: Array
    loss: Exact
    grad: Exact
    verdicts: dict[str, dict[str, Verdict]]
    breaks: tuple[Break, ...]


def seen(case: Case) -> Seen:
    """All formulas beside the truth."""
    z = rounded(np.concatenate((-SWEEP, SWEEP)), case.dtype)
    exact = truths(z, case.t, case.gamma)
    found = {key: verdicts(run(formula, z, *case), exact, case) for key, formula in FORMULAS.items()}
    first = [one for key, formula in FORMULAS.items() for one in first_breaks(formula, case, z, found[key])]
    return Seen(case, z, *exact, found, tuple(first))


__all__ = [
    "CLAMP",
    "EPSILON",
    "FAR",
    "FORMULAS",
    "INF",
    "INSIDE",
    "NAN",
    "OFF",
    "OFF_BY",
    "PRECISIONS",
    "QUANTITIES",
    "ZERO",
    "Break",
    "Case",
    "Exact",
    "Formula",
    "Seen",
    "Verdict",
    "seen",
]
