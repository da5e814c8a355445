"""What training makes of a loss: the same data, noise, beginnings and batches under several losses, for many seeds at once."""

from __future__ import annotations

from .batched_training import train
from .claims import CLAIMS, Claim, claim, claim_counterpart
from .contrasts import Contrast, Estimate, contrast, estimate, paired_differences
from .counterparts import counterpart
from .experiment import Experiment, snapshot_epochs
from .measures import MEASURES, measure_values
from .record import Record, make_record
from .snapshots import Snapshot, merge_snapshots
from .verdict import Interval, Verdict, decide

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
    "claim_counterpart",
    "contrast",
    "counterpart",
    "decide",
    "estimate",
    "make_record",
    "measure_values",
    "merge_snapshots",
    "paired_differences",
    "snapshot_epochs",
    "train",
]
