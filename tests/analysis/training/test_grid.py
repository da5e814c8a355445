"""The grid's trainings differ in what it is over and in nothing else; its intervals hold for all cells at once."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from lossviz import InputError, loss
from lossviz.analysis.training import counterpart, measure_values, record, train
from lossviz.analysis.training.grid import Grid, experiments, focal, grid
from lossviz.analysis.training.intervals import simultaneous

from .random_records import CLEAN, NOISY, THREE, made

GAMMAS, RATES = (2.0, 5.0), (0.0, 0.1, 0.4)


def test_trainings_differ_in_the_rate_alone() -> None:
    base = made().experiment
    found = experiments(base, GAMMAS, RATES)
    assert [one.dataset_spec.rate for one in found] == list(RATES)
    assert {replace(one, dataset_spec=base.dataset_spec) for one in found} == {replace(base, losses=THREE)}


@pytest.mark.parametrize(
    ("first", "wanted"),
    [
        (loss("cross-entropy", "sigmoid"), loss("focal", "sigmoid", gamma=3.0)),
        (loss("cross-entropy", weight=(1.0, 4.0)), loss("focal", gamma=3.0, weight=(1.0, 4.0))),
        (loss("focal", gamma=1.0, label_smoothing=0.1), loss("focal", gamma=3.0, label_smoothing=0.1)),
    ],
)
def test_the_first_loss_s_focal_keeps_what_it_can(first, wanted) -> None:
    assert focal(first, 3.0) == wanted


@pytest.mark.parametrize(
    ("dataset_spec", "gammas", "rates", "about"),
    [
        (CLEAN, (2.0,), (0.0, 0.1), "noise"),
        (NOISY, (), RATES, "gammas"),
        (NOISY, (1.0, 2.0, 3.0, 4.0, 5.0, 6.0), RATES, "gammas"),
        (NOISY, (2.0,), (0.1, 1.0), "rate"),
    ],
)
def test_grids_that_cannot_be(dataset_spec, gammas, rates, about: str) -> None:
    with pytest.raises(InputError, match=about):
        experiments(made(dataset_spec).experiment, gammas, rates)


def test_cells_are_paired_differences_after_the_last_epoch() -> None:
    """By itself a cell has the interval of its differences; all cells at once have wider ones, of one resample of the seeds."""
    records = [made(NOISY._replace(rate=rate), THREE, 8, (0, 1 + n)) for n, rate in enumerate((0.1, 0.2))]
    found = grid(records, "accuracy")
    assert (found.gammas, found.rates, found.mean.shape, found.seeds, found.cells) == (GAMMAS, (0.1, 0.2), (2, 2), 8, 4)
    apart = np.array(
        [[measure_values(one, "accuracy")[-1][j] - measure_values(one, "accuracy")[-1][0] for j in (1, 2)] for one in records]
    )
    np.testing.assert_allclose(found.mean, apart.mean(-1))
    together = simultaneous(apart.reshape(4, 8), 0.95, stats.t.ppf(0.975, 7))
    np.testing.assert_allclose([found.low.ravel(), found.high.ravel()], together)
    for place in np.ndindex(2, 2):
        student = stats.ttest_1samp(apart[place], 0).confidence_interval(0.95)
        alone = simultaneous(apart[place][None], 0.95, stats.t.ppf(0.975, 7))
        assert (found.alone_low[place], found.alone_high[place]) == pytest.approx([x[0] for x in alone])
        assert found.low[place] <= found.alone_low[place] <= student.low + 1e-9
        assert found.high[place] >= found.alone_high[place] >= student.high - 1e-9


def test_cells_beyond_the_margin_and_by_chance() -> None:
    mean = np.array([[0.05, 0.3, -0.3]])
    found = Grid((1.0, 2.0, 5.0), (0.1,), 12, mean, mean - 0.1, mean + 0.1, mean - 0.05, mean + 0.05)
    assert found.beyond(0.1).tolist() == [[False, True, True]] and not found.beyond(0.2).any()
    assert found.beyond(0.0).tolist() == [[False, True, True]]
    assert found.by_chance == pytest.approx(0.15)
    few = found._replace(low=np.array([[np.nan, 0.2, -0.4]]))
    assert few.cells == 2 and few.by_chance == pytest.approx(0.1), "a cell without an interval is no look"


def test_the_row_without_noise_is_the_twin() -> None:
    base = replace(made(NOISY).experiment, losses=THREE)
    assert experiments(base, GAMMAS, RATES)[0] == counterpart(base)


def test_without_wrong_labels_nothing_is_memorised() -> None:
    records = [made(NOISY._replace(rate=rate), THREE) for rate in (0.0, 0.2)]
    found = grid(records, "memorised")
    assert np.isnan(found.mean[0]).all()
    assert np.isfinite(found.mean[1]).all()
    assert not found.beyond(0.0)[0].any() and found.cells == 2


def test_a_grid_can_be_trained() -> None:
    small = replace(made(seeds=2).experiment, epochs=1)
    records = [record(one, [s for _, s in train(one) if s]) for one in experiments(small, (0.0, 2.0), (0.1,))]
    found = grid(records, "accuracy")
    assert found.mean[0, 0] == pytest.approx(0, abs=1e-9), "γ = 0 is cross-entropy"
    assert found.mean[0, 1] != 0
