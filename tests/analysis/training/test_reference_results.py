"""The shipped table of known results: of the scenes as they are, and reproducible."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace

import numpy as np
import pytest
import torch

from benchmarks.scene_seeds import CHUNK, Chunk, Part, chunks, scene_arrays, train_chunk
from lossviz.analysis.training import MEASURES, Experiment, train
from lossviz.analysis.training.reference_results import CEILINGS, FILE, SETTINGS, digest, reference_results
from lossviz.analysis.training.scenes import SCENES, TrainingScene
from lossviz.errors import InputError

FEWEST = 200
"""Seeds that the table has at least."""

NEAR = SCENES["gaussians-near"]


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.mark.parametrize("key", SCENES)
def test_the_table_is_of_this_scene(key: str) -> None:
    experiment, results = SCENES[key].experiment, reference_results(key)
    assert len(results.seeds) >= FEWEST and len(set(results.seeds)) == len(results.seeds)
    assert not set(results.seeds) & set(range(experiment.seeds)), "seeds that a page begins with are not the table's"
    shape = (len(experiment.losses), len(results.seeds))
    for side in (results.present, results.absent):
        assert list(side) == list(MEASURES)
        for name, values in side.items():
            assert values.shape == shape
            low = -2 if name == "calibration" else 0  # without its bias, an error of nothing is now and then below 0
            assert name == "memorised" or ((values >= low) & (values <= 100)).all()
    assert np.isnan(results.absent["memorised"]).all(), "a counterpart has clean labels"
    assert np.isnan(results.present["memorised"]).any() == (experiment.dataset_spec.noise == "none")


@pytest.mark.parametrize("key", SCENES)
def test_ceilings_are_of_the_plane(key: str) -> None:
    results = reference_results(key)
    if SCENES[key].experiment.dataset_spec.shape == "digits":
        assert not results.ceilings
        return
    assert set(results.ceilings) == set(CEILINGS)
    for name, best in results.ceilings.items():
        for values, ceiling in zip((results.present[name], results.absent[name]), best, strict=True):
            above = (values - ceiling).mean(-1)
            assert (above < 0.1).all(), "a model beats the best rule by luck only, and not on average"


def test_the_file_is_small_and_has_no_pickles() -> None:
    assert FILE.stat().st_size < 1e6
    with np.load(FILE, allow_pickle=False) as file:
        kinds = {file[name].dtype.kind for name in file}
        assert {str(file[name]) for name in ("torch", "numpy")}
    assert kinds == {"f", "i", "U"}


@pytest.mark.parametrize("side", [0, 1])
def test_two_seeds_trained_anew_are_the_tables(side: int) -> None:
    results = reference_results(NEAR.key)
    first = int(results.seeds[5])
    part = train_chunk(Chunk(NEAR.key, side, range(first, first + 2)))
    wanted = (results.present, results.absent)[side]
    for name, values in zip(MEASURES, part.values, strict=True):
        np.testing.assert_allclose(values, wanted[name][:, 5:7], atol=1e-3, err_msg=name)
    assert part.ceilings is not None
    for name, values in zip(CEILINGS, part.ceilings, strict=True):
        np.testing.assert_allclose(values, results.ceilings[name][side, 5:7], atol=1e-3, err_msg=name)


def test_what_is_measured_on_the_way_changes_nothing() -> None:
    small = replace(NEAR.experiment, epochs=6)
    whole, last = ([x for _, x in train(small, range(2), epochs=kept) if x is not None][-1] for kept in (None, (6,)))
    for name in ("accuracy", "precision", "reliability", "loss"):
        np.testing.assert_array_equal(getattr(whole, name), getattr(last, name))


def test_the_digest_sees_every_setting_and_no_seed() -> None:
    """A setting that is new must be named here, or in the digest."""
    assert {field.name for field in fields(Experiment)} - {"seeds", "first_seed"} == set(SETTINGS)
    base = NEAR.experiment
    other: dict[str, object] = {
        "dataset_spec": base.dataset_spec._replace(rate=0.21),
        "losses": base.losses[:2],
        "width": 4,
        "optimiser": "adam",
        "learning_rate": 0.4,
        "epochs": 149,
        "batch": 599,
        "prior": 0.5,
        "equal_gradient": True,
    }
    assert set(other) == set(SETTINGS)
    results = {digest(replace(base, **{name: value})) for name, value in other.items()}
    assert len(results | {digest(base)}) == len(SETTINGS) + 1
    assert digest(replace(base, seeds=3)) == digest(base)
    rare = SCENES["rare-1000"].experiment
    assert digest(replace(rare, dataset_spec=rare.dataset_spec._replace(ratio=1000.0))) == digest(rare)


def test_a_table_of_another_scene_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    changed: TrainingScene = NEAR._replace(experiment=replace(NEAR.experiment, epochs=151))
    monkeypatch.setitem(SCENES, NEAR.key, changed)
    with pytest.raises(InputError, match=r"benchmarks\.scene_seeds"):
        reference_results(NEAR.key)


def test_chunks_are_put_together_in_the_order_of_seeds() -> None:
    seeds = range(7, 7 + 2 * CHUNK + 3)
    todo = chunks([NEAR.key, "rare-1000"], seeds)
    costs = [SCENES[one.key].experiment.seconds * len(one.seeds) for one in todo if one.side == 0]
    assert costs == sorted(costs, reverse=True)
    for key in (NEAR.key, "rare-1000"):
        for side in (0, 1):
            own = sorted(s for one in todo if (one.key, one.side) == (key, side) for s in one.seeds)
            assert own == list(seeds)

    def part(one: Chunk) -> Part:
        values = np.array(one.seeds) + 1000.0 * one.side + np.arange(3)[:, None, None]
        return Part(one, values, np.stack([np.array(one.seeds)] * 2), 0.0)

    results = scene_arrays(NEAR.key, map(part, reversed(todo)))
    wanted = np.array(seeds) + np.array([0, 1000])[:, None, None, None] + np.arange(3)[:, None, None]
    np.testing.assert_array_equal(results[NEAR.key], wanted)
    np.testing.assert_array_equal(results[f"{NEAR.key}.ceilings"], np.broadcast_to(np.array(seeds), (2, 2, len(seeds))))
