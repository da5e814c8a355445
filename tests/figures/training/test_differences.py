"""Paired differences drawn: SciPy's intervals, every seed's own difference, and a sentence that agrees with them."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from lossviz.analysis.training import MEASURES, Record, measured
from lossviz.figures.training import differences

from ...analysis.training.records import CE, CLEAN, NOISY, PAIR, SIX, THREE, made
from ...plotted import model, numbers
from .drawn import every, lines, notes, titles


def told(found: Record, accuracy: list[list[float]]) -> Record:
    """The same record with these accuracies (L, S) after every epoch."""
    return found._replace(runs=found.runs._replace(accuracy=np.tile(np.array(accuracy), (len(found.epochs), 1, 1))))


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize("losses", [PAIR, SIX])
def test_lines_bands_and_bars_are_the_paired_intervals(measure: str, losses) -> None:
    found = made(losses=losses)
    values = measured(found, measure)
    by_epoch, by_seed = (
        every(draw(lines(found), found, measure, 1), found) for draw in (differences.by_epoch, differences.by_seed)
    )
    for e in range(len(found.epochs)):
        for n in range(1, len(losses)):
            exact = stats.ttest_rel(values[e, n], values[e, 0]).confidence_interval(0.95)
            band, bar, dots = by_epoch[e][f"band-{n}"], by_seed[e][f"interval-{n}"], by_seed[e][f"seeds-{n}"]
            y = numbers(band, "y")
            assert (y[e], y[-1 - e]) == pytest.approx(tuple(exact), rel=1e-4)
            mean = numbers(bar, "x")[0]
            assert mean == pytest.approx((values[e, n] - values[e, 0]).mean(), rel=1e-4)
            assert numbers(by_epoch[e][f"here-{n}"], "y")[0] == pytest.approx(mean)
            assert mean + numbers(bar["error_x"], "array")[0] == pytest.approx(exact.high, rel=1e-3)
            assert mean - numbers(bar["error_x"], "arrayminus")[0] == pytest.approx(exact.low, rel=1e-3)
            inside = np.array(dots["marker"]["symbol"]) == "circle"
            np.testing.assert_allclose(numbers(dots, "x")[inside], (values[e, n] - values[e, 0])[inside], rtol=1e-4, atol=1e-4)
        assert set(numbers(by_epoch[e]["now"], "x")) == {found.epochs[e]}


def test_a_seed_is_at_one_height_in_all_rows_and_epochs() -> None:
    found = made(losses=THREE)
    drawn = every(differences.by_seed(lines(found), found, "accuracy", 0), found)
    heights = [numbers(traces[f"seeds-{n}"], "y") - (n - 1) for traces in drawn for n in (1, 2)]
    assert len(set(heights[0])) == found.experiment.seeds
    for other in heights[1:]:
        np.testing.assert_allclose(other, heights[0], atol=1e-6)


def test_dots_beyond_the_axis_are_triangles_at_its_end() -> None:
    found = made(epochs=(0, 1, 2, 3))
    accuracy = found.runs.accuracy.copy()
    accuracy[1:, 1] = accuracy[1:, 0] + 0.01
    accuracy[0, 1] = accuracy[0, 0] + np.array([-0.9, 0.9, 0.01, 0.01, 0.01])
    found = found._replace(runs=found.runs._replace(accuracy=accuracy))
    figure = differences.by_seed(lines(found), found, "accuracy", 0)
    low, high = figure.layout["xaxis"]["range"]
    first = every(figure, found)[0]["seeds-1"]
    assert first["marker"]["symbol"][:3] == ["triangle-left", "triangle-right", "circle"]
    np.testing.assert_allclose(numbers(first, "x")[:2], [low, high], rtol=1e-6)


@pytest.mark.parametrize(
    ("shift", "said"),
    [
        ((2.0, 3.0, 2.0, 3.0, 2.0), "raises clean accuracy by 2.4 points [{low:.2g}, {high:.2g}]"),
        ((-2.0, -3.0, -2.0, -3.0, -2.0), "lowers clean accuracy by 2.4 points [{low:.2g}, {high:.2g}]"),
        ((0.4, 0.5, 0.4, 0.5, 0.6), "raises clean accuracy by 0.48 points [{low:.2g}, {high:.2g}]"),
        ((-2.0, 3.0, -2.0, 3.0, -1.0), "makes no clear difference to clean accuracy, +0.2 points [−{low:.2g}, +{high:.2g}]"),
    ],
)
def test_the_sentence_follows_from_the_interval(shift: tuple[float, ...], said: str) -> None:
    found = told(made(), [[0.5] * 5, [0.5 + x / 100 for x in shift]])
    exact = stats.ttest_1samp(shift, 0).confidence_interval(0.95)
    ends = sorted(map(abs, exact)) if "no clear" not in said else map(abs, exact)
    low, high = (float(x) for x in ends)
    title = titles(differences.by_epoch(lines(found), found, "accuracy", 0))[2]
    assert title == f"Epoch 4: B {said.format(low=low, high=high)}"


def test_of_several_losses_the_sentence_counts() -> None:
    up, down, none = (0.52, 0.53, 0.52, 0.53, 0.52), (0.4, 0.41, 0.4, 0.41, 0.4), (0.4, 0.6, 0.4, 0.6, 0.5)
    found = told(made(losses=SIX), [[0.5] * 5, list(up), list(down), list(none), list(down), list(none)])
    title = titles(differences.by_seed(lines(found), found, "accuracy", 0))[0]
    assert (
        title
        == "Epoch 0, seed by seed: clean accuracy against A: 2 losses lower, 1 loss higher, 2 losses not clearly different"
    )


@pytest.mark.parametrize("losses", [PAIR, THREE])
def test_one_seed_has_no_interval_and_says_so(losses) -> None:
    found = made(losses=losses, seeds=1)
    for draw in (differences.by_epoch, differences.by_seed):
        figure = draw(lines(found), found, "accuracy", 2)
        assert all("the only seed, which has no interval" in title for title in titles(figure))
        drawn = every(figure, found)
        assert all(len(numbers(traces["band-1"], "x")) == 0 for traces in drawn if "band-1" in traces)


@pytest.mark.parametrize("draw", [differences.by_epoch, differences.by_seed])
def test_where_there_is_nothing_to_compare_the_picture_says_why(draw) -> None:
    clean, alone = made(CLEAN), made(NOISY, (CE,))
    figure = draw(lines(clean), clean, "memorised", 0)
    assert figure.title == "Wrong labels memorised: there is nothing to compare"
    assert notes(figure) == ["No seed, or not every one, has a wrong label."]
    model(figure)
    figure = draw(lines(alone), alone, "accuracy", 0)
    assert "one loss" in figure.title
    assert notes(figure) == ["Choose a second loss to compare."]
    model(figure)
    assert notes(draw(lines(clean), clean, "accuracy", 0)) == []


def test_a_training_that_has_just_begun_has_a_picture() -> None:
    found = made(epochs=(0,))
    for draw in (differences.by_epoch, differences.by_seed):
        assert model(draw(lines(found), found, "accuracy", 0))["frames"] == []
