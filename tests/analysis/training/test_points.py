"""A difference in points is rounded in one place: the sentence above a chart and the chart say the same numbers."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_EVEN, Decimal

import numpy as np
import pytest

from lossviz.analysis.training import verdict
from lossviz.analysis.training.paired import Difference
from lossviz.analysis.training.points import clear, interval, signed, size, sizes
from lossviz.figures.training.differences import _of_one, _seeds
from lossviz.figures.training.grid import _exact

from ...figures.training.drawn import lines
from ...figures.training.test_differences import told
from ...specs import seeded
from .records import made


def rounded(x: float) -> str:
    """Two digits of the float itself, by decimal arithmetic; whole numbers from ten on."""
    exact = Decimal(abs(x))
    place = max(exact.adjusted() - 1, -12) if exact < Decimal("9.95") else 0
    return str(float(exact.quantize(Decimal(1).scaleb(place), ROUND_HALF_EVEN))).removesuffix(".0")


@pytest.mark.parametrize("x", [0.0535, -0.05349, 0.013499, 0.0135, 1.25, 12.5, 99.7, 100.0, 0.00149, 9.96, -3.0])
def test_digits(x: float) -> None:
    assert size(x) == rounded(x) and signed(x) == ("−" if x < 0 else "+") + rounded(x)


def test_less_than_a_thousandth_of_a_point_is_nothing() -> None:
    assert signed(-4e-4) == signed(0.0) == "+0" and signed(-6e-4) == "−0.0006"
    assert not clear(4e-4, 1.0) and not clear(-1.0, -4e-4) and clear(6e-4, 1.0) and clear(-1.0, -6e-4)
    assert clear(np.array([1.0, -1.0, -2.0]), np.array([2.0, 1.0, -1.0])).tolist() == [True, False, True]
    assert interval(-0.053, 0.013) == "[−0.053, +0.013]" and sizes(-3.0, -1.0) == "[1, 3]"


def test_the_sentence_and_the_charts_have_the_same_interval() -> None:
    """Among others −0.0535 and 0.01349, of which one rounding after another makes other digits."""
    rng = seeded("points")
    found = told(made(), [[0.5] * 5, [0.5] * 5])
    ends = [(-0.0535, 0.01349), (-0.05349, 0.0135), (0.0104, 0.1251), *np.sort(rng.normal(0, 0.1, (60, 2)), 1).tolist()]
    for low, high in ends:
        of = Difference(*(np.array([[x]]) for x in ((low + high) / 2, low, high)), 5)
        first = Difference(of.mean[0], of.low[0], of.high[0], 5)
        sentence = verdict(found.experiment, first, 0, "B", "accuracy")
        title = _of_one(lines(found), "accuracy", of, 0).replace("\u00a0", " ")
        (says,) = re.findall(r"\[[^\]]*\]", sentence)
        assert says in title
        row = str(_seeds(lines(found)[1], 0, np.zeros((2, 5)), of, 0, [-1.0, 1.0])).replace("\\xa0", " ").replace("\u00a0", " ")
        assert interval(low, high) in row and interval(low, high) in _exact(0.0, low, high).replace("\u00a0", " ")
        if "no difference" in sentence:
            assert says == interval(low, high) and "no clear difference" in title
