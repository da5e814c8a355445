"""The grid's trainings differ in what it is over and in nothing else; its intervals are SciPy's."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from lossviz import InputError, loss
from lossviz.analysis.training import measured, record, train
from lossviz.analysis.training.grid import experiments, focal, grid

from .records import CLEAN, NOISY, THREE, made

GAMMAS, RATES = (2.0, 5.0), (0.0, 0.1, 0.4)


def test_trainings_differ_in_the_rate_alone() -> None:
    base = made().experiment
    found = experiments(base, GAMMAS, RATES)
    assert [one.recipe.rate for one in found] == list(RATES)
    assert {replace(one, recipe=base.recipe) for one in found} == {replace(base, losses=THREE)}


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
    ("recipe", "gammas", "rates", "about"),
    [
        (CLEAN, (2.0,), (0.0, 0.1), "noise"),
        (NOISY, (), RATES, "gammas"),
        (NOISY, (1.0, 2.0, 3.0, 4.0, 5.0, 6.0), RATES, "gammas"),
        (NOISY, (2.0,), (0.1, 1.0), "rate"),
    ],
)
def test_grids_that_cannot_be(recipe, gammas, rates, about: str) -> None:
    with pytest.raises(InputError, match=about):
        experiments(made(recipe).experiment, gammas, rates)


def test_cells_are_paired_differences_after_the_last_epoch() -> None:
    records = [made(NOISY._replace(rate=rate), THREE, seeds) for rate, seeds in ((0.1, 4), (0.2, 6))]
    found = grid(records, "accuracy")
    assert (found.gammas, found.rates, found.mean.shape) == (GAMMAS, (0.1, 0.2), (2, 2))
    for i, one in enumerate(records):
        last = measured(one, "accuracy")[-1]
        for j in range(2):
            exact = stats.ttest_rel(last[j + 1], last[0]).confidence_interval(0.95)
            assert (found.low[i, j], found.high[i, j]) == pytest.approx(tuple(exact), rel=1e-9)


def test_without_wrong_labels_nothing_is_memorised() -> None:
    records = [made(NOISY._replace(rate=rate), THREE) for rate in (0.0, 0.2)]
    found = grid(records, "memorised")
    assert np.isnan(found.mean[0]).all()
    assert np.isfinite(found.mean[1]).all()
    assert not found.clear[0].any()


def test_a_grid_can_be_trained() -> None:
    small = replace(made(seeds=2).experiment, epochs=1)
    records = [record(one, [s for _, s in train(one) if s]) for one in experiments(small, (0.0, 2.0), (0.1,))]
    found = grid(records, "accuracy")
    assert found.mean[0, 0] == pytest.approx(0, abs=1e-9), "γ = 0 is cross-entropy"
    assert found.mean[0, 1] != 0
