"""The laboratory "gradients" of the page Mistakes: sentences that are the numbers, and kind ones where there are none."""

from __future__ import annotations

import csv
import io

import numpy as np
import pytest

from lossviz.analysis.gradient_check import checks
from lossviz.numbers import format_number
from lossviz.ui.pages.mistakes.gradients import _error_in_words

from ..plotted import by_uid
from .pages import Downloads, opened, sent, view_of
from .test_app import warnings
from .test_mistakes_page import texts

THREE = {"lab": "gradients", "sample": "own numbers", "logits": "2 1 0", "targets": "1 0 0"}


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_what_is_said_is_what_was_found(dtype: str) -> None:
    at = opened("mistakes", THREE | {"along": "1", "gradient_in": dtype})
    assert warnings(at) == []
    every = checks(view_of(at).setting, dtype)
    check = every[1]
    (verdict,) = (block.value for block in at.success)
    assert verdict.startswith(f"Formula, autograd and finite differences agree at every logit, in {dtype}: ")
    assert f"central differences within {format_number(max(c.central.error[c.central.best] for c in every), 2)}" in verdict
    for name, scheme in (("Central", check.central), ("Forward", check.forward)):
        off, h, theory = (format_number(x, 2) for x in (scheme.error[scheme.best], check.h[scheme.best], scheme.predicted))
        says = f"**{name} differences** reach a smallest relative error of {off}, at h = {h} (expected: {theory})."
        assert says in texts(at)
    (picture,) = sent(at)["pictures"]
    assert picture["alt"] == picture["figure"]["layout"]["title"]["text"]
    assert picture["alt"].startswith(f"∂ℓ/∂z₁ = {format_number(check.truth, 5)}: central ")
    assert ("formula" in by_uid(picture["figure"]["data"])) == (dtype == "float32")
    table = at.table[0].value
    assert list(table.columns) == ["logit", "target", "formula", "autograd", "central", "forward"] and len(table) == 3


OWN = {"sample": "own numbers"}
ONE = {"task": "binary", "loss": "cross-entropy"}
FAR = {**ONE, "logits": "1e20", "targets": "1"}
KINK = {"task": "multi-label", "loss": "quality-focal", "target": "soft", "gamma": "1", "logits": "0 1", "targets": "0.5 0"}

LINKS = [
    ({**OWN, "logits": "inf 1 0"}, "The gradient check needs finite logits"),
    (FAR, "No step up to 1 changes this logit: the next float is 1.64e+04 away"),
    (FAR, "Formula and autograd agree here, in float64: autograd exact."),
    (
        {**OWN, "loss": "cross-entropy", "logits": "50 1 0"},
        "**z₀**: autograd has lost digits. It gives 0, the formula −7.172e−22",
    ),
    ({**OWN, "logits": "100 1 0", "gradient_in": "float32"}, "is too small for float32 to hold all of its digits"),
    ({**OWN, "loss": "nll", "logits": "4 1 0"}, "exact at every step: the loss is linear in this logit"),
    (KINK, "**z₀**: the loss has a kink here. To the left its slope is −0.1733, to the right 0.1733; the formula gives 0."),
    ({**ONE, "target": "soft", "logits": "0", "targets": "0.5"}, "the truncation errors of the two sides cancel"),
    ({**ONE, "target": "soft", "logits": "0", "targets": "0.5"}, "reach a smallest absolute error of "),
    ({"task": "multi-label", "activation": "softmax", "logits": "3", "targets": "1"}, "autograd exact"),
    ({}, "agree at every logit"),
]


@pytest.mark.parametrize(("words", "says"), LINKS)
def test_odd_samples_are_told(words: dict[str, str], says: str) -> None:
    at = opened("mistakes", {"lab": "gradients", **words})
    text = " ".join((texts(at), *(block.value for block in at.warning)))
    assert says in text, text


def test_a_straight_line_has_no_best_step_to_explain() -> None:
    assert "Larger steps" not in texts(opened("mistakes", {"lab": "gradients", **OWN, "loss": "nll", "logits": "4 1 0"}))
    assert "Larger steps" in texts(opened("mistakes", THREE))


def test_numbers_can_be_taken_home(monkeypatch: pytest.MonkeyPatch) -> None:
    files = Downloads()
    monkeypatch.setattr("lossviz.ui.elements.download_button", files)
    at = opened("mistakes", THREE)
    rows = list(csv.DictReader(io.StringIO(files.text("lossviz-gradients.csv"))))
    every = checks(view_of(at).setting, "float64")
    assert len(rows) == sum(len(one.h) for one in every)
    first = [row for row in rows if row["logit"] == "z0"]
    np.testing.assert_array_equal([float(row["central error"]) for row in first], every[0].central.error)
    assert {float(row["autograd"]) for row in first} == {every[0].autograd}


@pytest.mark.parametrize(
    ("value", "truth", "text"),
    [
        (0.33475, 0.33475, "0.33475"),
        (0.33476, 0.33475, "0.3347**6**"),
        (-0.033476, -0.033475, "−0.03347**6**"),
        (1.5e-7, 2e-7, "**1.5**e−07"),
        (0.25, 0.0, "0.**25**"),
        (0.0, -7e-22, "0"),
        (float("nan"), 1.0, "nan"),
        (float("inf"), 1.0, "∞"),
    ],
)
def test_digits_that_are_wrong_are_bold(value: float, truth: float, text: str) -> None:
    at = opened("mistakes", THREE)
    one = checks(view_of(at).setting, "float64")[0]._replace(truth=truth)
    assert _error_in_words(value, one, 8) == text
