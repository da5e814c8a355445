"""What an experiment says, in a sentence that follows from its intervals; and of the claim that people make, whether it holds.

The claim: focal loss helps where a class is rare; with much label noise it hurts, because noise makes a class look hard, but
not where the noise is spread evenly over classes and samples.
"""

from __future__ import annotations

import math

from ...losses import LossSpec
from .experiment import Experiment
from .paired import Difference
from .points import clear, interval, signed, size, sizes
from .record import MEASURES

CLAIMS = {
    "none": "",
    "imbalance": "that focal loss helps where a class is rare",
    "even": "that evenly spread noise does not make focal loss hurt",
    "uneven": "that noise which makes a class look hard makes focal loss hurt",
}


def claim(experiment: Experiment) -> str:
    """Which part of the claim, a key of `CLAIMS`, an experiment is about."""
    recipe = experiment.recipe
    if recipe.noise != "none" and recipe.rate > 0:
        return "even" if recipe.noise == "uniform" else "uneven"
    return "imbalance" if recipe.ratio > 1 else "none"


def verdict(experiment: Experiment, found: Difference, n: int, called: str, measure: str) -> str:
    """What the n-th difference says of the loss it is called by."""
    mean, low, high = (float(x[n]) for x in found[:3])
    title = MEASURES[measure].title
    if math.isnan(mean):
        return f"{called}: no {title} to compare, for not every seed has a wrong label."
    if math.isnan(low):
        return f"{called} changes {title} by {signed(mean)} points for this one seed. One seed has no interval: take more."
    if clear(low, high):
        seen = f"{called} {'raises' if mean > 0 else 'lowers'} {title} by {size(mean)} points {sizes(low, high)}"
    else:
        points = f"{signed(mean)} points {interval(low, high)}"
        seen = f"{called}: with {found.seeds} seeds no difference in {title} can be seen, {points}"
    return f"{seen}{_of_claim(experiment, experiment.losses[n + 1], measure, low, high)}."


def _of_claim(experiment: Experiment, spec: LossSpec, measure: str, low: float, high: float) -> str:
    """Whether the claim holds here, where it says something of this loss."""
    about = claim(experiment)
    if about == "none" or not _only_gamma(experiment.losses[0], spec):
        return ""
    better = 1 if MEASURES[measure].more else -1
    good, bad = (clear(low, high) and sign * better * low > 0 for sign in (1, -1))
    if about == "even":
        return ", so the claim does not hold here" if bad else ", as the claim has it" if not good else ""
    if not (good or bad):
        return ", so nothing is shown for the claim here"
    holds = good if about == "imbalance" else bad
    return f"; on these settings the claim {'holds' if holds else 'does not hold'}"


def _only_gamma(first: LossSpec, spec: LossSpec) -> bool:
    """Whether focal loss is compared with itself at γ = 0, so that nothing else can have made the difference."""
    alike = [(one.activation, {k: v for k, v in one.parameters if k not in ("gamma", "soft_form")}) for one in (first, spec)]
    plain = first.key in ("cross-entropy", "focal") and first.gamma == 0
    return plain and spec.key == "focal" and spec.gamma > 0 and alike[0] == alike[1]
