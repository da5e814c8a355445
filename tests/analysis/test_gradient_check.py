"""Gradient checks: numbers against 50 digits and against PyTorch, the V of every quotient, and where there is none."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
import torch
from mpmath import mp, mpf

from lossviz import LOSSES, loss
from lossviz.analysis.gradient_check import NEIGHBOURS, Check, Scheme, checks, steps
from lossviz.evaluation.setting import Setting
from lossviz.naming.snippet import run, snippet

from .. import reference, specs
from ..specs import reference_of

DTYPES = ("float64", "float32")
EPS = {name: float(np.finfo(name).eps) for name in DTYPES}
FOCAL = Setting(loss("focal"), (2.0, 1.0, 0.0), (1.0, 0.0, 0.0))


def drawn(key: str, activation: str, count: int) -> list[Setting]:
    """Settings with hard and soft targets, ordinary and confident logits."""
    rng = specs.seeded("gradient check", key, activation)
    found = []
    for _ in range(count):
        classes = 1 if LOSSES[key].targets == "signs" else int(rng.integers(1 if activation == "sigmoid" else 2, 6))
        kind = str(rng.choice(specs.TARGETS[LOSSES[key].targets]))
        given = specs.targets(kind, 1, classes, rng)
        t = np.array([given[0] > 0]) if kind == "signs" else np.eye(classes)[given[0]] if given.ndim == 1 else given[0]
        z = specs.logits(key, 1, classes, rng)[0] * rng.choice([1.0, 4.0])
        found.append(Setting(specs.drawn(key, activation, classes, rng), tuple(z.tolist()), tuple(t.astype(float).tolist())))
    assert len({(s.spec, s.logits, s.targets) for s in found}) == count
    return found


def exact_slope(setting: Setting, k: int, z: tuple[float, ...]) -> mpf:
    """The derivative of the textbook loss along z_k, found by mpmath from its values alone."""
    ours = reference_of(setting.spec)

    def value(x: mpf) -> mpf:
        moved = [mpf(v) if i != k else x for i, v in enumerate(z)]
        if setting.spec.activation == "exp":
            return reference.log_probability(ours, moved, int(np.argmax(setting.targets))).loss
        return reference.sample(ours, moved, setting.targets).loss

    with mp.workdps(reference.DIGITS):
        return mp.diff(value, mpf(z[k]), h=mpf(10) ** -15)


@pytest.mark.parametrize(("key", "activation"), specs.KINDS)
def test_all_four_are_the_derivative_that_mpmath_finds(key: str, activation: str) -> None:
    seen = 0
    for setting in drawn(key, activation, 5):
        for found in checks(setting, "float64"):
            true = exact_slope(setting, found.k, setting.logits)
            size = max(abs(float(true)), 1e-3 * abs(found.loss), 1e-12)
            for value, digits in ((found.truth, 1e-13), (found.autograd, 1e-9), (best(found.central), 1e-6)):
                assert abs(float(mpf(value) - true)) <= digits * max(size, 1e-3), (setting, found.k, value)
            assert abs(float(mpf(best(found.forward)) - true)) <= 1e-4 * max(size, 1e-3)
            seen += abs(float(true)) > 1e-6
    assert seen > 3


def best(scheme: Scheme) -> float:
    assert scheme.best is not None
    return float(scheme.quotient[scheme.best])


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("key", "activation"), specs.KINDS)
def test_every_loss_agrees_with_itself(key: str, activation: str, dtype: str) -> None:
    for setting in drawn(key, activation, 6):
        for found in checks(setting, dtype):
            assert found.off(found.formula) <= max(found.last_place, found.near_1), (setting, found.k)
            assert found.autograd_agrees, (setting, found.k, found.autograd, found.truth)
            assert found.agrees(found.central), (setting, found.k, best(found.central), found.truth)
            assert found.agrees(found.forward), (setting, found.k, best(found.forward), found.truth)
            assert found.slopes is None


@pytest.mark.parametrize("dtype", DTYPES)
def test_quotients_are_those_of_pytorch_s_own_loss(dtype: str) -> None:
    """F.cross_entropy moved by the same steps: the same quotients, but for the rounding of two losses."""
    z = np.array([1.3, -0.4, 0.2], dtype)
    (found, *_) = checks(Setting(loss("cross-entropy"), tuple(z.tolist()), (0.0, 1.0, 0.0)), dtype)

    def value(x: float) -> float:
        rows = torch.from_numpy(np.array([[x, z[1], z[2]]], dtype))
        return float(torch.nn.functional.cross_entropy(rows, torch.tensor([1])))

    for n in range(0, len(found.h), 5):
        h, slack = found.h[n], 8 * EPS[dtype] * found.loss / found.h[n]
        assert found.forward.quotient[n] == pytest.approx((value(z[0] + h) - value(z[0])) / h, rel=1e-6, abs=slack)
        assert found.central.quotient[n] == pytest.approx((value(z[0] + h) - value(z[0] - h)) / (2 * h), rel=1e-6, abs=slack)


@pytest.mark.parametrize("dtype", DTYPES)
def test_errors_make_a_v(dtype: str) -> None:
    """Least inside, and much greater at both ends; central differences come further, with longer steps."""
    much = {"float64": 10_000, "float32": 5}[dtype]
    for setting in (
        FOCAL,
        FOCAL._replace(spec=loss("cross-entropy")),
        FOCAL._replace(spec=loss("focal", "sigmoid", alpha=0.3)),
    ):
        for found in checks(setting, dtype):
            for scheme in (found.forward, found.central):
                assert scheme.best is not None and NEIGHBOURS < scheme.best < len(found.h) - NEIGHBOURS
                least = scheme.error[scheme.best]
                assert scheme.error[at(found, 1e-1)] > much * least
                assert scheme.error[: NEIGHBOURS + 2].max() > much * least
            forward, central = (float(s.error[s.best]) for s in (found.forward, found.central))
            assert central < forward / 5
            assert EPS[dtype] < central < 200 * EPS[dtype] ** (2 / 3)
            assert found.h[found.forward.best] < found.h[found.central.best]


def at(found: Check, h: float) -> int:
    return int(np.abs(np.log(found.h / h)).argmin())


def test_slopes_are_1_and_2_where_the_tangent_is_left_and_minus_1_where_digits_are_lost() -> None:
    for found in checks(FOCAL, "float64"):
        for scheme, order, low in ((found.forward, 1, 1e-6), (found.central, 2, 1e-3)):
            cut = (found.h > low) & (found.h < 3e-2)
            assert slope(found.h[cut], scheme.error[cut]) == pytest.approx(order, abs=0.03)
            np.testing.assert_allclose(scheme.error[cut], scheme.cut[cut], rtol=0.1)
            lost = (found.h > 1e-13) & (found.h < 1e-9)
            assert slope(found.h[lost], scheme.error[lost]) == pytest.approx(-1, abs=0.35)
            assert (scheme.error[lost] < 4 * found.rounding[lost]).all()


def slope(h: Any, error: Any) -> float:
    return float(np.polyfit(np.log(h), np.log(error), 1)[0])


@pytest.mark.parametrize("dtype", DTYPES)
def test_the_best_steps_are_about_those_that_theory_expects(dtype: str) -> None:
    for found in checks(FOCAL, dtype):
        for scheme, power in ((found.forward, 1 / 2), (found.central, 1 / 3)):
            assert scheme.best is not None
            assert 1 / 6 < found.h[scheme.best] / scheme.predicted < 6
            assert 0.1 < scheme.predicted / EPS[dtype] ** power < 10


def test_an_expected_step_is_that_of_a_parabola() -> None:
    """Binary cross-entropy at its steepest bend: ℓ = ln 2, ℓ″ = ¼, ℓ‴ = 0 by symmetry."""
    (found,) = checks(Setting(loss("cross-entropy", "sigmoid"), (0.0,), (1.0,)), "float64")
    assert found.forward.predicted == pytest.approx(math.sqrt(2 * EPS["float64"] * math.log(2) / 0.25), rel=1e-9)
    np.testing.assert_allclose(found.forward.cut, found.h / 8 / 0.5, rtol=1e-9)
    np.testing.assert_allclose(found.rounding, EPS["float64"] * math.log(2) / found.h / 0.5, rtol=1e-9)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("z", [0.0, 1.0, -1.0, 2.0, 0.1, -7.3, 1000.0, 1e6])
def test_steps_are_those_that_the_precision_can_take(z: float, dtype: str) -> None:
    here = np.array(z, dtype)[()]
    found = steps(here)
    assert found.dtype == here.dtype
    assert (np.diff(found) > 0).all() and found[0] > 0 and found[-1] == pytest.approx(1, rel=1e-6)
    assert found[0] == pytest.approx(max(1e-16, float(np.spacing(abs(here)))), rel=0.1)
    with mp.workdps(50):
        large = found[found < abs(z) / 4] if z else found
        for h in large:
            assert mpf(float(here + h)) - mpf(float(here)) == mpf(float(h)) == mpf(float(here)) - mpf(float(here - h))


@pytest.mark.parametrize("dtype", DTYPES)
def test_a_logit_that_no_step_moves_has_no_quotients(dtype: str) -> None:
    (found,) = checks(Setting(loss("cross-entropy", "sigmoid"), (1e20,), (0.0,)), dtype)
    assert len(found.h) == len(found.forward.quotient) == 0
    assert found.forward.best is None and found.central.best is None
    assert (found.truth, found.formula, found.autograd) == (1, 1, 1)
    assert found.spacing == float(np.spacing(np.array(1e20, dtype))) > 10_000
    assert not found.agrees(found.central) and found.slopes is None


@pytest.mark.parametrize("dtype", DTYPES)
def test_a_gradient_of_0_has_absolute_errors_and_no_praise_for_steps_that_do_nothing(dtype: str) -> None:
    """At the minimum ℓ is level: a step below √ε leaves it as it is, and its 0 is not to be relied on."""
    found, moved = checks(Setting(loss("cross-entropy", "sigmoid"), (0.0, 1.0), (0.5, 0.5)), dtype)
    assert found.truth == found.formula == found.autograd == 0 and not found.relative and moved.relative
    assert found.forward.error[0] == 0, "which is why it may not count"
    assert found.forward.best is not None and found.h[found.forward.best] > EPS[dtype] ** 0.75
    assert 0 < found.forward.error[found.forward.best] < EPS[dtype] ** 0.4
    assert found.central.exact and not found.forward.exact
    assert found.agrees(found.forward) and found.agrees(found.central)
    np.testing.assert_allclose(found.forward.error[-9:], found.h[-9:] / 8, rtol=0.1)


def test_a_straight_loss_makes_no_error() -> None:
    for found, true in zip(checks(Setting(loss("nll"), (-0.5, -2.0), (1.0, 0.0)), "float64"), (-1, 0), strict=True):
        assert found.forward.exact and found.central.exact and found.truth == true
        assert math.isnan(found.forward.predicted) and math.isnan(found.central.predicted)


@pytest.mark.parametrize("gamma", [0.5, 1.0])
@pytest.mark.parametrize("dtype", DTYPES)
def test_a_kink_has_two_slopes(gamma: float, dtype: str) -> None:
    """Quality focal loss at p = t = ½: |t − p|^γ ln 2 with |t − p| ≈ |z|/4."""
    found, smooth = checks(Setting(loss("quality-focal", gamma=gamma), (0.0, 1.0), (0.5, 0.2)), dtype)
    assert found.truth == found.autograd == 0
    assert not found.agrees(found.forward) and smooth.agrees(smooth.forward) and smooth.slopes is None
    assert found.slopes is not None
    left, right = found.slopes
    h = found.h[found.forward.best]
    expected = (h / 4) ** gamma * math.log(2) / h if h < 0.1 else right
    assert right == pytest.approx(expected, rel=0.02) and left == pytest.approx(-right, rel=1e-3) and right > 0.1


def test_where_autograd_loses_digits_differences_do_not() -> None:
    """A sure sample: PyTorch's log-softmax has no tail, and its derivative is 1 − p = 0."""
    sure = checks(FOCAL._replace(spec=loss("cross-entropy"), logits=(50.0, 1.0, 0.0)), "float64")
    assert [one.coarse for one in sure] == [True, False, False]
    assert sure[0].autograd == 0 and sure[0].off(best(sure[0].central)) < 1e-9
    assert sure[0].truth == pytest.approx(float(exact_slope(FOCAL._replace(spec=loss("cross-entropy")), 0, (50.0, 1.0, 0.0))))
    assert not any(one.coarse for one in checks(FOCAL, "float64"))


@pytest.mark.parametrize("z", [20.0, 60.0, -60.0])
def test_a_saturated_sample_with_gamma_below_1_has_all_four(z: float) -> None:
    (found,) = checks(Setting(loss("focal", "sigmoid", gamma=0.5), (z,), (1.0,)), "float64")
    assert found.autograd_agrees and found.agrees(found.central) and found.agrees(found.forward)
    assert found.off(best(found.central)) < 1e-8 and found.truth != 0


@pytest.mark.parametrize("form", ["per-term", "mixed", "exp-ce", "quality"])
@pytest.mark.parametrize("target", [1.0, 0.5, 0.0])
def test_one_softmax_class_has_no_gradient(form: str, target: float) -> None:
    for dtype in DTYPES:
        (found,) = checks(Setting(loss("focal", soft_form=form, gamma=0.5), (1.5,), (target,)), dtype)
        assert found.truth == found.formula == 0 and found.forward.exact and found.central.exact


@pytest.mark.parametrize("dtype", DTYPES)
def test_autograd_is_the_program_that_the_page_shows(dtype: str) -> None:
    logits = torch.tensor([FOCAL.logits], dtype=getattr(torch, dtype))
    grads = run(snippet(FOCAL.spec, logits, [0])).grad[0]
    assert [one.autograd for one in checks(FOCAL, dtype)] == grads


def test_float32_is_judged_at_its_own_logits_and_targets() -> None:
    """0.1 is another number there, which is no error of the gradient."""
    setting = Setting(loss("cross-entropy", "sigmoid"), (0.1,), (0.1,))
    (found,) = checks(setting, "float32")
    there = setting._replace(targets=(float(np.float32(0.1)),))
    true = exact_slope(there, 0, (float(np.float32(0.1)),))
    assert found.truth == pytest.approx(float(true), rel=1e-14)
    assert found.truth != checks(setting, "float64")[0].truth
    assert 0 < found.off(found.formula) < 1e-6


def test_a_wrong_derivative_is_seen() -> None:
    """What the verdicts are for: a gradient that is a thousandth too large agrees with nothing."""
    for found in checks(FOCAL, "float64"):
        wrong = found._replace(truth=found.truth * 1.001)
        assert not wrong.autograd_agrees
        error = np.abs(found.central.quotient - wrong.truth) / abs(wrong.truth)
        assert not wrong.agrees(found.central._replace(error=error))
