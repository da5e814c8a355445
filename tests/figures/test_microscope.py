"""The microscope drawn: nothing that breaks is missing, everything in its lane, and lines told apart without colour."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest

from lossviz.analysis.microscope import FORMULAS, OFF, QUANTITIES, FocalCase, accuracy_profile
from lossviz.figures.microscope import LANES, STROKES, SYMBOLS, figure, height

from ..plotted import by_uid, model, numbers

CASES = [
    FocalCase("float16", 0, 0.5),
    FocalCase("bfloat16", 1, 5.0),
    FocalCase("float32", 1, 0.5),
    FocalCase("float64", 1, 0.0),
]

look = cache(accuracy_profile)


def drawn(case: FocalCase) -> dict[str, dict[str, Any]]:
    return by_uid(model(figure("a title", look(case), "textbook", 40.0))["data"])


@pytest.mark.parametrize("case", CASES, ids=str)
def test_every_answer_is_drawn_as_an_error_or_in_a_lane(case: FocalCase) -> None:
    profile, traces, scale = look(case), drawn(case), height(case)
    for key in FORMULAS:
        for quantity in QUANTITIES:
            accuracy = profile.accuracies[key][quantity]
            line = numbers(traces[f"{quantity}-{key}"], "y")
            laned = np.isin(accuracy.kind, list(LANES))
            assert (np.isnan(line) == laned).all()
            assert line[~laned].min() >= 0.999 * 10.0**scale.low and line[~laned].max() <= 1.001 * 10.0**scale.high
            assert (line[~laned & (accuracy.error > 0.01)] >= 0.01).all()
            lanes = traces[f"{quantity}-{key}-lanes"]
            x, y = numbers(lanes, "x"), numbers(lanes, "y")
            assert np.isfinite(x).sum() == laned.sum()
            for kind, word in LANES.items():
                mask = np.array([text == word for text in lanes["text"]], bool) & np.isfinite(x)
                np.testing.assert_array_equal(x[mask], profile.z[accuracy.kind == kind].astype(np.float32))
                assert mask.sum() == 0 or (y[mask] == np.float32(scale.place(kind, key))).all()


@pytest.mark.parametrize("case", CASES, ids=str)
def test_every_break_has_its_mark(case: FocalCase) -> None:
    traces = drawn(case)
    for key in FORMULAS:
        for quantity in QUANTITIES:
            own = [one for one in look(case).breaks if (one.formula, one.quantity) == (key, quantity)]
            marks = traces[f"{quantity}-{key}-breaks"]
            np.testing.assert_allclose(numbers(marks, "x"), [one.z for one in own], rtol=1e-6)
            at_1_percent = np.isclose(numbers(marks, "y"), 0.01)
            assert at_1_percent.tolist() == [one.kind == OFF for one in own]
            assert all(bool(text) == (key == "textbook") for text in marks["text"])
    assert any("16.6" in text for text in drawn(FocalCase("float32", 1, 0.5))["loss-textbook-breaks"]["text"])


def test_lines_in_lanes_do_not_hide_each_other() -> None:
    scale = height(CASES[0])
    places = [scale.place(kind, key) for kind in LANES for key in FORMULAS]
    assert len(set(places)) == len(places) and min(places) > 10**scale.high
    assert max(places) < 10 ** scale.axis["range"][1]


def test_lines_are_told_apart_without_colour() -> None:
    assert len(set(STROKES.values())) == len(set(SYMBOLS.values())) == len(FORMULAS)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_lines_to_compare_with_are_there_and_ticks_say_powers_and_lanes(case: FocalCase) -> None:
    traces = drawn(case)
    for quantity in QUANTITIES:
        assert numbers(traces[f"{quantity}-break"], "y") == pytest.approx([0.01, 0.01])
        assert numbers(traces[f"{quantity}-epsilon"], "y") == pytest.approx([case.epsilon] * 2)
    axis = height(case).axis
    assert axis["ticktext"][-3:] == [*LANES.values()] and axis["ticktext"][0] == "10<sup>0</sup>"
    assert sum(text.startswith("≤") for text in axis["ticktext"]) == 1
    assert 6 <= len(axis["tickvals"]) == len(axis["ticktext"]) <= 11


def test_where_the_truth_is_too_small_is_shaded() -> None:
    """float32, t = 1, γ = 0: from −ln 1.18e-38 = 87.3 on, to a step of the sweep."""
    traces = by_uid(model(figure("a title", look(FocalCase("float32", 1, 0.0)), "textbook", 120.0))["data"])
    x = numbers(traces["loss-too-small"], "x")
    assert (x.min(), x.max()) == (pytest.approx(87.3, abs=2.5), pytest.approx(120, abs=3.5))
    assert traces["loss-too-small"]["showlegend"] and not traces["grad-too-small"]["showlegend"]
    near = by_uid(model(figure("a title", look(FocalCase("float32", 1, 0.0)), "textbook", 40.0))["data"])
    assert len(numbers(near["loss-too-small"], "x")) == 0 and not near["loss-too-small"]["showlegend"]
