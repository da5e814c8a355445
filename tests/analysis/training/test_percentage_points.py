"""A difference in points is rounded in one place: the sentence above a chart and the chart say the same numbers."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_EVEN, Decimal

import numpy as np
import pytest

from lossviz.analysis.training import contrast, estimate
from lossviz.analysis.training.grid import grid
from lossviz.analysis.training.percentage_points import format_estimate, format_interval, format_signed, format_size
from lossviz.analysis.training.sentences import judgements
from lossviz.figures.training import differences, seed_rows
from lossviz.figures.training import grid as map_drawn

from ...figures.training.frames import make_comparison, titles
from ...plotted import by_uid, model
from ...specs import seeded
from .random_records import CLEAN, NOISY, random_record


def rounded(x: float) -> str:
    """Two digits of the float itself, by decimal arithmetic; whole numbers from ten on."""
    exact = Decimal(abs(x))
    place = max(exact.adjusted() - 1, -12) if exact < Decimal("9.95") else 0
    return str(float(exact.quantize(Decimal(1).scaleb(place), ROUND_HALF_EVEN))).removesuffix(".0")


@pytest.mark.parametrize("x", [0.0535, -0.05349, 0.013499, 0.0135, 1.25, 12.5, 99.7, 100.0, 0.00149, 9.96, -3.0])
def test_digits(x: float) -> None:
    assert format_size(x) == rounded(x) and format_signed(x) == ("−" if x < 0 else "+") + rounded(x)


def test_less_than_a_thousandth_of_a_point_is_nothing() -> None:
    assert format_signed(-4e-4) == format_signed(0.0) == "+0" and format_signed(-6e-4) == "−0.0006"
    assert format_interval(-0.053, 0.013) == "[−0.053, +0.013]"


@pytest.mark.parametrize(
    ("mean", "low", "high", "expected"),
    [
        (-1.4621, -1.4842, -1.4399, ("−1.462", "[−1.484, −1.440]")),
        (-0.5, -0.7, -0.3, ("−0.5", "[−0.7, −0.3]")),
        (-5.8421, -11.055, -0.972, ("−5.8", "[−11.1, −1.0]")),
        (40.0, -1.2, 99.7, ("+40", "[−1, +100]")),
        (1e-9, -1e-5, 2e-5, ("0", "[0, 0]")),
        (0.25, -0.0004, 0.5, ("+0.25", "[0.00, +0.50]")),
        (0.25, float("nan"), float("nan"), ("+0.25", "")),
    ],
)
def test_a_mean_has_as_many_decimals_as_its_interval_asks_for(
    mean: float, low: float, high: float, expected: tuple[str, str]
) -> None:
    """Two digits of half the interval: an interval of hundredths around ones is not [−1.5, −1.4]."""
    assert format_estimate(mean, low, high) == expected


def shaken(record, spread: float, trial: int):
    """A record with other accuracies, a random number of seeds apart."""
    rng = seeded(f"points {trial}")
    return record._replace(runs=record.runs._replace(accuracy=0.8 + rng.normal(0, spread, record.runs.accuracy.shape)))


@pytest.mark.parametrize("trial", range(12))
def test_the_sentence_and_the_charts_have_the_same_interval(trial: int) -> None:
    """Of sizes at which one rounding after another makes other digits."""
    spread = 10.0 ** -(1 + trial % 4)
    noisy, clean = (
        shaken(random_record(dataset_spec, seeds=7), spread, trial + k) for k, dataset_spec in enumerate((NOISY, CLEAN))
    )
    comparison = make_comparison(noisy, "accuracy", clean)
    (judgement,) = judgements(noisy.experiment, comparison.contrast, "AB", "accuracy", 0.1)
    change, *parts = re.findall(r"[−+]?[\d.]+ points (\[[^\]]*\])", judgement.numbers)
    last = len(noisy.epochs) - 1
    assert change in titles(differences.by_epoch(comparison, last))[last]
    figure = seed_rows.by_seed(comparison, last)
    shown = by_uid(model(figure)["data"])
    assert all(ends in seed_rows.in_words(figure).replace("\u00a0", " ") for ends in (change, *parts))
    for part, ends in enumerate((parts[1], parts[0], change)):
        assert ends in shown[f"name-1-{part}"]["text"][0].replace("\u00a0", " ")
        assert ends in shown[f"interval-1-{part}"]["hovertemplate"].replace("\u00a0", " ")
    course = by_uid(model(differences.by_epoch(comparison, last))["data"])["mean-1"]
    assert course["customdata"][last][1].replace("\u00a0", " ").strip() == change


def test_the_map_rounds_as_the_sentence_does() -> None:
    noisy = shaken(random_record(NOISY, seeds=7), 0.01, 0)
    cell = by_uid(model(map_drawn.figure(grid([noisy], "accuracy"), "accuracy", "A", 0.1))["data"])["cells"]["hovertext"][0][0]
    of = estimate(contrast(noisy, None, "accuracy").differences[-1:]).at(0)
    assert cell.replace("\u00a0", " ").count(format_interval(float(of.low[0]), float(of.high[0]))) == 2, "one cell is all cells"
    assert np.isfinite(of.low).all()
