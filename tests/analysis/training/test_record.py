"""A training's snapshots put together: parts are the whole, and measures are what their names say."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from itertools import pairwise

import numpy as np
import pytest

from lossviz import loss
from lossviz.analysis.training import (
    MEASURES,
    Experiment,
    Record,
    Snapshot,
    make_record,
    measure_values,
    merge_snapshots,
    snapshot_epochs,
)
from lossviz.analysis.training.calibration import calibration

from .torch_loop import CE, DIGITS, FOCAL, MOONS, NOISY, small, trained

pytestmark = pytest.mark.usefixtures("few_test_samples")

EXPERIMENTS = {
    "plane": small(NOISY, seeds=5, epochs=4),
    "digits": small(DIGITS, (CE, FOCAL, loss("focal", gamma=5.0)), seeds=5, width=4, epochs=3),
}


@cache
def whole(name: str) -> list[Snapshot]:
    return trained(EXPERIMENTS[name])


@pytest.mark.parametrize("name", EXPERIMENTS)
@pytest.mark.parametrize("ends", [(0, 5), (0, 2, 5), (0, 1, 2, 3, 4, 5)])
def test_parts_joined_are_the_whole(name: str, ends: tuple[int, ...]) -> None:
    experiment = EXPERIMENTS[name]
    parts = [trained(experiment, range(a, b)) for a, b in pairwise(ends)]
    for expected, *of_epoch in zip(whole(name), *parts, strict=True):
        record = merge_snapshots(of_epoch)
        for field in Snapshot._fields:
            a, b = np.asarray(getattr(record, field)), np.asarray(getattr(expected, field))
            assert a.shape == b.shape, field
            np.testing.assert_allclose(a, b, rtol=1e-9, atol=1e-9, err_msg=field)


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_a_record_has_epochs_in_front(name: str) -> None:
    experiment = EXPERIMENTS[name]
    snapshots = whole(name)
    record = make_record(experiment, snapshots)
    assert record.experiment is experiment
    assert record.epochs == snapshot_epochs(experiment.epochs)
    assert all(isinstance(epoch, int) for epoch in record.epochs)
    for field in Snapshot._fields:
        values = getattr(record.runs, field)
        assert len(values) == len(snapshots)
        for at, snapshot in enumerate(snapshots):
            np.testing.assert_array_equal(values[at], getattr(snapshot, field), err_msg=field)


def test_a_record_of_one_snapshot() -> None:
    experiment = EXPERIMENTS["plane"]
    record = make_record(experiment, whole("plane")[:1])
    assert record.epochs == (0,)
    assert measure_values(record, "accuracy").shape == (1, 2, 5)


@pytest.fixture(scope="module")
def runs() -> Record:
    experiment = replace(EXPERIMENTS["digits"], dataset_spec=DIGITS._replace(rare=6), seeds=3)
    return make_record(experiment, trained(experiment))


def test_measures_are_points_of_what_they_are_called(runs: Record) -> None:
    of = runs.runs
    expected = {
        "accuracy": of.accuracy,
        "balanced": sum(of.recall[..., c] for c in range(10)) / 10,
        "rare": of.recall[..., 6],
        "precision": of.precision,
        "calibration": calibration(of.reliability).error,
        "memorised": of.memorised,
    }
    for key, values in expected.items():
        np.testing.assert_allclose(measure_values(runs, key), 100 * values, rtol=1e-12, err_msg=key)
    assert set(MEASURES) == set(expected)
    for key in MEASURES:
        assert measure_values(runs, key).shape == (len(runs.epochs), 3, 3), key


def test_less_is_better_of_two() -> None:
    assert {key for key, one in MEASURES.items() if not one.more} == {"calibration", "memorised"}


def test_nothing_is_memorised_without_wrong_labels() -> None:
    experiment: Experiment = small(MOONS._replace(noise="none"), epochs=1)
    record = make_record(experiment, trained(experiment))
    assert np.isnan(measure_values(record, "memorised")).all()
    for key in set(MEASURES) - {"memorised"}:
        assert np.isfinite(measure_values(record, key)).all(), key
