"""How many digits does a way of writing focal loss keep, in which dtype, and where does it break?"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ...evaluation.setting import Array
from .breaks import FAR, INF, NAN, OFF, OFF_BY, QUANTITIES, ZERO, Accuracy, Break, FocalCase, accuracies, first_breaks
from .formulas import CLAMP, EPSILON, FORMULAS, INSIDE, PRECISIONS, Formula, rounded, run
from .truth import Exact, truths

NEAR = 40.0
"""Up to here the sweep's steps are even, beyond they grow with the logit."""

SWEEP = np.concatenate((np.linspace(0, NEAR, 201), np.geomspace(NEAR, FAR, 121)[1:]))


class AccuracyProfile(NamedTuple):
    """case: what was computed. z (K,): logits of the sweep, rising from −1000 to 1000, all of them numbers of the dtype.

    loss, grad: the truth at each. accuracies: by formula and quantity ("loss" or "grad"). breaks: of every
    formula the first ones.
    """

    case: FocalCase
    z: Array
    loss: Exact
    grad: Exact
    accuracies: dict[str, dict[str, Accuracy]]
    breaks: tuple[Break, ...]


def accuracy_profile(case: FocalCase) -> AccuracyProfile:
    """How accurate every formula is, beside the truth.

    Args:
        case: dtype, target and γ.

    Returns:
        Values and errors of loss and gradient at K logits from −1000 to 1000, and where each formula breaks.

    Example:
        >>> profile = accuracy_profile(FocalCase("float32", 1, 2.0))
        >>> [f"{b.z:.1f}" for b in profile.breaks if (b.formula, b.quantity) == ("textbook", "loss")]
        ['-88.7', '10.9', '16.6']
    """
    z = rounded(np.concatenate((-SWEEP, SWEEP)), case.dtype)
    exact = truths(z, case.t, case.gamma)
    by_formula = {key: accuracies(run(formula, z, *case), exact, case) for key, formula in FORMULAS.items()}
    first = [one for key, formula in FORMULAS.items() for one in first_breaks(formula, case, z, by_formula[key])]
    return AccuracyProfile(case, z, *exact, by_formula, tuple(first))


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
    "Accuracy",
    "AccuracyProfile",
    "Break",
    "Exact",
    "FocalCase",
    "Formula",
    "accuracy_profile",
]
