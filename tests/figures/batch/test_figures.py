"""Figures of batches: the analysis's numbers in every frame, valid Plotly, and something to say where there is nothing."""

from __future__ import annotations

import numpy as np
import pytest

from lossviz import loss
from lossviz.analysis.batch.advisor import advice, grid_losses
from lossviz.analysis.batch.batch_stats import BatchStats, plan, total
from lossviz.analysis.batch.calibration import calibration
from lossviz.analysis.batch.calibration_sums import reliability
from lossviz.analysis.batch.calibration_temperature import best_temperature, temperature_sums
from lossviz.analysis.batch.contributions import Pair, contributions
from lossviz.analysis.batch.counting_unit import partitions
from lossviz.analysis.batch.difficulty import difficulty
from lossviz.analysis.batch.parts import parts
from lossviz.analysis.batch.shares import carried_by, cumulative, lorenz
from lossviz.data import digits
from lossviz.data.detector import detector
from lossviz.data.noise import noisy
from lossviz.data.predictions import Batch
from lossviz.evaluation.setting import baseline
from lossviz.figures.batch import advisor, shares
from lossviz.figures.batch import calibration as reliance
from lossviz.figures.batch import contributions as bars
from lossviz.figures.batch import difficulty as hardness
from lossviz.figures.batch import parts as division
from lossviz.losses import LossSpec

from ...analysis.batch import made
from ...plotted import by_uid, check_frames, model, numbers, played

GAMMAS = (0.0, 2.0, 5.0)
BATCHES = {
    "digits": noisy(digits.batch(), "uniform", 0.05, 1),
    "anchors": detector(50, 4000),
    "one": made.plain(np.array([[1.0, 2.0]]), [0]),
    "no loss": made.plain(np.array([[2000.0, 0.0]] * 5), [0] * 5),
    "many classes": made.plain(np.random.default_rng(0).normal(size=(300, 120)), np.arange(300) % 120),
}


def spec_of(batch: Batch, gamma: float) -> LossSpec:
    return loss("focal", "sigmoid" if batch.survey.classes == 1 else "softmax", gamma=gamma)


def stats_of(batch: Batch, spec: LossSpec) -> BatchStats:
    return total(plan(spec, batch.survey), batch)


every = pytest.mark.parametrize("name", BATCHES)


@every
@pytest.mark.parametrize("by", ["loss", "gradient"])
def test_bars_are_shares_and_know_their_row(name: str, by: str) -> None:
    batch = BATCHES[name]
    pairs = [
        Pair(s, stats_of(batch, s), baseline(s), stats_of(batch, baseline(s))) for s in (spec_of(batch, g) for g in GAMMAS)
    ]
    frames = [contributions(pair, by) for pair in pairs]
    figure = model(bars.figure(frames, 1, by, [f"γ = {g}" for g in GAMMAS], "focal", ["focal loss"] * len(GAMMAS)))
    check_frames(figure, len(frames))
    for frame, traces in zip(frames, played(figure), strict=True):
        own = next(trace for trace in traces if "customdata" in trace and trace["name"] != "cross-entropy")
        share = frame.loss_share if by == "loss" else frame.norm_share
        result = dict(zip(np.asarray(own["customdata"]).reshape(-1).astype(int), numbers(own, "x"), strict=True))
        assert result == pytest.approx({int(row): 100 * s for row, s in zip(frame.row, share, strict=True)}, rel=1e-5, abs=1e-7)


@every
def test_share_curves_are_the_analysis_s(name: str) -> None:
    batch = BATCHES[name]
    frames = [[shares.ShareCurve(f"γ = {g}", "focal", 0, lorenz(stats_of(batch, spec_of(batch, g)).norm))] for g in GAMMAS]
    figure = model(shares.lorenz(frames, 0, "gradient", "samples", [f"γ = {g}" for g in GAMMAS]))
    check_frames(figure, len(frames))
    for (frame,), traces in zip(frames, played(figure), strict=True):
        line = next(trace for trace in traces if trace["uid"].endswith("-0") and trace["mode"] == "lines")
        x, y = numbers(line, "x"), numbers(line, "y")
        if np.isfinite(frame.curve.carried).all():
            wanted = 100 * np.interp(x / 100, frame.curve.part, frame.curve.carried)
            np.testing.assert_allclose(y, wanted, rtol=2e-4, atol=1e-5)
    if name == "digits":
        texts = str(played(figure)[1])
        assert f"{carried_by(frames[1][0].curve, 0.01):.1%}"[:-1] in texts


def test_figure_4_ends_at_one_and_bends_with_gamma() -> None:
    batch = BATCHES["anchors"]
    all_stats = [stats_of(batch, spec_of(batch, g)) for g in GAMMAS]
    names = [f"γ = {g}" for g in GAMMAS]
    sides = [cumulative(stats.loss_by.every(0, 2)) for stats in all_stats]
    curves = [shares.ShareCurve(name, "focal", i, side) for i, (name, side) in enumerate(zip(names, sides, strict=True))]
    traces = model(shares.foreground([curves], 0, "background", ["title"]))["data"]
    lines = [trace for trace in traces if trace.get("name", "").startswith("γ")]
    assert [numbers(line, "y")[-1] for line in lines] == [1.0] * 3
    heights = [np.interp(0.9, numbers(line, "x"), numbers(line, "y")) for line in lines]
    assert heights == sorted(heights, reverse=True)


@every
@pytest.mark.parametrize("log", [False, True])
def test_difficulty_is_a_line_for_each_part(name: str, log: bool) -> None:
    """Heights are those of the parts themselves, so that the larger share is the higher line on any axis."""
    batch = BATCHES[name]
    partition = next(iter(partitions(batch.survey).values()))
    result = difficulty(stats_of(batch, spec_of(batch, GAMMAS[0])), partition)
    figure = model(hardness.figure([result], 0, "loss", "samples", ["title"], log))
    drawn = by_uid(figure["data"])
    assert len(drawn) == 2 * len(result.names)
    for s in range(len(result.names)):
        for uid, shares_ in (("count", result.counts), ("mass", result.loss)):
            trace = drawn[f"{uid}-{s}"]
            assert trace["type"] == "scatter"
            y = numbers(trace, "y")
            np.testing.assert_allclose(np.nan_to_num(y), 100 * shares_[s], rtol=1e-5)
            assert (np.isnan(y) == ((shares_[s] == 0) & log & (uid == "count"))).all()
    for axis, shares_ in (("yaxis", result.counts), ("yaxis2", result.loss)):
        top = figure["layout"][axis]["range"][1]
        top = 10**top if figure["layout"][axis].get("type") == "log" else top
        assert top >= 100 * shares_.max()
        assert top <= 220 * shares_.max() or shares_.max() == 0


@every
def test_parts_are_three_bars_each(name: str) -> None:
    batch = BATCHES[name]
    partition = next(iter(partitions(batch.survey).values()))
    own, ce = (stats_of(batch, s) for s in (spec_of(batch, 2.0), baseline(spec_of(batch, 2.0))))
    result = parts(own, ce, partition)
    figure = model(division.figure([result], 0, ["title"], ["focal loss"]))
    widths = [numbers(trace, "x") for trace in figure["data"] if trace["type"] == "bar"]
    assert len(widths) == 3
    for x, column in zip(widths, (result.counts, result.loss, result.norm), strict=True):
        np.testing.assert_allclose(sorted(x), sorted(100 * column[: result.alone]), rtol=1e-5)


def test_many_classes_are_no_slivers_beside_the_rest_and_it_is_said_how_many_are_shown() -> None:
    batch = BATCHES["many classes"]
    partition = partitions(batch.survey)["class"]
    stats = stats_of(batch, spec_of(batch, 2.0))
    result = parts(stats, stats, partition)
    assert (result.alone, result.rest) == (15, 105)
    layout = model(division.figure([result], 0, ["title"], ["focal loss"], ("class", "classes")))["layout"]
    assert layout["xaxis"]["title"]["text"].endswith("15 of 120 classes shown; the table lists all")
    assert layout["xaxis"]["range"][1] < 110 * max(result.norm[:15].max(), result.loss[:15].max(), result.counts[:15].max())
    every_part = parts(stats, stats, partition, most=120)
    assert (every_part.alone, every_part.rest, len(every_part.names)) == (120, 0, 120)
    few = parts(stats, stats, partition, most=119)
    assert (few.alone, few.rest) == (120, 0), "no rest of one"


@every
@pytest.mark.parametrize("what", ["ratio", "hardest_1", "hardest_10", "scale", "suspects"])
def test_the_map_says_each_number_and_frames_the_present_cell(name: str, what: str) -> None:
    batch = BATCHES[name]
    spec = spec_of(batch, 2.0)
    result = advice(spec, batch.survey, {s: stats_of(batch, s) for s in grid_losses(spec, batch.survey)})
    present = (2.0, 0.5)
    traces = by_uid(model(advisor.grid(result, what, present))["data"])
    assert len(traces["numbers"]["text"]) == result.ratio.size
    x, y = numbers(traces["present"], "x"), numbers(traces["present"], "y")
    i, j = result.gammas.tolist().index(2.0), result.knobs.tolist().index(0.5)
    corners = {(j + a, i + b) for a in (-0.5, 0.5) for b in (-0.5, 0.5)}
    assert set(zip(x.tolist(), y.tolist(), strict=True)) == corners
    lines = by_uid(model(advisor.lines(result, present))["data"])
    assert sum(uid.startswith("gamma-") for uid in lines) == len(result.gammas)


@every
def test_reliability_and_temperature_are_drawn(name: str) -> None:
    batch = BATCHES[name]
    activation = "sigmoid" if batch.survey.classes == 1 else "softmax"
    cells, sums = reliability(batch.rows, activation), temperature_sums(batch.rows, activation)
    result, warmth = calibration(cells), best_temperature(sums)
    figure = model(reliance.reliability(result))
    filled = result.counts > 0
    points = next(t for t in figure["data"] if t["type"] == "scatter" and "markers" in t.get("mode", "") and "error_y" in t)
    y = numbers(points, "y")
    np.testing.assert_allclose(y[np.isfinite(y)], result.frequency[filled], rtol=1e-5)
    curve = model(reliance.temperature(warmth))
    assert f"{warmth.t:.3g}" in curve["layout"]["title"]["text"] or warmth.end
