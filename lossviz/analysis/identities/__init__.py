"""Statements about losses, both sides of each computed on the present logits, and a knob that tries to break them.

Some of the statements are wrong, and said all the same: their two sides are not equal, and that is the point. The left side is
computed by lossviz, the right one by another route: PyTorch's own functions and autograd where there are any.
"""

from __future__ import annotations

from .catalogue import IDENTITIES
from .sides import LogSoftmaxSteps, steps_between
from .statement import Comparison, FiniteSample, Identity, Knob, compare, knob_positions, sample_of, ulps

__all__ = [
    "IDENTITIES",
    "Comparison",
    "FiniteSample",
    "Identity",
    "Knob",
    "LogSoftmaxSteps",
    "compare",
    "knob_positions",
    "sample_of",
    "steps_between",
    "ulps",
]
