"""What figures of batches say in words: who the bars are, in every frame; what there is where there is nothing to draw."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from lossviz import loss
from lossviz.analysis.batch.advisor import Advice
from lossviz.analysis.batch.batch_stats import plan, total
from lossviz.analysis.batch.calibration_temperature import Temperature
from lossviz.analysis.batch.contributions import Contributions, Pair, contributions
from lossviz.analysis.batch.difficulty import Difficulty
from lossviz.analysis.batch.parts import GroupShares
from lossviz.analysis.batch.shares import Lorenz
from lossviz.data import digits
from lossviz.data.noise import noisy
from lossviz.data.predictions import Batch
from lossviz.figures.batch import advisor, calibration, difficulty, parts, shares
from lossviz.figures.batch import contributions as bars
from lossviz.figures.batch.cells import brief, cell_text

from ...analysis.batch import made
from ...plotted import by_uid, contrast, model, numbers, played

GAMMAS = (0.0, 2.0, 5.0)
NOISY = noisy(digits.batch(), "uniform", 0.05, 1)


def contributions_of(batch: Batch, gammas: tuple[float, ...] = GAMMAS, by: str = "loss") -> list[Contributions]:
    ce = loss("cross-entropy")
    base = total(plan(ce, batch.survey), batch)
    specs = [loss("focal", gamma=gamma) for gamma in gammas]
    return [contributions(Pair(s, total(plan(s, batch.survey), batch), ce, base), by) for s in specs]


def test_names_move_with_their_bars_and_suspects_are_marked() -> None:
    result = contributions_of(NOISY, by="gradient")
    figure = model(bars.figure(result, 1, "gradient", ["a", "b", "c"], "focal", ["x"] * 3))
    assert len({frame.name for frame in result}) > 1, "else nothing is tested"
    for frame, drawn, title in zip(result, figure["frames"], "abc", strict=True):
        texts = drawn["layout"]["yaxis"]["ticktext"]
        assert [text.split(" · ")[0] for text in texts] == list(frame.name)
        assert ["⚑" in text for text in texts] == frame.suspect.tolist()
        assert drawn["layout"]["title"]["text"] == title
    assert figure["layout"]["yaxis"]["ticktext"] == figure["frames"][1]["layout"]["yaxis"]["ticktext"]
    assert any(frame.suspect.any() for frame in result)
    low, high = figure["layout"]["yaxis"]["range"]
    assert low > high, "the largest is on top"


def test_both_bars_of_a_sample_pick_it_and_stand_beside_each_other() -> None:
    result = contributions_of(NOISY)
    for frame, traces in zip(result, played(model(bars.figure(result, 0, "loss", ["t"] * 3, "focal", ["x"] * 3))), strict=True):
        drawn = by_uid(traces)
        for uid, share in (("chosen", frame.loss_share), ("cross-entropy", frame.ce_loss_share)):
            assert drawn[uid]["customdata"] == frame.row.tolist()
            np.testing.assert_array_equal(numbers(drawn[uid], "x"), (100 * share).astype(np.float32))


def test_a_legend_names_no_gamma_that_the_frame_has_not() -> None:
    result = contributions_of(NOISY)
    names = [f"γ = {gamma}" for gamma in GAMMAS]
    each = played(model(bars.figure(result, 1, "loss", ["t"] * 3, "focal", names)))
    assert [by_uid(traces)["chosen"]["name"] for traces in each] == names


def test_cross_entropy_is_not_drawn_beside_itself() -> None:
    result = contributions_of(NOISY, (0.0,))
    assert list(by_uid(model(bars.figure(result, 0, "loss", ["t"], "cross-entropy", ["ce"]))["data"])) == ["chosen"]


def test_names_of_strangers_are_drawn_as_they_are() -> None:
    batch = made.plain(np.array([[0.0, 2.0], [1.0, 0.0]]), [0, 1])
    evil = np.array(['<a href="https://example.org">x</a>', "é" * 300], object)
    named = Batch(batch.survey, replace(batch.rows, ids=evil))
    layout = model(bars.figure(contributions_of(named, (0.0,)), 0, "loss", ["t"], "focal", ["x"]))["layout"]
    assert all("<" not in text and len(text) < 60 for text in layout["yaxis"]["ticktext"])


def says(figure: dict[str, Any]) -> str:
    return " ".join(note["text"] for note in figure["layout"].get("annotations", []))


def test_where_there_is_nothing_it_is_said() -> None:
    silent = contributions_of(made.plain(np.array([[2000.0, 0.0]] * 3), [0] * 3), (2.0,))
    assert "nothing to share" in says(model(bars.figure(silent, 0, "loss", ["t"], "focal", ["x"])))
    empty = Lorenz(np.array([0.0, 1.0]), np.array([np.nan, np.nan]))
    figure = model(shares.lorenz([[shares.ShareCurve("x", "focal", 0, empty)]], 0, "loss", "samples", ["t"]))
    assert "nothing to share" in says(figure)
    assert by_uid(figure["data"])["mark"]["text"] == [""]
    zero = np.zeros((1, 50))
    cells = Difficulty(np.linspace(0, 1, 51), ("all",), zero + 0.02, zero, zero)
    assert "0 everywhere" in says(model(difficulty.figure([cells], 0, "loss", "samples", ["t"], True)))
    part = GroupShares(("all",), *(np.array([x]) for x in (1.0, 0.0, 0.0, 0.0, 0.0)))
    assert "0 everywhere" in says(model(parts.figure([part], 0, ["t"], ["x"])))


def test_the_share_of_the_hardest_hundredth_is_written_and_right_between_points() -> None:
    curve = Lorenz(np.array([0.0, 0.5, 1.0]), np.array([0.0, 0.8, 1.0]))
    result = by_uid(model(shares.lorenz([[shares.ShareCurve("x", "focal", 0, curve)]], 0, "loss", "samples", ["t"]))["data"])
    assert result["mark"]["text"][0].strip() == "<b>1.6%</b>"
    x, y = numbers(result["curve-0"], "x"), numbers(result["curve-0"], "y")
    np.testing.assert_allclose(y, 100 * np.interp(x / 100, *curve), rtol=1e-5)
    assert {50, 100} <= set(x.tolist())
    assert len(x) > 100, "a straight piece is bent on a logarithmic axis"


def grid(ratio: Any, gammas: Any = (0.0, 2.0), knob: str = "alpha") -> Advice:
    ratio = np.array(ratio, np.float64)
    knobs = np.array([0.25, 0.5, 0.75])[: ratio.shape[1]]
    sides = ("positives", "negatives")
    unknown = np.full(ratio.shape, np.nan)
    return Advice(
        np.array(gammas), knobs, knob, sides, "entries", *(ratio,) * 4, unknown, knobs, loss("focal", "sigmoid"), True
    )


def test_a_map_marks_what_is_between_its_cells_and_a_row_without_a_knob() -> None:
    result = grid([[0.1, 1, 10], [0, np.inf, np.nan]])
    between = by_uid(model(advisor.grid(result, "ratio", (1.0, 0.25)))["data"])["present"]
    assert (numbers(between, "x").tolist(), numbers(between, "y").tolist()) == ([0], [0.5])
    row = by_uid(model(advisor.grid(result, "ratio", (2.0, None)))["data"])["present"]
    assert (set(numbers(row, "x").tolist()), set(numbers(row, "y").tolist())) == ({-0.5, 2.5}, {0.5, 1.5})


def test_a_map_writes_ends_and_gaps_in_readable_ink() -> None:
    figure = model(advisor.grid(grid([[0.1, 1, 10], [0, np.inf, np.nan]]), "ratio", (0.0, 0.5)))
    result = by_uid(figure["data"])
    assert result["numbers"]["text"] == ["0.1", "1", "10", "0", "∞", "–"]
    z = result["cells"]["z"]
    assert z[0, 1] == 0 and z[0, 0] == -z[0, 2], "1 is in the middle"
    assert z[1, 0] == result["cells"]["zmin"] and z[1, 1] == result["cells"]["zmax"] and np.isnan(z[1, 2])
    assert figure["layout"]["title"]["text"] == "Gradient of positives ÷ negatives, by γ and α"
    for scale, inks in (
        (result["cells"]["colorscale"], result["numbers"]["textfont"]["color"]),
        (result["cells"]["meta"]["dark"]["colorscale"], result["numbers"]["meta"]["dark"]["textfont.color"]),
    ):
        assert contrast(scale[0][1], inks[3]) > 4.5 and contrast(scale[-1][1], inks[4]) > 4.5
        assert contrast(scale[2][1], inks[1]) > 4.5
    assert "Nothing to show" in says(model(advisor.grid(grid([[1.0]], [0.0]), "suspects", (0.0, 0.25))))


@pytest.mark.parametrize(
    ("value", "long", "short"),
    [(0.0, "0", "0"), (2.4321, "2.43", "2.4"), (0.0123, "0.0123", ".012"), (0.00123, "0.00123", ".001"),
     (0.000123, "1.23·10<sup>−4</sup>", "≈ 0"), (12345.0, "1.23·10<sup>4</sup>", "12k"), (999.9, "1000", "1k"),
     (1e7, "1·10<sup>7</sup>", "≫"), (np.nan, "–", "–"), (np.inf, "∞", "∞")],
)  # fmt: skip
def test_numbers_fit_their_cells(value: float, long: str, short: str) -> None:
    assert (cell_text(value, True), brief(value, True)) == (long, short)


def test_a_column_without_alpha_is_marked_and_has_no_place_among_the_lines() -> None:
    result = grid([[1, 0.1, 1, 10], [2, 0.2, 2, 20]])._replace(knobs=np.array([np.nan, 0.25, 0.5, 0.75]))
    traces = by_uid(model(advisor.grid(result, "ratio", (2.0, None)))["data"])
    assert set(numbers(traces["present"], "x").tolist()) == {-0.5, 0.5}
    between = by_uid(model(advisor.grid(result, "ratio", (2.0, 0.5)))["data"])["present"]
    assert set(numbers(between, "x").tolist()) == {1.5, 2.5}
    figure = model(advisor.lines(result, (2.0, None)))
    assert figure["layout"]["title"]["text"] == "Gradient of positives ÷ negatives over α, a line for each γ"
    lines = by_uid(figure["data"])
    assert len(numbers(lines["gamma-0"], "x")) == 3
    assert numbers(lines["present"], "x").tolist() == [0]


def test_lines_mark_the_present_setting_and_a_balance_of_one() -> None:
    figure = model(advisor.lines(grid([[1 / 3, 1, 3], [2, 6, 18]]), (0.0, 0.5)))
    assert by_uid(figure["data"])["even"]["text"][0] == "<b>1:1</b>"
    assert numbers(by_uid(figure["data"])["present"], "y") == [1]
    never = model(advisor.lines(grid([[1 / 3, 1, 3], [2, 6, 18]]), (2.0, None)))
    assert numbers(by_uid(never["data"])["present"], "y") == [6], "α off balances as α = ½ does"
    assert model(advisor.lines(grid([[0.0, 0, 0]], [0.0]), (0.0, 0.5)))["layout"]["annotations"]


@pytest.mark.parametrize("end", ["", "lowest", "highest"])
def test_a_temperature_says_whether_it_is_the_best_or_only_the_last(end: str) -> None:
    t = {"": 2.0, "lowest": 0.05, "highest": 20.0}[end]
    at = np.geomspace(0.05, 20, 9)
    curve = 0.4 + np.log(at / t) ** 2
    temperature = Temperature(t, 0.7, 0.4, at, curve, end, 100, 0.9 * t, np.inf, 0.2, 0.1, 0.3)
    figure = model(calibration.temperature(temperature))
    result = by_uid(figure["data"])
    title = figure["layout"]["title"]["text"]
    assert ("is best" in title) == (not end)
    assert f"(95%: {0.9 * t:.3g} to above 20)" in title
    assert (numbers(result["best"], "x"), numbers(result["given"], "x")) == (np.float32(t), 1)
    assert np.float32(t) in numbers(result["nll"], "x")
