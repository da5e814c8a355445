"""The map says each number, and which differences matter without any colour."""

from __future__ import annotations

import numpy as np

from lossviz.analysis.training.grid import Grid
from lossviz.figures.theme import DIVERGING, DIVERGING_DARK
from lossviz.figures.training import grid

from ...plotted import by_uid, contrast, model, numbers

MEAN = np.array([[-0.1, -2.0, 3.0], [0.4, 0.0, -6.0]])
GRID = Grid((0.5, 2.0, 5.0), (0.1, 0.4), 12, MEAN, MEAN - 0.5, MEAN + 0.5, MEAN - 0.3, MEAN + 0.3)


def test_each_cell_has_its_number_and_those_that_matter_are_bold_in_a_frame() -> None:
    figure = grid.figure(GRID, "accuracy", "A", 0.1)
    traces = by_uid(model(figure)["data"])
    assert traces["numbers"]["text"] == ["−0.1", "<b>−2</b>", "<b>+3</b>", "+0.4", "+0", "<b>−6</b>"]
    x, y = (numbers(traces["clear"], name).reshape(-1, 6)[:, :5] for name in "xy")
    middles = {
        (round(float((a.min() + a.max()) / 2)), round(float((b.min() + b.max()) / 2))) for a, b in zip(x, y, strict=True)
    }
    assert middles == {(1, 0), (2, 0), (2, 1)}
    assert figure.title == (
        "Clean accuracy, focal loss minus A, is below −0.1 points in 2 of 6 cells and above +0.1 in 1 (95% intervals for all "
        "cells at once; one cell at a time, 0.3 would look different by chance alone)"
    )
    assert traces["clear"]["name"] == "the 95% interval, for all cells at once, lies beyond ±0.1 points"
    assert figure.layout["xaxis"]["ticktext"] == ["0.5", "2", "5"]
    assert figure.layout["yaxis"]["ticktext"] == ["10%", "40%"]


def test_a_cell_says_both_intervals() -> None:
    cells = by_uid(model(grid.figure(GRID, "accuracy", "A", 0.1))["data"])["cells"]
    assert cells["hovertext"][1][2].replace("\u00a0", " ") == (
        "γ = 5, noise rate 40%<br><b>−6.0 points</b> [−6.5, −5.5] for all 6 cells at once<br>this cell by itself: [−6.3, −5.7]"
    )


def test_the_margin_decides_what_has_a_frame() -> None:
    traces = by_uid(model(grid.figure(GRID, "accuracy", "A", 3.0))["data"])
    assert traces["numbers"]["text"] == ["−0.1", "−2", "+3", "+0.4", "+0", "<b>−6</b>"]
    none = grid.figure(GRID, "accuracy", "A", 6.0)
    assert "below −6 points in none of 6 cells and above +6 in none" in none.title and not none.layout["showlegend"]
    assert "below 0 points in 2 of 6 cells and above 0 in 1 (" in grid.figure(GRID, "accuracy", "A", 0.0).title


def test_0_is_in_the_middle_of_the_colours() -> None:
    cells = by_uid(model(grid.figure(GRID, "accuracy", "A", 0.1))["data"])["cells"]
    assert (cells["zmin"], cells["zmax"]) == (-6, 6)
    np.testing.assert_allclose(cells["z"], MEAN, rtol=1e-6)
    little = GRID._replace(mean=MEAN / 1000)
    cells = by_uid(model(grid.figure(little, "accuracy", "A", 0.1))["data"])["cells"]
    assert (cells["zmin"], cells["zmax"]) == (-grid.LEAST, grid.LEAST)


def test_numbers_can_be_read_on_every_colour() -> None:
    for mean in np.linspace(-6, 6, 49):
        one = Grid((2.0, 5.0), (0.1,), 12, np.array([[mean, 6.0]]), *[np.full((1, 2), x) for x in (-9.0, 9.0)] * 2)
        traces = by_uid(model(grid.figure(one, "accuracy", "A", 0.1))["data"])
        colour = traces["numbers"]["textfont"]["color"][0], traces["numbers"]["meta"]["dark"]["textfont.color"][0]
        for text, scale in zip(colour, (DIVERGING, DIVERGING_DARK), strict=True):
            assert contrast(text, _colour(scale, (mean / 6 + 1) / 2)) >= 4.5


def test_few_seeds_and_nothing_to_compare() -> None:
    nothing = np.full_like(MEAN, np.nan)
    one = grid.figure(GRID._replace(low=nothing, high=nothing), "accuracy", "A", 0.1)
    assert one.title.endswith("no cell has an interval, which takes at least 5 seeds with different results")
    assert "<b>" not in "".join(by_uid(model(one)["data"])["numbers"]["text"])
    none = grid.figure(GRID._replace(mean=nothing, low=nothing, high=nothing), "memorised", "A", 0.1)
    assert none.title.endswith("nothing to compare")
    assert set(by_uid(model(none)["data"])["numbers"]["text"]) == {"–"}
    assert none.layout["annotations"][0]["text"] == "Nothing to compare in any cell."


def _colour(scale, share: float) -> str:
    """As Plotly mixes it: linear between the stops."""
    stops = [stop for stop, _ in scale]
    channels = [[int(colour[i : i + 2], 16) for i in (1, 3, 5)] for _, colour in scale]
    return "#" + "".join(f"{round(float(np.interp(share, stops, column))):02X}" for column in zip(*channels, strict=True))
