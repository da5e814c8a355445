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
    settings = []
    for _ in range(count):
        classes = 1 if LOSSES[key].targets == "signs" else int(rng.integers(1 if activation == "sigmoid" else 2, 6))
        kind = str(rng.choice(specs.TARGETS[LOSSES[key].targets]))
        targets = specs.targets(kind, 1, classes, rng)
        t = np.array([targets[0] > 0]) if kind == "signs" else np.eye(classes)[targets[0]] if targets.ndim == 1 else targets[0]
        z = specs.logits(key, 1, classes, rng)[0] * rng.choice([1.0, 4.0])
        settings.append(Setting(specs.drawn(key, activation, classes, rng), tuple(z.tolist()), tuple(t.astype(float).tolist())))
    assert len({(s.spec, s.logits, s.targets) for s in settings}) == count
    return settings


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
    for setting in drawn(key, activation, 3):
        for check in checks(setting, "float64"):
            true = exact_slope(setting, check.k, setting.logits)
            size = max(abs(float(true)), 1e-3 * abs(check.loss), 1e-12)
            for value, digits in ((check.truth, 1e-13), (check.autograd, 1e-9), (best(check.central), 1e-6)):
                assert abs(float(mpf(value) - true)) <= digits * max(size, 1e-3), (setting, check.k, value)
            assert abs(float(mpf(best(check.forward)) - true)) <= 1e-4 * max(size, 1e-3)
            seen += abs(float(true)) > 1e-6
    assert seen > 1


def best(scheme: Scheme) -> float:
    assert scheme.best is not None
    return float(scheme.quotient[scheme.best])


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("key", "activation"), specs.KINDS)
def test_every_loss_agrees_with_itself(key: str, activation: str, dtype: str) -> None:
    for setting in drawn(key, activation, 2):
        for check in checks(setting, dtype):
            assert check.off(check.formula) <= max(check.last_place, check.near_1), (setting, check.k)
            assert check.autograd_agrees, (setting, check.k, check.autograd, check.truth)
            assert check.agrees(check.central), (setting, check.k, best(check.central), check.truth)
            assert check.agrees(check.forward), (setting, check.k, best(check.forward), check.truth)
            assert check.slopes is None


@pytest.mark.parametrize("dtype", DTYPES)
def test_quotients_are_those_of_pytorch_s_own_loss(dtype: str) -> None:
    """F.cross_entropy moved by the same steps: the same quotients, but for the rounding of two losses."""
    z = np.array([1.3, -0.4, 0.2], dtype)
    (check, *_) = checks(Setting(loss("cross-entropy"), tuple(z.tolist()), (0.0, 1.0, 0.0)), dtype)

    def value(x: float) -> float:
        rows = torch.from_numpy(np.array([[x, z[1], z[2]]], dtype))
        return float(torch.nn.functional.cross_entropy(rows, torch.tensor([1])))

    for n in range(0, len(check.h), 5):
        h, slack = check.h[n], 8 * EPS[dtype] * check.loss / check.h[n]
        assert check.forward.quotient[n] == pytest.approx((value(z[0] + h) - value(z[0])) / h, rel=1e-6, abs=slack)
        assert check.central.quotient[n] == pytest.approx((value(z[0] + h) - value(z[0] - h)) / (2 * h), rel=1e-6, abs=slack)


@pytest.mark.parametrize("dtype", DTYPES)
def test_errors_make_a_v(dtype: str) -> None:
    """Least inside, and much greater at both ends; central differences come further, with longer steps."""
    much = {"float64": 10_000, "float32": 5}[dtype]
    for setting in (
        FOCAL,
        FOCAL._replace(spec=loss("cross-entropy")),
        FOCAL._replace(spec=loss("focal", "sigmoid", alpha=0.3)),
    ):
        for check in checks(setting, dtype):
            for scheme in (check.forward, check.central):
                assert scheme.best is not None and NEIGHBOURS < scheme.best < len(check.h) - NEIGHBOURS
                least = scheme.error[scheme.best]
                assert scheme.error[at(check, 1e-1)] > much * least
                assert scheme.error[: NEIGHBOURS + 2].max() > much * least
            forward, central = (float(s.error[s.best]) for s in (check.forward, check.central))
            assert central < forward / 5
            assert EPS[dtype] < central < 200 * EPS[dtype] ** (2 / 3)
            assert check.h[check.forward.best] < check.h[check.central.best]


def at(check: Check, h: float) -> int:
    return int(np.abs(np.log(check.h / h)).argmin())


def test_slopes_are_1_and_2_where_the_tangent_is_left_and_minus_1_where_digits_are_lost() -> None:
    for check in checks(FOCAL, "float64"):
        for scheme, order, low in ((check.forward, 1, 1e-6), (check.central, 2, 1e-3)):
            cut = (check.h > low) & (check.h < 3e-2)
            assert slope(check.h[cut], scheme.error[cut]) == pytest.approx(order, abs=0.03)
            np.testing.assert_allclose(scheme.error[cut], scheme.cut[cut], rtol=0.1)
            lost = (check.h > 1e-13) & (check.h < 1e-9)
            assert slope(check.h[lost], scheme.error[lost]) == pytest.approx(-1, abs=0.35)
            assert (scheme.error[lost] < 4 * check.rounding[lost]).all()


def slope(h: Any, error: Any) -> float:
    return float(np.polyfit(np.log(h), np.log(error), 1)[0])


@pytest.mark.parametrize("dtype", DTYPES)
def test_the_best_steps_are_about_those_that_theory_expects(dtype: str) -> None:
    for check in checks(FOCAL, dtype):
        for scheme, power in ((check.forward, 1 / 2), (check.central, 1 / 3)):
            assert scheme.best is not None
            assert 1 / 6 < check.h[scheme.best] / scheme.predicted < 6
            assert 0.1 < scheme.predicted / EPS[dtype] ** power < 10


def test_an_expected_step_is_that_of_a_parabola() -> None:
    """Binary cross-entropy at its steepest bend: ℓ = ln 2, ℓ″ = ¼, ℓ‴ = 0 by symmetry."""
    (check,) = checks(Setting(loss("cross-entropy", "sigmoid"), (0.0,), (1.0,)), "float64")
    assert check.forward.predicted == pytest.approx(math.sqrt(2 * EPS["float64"] * math.log(2) / 0.25), rel=1e-9)
    np.testing.assert_allclose(check.forward.cut, check.h / 8 / 0.5, rtol=1e-9)
    np.testing.assert_allclose(check.rounding, EPS["float64"] * math.log(2) / check.h / 0.5, rtol=1e-9)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("z", [0.0, 1.0, -1.0, 2.0, 0.1, -7.3, 1000.0, 1e6])
def test_steps_are_those_that_the_precision_can_take(z: float, dtype: str) -> None:
    logit = np.array(z, dtype)[()]
    h = steps(logit)
    assert h.dtype == logit.dtype
    assert (np.diff(h) > 0).all() and h[0] > 0 and h[-1] == pytest.approx(1, rel=1e-6)
    assert h[0] == pytest.approx(max(1e-16, float(np.spacing(abs(logit)))), rel=0.1)
    with mp.workdps(50):
        large = h[h < abs(z) / 4] if z else h
        for h in large:
            assert mpf(float(logit + h)) - mpf(float(logit)) == mpf(float(h)) == mpf(float(logit)) - mpf(float(logit - h))


@pytest.mark.parametrize("dtype", DTYPES)
def test_a_logit_that_no_step_moves_has_no_quotients(dtype: str) -> None:
    (check,) = checks(Setting(loss("cross-entropy", "sigmoid"), (1e20,), (0.0,)), dtype)
    assert len(check.h) == len(check.forward.quotient) == 0
    assert check.forward.best is None and check.central.best is None
    assert (check.truth, check.formula, check.autograd) == (1, 1, 1)
    assert check.spacing == float(np.spacing(np.array(1e20, dtype))) > 10_000
    assert not check.agrees(check.central) and check.slopes is None


@pytest.mark.parametrize("dtype", DTYPES)
def test_a_gradient_of_0_has_absolute_errors_and_no_praise_for_steps_that_do_nothing(dtype: str) -> None:
    """At the minimum ℓ is level: a step below √ε leaves it as it is, and its 0 is not to be relied on."""
    check, moved = checks(Setting(loss("cross-entropy", "sigmoid"), (0.0, 1.0), (0.5, 0.5)), dtype)
    assert check.truth == check.formula == check.autograd == 0 and not check.relative and moved.relative
    assert check.forward.error[0] == 0, "which is why it may not count"
    assert check.forward.best is not None and check.h[check.forward.best] > EPS[dtype] ** 0.75
    assert 0 < check.forward.error[check.forward.best] < EPS[dtype] ** 0.4
    assert check.central.exact and not check.forward.exact
    assert check.agrees(check.forward) and check.agrees(check.central)
    np.testing.assert_allclose(check.forward.error[-9:], check.h[-9:] / 8, rtol=0.1)


def test_a_straight_loss_makes_no_error() -> None:
    for check, true in zip(checks(Setting(loss("nll"), (-0.5, -2.0), (1.0, 0.0)), "float64"), (-1, 0), strict=True):
        assert check.forward.exact and check.central.exact and check.truth == true
        assert math.isnan(check.forward.predicted) and math.isnan(check.central.predicted)


@pytest.mark.parametrize("gamma", [0.5, 1.0])
@pytest.mark.parametrize("dtype", DTYPES)
def test_a_kink_has_two_slopes(gamma: float, dtype: str) -> None:
    """Quality focal loss at p = t = ½: |t − p|^γ ln 2 with |t − p| ≈ |z|/4."""
    check, smooth = checks(Setting(loss("quality-focal", gamma=gamma), (0.0, 1.0), (0.5, 0.2)), dtype)
    assert check.truth == check.autograd == 0
    assert not check.agrees(check.forward) and smooth.agrees(smooth.forward) and smooth.slopes is None
    assert check.slopes is not None
    left, right = check.slopes
    h = check.h[check.forward.best]
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
    (check,) = checks(Setting(loss("focal", "sigmoid", gamma=0.5), (z,), (1.0,)), "float64")
    assert check.autograd_agrees and check.agrees(check.central) and check.agrees(check.forward)
    assert check.off(best(check.central)) < 1e-8 and check.truth != 0


@pytest.mark.parametrize("form", ["per-term", "mixed", "exp-ce", "quality"])
@pytest.mark.parametrize("target", [1.0, 0.5, 0.0])
def test_one_softmax_class_has_no_gradient(form: str, target: float) -> None:
    for dtype in DTYPES:
        (check,) = checks(Setting(loss("focal", soft_form=form, gamma=0.5), (1.5,), (target,)), dtype)
        assert check.truth == check.formula == 0 and check.forward.exact and check.central.exact


@pytest.mark.parametrize("dtype", DTYPES)
def test_autograd_is_the_program_that_the_page_shows(dtype: str) -> None:
    logits = torch.tensor([FOCAL.logits], dtype=getattr(torch, dtype))
    grads = run(snippet(FOCAL.spec, logits, [0])).grad[0]
    assert [one.autograd for one in checks(FOCAL, dtype)] == grads


def test_float32_is_judged_at_its_own_logits_and_targets() -> None:
    """0.1 is another number there, which is no error of the gradient."""
    setting = Setting(loss("cross-entropy", "sigmoid"), (0.1,), (0.1,))
    (check,) = checks(setting, "float32")
    rounded = setting._replace(targets=(float(np.float32(0.1)),))
    true = exact_slope(rounded, 0, (float(np.float32(0.1)),))
    assert check.truth == pytest.approx(float(true), rel=1e-14)
    assert check.truth != checks(setting, "float64")[0].truth
    assert 0 < check.off(check.formula) < 1e-6


def test_a_wrong_derivative_is_seen() -> None:
    """What the verdicts are for: a gradient that is a thousandth too large agrees with nothing."""
    for check in checks(FOCAL, "float64"):
        wrong = check._replace(truth=check.truth * 1.001)
        assert not wrong.autograd_agrees
        error = np.abs(check.central.quotient - wrong.truth) / abs(wrong.truth)
        assert not wrong.agrees(check.central._replace(error=error))
