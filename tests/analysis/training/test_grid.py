"""The grid's trainings differ in what it is over and in nothing else; its intervals hold for all cells at once."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from lossviz import InputError, loss
from lossviz.analysis.training import counterpart, make_record, measure_values, train
from lossviz.analysis.training.grid import Grid, experiments, focal, grid
from lossviz.analysis.training.intervals import simultaneous

from .random_records import CLEAN, NOISY, THREE, random_record

GAMMAS, RATES = (2.0, 5.0), (0.0, 0.1, 0.4)


def test_trainings_differ_in_the_rate_alone() -> None:
    base = random_record().experiment
    rows = experiments(base, GAMMAS, RATES)
    assert [one.dataset_spec.rate for one in rows] == list(RATES)
    assert {replace(one, dataset_spec=base.dataset_spec) for one in rows} == {replace(base, losses=THREE)}


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
        experiments(random_record(dataset_spec).experiment, gammas, rates)


def test_cells_are_paired_differences_after_the_last_epoch() -> None:
    """By itself a cell has the interval of its differences; all cells at once have wider ones, of one resample of the seeds."""
    records = [random_record(NOISY._replace(rate=rate), THREE, 8, (0, 1 + n)) for n, rate in enumerate((0.1, 0.2))]
    cells = grid(records, "accuracy")
    assert (cells.gammas, cells.rates, cells.mean.shape, cells.seeds, cells.cells) == (GAMMAS, (0.1, 0.2), (2, 2), 8, 4)
    apart = np.array(
        [[measure_values(one, "accuracy")[-1][j] - measure_values(one, "accuracy")[-1][0] for j in (1, 2)] for one in records]
    )
    np.testing.assert_allclose(cells.mean, apart.mean(-1))
    together = simultaneous(apart.reshape(4, 8), 0.95, stats.t.ppf(0.975, 7))
    np.testing.assert_allclose([cells.low.ravel(), cells.high.ravel()], together)
    for place in np.ndindex(2, 2):
        student = stats.ttest_1samp(apart[place], 0).confidence_interval(0.95)
        alone = simultaneous(apart[place][None], 0.95, stats.t.ppf(0.975, 7))
        assert (cells.cell_low[place], cells.cell_high[place]) == pytest.approx([x[0] for x in alone])
        assert cells.low[place] <= cells.cell_low[place] <= student.low + 1e-9
        assert cells.high[place] >= cells.cell_high[place] >= student.high - 1e-9


def test_cells_beyond_the_margin_and_by_chance() -> None:
    mean = np.array([[0.05, 0.3, -0.3]])
    cells = Grid((1.0, 2.0, 5.0), (0.1,), 12, mean, mean - 0.1, mean + 0.1, mean - 0.05, mean + 0.05)
    assert cells.beyond(0.1).tolist() == [[False, True, True]] and not cells.beyond(0.2).any()
    assert cells.beyond(0.0).tolist() == [[False, True, True]]
    assert cells.by_chance == pytest.approx(0.15)
    few = cells._replace(low=np.array([[np.nan, 0.2, -0.4]]))
    assert few.cells == 2 and few.by_chance == pytest.approx(0.1), "a cell without an interval is no look"


def test_the_row_without_noise_is_the_twin() -> None:
    base = replace(random_record(NOISY).experiment, losses=THREE)
    assert experiments(base, GAMMAS, RATES)[0] == counterpart(base)


def test_without_wrong_labels_nothing_is_memorised() -> None:
    records = [random_record(NOISY._replace(rate=rate), THREE) for rate in (0.0, 0.2)]
    cells = grid(records, "memorised")
    assert np.isnan(cells.mean[0]).all()
    assert np.isfinite(cells.mean[1]).all()
    assert not cells.beyond(0.0)[0].any() and cells.cells == 2


def test_a_grid_can_be_trained() -> None:
    small = replace(random_record(seeds=2).experiment, epochs=1)
    records = [make_record(one, [s for _, s in train(one) if s]) for one in experiments(small, (0.0, 2.0), (0.1,))]
    cells = grid(records, "accuracy")
    assert cells.mean[0, 0] == pytest.approx(0, abs=1e-9), "γ = 0 is cross-entropy"
    assert cells.mean[0, 1] != 0
