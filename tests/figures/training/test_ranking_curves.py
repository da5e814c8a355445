"""Curves of the rare class: what is drawn has the areas that are said."""

from __future__ import annotations

import numpy as np
import pytest

from lossviz.analysis.training.ranking_curves import ranking_curves, rare_share
from lossviz.figures.training import ranking_curves as drawing

from ...analysis.training.random_records import CLEAN, DIGITS, NOISY, THREE, random_record
from ...plotted import numbers
from .frames import every, lines

dataset_specs = pytest.mark.parametrize("dataset_spec", [NOISY, CLEAN, DIGITS], ids=["rare", "clean", "digits"])


@dataset_specs
def test_curves_say_their_areas(dataset_spec) -> None:
    record = random_record(dataset_spec, THREE)
    all_curves = ranking_curves(record)
    precision, roc = (every(draw(lines(record), record, 0), record) for draw in (drawing.precision, drawing.roc))
    for e, row in enumerate(all_curves):
        for n, one in enumerate(row):
            x, y = (numbers(roc[e][f"curve-{n}"], name) / 100 for name in "xy")
            assert np.trapezoid(y, x) == pytest.approx(one.area, abs=1e-6)
            assert roc[e][f"curve-{n}"]["name"] == f"{'ABC'[n]}, AUC {one.area:.3f}"
            x, y = (numbers(precision[e][f"curve-{n}"], name) / 100 for name in "xy")
            assert precision[e][f"curve-{n}"]["line"]["shape"] == "vh", "first to the next precision, then along it"
            assert (np.diff(x) * y[1:]).sum() == pytest.approx(one.average_precision, abs=1e-6)
    np.testing.assert_allclose(numbers(precision[0]["prior"], "y"), 100 * rare_share(record), rtol=1e-6)
    assert numbers(roc[0]["chance"], "x").tolist() == numbers(roc[0]["chance"], "y").tolist() == [0, 100]
