"""The microscope: its truth against another truth, breaks where they are known to be, and none where there is none."""

from __future__ import annotations

import math
from functools import cache

import numpy as np
import pytest
import torch
from mpmath import mp, mpf

from lossviz import evaluate, loss
from lossviz.analysis.microscope import (
    FORMULAS,
    INF,
    NAN,
    OFF,
    PRECISIONS,
    QUANTITIES,
    ZERO,
    AccuracyProfile,
    Break,
    Exact,
    FocalCase,
    accuracy_profile,
)
from lossviz.analysis.microscope.breaks import judge
from lossviz.analysis.microscope.formulas import rounded, run
from lossviz.analysis.microscope.truth import truth, truths

from .. import reference
from ..drawn import alternating, paired

GAMMAS = (0.0, 0.5, 2.0, 5.0)
LOGITS = np.array([-1000.0, -89.3, -20.0, -1.7, -1e-3, 0.0, 0.3, 5.0, 16.6, 36.8, 104.0, 745.0])

look = cache(accuracy_profile)


def first(profile: AccuracyProfile, formula: str, quantity: str, side: int) -> dict[int, Break]:
    """A formula's breaks to one side, by kind."""
    return {one.kind: one for one in profile.breaks if (one.formula, one.quantity, one.side) == (formula, quantity, side)}


@pytest.mark.parametrize(("dtype", "gamma", "t"), paired(PRECISIONS, GAMMAS, (1, 0)))
def test_the_truth_is_that_of_the_reference(dtype: str, gamma: float, t: int) -> None:
    z = rounded(LOGITS, dtype)
    assert len(z) > 9
    with mp.workdps(600):  # the reference rounds p next to 1 at e^−1000
        for x in z:
            ours = truth(float(x), t, gamma)
            theirs = reference._sample(reference.Setting("sigmoid", gamma), [mpf(x)], [float(t)])
            for value, true in ((ours.loss, theirs.loss), (ours.grad, theirs.grad[0])):
                assert abs(mpf(value) - true) <= mpf(10) ** -47 * abs(true), (x, t, gamma)


def test_the_truth_keeps_its_digits_as_two_numbers() -> None:
    exact, _ = truths(np.array([3.0]), 1, 2.0)
    whole = truth(3.0, 1, 2.0).loss
    with mp.workdps(50):
        assert abs(mpf(float(exact.value[0])) + mpf(float(exact.left[0])) - whole) < mpf(10) ** -31 * whole


@pytest.mark.parametrize(("key", "gamma", "t"), alternating([*FORMULAS], GAMMAS, (1, 0)))
def test_every_formula_is_focal_loss(key: str, gamma: float, t: int) -> None:
    z = np.linspace(-6, 6, 25)
    output = run(FORMULAS[key], z, "float64", t, gamma)
    exact = truths(z, t, gamma)
    assert len(set(output.loss.tolist())) == 25
    np.testing.assert_allclose(output.loss, exact[0].value, rtol=1e-11)
    np.testing.assert_allclose(output.grad, exact[1].value, rtol=1e-11)
    for name, value in output.inside.items():
        np.testing.assert_allclose(value, [float(getattr(truth(x, t, gamma), name)) for x in z], rtol=1e-11)


@pytest.mark.parametrize("dtype", PRECISIONS)
def test_arithmetic_is_done_in_the_dtype(dtype: str) -> None:
    output = run(FORMULAS["textbook"], np.array([0.3, 2.0]), dtype, 1, 2.0)
    for values in (output.loss, output.grad, *output.inside.values()):
        assert (rounded(np.sort(values), dtype) == np.sort(values)).all()


def test_the_textbook_breaks_where_1_minus_p_is_0() -> None:
    """float32, t = 0: at 16 the loss is 15.94, from 16.64 = ln 2²⁴ on infinite, and the gradient nan."""
    profile = look(FocalCase("float32", 0, 0.0))
    for quantity, kind in (("loss", INF), ("grad", NAN)):
        assert first(profile, "textbook", quantity, 1)[kind].z == pytest.approx(24 * math.log(2), abs=2e-3)
    assert not np.isfinite(profile.accuracies["textbook"]["loss"].value[(profile.z >= 17) & (profile.z <= 1000)]).any()
    assert run(FORMULAS["textbook"], np.array([16.0]), "float32", 0, 0.0).loss[0] == pytest.approx(15.94, abs=5e-3)
    assert first(profile, "textbook", "loss", 1)[INF].inside["p_t"] == (0.0, pytest.approx(2.0**-24, rel=2e-3))


@pytest.mark.parametrize(("dtype", "bits"), [("float16", 12), ("bfloat16", 9), ("float32", 24), ("float64", 53)])
def test_p_rounds_to_1_where_the_dtype_ends(dtype: str, bits: int) -> None:
    """At ln 2^bits, to the next number of the dtype."""
    profile = first(look(FocalCase(dtype, 1, 0.0)), "textbook", "loss", 1)[ZERO]
    assert profile.z == pytest.approx(bits * math.log(2), rel=float(torch.finfo(getattr(torch, dtype)).eps) + 2e-4)
    assert profile.inside["p_t"][0] == 1


def test_the_usual_form_gives_nan_for_gamma_below_1() -> None:
    profile = look(FocalCase("float32", 1, 0.5))
    at = int(np.abs(profile.z - 20).argmin())
    assert np.isnan(profile.accuracies["with-logits"]["grad"].value[at])
    assert first(profile, "with-logits", "grad", 1)[NAN].z == pytest.approx(24 * math.log(2), abs=2e-3)
    assert NAN not in first(look(FocalCase("float32", 1, 2.0)), "with-logits", "grad", 1)
    assert first(profile, "log-space", "grad", 1).keys() <= {OFF}


@pytest.mark.parametrize(("dtype", "gamma", "t"), paired(PRECISIONS, GAMMAS, (1, 0)))
def test_lossviz_breaks_nowhere_but_below_the_smallest_normal_number(dtype: str, gamma: float, t: int) -> None:
    profile = look(FocalCase(dtype, t, gamma))
    assert all(abs(one.truth) < profile.case.normal for one in profile.breaks if one.formula == "lossviz")
    for quantity in QUANTITIES:
        normal = np.abs(getattr(profile, quantity).value) >= profile.case.normal
        assert normal.sum() > 150
        assert profile.accuracies["lossviz"][quantity].error[normal].max() <= 8 * profile.case.epsilon


@pytest.mark.parametrize("dtype", PRECISIONS)
def test_a_truth_that_is_too_small_is_0_and_no_break(dtype: str) -> None:
    """γ = 5, t = 1: far out the truth rounds to 0, and so does every formula's; no accuracy calls that wrong."""
    profile = look(FocalCase(dtype, 1, 5.0))
    gone = np.abs(profile.loss.value) <= profile.case.least / 2
    assert gone.sum() > 40
    for key in ("textbook", "with-logits", "log-space", "lossviz"):
        accuracy = profile.accuracies[key]["loss"]
        assert (accuracy.value[gone] == 0).all() and (accuracy.kind[gone] == 0).all() and (accuracy.error[gone] == 0).all()
    clamped = profile.accuracies["clamped"]["loss"]
    assert dtype in ("float16", "bfloat16") or (clamped.kind[gone & (clamped.value > profile.case.least)] == OFF).all()


def test_answers_are_judged_by_kind() -> None:
    case = FocalCase("float16", 1, 0.0)
    true = np.array([1.0, 1.0, 1.0, 1.0, 1.0, 2.0, 0.4, 3.0]) * ([1] * 5 + [case.least] * 3)
    values = np.array([np.nan, -np.inf, 0.0, 1.02, 1.002, 3 * case.least, 0.0, 0.0])
    accuracy = judge(values, Exact(true, np.zeros(8)), case)
    assert accuracy.kind.tolist() == [NAN, INF, ZERO, OFF, 0, 0, 0, ZERO]


@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
@pytest.mark.parametrize("t", [1, 0])
@pytest.mark.parametrize("gamma", [0.5, 2.0])
def test_no_number_of_a_half_precision_breaks_before_the_first(dtype: str, gamma: float, t: int) -> None:
    """All of its numbers from 1e-3 to 100 are looked at."""
    profile = look(FocalCase(dtype, t, gamma))
    every = torch.arange(2**15, dtype=torch.int32).to(torch.int16).view(getattr(torch, dtype)).double().numpy()
    every = every[(every >= 1e-3) & (every <= 100)]
    assert len(every) > 2000
    for side, key in ((s, k) for s in (-1, 1) for k in FORMULAS):
        z = side * every
        ev = evaluate(loss("focal", "sigmoid", gamma=gamma), z, np.full(len(z), t))
        output = run(FORMULAS[key], z, *profile.case)
        for quantity, true in (("loss", ev.loss), ("grad", ev.grad[:, 0])):
            kinds = judge(getattr(output, quantity), Exact(true.numpy(), np.zeros(len(z))), profile.case).kind
            places = {kind: float(z[np.flatnonzero(kinds == kind)[0]]) for kind in set(kinds.tolist()) - {0}}
            assert {kind: one.z for kind, one in first(profile, key, quantity, side).items()} == places, (key, quantity)


@pytest.mark.parametrize(
    ("key", "t", "side", "quantity"),
    [("textbook", 1, 1, "loss"), ("with-logits", 0, -1, "loss"), ("with-logits", 1, 1, "grad")],
)
def test_three_digits_of_a_break_are_right_in_float32(key: str, t: int, side: int, quantity: str) -> None:
    """A million numbers of float32 before the first one that is 1 % off: none of them is."""
    profile = look(FocalCase("float32", t, 2.0))
    place = first(profile, key, quantity, side)[OFF].z
    z = np.random.default_rng(5).uniform(0.5 * abs(place), 0.998 * abs(place), 1_000_000) * side
    z = rounded(z, "float32")
    ev = evaluate(loss("focal", "sigmoid", gamma=2.0), z, np.full(len(z), t))
    output = run(FORMULAS[key], z, *profile.case)
    wrong = judge(output.loss, Exact(ev.loss.numpy(), np.zeros(len(z))), profile.case).kind != 0
    assert not wrong.any(), (place, np.abs(z[wrong]).min())


def test_steps_of_bfloat16_alone_are_a_break_even_at_0() -> None:
    profile = first(look(FocalCase("bfloat16", 1, 5.0)), "log-space", "loss", 1)
    assert profile[OFF].z == 0


def test_breaks_are_confirmed_by_50_digits() -> None:
    for one in look(FocalCase("float32", 1, 0.5)).breaks:
        output = run(FORMULAS[one.formula], np.array([one.z]), "float32", 1, 0.5)
        assert one.value == pytest.approx(getattr(output, one.quantity)[0], nan_ok=True)
        assert one.truth == float(getattr(truth(one.z, 1, 0.5), one.quantity))
