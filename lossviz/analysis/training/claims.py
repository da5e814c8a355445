"""What people claim of focal loss, and by what each claim is judged: one measure, and one direction.

The claims are about what noise or rarity changes: that a loss is better or worse anyhow neither supports nor contradicts them.
"""

from __future__ import annotations

from typing import NamedTuple

from ...losses import LossSpec
from ...texts import say
from .counterparts import counterpart
from .experiment import Experiment


class Claim(NamedTuple):
    """A claim in a sentence, `sentence`, and how it is judged.

    endpoint: the key of the one measure that judges it. changes: what is said to bring the difference about. sign: of the
    change that is expected in focal loss minus cross-entropy; 0: none that matters.
    """

    sentence: str
    endpoint: str
    cause: str
    sign: int


CLAIMS = {
    "imbalance": Claim(
        say("A rare class gives focal loss an advantage over cross-entropy."), "precision", say("the imbalance"), 1
    ),
    "even": Claim(
        say("Evenly spread label noise makes no difference that matters between focal loss and cross-entropy."),
        "accuracy",
        say("the noise"),
        0,
    ),
    "uneven": Claim(
        say("Label noise that makes some samples look hard puts focal loss at a disadvantage to cross-entropy."),
        "accuracy",
        say("the noise"),
        -1,
    ),
}
"""All claims by key."""


def claim(experiment: Experiment) -> Claim | None:
    """The claim that an experiment is about; None without noise and rarity, or where no loss tests it."""
    dataset_spec = experiment.dataset_spec
    if not any(isolates_gamma(experiment.losses[0], spec) for spec in experiment.losses[1:]):
        return None
    if dataset_spec.noise != "none" and dataset_spec.rate > 0:
        return CLAIMS["even" if dataset_spec.noise == "uniform" else "uneven"]
    return CLAIMS["imbalance"] if dataset_spec.ratio > 1 else None


def claim_counterpart(experiment: Experiment) -> Experiment | None:
    """The counterpart that the claim is judged beside; None where there is no claim."""
    return counterpart(experiment) if claim(experiment) else None


def isolates_gamma(first: LossSpec, spec: LossSpec) -> bool:
    """Whether focal loss is compared with itself at γ = 0, so that nothing else can have made the difference."""
    alike = [(one.activation, {k: v for k, v in one.parameters if k not in ("gamma", "soft_form")}) for one in (first, spec)]
    plain = first.key in ("cross-entropy", "focal") and first.gamma == 0
    return plain and spec.key == "focal" and spec.gamma > 0 and alike[0] == alike[1]
