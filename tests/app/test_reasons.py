"""Why a formula breaks, in words: of every break there are some, and they agree with the program's variables there."""

from __future__ import annotations

import re
from functools import cache

import pytest

from lossviz.analysis import microscope
from lossviz.analysis.microscope import Break, FocalCase
from lossviz.ui.pages.mistakes.reasons import BACK, reason, too_small

from ..drawn import alternating

CASES = [
    FocalCase(dtype, t, gamma)
    for dtype, gamma, t in alternating(("float16", "bfloat16", "float32", "float64"), (0.0, 0.3, 1.0, 2.0, 7.0), (1, 0))
]
"""Every dtype with every γ; each with either target."""

accuracy_profile = cache(microscope.accuracy_profile)


def reason_of(case: FocalCase, formula: str, quantity: str, side: int) -> str:
    """The reason of the break that is furthest out."""
    own = [one for one in accuracy_profile(case).breaks if (one.formula, one.quantity, one.side) == (formula, quantity, side)]
    return reason(max(own, key=lambda one: abs(one.z)), case)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_every_break_has_a_reason(case: FocalCase) -> None:
    breaks = accuracy_profile(case).breaks
    assert breaks
    for one in breaks:
        text = reason(one, case)
        assert text.endswith(".") and "nan" not in text and "  " not in text
        comparison = re.search(r"is (\S+); it should be (\S+)\.", text)
        assert not comparison or comparison[1] != comparison[2]
        assert text != BACK or one.quantity == "grad"
        assert one.formula != "lossviz" or too_small(one, case)


def test_reasons_name_what_is_wrong() -> None:
    single = FocalCase("float32", 1, 0.5)
    assert reason_of(single, "textbook", "loss", 1).startswith("1 − p_t is 0; it should be 5.96e−08. Just below 1")
    assert "derivative of (1 − p_t)ᵞ is ∞" in reason_of(single, "with-logits", "grad", 1)
    assert reason_of(single, "textbook", "loss", -1).endswith("Its logarithm is −∞.")
    assert reason_of(single, "clamped", "grad", -1) == "p is 1e−07. The clamp keeps p away from there and passes no gradient."
    assert "overflows float16" in reason(_at(FocalCase("float16", 1, 2.0), -11.1), FocalCase("float16", 1, 2.0))
    assert reason_of(FocalCase("float32", 0, 2.0), "with-logits", "loss", -1).startswith(
        "−log p_t is 0; it should be 4.77e−07."
    )
    assert reason_of(FocalCase("float32", 1, 0.0), "lossviz", "grad", 1).startswith(
        "The true value, −2.9e−39, is below the smallest normal number of float32"
    )


def _at(case: FocalCase, z: float) -> Break:
    return min((one for one in accuracy_profile(case).breaks if one.quantity == "grad"), key=lambda one: abs(one.z - z))


def test_the_clamp_is_not_blamed_where_it_holds_nothing() -> None:
    """float16, t = 0, γ = 2: p is 2.4e-4, far from the clamp, and 1 − p_t is what is 0."""
    case = FocalCase("float16", 0, 1.0)
    for one in accuracy_profile(case).breaks:
        if one.formula == "clamped" and 5 < abs(one.z) < 10:
            assert "clamp" not in reason(one, case)
