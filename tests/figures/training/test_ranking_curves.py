"""Curves of the rare class: what is drawn has the areas that are said."""

from __future__ import annotations

import numpy as np
import pytest

from lossviz.analysis.training.ranking_curves import curves, share
from lossviz.figures.training import ranking_curves

from ...analysis.training.random_records import CLEAN, DIGITS, NOISY, THREE, made
from ...plotted import numbers
from .frames import every, lines

dataset_specs = pytest.mark.parametrize("dataset_spec", [NOISY, CLEAN, DIGITS], ids=["rare", "clean", "digits"])


@dataset_specs
def test_curves_say_their_areas(dataset_spec) -> None:
    found = made(dataset_spec, THREE)
    told = curves(found)
    precision, roc = (every(draw(lines(found), found, 0), found) for draw in (ranking_curves.precision, ranking_curves.roc))
    for e, row in enumerate(told):
        for n, one in enumerate(row):
            x, y = (numbers(roc[e][f"curve-{n}"], name) / 100 for name in "xy")
            assert np.trapezoid(y, x) == pytest.approx(one.area, abs=1e-6)
            assert roc[e][f"curve-{n}"]["name"] == f"{'ABC'[n]}, AUC {one.area:.3f}"
            x, y = (numbers(precision[e][f"curve-{n}"], name) / 100 for name in "xy")
            assert precision[e][f"curve-{n}"]["line"]["shape"] == "vh", "first to the next precision, then along it"
            assert (np.diff(x) * y[1:]).sum() == pytest.approx(one.average, abs=1e-6)
    np.testing.assert_allclose(numbers(precision[0]["prior"], "y"), 100 * share(found), rtol=1e-6)
    assert numbers(roc[0]["chance"], "x").tolist() == numbers(roc[0]["chance"], "y").tolist() == [0, 100]
