"""One scale of γ on every page: steps of 0.1, with the values of the paper among them."""

from __future__ import annotations

import numpy as np
import pytest

from lossviz import loss
from lossviz.analysis.sweep import grid, sweeps
from lossviz.evaluation.setting import Setting
from lossviz.losses.parameters import GAMMA
from lossviz.state.batch import HALVES
from lossviz.state.plots import scrub
from lossviz.state.sample import resolve

TENTHS = [n / 10 for n in range(51)]


@pytest.mark.parametrize("classes", [1, 2, 3, 10])
@pytest.mark.parametrize("soft", [False, True])
def test_one_sample_moves_gamma_by_tenths_however_many_classes_there_are(classes: int, soft: bool) -> None:
    targets = (1.0, *(0.0,) * (classes - 1))
    swept = sweeps(Setting(loss("focal", "sigmoid"), (0.3,) * classes, targets), soft, 34_000)
    gamma = next(sweep for sweep in swept if sweep.control == "gamma")
    np.testing.assert_allclose(gamma.values, TENTHS, atol=1e-12)


def test_curves_move_gamma_by_the_same_tenths() -> None:
    moves = scrub({"scrub": "gamma"}, resolve({}), 51)
    np.testing.assert_allclose(moves.values, TENTHS, atol=1e-12)
    assert moves.stops == GAMMA.stops == (0.0, 0.5, 1.0, 2.0, 5.0)


def test_coarser_scales_have_the_stops_and_no_other_values_than_tenths() -> None:
    few = scrub({"scrub": "gamma"}, resolve({}), 26).values
    for values in (few, HALVES):
        assert set(GAMMA.stops) <= set(values)
        np.testing.assert_allclose(np.array(values) * 10, np.round(np.array(values) * 10), atol=1e-9)


def test_a_present_value_joins_the_grid() -> None:
    values, at = grid(0.0, 5.0, 0.55, 26, GAMMA.stops)
    assert values[at] == 0.55
    assert (np.diff(values) > 0).all()
    assert {0.5, 1.0} <= set(values)
