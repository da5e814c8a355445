"""Groups of samples against the labels that training itself counts."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from lossviz.analysis.training.groups import group_shares
from lossviz.analysis.training.snapshots import stack_datasets
from lossviz.data.toy_datasets import DatasetSpec, make_dataset

from .random_records import CLEAN, NOISY, random_record


@pytest.mark.parametrize(
    "dataset_spec", [NOISY, CLEAN, NOISY._replace(noise="one class", pair=(1, 0)), CLEAN._replace(ratio=9.0)]
)
def test_shares_are_those_of_the_groups_trained_on(dataset_spec: DatasetSpec) -> None:
    experiment = replace(random_record().experiment, dataset_spec=dataset_spec, seeds=4, first_seed=3)
    data = stack_datasets(
        experiment, [make_dataset(dataset_spec, seed) for seed in range(3, 7)], torch.device("cpu"), torch.float64
    )
    counted = torch.bincount(data.groups.ravel(), minlength=3) / data.groups.numel()
    np.testing.assert_allclose(group_shares(experiment), counted.numpy(), atol=1e-7)


def test_where_nothing_is_wrong_or_rare_all_are_others() -> None:
    assert group_shares(random_record(CLEAN).experiment).tolist() == [0, 0, 1]
