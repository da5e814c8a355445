"""What training makes of a loss: the same data, noise, beginnings and batches under several losses, for many seeds at once."""

from __future__ import annotations

from .batched_training import train
from .claims import CLAIMS, Claim, claim, counterpart
from .contrasts import Contrast, Estimate, contrast, estimate, paired
from .counterparts import twin
from .experiment import Experiment, epochs_kept
from .record import MEASURES, Record, measured, record
from .snapshots import Snapshot, joined
from .verdict import Interval, Verdict, verdict

__all__ = [
    "CLAIMS",
    "MEASURES",
    "Claim",
    "Contrast",
    "Estimate",
    "Experiment",
    "Interval",
    "Record",
    "Snapshot",
    "Verdict",
    "claim",
    "contrast",
    "counterpart",
    "epochs_kept",
    "estimate",
    "joined",
    "measured",
    "paired",
    "record",
    "train",
    "twin",
    "verdict",
]
