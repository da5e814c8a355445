"""What training makes of a loss: the same data, noise, beginnings and batches under several losses, for many seeds at once."""

from __future__ import annotations

from .experiment import Experiment
from .measures import Snapshot
from .run import epochs_kept, train

__all__ = ["Experiment", "Snapshot", "epochs_kept", "train"]
