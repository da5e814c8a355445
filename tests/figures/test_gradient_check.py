"""Figures of gradient checks: the analysis's errors, guides that are the theory's, and a row for 0."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from lossviz import loss
from lossviz.analysis.gradient_check import Check, checks
from lossviz.evaluation.setting import Setting
from lossviz.figures import gradient_check as drawing

from ..plotted import by_uid, model, numbers

FOCAL = Setting(loss("focal"), (2.0, 1.0, 0.0), (1.0, 0.0, 0.0))
LEVEL = Setting(loss("cross-entropy", "sigmoid"), (0.0,), (0.5,))
STRAIGHT = Setting(loss("nll"), (-0.5, -2.0), (1.0, 0.0))


def drawn(setting: Setting, dtype: str = "float64") -> tuple[Check, dict[str, Any], dict[str, Any]]:
    check = checks(setting, dtype)[0]
    figure = model(drawing.figure("What came out", check, dtype))
    return check, by_uid(figure["data"]), figure["layout"]


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_lines_are_the_errors(dtype: str) -> None:
    check, traces, _ = drawn(FOCAL, dtype)
    for key, scheme in (("forward", check.forward), ("central", check.central)):
        np.testing.assert_array_equal(numbers(traces[key], "x"), check.h.astype(np.float32))
        np.testing.assert_array_equal(numbers(traces[key], "y"), scheme.error.astype(np.float32))
        mark = traces[f"{key}-here"]
        assert numbers(mark, "x") == np.float32(check.h[scheme.best])
        assert numbers(mark, "y") == np.float32(scheme.error[scheme.best])
        assert mark["text"] == [f"{scheme.error[scheme.best]:.2g} off".replace("-", "−")]
    assert numbers(traces["autograd"], "y").tolist() == [np.float32(check.off(check.autograd))] * 2
    assert ("formula" in traces) == (dtype == "float32")


def test_guides_are_what_theory_says() -> None:
    check, traces, layout = drawn(FOCAL)
    low, high = (10**x for x in layout["yaxis"]["range"])
    for uid, y in (("h", check.forward.cut), ("h2", check.central.cut), ("rounding", check.rounding)):
        inside = (y > low) & (y < high)
        guide = traces[f"guide-{uid}"]
        np.testing.assert_array_equal(numbers(guide, "y"), y[inside].astype(np.float32))
        assert inside.sum() > 30 and guide["line"]["dash"] == "2px 3px"
    names = [traces[f"name-{uid}"]["text"] for uid in ("h", "h2", "rounding")]
    assert [text.strip() for (text,) in names] == ["∝ h", "∝ h²", "ε ℓ/h"]
    assert not [uid for uid in drawn(STRAIGHT)[1] if uid.startswith(("guide", "name"))]


def test_lines_are_told_apart_without_colour() -> None:
    _, traces, _ = drawn(FOCAL, "float32")
    lines = [traces[uid] for uid in ("forward", "central", "autograd", "formula")]
    assert (
        len({(one["line"]["dash"], one["line"]["width"]) for one in lines}) == len({one["line"]["dash"] for one in lines}) == 4
    )
    assert len({one["line"]["color"] for one in lines}) == len({one["meta"]["dark"]["line.color"] for one in lines}) == 4
    assert traces["forward-here"]["marker"]["symbol"] != traces["central-here"]["marker"]["symbol"]


@pytest.mark.parametrize("setting", [LEVEL, STRAIGHT])
def test_what_is_exact_has_a_row_and_says_so(setting: Setting) -> None:
    _, traces, layout = drawn(setting)
    axis = layout["yaxis"]
    assert axis["ticktext"][0] == "0" and axis["type"] == "log"
    row = np.float32(axis["tickvals"][0])
    assert traces["autograd"]["name"] == "autograd: exactly the formula"
    assert numbers(traces["autograd"], "y").tolist() == [row, row] == [numbers(traces["central"], "y")[n] for n in (0, -1)]
    assert axis["range"][0] < np.log10(row) < np.log10(axis["tickvals"][1])
    assert set(traces["central"]["text"]) == {"exactly the formula"} and len(numbers(traces["central-here"], "x")) == 0


def test_there_is_no_row_for_0_where_nothing_is_0() -> None:
    _, _, layout = drawn(FOCAL)
    assert "0" not in layout["yaxis"]["ticktext"]
    assert "relative" in layout["yaxis"]["title"]["text"]
    assert "nats" in drawn(LEVEL)[2]["yaxis"]["title"]["text"]


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_all_errors_are_in_sight(dtype: str) -> None:
    for setting in (FOCAL, LEVEL, FOCAL._replace(logits=(50.0, 1.0, 0.0), spec=loss("cross-entropy"))):
        check, traces, layout = drawn(setting, dtype)
        low, high = layout["yaxis"]["range"]
        for uid in ("forward", "central", "autograd"):
            y = np.log10(numbers(traces[uid], "y"))
            assert low < y.min() and y.max() < high
        left, right = (10**x for x in layout["xaxis"]["range"])
        assert left < check.h[0] and check.h[-1] < right


def test_autograd_without_a_number_has_no_line_and_says_so() -> None:
    check = checks(FOCAL, "float64")[0]._replace(autograd=float("nan"))
    traces = by_uid(model(drawing.figure("nan", check, "float64"))["data"])
    assert traces["autograd"]["name"] == "autograd: not a number"
    assert np.isnan(numbers(traces["autograd"], "y")).all()
