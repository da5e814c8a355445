"""Paired differences drawn: the intervals of `estimate`, every seed's own difference, and a sentence that agrees with them."""

from __future__ import annotations

import numpy as np
import pytest

from lossviz.analysis.training import MEASURES, Contrast, Record, estimate, measure_values
from lossviz.figures.training import differences, seed_rows
from lossviz.figures.training.differences import SeedDifferences

from ...analysis.training.random_records import CE, CLEAN, NOISY, PAIR, SIX, THREE, random_record
from ...plotted import by_uid, model, numbers
from .frames import every, make_comparison, notes, titles

DRAWN = (differences.by_epoch, seed_rows.by_seed)


def comparison_of(
    record: Record, *points: list[float], counterpart: Record | None = None, margin: float = 0.1
) -> SeedDifferences:
    """Of these differences by seed, in points, of each loss but the first, at every epoch; the counterpart's are 0."""
    own = np.tile(np.array(points), (len(record.epochs), 1, 1))
    comparison = make_comparison(record, "accuracy", counterpart, margin)
    return comparison._replace(contrast=Contrast(own, None if counterpart is None else np.zeros_like(own)))


def other_than(record: Record) -> Record:
    """A counterpart: the same losses and seeds without noise, with other numbers."""
    counterpart = random_record(CLEAN, record.experiment.losses, record.experiment.seeds, record.epochs)
    mixed = {
        name: np.roll(getattr(counterpart.runs, name), 1, 2) for name in ("recall", "accuracy", "reliability", "precision")
    }
    return counterpart._replace(runs=counterpart.runs._replace(**mixed))


@pytest.mark.parametrize(("losses", "counterpart"), [(PAIR, False), (THREE, True)], ids=["alone", "with a counterpart"])
@pytest.mark.parametrize("measure", MEASURES)
def test_lines_bands_bars_and_dots_are_the_differences(measure: str, losses, counterpart: bool) -> None:
    record = random_record(losses=losses, seeds=6)
    without = other_than(record) if counterpart else None
    values, comparison = measure_values(record, measure), make_comparison(record, measure, without)
    parts = [values[:, 1:] - values[:, :1]]
    if without and measure != "memorised":
        other = measure_values(without, measure)
        parts += [other[:, 1:] - other[:, :1], parts[0] - (other[:, 1:] - other[:, :1])]
    of = [estimate(part) for part in parts]
    by_epoch, by_seed = (every(draw(comparison, 1), record) for draw in DRAWN)
    for e, epoch in enumerate(record.epochs):
        assert set(numbers(by_epoch[e]["now"], "x")) == {epoch}
        for n in range(len(losses) - 1):
            slot = n + 1
            y = numbers(by_epoch[e][f"band-{slot}"], "y")
            assert (y[e], y[-1 - e]) == pytest.approx((of[-1].low[e, n], of[-1].high[e, n]), rel=1e-4)
            mean = pytest.approx(parts[-1][e, n].mean(), rel=1e-4, abs=1e-6)
            assert numbers(by_epoch[e][f"mean-{slot}"], "y")[e] == mean == numbers(by_epoch[e][f"here-{slot}"], "y")[0]
            for k, part in enumerate(parts):
                bar, dots = by_seed[e][f"interval-{slot}-{k}"], by_seed[e][f"seeds-{slot}-{k}"]
                middle = numbers(bar, "x")[0]
                assert middle == pytest.approx(part[e, n].mean(), rel=1e-4, abs=1e-6)
                assert middle + numbers(bar["error_x"], "array")[0] == pytest.approx(of[k].high[e, n], rel=1e-3)
                assert middle - numbers(bar["error_x"], "arrayminus")[0] == pytest.approx(of[k].low[e, n], rel=1e-3)
                inside = np.array(dots["marker"]["symbol"]) == "circle"
                np.testing.assert_allclose(numbers(dots, "x")[inside], part[e, n][inside], rtol=1e-4, atol=1e-4)


def test_rows_say_what_they_are_and_the_judged_one_is_stronger() -> None:
    record = random_record(losses=THREE, seeds=6)
    figure = seed_rows.by_seed(make_comparison(record, "accuracy", random_record(CLEAN, THREE, 6)), 1)
    shown = by_uid(model(figure)["data"])
    names = [shown[f"name-{slot}-{part}"]["text"][0] for slot in (1, 2) for part in range(3)]
    assert [name.split("<b>")[0].strip() for name in names[::3]] == ["B, with the noise", "C, with the noise"]
    assert all(name.strip().startswith("without the noise ") for name in names[1::3])
    assert all(name.strip().startswith("<b>effect of the noise: with − without</b>") for name in names[2::3])
    for slot in (1, 2):
        own, without, change = (shown[f"interval-{slot}-{part}"]["error_x"]["thickness"] for part in range(3))
        assert own == without < change
    assert numbers(shown["between"], "y")[[0, 1]].tolist() == [2.45, 2.45], "a rule between B and C"


def test_a_seed_is_at_one_height_in_all_rows_and_epochs_and_has_its_number() -> None:
    record = random_record(losses=THREE)
    comparison = make_comparison(record)._replace(seeds=range(40, 45))
    drawn = every(seed_rows.by_seed(comparison, 0), record)
    heights = [numbers(traces[f"seeds-{n}-0"], "y") - (n - 1) for traces in drawn for n in (1, 2)]
    assert len(set(heights[0])) == record.experiment.seeds
    for other in heights[1:]:
        np.testing.assert_allclose(other, heights[0], atol=1e-6)
    assert [seed for _, seed in drawn[0]["seeds-1-0"]["customdata"]] == list(range(40, 45))


def test_dots_beyond_the_axis_are_triangles_at_its_end() -> None:
    record = random_record(epochs=(0, 1, 2, 3))
    values = np.ones((4, 1, 5))
    values[0, 0] = -90, 90, 1, 1, 1
    figure = seed_rows.by_seed(make_comparison(record)._replace(contrast=Contrast(values)), 0)
    low, high = figure.layout["xaxis"]["range"]
    first = every(figure, record)[0]["seeds-1-0"]
    assert first["marker"]["symbol"][:3] == ["triangle-left", "triangle-right", "circle"]
    np.testing.assert_allclose(numbers(first, "x")[:2], [low, high], rtol=1e-6)


@pytest.mark.parametrize("draw", DRAWN)
def test_the_margin_is_a_band_and_stands_in_the_legend(draw) -> None:
    record = random_record()
    for margin in (0.1, 0.5, 2.0):
        figure = draw(make_comparison(record, margin=margin), 1)
        band = by_uid(model(figure)["data"])["margin"]
        across = numbers(band, "x" if draw is seed_rows.by_seed else "y")
        assert (across.min(), across.max()) == (-margin, margin)
        assert band["name"] == f"too small to matter, ±{margin:g} points"
    assert differences.by_epoch(make_comparison(record), 1).layout["showlegend"]


@pytest.mark.parametrize("draw", DRAWN)
@pytest.mark.parametrize("margin", [0.1, 4.0])
def test_the_margin_is_in_sight(draw, margin: float) -> None:
    layout = draw(comparison_of(random_record(), [0.01, 0.02, 0.03, 0.01, 0.0], margin=margin), 1).layout
    low, high = layout["xaxis" if draw is seed_rows.by_seed else "yaxis"]["range"]
    assert low < -margin and margin < high


def test_the_title_of_one_loss_has_its_interval() -> None:
    record, points = random_record(), [-2.0, -3.0, -2.5, -3.5, -1.0]
    of = estimate(np.array([points]))
    ends = f"[{of.low[0]:.1f}, {of.high[0]:.1f}]".replace("-", "−")
    alone = titles(differences.by_epoch(comparison_of(record, points), 0))[2]
    assert alone == f"Epoch 4, clean accuracy relative to A: −2.4 points {ends}"
    both = titles(differences.by_epoch(comparison_of(record, points, counterpart=random_record(CLEAN)), 0))[2]
    assert both == f"Epoch 4, effect of the noise on clean accuracy relative to A: −2.4 points {ends}"
    seeds = seed_rows.by_seed(comparison_of(record, points), 2)
    assert seeds.title == "Epoch 4, seed by seed: clean accuracy relative to A"
    assert seed_rows.in_words(seeds).replace("\u00a0", " ") == f"{seeds.title}. B  <b>−2.4</b> {ends}."


def test_of_several_losses_the_title_counts_those_beyond_the_margin() -> None:
    record = random_record(losses=SIX)
    up, down, none = [2.0, 3.0, 2.1, 3.1, 2.2], [-10.0, -9.0, -10.1, -9.1, -9.5], [-10.0, 10.0, -9.0, 9.0, 0.0]
    points, begins = [up, down, none, down, none], "Epoch 0, clean accuracy relative to A: 2 of 5 losses below"
    assert titles(differences.by_epoch(comparison_of(record, *points), 0))[0] == f"{begins} −0.1 points, 1 above +0.1"
    assert titles(differences.by_epoch(comparison_of(record, *points, margin=5.0), 0))[0] == f"{begins} −5 points, 0 above +5"
    assert titles(differences.by_epoch(comparison_of(record, *points, margin=0.0), 0))[0] == f"{begins} 0 points, 1 above 0"


@pytest.mark.parametrize("losses", [PAIR, THREE])
def test_few_seeds_have_no_interval_and_say_so(losses) -> None:
    for seeds in (1, 4):
        record = random_record(losses=losses, seeds=seeds)
        by_epoch, by_seed = (draw(make_comparison(record), 2) for draw in DRAWN)
        assert all("points (no interval" in title for title in titles(by_epoch))
        assert all(len(numbers(traces["band-1"], "x")) == 0 for traces in every(by_epoch, record))
        assert "nan" not in seed_rows.in_words(by_seed) and "[" not in seed_rows.in_words(by_seed)
        for trace in (*by_epoch.data, *by_seed.data):
            assert "nan" not in trace.get("hovertemplate", "") and "nan" not in str(trace.get("customdata", ""))


@pytest.mark.parametrize("draw", DRAWN)
def test_where_there_is_nothing_to_compare_the_picture_says_why(draw) -> None:
    clean, alone = random_record(CLEAN), random_record(NOISY, (CE,))
    figure = draw(make_comparison(clean, "memorised"), 0)
    assert figure.title.startswith("Memorized wrong labels") and figure.title.endswith(": nothing to compare")
    assert notes(figure) == ["At least one seed has no wrong label."]
    model(figure)
    figure = draw(make_comparison(alone), 0)
    assert "nothing to compare" in figure.title
    assert notes(figure) == ["Choose a second loss to compare."]
    model(figure)
    assert notes(draw(make_comparison(clean), 0)) == []


@pytest.mark.parametrize("draw", DRAWN)
def test_what_a_twin_has_not_is_shown_without_it(draw) -> None:
    """No label of the counterpart is wrong, so it memorises none: the experiment's own difference is shown all the same."""
    record = random_record(seeds=6)
    figure = draw(make_comparison(record, "memorised", random_record(CLEAN, seeds=6)), 1)
    assert notes(figure) == [] and "memorized wrong labels relative to A" in figure.title
    assert len(by_uid(model(figure)["data"])) > 4


def test_a_training_that_has_just_begun_has_a_picture() -> None:
    record = random_record(epochs=(0,))
    for draw in DRAWN:
        assert model(draw(make_comparison(record), 0))["frames"] == []
