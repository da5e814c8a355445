"""Why softmax cross-entropy is log-softmax and then NLL: the log-probabilities in between, and the one that is picked."""

from __future__ import annotations

from typing import NamedTuple

from ..evaluation.setting import Setting, log_softmax
from ..losses.spec import NEUTRAL


class TwoSteps(NamedTuple):
    """The step from logits to log-probabilities, which takes `normalizer` from each, and the class that NLL picks."""

    logits: tuple[float, ...]
    normalizer: float
    log_probabilities: tuple[float, ...]
    picked: int

    @property
    def loss(self) -> float:
        """Minus the log-probability that is picked."""
        return -self.log_probabilities[self.picked] + 0.0


def two_steps(setting: Setting) -> TwoSteps | None:
    """The steps of softmax cross-entropy with one true class and nothing else to it; None for any other setting."""
    spec, logits, targets = setting.spec, setting.logits, setting.targets
    plain = all(getattr(spec, name) == neutral for name, neutral in NEUTRAL.items() if hasattr(spec, name))
    if spec.key != "cross-entropy" or spec.activation != "softmax" or not plain or sorted(targets)[-1:] != [1.0]:
        return None
    if sum(targets) != 1 or len(logits) < 2 or not all(abs(z) < float("inf") for z in logits):
        return None
    log_probabilities = log_softmax(logits)
    largest = max(range(len(logits)), key=logits.__getitem__)
    normalizer = logits[largest] - log_probabilities[largest]
    return TwoSteps(logits, normalizer, log_probabilities, targets.index(1.0))
