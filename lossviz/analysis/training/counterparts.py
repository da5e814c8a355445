"""The same experiment without what a claim is about: without noise, or without a rare class."""

from __future__ import annotations

from dataclasses import replace

from ...data.toy_datasets import DatasetSpec
from .experiment import Experiment


def counterpart(experiment: Experiment) -> Experiment | None:
    """The same experiment without label noise, or if it has none without imbalance; None where it has neither.

    Example:
        >>> from lossviz import loss
        >>> noisy = Experiment(DatasetSpec("gaussians", noise="uniform", rate=0.2), (loss("cross-entropy"),))
        >>> counterpart(noisy).dataset_spec.noise
        'none'
    """
    dataset_spec = experiment.dataset_spec
    if dataset_spec.noise != "none" and dataset_spec.rate > 0:
        return replace(experiment, dataset_spec=without_noise(dataset_spec))
    return replace(experiment, dataset_spec=dataset_spec._replace(ratio=1.0)) if dataset_spec.ratio > 1 else None


def without_noise(dataset_spec: DatasetSpec) -> DatasetSpec:
    """The spec with all labels right."""
    return dataset_spec._replace(noise="none", rate=0.0, pair=None)
