"""Every point of a curve is the setting it stands for, right to its last digits where the numbers are small."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from mpmath import mp, mpf

from lossviz import LOSSES, loss
from lossviz.analysis.curves import AXES, QUANTITIES, Curve, _settled, axes, curve
from lossviz.analysis.optimum import optimum
from lossviz.analysis.sample import SampleTable, sample, table
from lossviz.evaluation.setting import Array, Setting, baseline

from .. import drawn as numbers
from .. import reference, specs
from ..specs import reference_of
from .test_sweep import settings

TASKS = [(key, a, soft) for key, a in specs.KINDS for soft in (False, True) if not soft or LOSSES[key].targets == "any"]
INF = math.inf


def ways(key: str, activation: str, soft: bool, count: int) -> list[tuple[Setting, int, str]]:
    """Drawn settings with each of their axes, along a drawn logit."""
    rng = specs.seeded("curves", key, activation, soft)
    drawn = settings(key, activation, soft, count)
    result = [(s, k, axis) for s in drawn for k in (int(rng.integers(len(s.logits))),) for axis in axes(s, k)]
    assert len({(s.spec, s.logits) for s, _, _ in result}) == count
    return result


def table_along(setting: Setting, k: int, z: Array) -> SampleTable:
    """What sample tables say with the logit at each of z."""
    rows = np.repeat([setting.logits], len(z), 0)
    rows[:, k] = z
    return table(setting, rows, np.repeat([setting.targets], len(z), 0))


def place(setting: Setting, k: int, axis: str, z: Array, result: SampleTable) -> Array:
    """Where on an axis each logit is, by the table's probabilities."""
    sigmoid, no = setting.spec.activation == "sigmoid", setting.targets[k] == 0
    if axis == "logit":
        return z
    if axis == "p_t":
        return 1 - result.probs[:, k] if sigmoid and no else result.probs[:, k]
    return (1 - 2 * no) * z if sigmoid else z - max(setting.logits[:k] + setting.logits[k + 1 :])


@pytest.mark.parametrize(("key", "activation", "soft"), TASKS)
def test_points_are_the_settings_they_stand_for(key: str, activation: str, soft: bool) -> None:
    compared = 0
    for setting, k, axis in ways(key, activation, soft, 3):
        curves = {q: curve(setting, k, axis, q, points=101) for q in QUANTITIES}
        x, z = curves["loss"].x, curves["loss"].z
        true = table_along(setting, k, z)
        np.testing.assert_allclose(x, place(setting, k, axis, z, true), rtol=1e-12, atol=1e-15)
        np.testing.assert_array_equal(curves["loss"].y, true.loss)
        np.testing.assert_array_equal(curves["gradient"].y, true.grad[:, k])
        sure = np.abs(true.ce_grad[:, k]) > 1e-280
        compared += sure.sum()
        ratio = true.grad[sure, k] / true.ce_grad[sure, k]
        np.testing.assert_allclose(curves["multiplier"].y[sure], ratio, rtol=1e-12, atol=0)
        for result in curves.values():
            np.testing.assert_array_equal(result.x, x)
            assert result.y.shape == result.z.shape == x.shape
    assert compared > 150


@pytest.mark.parametrize(("key", "activation", "soft"), TASKS)
def test_grids(key: str, activation: str, soft: bool) -> None:
    for setting, k, axis in ways(key, activation, soft, 2):
        for points in (61, 241):
            result = curve(setting, k, axis, "loss", points=points)
            assert (np.diff(result.x) >= 0).all()
            assert (np.diff(result.x) == 0).sum() <= (axis == "p_t")
            assert len(np.unique(result.z)) == len(result.z)
            assert result.z[result.at] == setting.logits[k]
            assert points / 3 <= len(result.x) <= points + 4
            if axis == "p_t":
                assert result.x[[0, -1]].tolist() == [0, 1]
                assert np.diff(result.x).max() <= 1.3 / points
        present = place(setting, k, axis, np.array([setting.logits[k]]), sample(setting))[0]
        assert result.x[result.at] == pytest.approx(present, rel=1e-13, abs=2e-16)


def test_both_ends_of_probability_are_reached_in_even_ratios() -> None:
    result = curve(Setting(loss("focal"), (1.0, 0.5, -3.0), (1.0, 0.0, 0.0)), 0, "p_t", "loss")
    odds = result.z - np.logaddexp(0.5, -3.0)
    for side in (odds, -odds[::-1]):
        tail = side[(side < -6) & np.isfinite(side)]
        assert tail[0] == pytest.approx(math.log(1e-12), rel=1e-9)
        assert len(tail) > 15
        assert np.diff(tail).max() < 1.2


def test_round_values_of_a_logit() -> None:
    result = curve(Setting(loss("focal"), (0.5, 0.0), (1.0, 0.0)), 0, "logit", "loss")
    assert result.x.tolist() == [round(-10 + i / 10, 6) for i in range(201)]
    far = curve(Setting(loss("focal"), (0.5, 0.0), (1.0, 0.0)), 0, "logit", "loss", log=True)
    assert far.x[[0, -1]].tolist() == [-30, 30]
    assert far.y[-1] < 1e-12
    warm = curve(Setting(loss("cross-entropy", temperature=3.0), (0.5, 0.0), (1.0, 0.0)), 0, "margin", "loss", log=True)
    assert warm.y[-1] < 1e-12


def exact(setting: Setting, k: int, z: float) -> dict[str, mpf]:
    """The reference's number for each quantity."""
    ours, step = reference_of(setting.spec), mpf(10) ** -15
    ce = reference.Setting(ours.activation, temperature=ours.temperature, weight=ours.weight, alpha=ours.alpha)

    def at(spec: reference.Setting, nudge: mpf) -> reference.Exact:
        moved = [mpf(x) if i != k else mpf(z) + nudge for i, x in enumerate(setting.logits)]
        return reference.sample(spec, moved, setting.targets)

    with mp.workdps(reference.DIGITS):
        our_loss, push = at(ours, mpf(0)), at(ce, mpf(0)).grad[k]
        bend = (at(ours, step).grad[k] - at(ours, -step).grad[k]) / (2 * step)
        return {"loss": our_loss.loss, "gradient": our_loss.grad[k], "multiplier": our_loss.grad[k] / push, "curvature": bend}


SMALL = [
    Setting(loss("focal", "sigmoid", gamma=2.0), (0.3,), (1.0,)),
    Setting(loss("focal", "sigmoid", gamma=0.5, temperature=1.7), (0.3,), (0.0,)),
    Setting(loss("focal", gamma=5.0, weight=(0.3, 1.0, 2.0)), (0.3, -1.25, 2.5), (1.0, 0.0, 0.0)),
    Setting(loss("focal", gamma=1.3), (0.3, -1.25, 40.0), (1.0, 0.0, 0.0)),
    Setting(loss("cross-entropy"), (0.3, -1.25), (1.0, 0.0)),
    Setting(loss("quality-focal", gamma=2.7), (0.3,), (1.0,)),
]


@pytest.mark.parametrize("setting", SMALL, ids=lambda s: f"{s.spec.key}-{s.spec.activation}-{s.spec.gamma}")
def test_small_numbers_are_right_relative_to_their_own_size(setting: Setting) -> None:
    """Loss and gradient to a few ulp, quotient and curvature to 1e-9 and better, for p and 1 − p down to 1e-12."""
    limits = {"loss": 3e-15, "gradient": 3e-15, "multiplier": 5e-15, "curvature": 1e-9}
    for axis in AXES:
        curves = {q: curve(setting, 0, axis, q, log=True) for q in QUANTITIES}
        assert len(set(curves["loss"].z.tolist())) > 100
        for i in range(1, len(curves["loss"].z) - 1, 15):
            true = exact(setting, 0, float(curves["loss"].z[i]))
            for quantity, result in curves.items():
                off = abs(mpf(float(result.y[i])) - true[quantity])
                size = abs(true[quantity])
                if quantity == "curvature":  # it changes its sign, and is small there for another reason
                    size = max(size, mpf(10) ** -6 * abs(true["gradient"]))
                assert off <= limits[quantity] * size, (axis, quantity, result.x[i], result.y[i])


@pytest.mark.parametrize("setting", SMALL, ids=lambda s: f"{s.spec.key}-{s.spec.activation}-{s.spec.gamma}")
@pytest.mark.parametrize("axis", AXES)
def test_no_staircase(setting: Setting, axis: str) -> None:
    """Loss and |gradient| fall all the way for CE; from their peak on, gradient, multiplier and curvature of any focal loss."""
    for quantity in QUANTITIES:
        result = curve(setting, 0, axis, quantity, log=True)
        towards = result.y if setting.targets[0] == 1 or axis != "logit" else result.y[::-1]
        size = np.abs(towards[:-1] if axis == "p_t" else towards)
        falling = size[size.argmax() :] if quantity != "loss" else size
        if quantity == "multiplier" and setting.spec.gamma == 0:
            np.testing.assert_allclose(falling, 1, rtol=1e-15)
            continue
        assert len(falling) > 20
        if quantity == "curvature":
            sure = slice(-40, None) if axis == "p_t" else slice(-60, None)
            falling = falling[sure]
        assert (falling > 0).all(), quantity
        if quantity == "gradient" and setting.spec.gamma == 0:  # it rounds to 1 at p = 0
            falling = falling[falling < 0.999999]
        assert (falling[1:] < falling[:-1]).all(), quantity


def ratios(gamma: float) -> tuple[Curve, Setting]:
    setting = Setting(loss("focal", "sigmoid", gamma=gamma), (-math.log(9),), (1.0,))
    return curve(setting, 0, "p_t", "multiplier", detached=True), setting


def test_numbers_of_the_multiplier() -> None:
    result, setting = ratios(2.0)
    assert result.y.max() == pytest.approx(1.225, abs=5e-4)
    assert result.x[result.y.argmax()] == pytest.approx(0.104, abs=5e-3)
    assert result.y[result.at] == pytest.approx(1.2245, abs=5e-5)
    assert result.x[result.at] == pytest.approx(0.1, rel=1e-15)
    assert result.detached is not None
    assert result.detached[result.at] == pytest.approx(0.81, rel=1e-14)
    detached = curve(setting, 0, "p_t", "gradient", detached=True)
    assert detached.detached is not None
    assert detached.detached[detached.at] == pytest.approx(-0.81 * 0.9, rel=1e-14)
    for p, divisor in ((0.9, 34.5), (0.968, 329), (0.5, 1.68)):
        axes_of = curve(setting._replace(logits=(math.log(p / (1 - p)),)), 0, "p_t", "multiplier")
        assert 1 / axes_of.y[axes_of.at] == pytest.approx(divisor, rel=3e-3)


@pytest.mark.parametrize("gamma", [0.05, 0.5, 1.0, 2.0, 5.0])
def test_limits_of_the_multiplier(gamma: float) -> None:
    result, _ = ratios(gamma)
    assert result.y[0] == pytest.approx(1, abs=1e-14)
    assert result.y[-1] == pytest.approx(0, abs=1e-14)
    saturated = curve(Setting(loss("focal", "sigmoid", gamma=gamma), (1e4,), (1.0,)), 0, "logit", "multiplier")
    assert saturated.y[saturated.at] == pytest.approx(0, abs=1e-14)


def w(p: mpf, gamma: float) -> mpf:
    return (1 - p) ** gamma - gamma * p * (1 - p) ** (gamma - 1) * mp.log(p)


@pytest.mark.parametrize(
    ("at", "task"),
    numbers.alternating(
        [(2.0, 0.298), (3.0, 0.2526), (5.0, 0.1968), (1.0, 0.4), (0.5, 0.5)],
        [("softmax", 1.0), ("sigmoid", 1.0), ("sigmoid", 0.0)],
    ),
)
def test_where_the_push_is_raised(at: tuple[float, float], task: tuple[str, float]) -> None:
    (gamma, p), (activation, target) = at, task
    with mp.workdps(30):
        end = mp.findroot(lambda p: w(p, gamma) - 1, p)
        odds = float(mp.log(end / (1 - end)))
    if gamma >= 2:
        assert float(end) == pytest.approx(p, abs=5e-4)
    z = (0.3, -0.9, 0.1) if activation == "softmax" else (0.3,)
    setting = Setting(loss("focal", activation, gamma=gamma, temperature=1.5), z, (target, 0.0, 0.0)[: len(z)])
    level = float(np.logaddexp.reduce(np.array(z[1:]) / 1.5)) if activation == "softmax" else 0.0
    crossing = 1.5 * (odds + level)
    far = {"p_t": (0.0, float(end)), "logit": (-15.0, crossing), "margin": (-15.0, crossing - max(z[1:], default=0.0))}
    if target == 0:
        far["logit"] = (-crossing, 15.0)
    for axis in AXES:
        for quantity in ("multiplier", "gradient"):
            result = curve(setting, 0, axis, quantity)
            np.testing.assert_allclose(result.raised, [far[axis]], rtol=0, atol=2e-12)
            assert curve(setting, 0, axis, "loss").raised.shape == (0, 2)


def test_an_open_interval_ends_with_the_grid() -> None:
    """Also where the multiplier is 1 to its last digit from long before the end."""
    setting = Setting(loss("focal", "sigmoid"), (-500.0,), (1.0,))
    result = curve(setting, 0, "logit", "multiplier")
    assert (result.y == 1).sum() > 50
    assert result.raised[0].tolist() == pytest.approx([-500, -0.85857786998])
    assert curve(setting, 0, "p_t", "multiplier").raised[0][0] == 0


def test_rounding_breaks_no_interval() -> None:
    """Where p_t is next to 0 the multiplier is 1 give or take a last digit."""
    above = _settled(np.array([1.0, 1 - 2e-16, 1 + 2e-16, math.nan, 1.1, 1 - 2e-16, 0.9, 1.0]))
    assert above.tolist() == [True] * 5 + [False] * 3
    rng, seen = specs.seeded("ulp"), set()
    for _ in range(6):
        z = (-90.0, *rng.normal(0, 3, 4).tolist())
        setting = Setting(
            loss("focal", gamma=float(rng.uniform(0.3, 5)), weight=(0.7, 1.0, 1.0, 1.0, 1.0)), z, (1.0, 0.0, 0.0, 0.0, 0.0)
        )
        result = curve(setting, 0, "logit", "multiplier", log=True, points=1000)
        assert (result.y == 1).sum() > 20
        assert len(result.raised) == 1
        assert result.raised[0][0] == result.x[0]
        seen.add(z)
    assert len(seen) == 6


@pytest.mark.parametrize(("key", "activation", "soft"), TASKS)
def test_raised_intervals_hold_what_is_raised(key: str, activation: str, soft: bool) -> None:
    some = 0
    for setting, k, axis in ways(key, activation, soft, 3):
        result = curve(setting, k, axis, "multiplier", points=121)
        low, high = result.raised.T
        assert (low < high).all()
        assert (high[:-1] <= low[1:]).all()
        inside = ((result.x[:, None] >= low) & (result.x[:, None] <= high)).any(1)
        edge = np.isclose(result.x[:, None], result.raised.ravel(), rtol=1e-9, atol=1e-12).any(1)
        sure = (np.abs(result.y - 1) > 1e-12) & ~edge
        np.testing.assert_array_equal(inside[sure], result.y[sure] > 1)
        some += len(low)
        if baseline(setting.spec) == setting.spec or ("gamma" in LOSSES[key].own_parameters and setting.spec.gamma == 0):
            assert len(low) == 0
    assert (some > 0) is bool(LOSSES[key].own_parameters)


def test_no_focus_raises_nothing() -> None:
    rng = specs.seeded("nothing")
    seen = set()
    for form in ("per-term", "mixed", "exp-ce", "quality"):
        for t in (0.3, 1.0):
            z = tuple(rng.normal(0, 2, 2).tolist())
            setting = Setting(loss("focal", gamma=0.0, soft_form=form, weight=(0.3, 1.7)), z, (t, 1 - t))
            result = curve(setting, 0, "p_t", "multiplier", detached=True)
            assert len(result.raised) == 0
            assert result.detached is None
            np.testing.assert_allclose(result.y[np.isfinite(result.y)], 1, rtol=1e-9)
            seen.add(z)
    assert len(seen) == 8


def test_what_is_held_constant() -> None:
    setting = Setting(loss("focal"), (1.0, 0.0), (1.0, 0.0))
    for quantity in QUANTITIES:
        assert curve(setting, 0, "p_t", quantity).detached is None
        detached = curve(setting, 0, "p_t", quantity, detached=True).detached
        assert (detached is None) is (quantity in ("loss", "curvature"))
    ce = setting._replace(spec=loss("cross-entropy"))
    assert all(curve(ce, 0, "p_t", quantity, detached=True).detached is None for quantity in QUANTITIES)
    result = curve(setting, 0, "p_t", "multiplier", detached=True)
    assert result.detached is not None
    np.testing.assert_allclose(result.detached, (1 - result.x) ** 2, rtol=1e-3, atol=1e-15)


@pytest.mark.parametrize("quantity", QUANTITIES)
@pytest.mark.parametrize("gamma", [0.5, 2.0])
def test_yes_and_no_mirror_each_other(quantity: str, gamma: float) -> None:
    """What the loss says of the probability of the truth does not depend on which truth it is."""
    yes, no = (Setting(loss("focal", "sigmoid", gamma=gamma), (z,), (t,)) for z, t in ((1.3, 1.0), (-1.3, 0.0)))
    for axis in ("p_t", "margin"):
        a, b = curve(yes, 0, axis, quantity), curve(no, 0, axis, quantity)
        np.testing.assert_array_equal(a.x, b.x)
        np.testing.assert_array_equal(a.z, -b.z)
        np.testing.assert_allclose(a.y, -b.y if quantity == "gradient" else b.y, rtol=1e-14, atol=0)


@pytest.mark.parametrize(
    ("form", "t", "smoothing"),
    numbers.alternating(["per-term", "mixed", "exp-ce", "quality"], [0.05, 0.3, 0.6, 0.9], [0.0, 0.1]),
)
def test_lowest_loss(form: str, t: float, smoothing: float) -> None:
    """It is the minimiser that `optimum` finds on its own, and no point of the grid is lower."""
    setting = Setting(loss("focal", "sigmoid", soft_form=form, label_smoothing=smoothing, alpha=0.4), (0.3,), (t,))
    best = optimum(setting, 0, 101)
    i = round(t * 100)
    result = curve(setting, 0, "p_t", "loss")
    assert result.minimum is not None
    assert result.minimum[0] == pytest.approx(best.p[i], abs=1e-9)
    assert result.minimum[1] == pytest.approx(best.loss[i], rel=1e-9, abs=1e-18)
    assert result.minimum[1] <= result.y.min() * (1 + 1e-15) + 1e-25
    wide = curve(setting, 0, "logit", "loss", log=True).minimum
    assert wide is not None
    assert wide[0] == pytest.approx(math.log(best.p[i] / (1 - best.p[i])), abs=1e-7)


@pytest.mark.parametrize(("key", "activation", "soft"), [task for task in TASKS if not task[2]])
def test_hard_labels_have_no_minimum_unless_smoothed(key: str, activation: str, soft: bool) -> None:
    met = set()
    for setting, k, axis in ways(key, activation, soft, 6):
        result = curve(setting, k, axis, "loss", points=61)
        if setting.spec.label_smoothing == 0:
            assert result.minimum is None
        elif axis == "p_t" and activation == "sigmoid" and setting.spec.key == "cross-entropy":
            assert result.minimum is not None
        met.add(result.minimum is None)
    assert True in met


def test_minimum_of_a_smoothed_no() -> None:
    """There the axis runs against the logit."""
    setting = Setting(loss("cross-entropy", "sigmoid", label_smoothing=0.1), (0.3,), (0.0,))
    result = curve(setting, 0, "p_t", "loss")
    assert result.minimum is not None
    assert result.minimum[0] == pytest.approx(0.95, abs=1e-12)
    assert curve(setting, 0, "p_t", "gradient").minimum is None


def test_axes() -> None:
    ce, sigmoid, nll = loss("cross-entropy"), loss("focal", "sigmoid"), loss("nll")

    def axes_of(spec: Any, logits: tuple[float, ...], target: float = 1.0) -> tuple[str, ...]:
        return axes(Setting(spec, logits, (target,) + (0.0,) * (len(logits) - 1)), 0)

    assert (
        axes_of(ce, (1.0, 0.0))
        == axes_of(ce, (INF, 0.0, -INF))
        == axes_of(sigmoid, (1.0,))
        == axes_of(nll, (-1.0, -2.0))
        == AXES
    )
    assert axes_of(ce, (1.0,)) == axes_of(ce, (1.0, -INF)) == axes_of(ce, (1.0, INF)) == axes_of(ce, (1.0, 1e9)) == ("logit",)
    assert axes_of(sigmoid, (1.0, INF), 0.3) == axes_of(nll, (-1.0,)) == axes_of(nll, (-1.0, -INF)) == ("p_t", "logit")
    assert axes_of(nll, (1.0, -2.0)) == ("logit", "margin")


@pytest.mark.parametrize(
    ("big", "activation", "target", "gamma"),
    numbers.alternating([INF, -INF, 1e4, -1e4, 900.0], ["softmax", "sigmoid"], [1.0, 0.0], [0.5, 2.0]),
)
def test_extremes(big: float, activation: str, target: float, gamma: float) -> None:
    setting = Setting(loss("focal", activation, gamma=gamma), (big, 0.3), (target, 1 - target))
    for axis in axes(setting, 0):
        for quantity in QUANTITIES:
            result = curve(setting, 0, axis, quantity, detached=True, points=61)
            assert result.z[result.at] == big
            assert not np.isnan(result.y).any()
            assert result.detached is None or not np.isnan(result.detached).any()
            assert not np.isnan(result.raised).any()


def test_a_single_class_and_infinite_rivals() -> None:
    for z in ((1.0,), (1.0, -INF), (0.3, INF), (INF,)):
        setting = Setting(loss("focal"), z, (1.0,) + (0.0,) * (len(z) - 1))
        for quantity in QUANTITIES:
            assert curve(setting, 0, "logit", quantity, detached=True).z.shape[0] > 50
