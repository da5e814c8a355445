"""Small trainings that tests look at."""

from __future__ import annotations

from functools import cache
from typing import Any

import lossviz
from lossviz.analysis.training import Experiment, Record, make_record, train
from lossviz.data.toy_datasets import DatasetSpec

LOSSES = (
    lossviz.loss("cross-entropy", activation="softmax"),
    lossviz.loss("focal", activation="softmax", gamma=2.0),
)

PLANES = (
    DatasetSpec("gaussians", 120, noise="uniform", rate=0.2),
    DatasetSpec("moons", 120, noise="one class", rate=0.3, pair=(1, 0)),
    DatasetSpec("rings", 120, noise="near boundary", rate=0.1),
)
DIGITS = DatasetSpec("digits", 200, noise="uniform", rate=0.3)


@cache
def trained(dataset_spec: DatasetSpec, **more: Any) -> Record:
    """Two losses and two seeds, a few epochs."""
    experiment = Experiment(dataset_spec, LOSSES, **({"seeds": 2, "epochs": 6, "learning_rate": 0.05} | more))
    return make_record(experiment, [snapshot for _, snapshot in train(experiment) if snapshot is not None])
