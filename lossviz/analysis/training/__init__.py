"""What training makes of a loss: the same data, noise, beginnings and batches under several losses, for many seeds at once."""

from __future__ import annotations

from .experiment import Experiment, epochs_kept
from .measures import Snapshot
from .paired import Difference, differences
from .record import MEASURES, Record, joined, measured, record
from .run import train
from .verdict import CLAIMS, claim, verdict

__all__ = [
    "CLAIMS",
    "MEASURES",
    "Difference",
    "Experiment",
    "Record",
    "Snapshot",
    "claim",
    "differences",
    "epochs_kept",
    "joined",
    "measured",
    "record",
    "train",
    "verdict",
]
