"""The prediction that a loss asks for, against closed forms, published numbers and a search at 30 digits."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from mpmath import mp, mpf

from lossviz import LOSSES, loss
from lossviz.analysis import optimum as module
from lossviz.analysis.optimum import drawn, optimum, threshold
from lossviz.evaluation.setting import Setting
from lossviz.losses import LossSpec

from .. import reference, specs
from ..specs import reference_of

FORMS = ("per-term", "mixed", "exp-ce", "quality")


def of(spec: LossSpec, classes: int = 1) -> Setting:
    classes = max(classes, 1 if spec.activation == "sigmoid" else 2)
    return Setting(spec, tuple(-0.5 * i for i in range(classes)), (1.0,) + (0.0,) * (classes - 1))


def best(spec: LossSpec, eta: float, k: int = 0, classes: int = 1) -> float:
    """p* for a true probability in hundredths."""
    result = optimum(of(spec, classes), k, 101)
    i = round(100 * eta)
    assert result.eta[i] == pytest.approx(eta)
    return float(result.p[i])


TABLE = {
    "per-term": (0.750, 0.694, 0.579, 0.538, 0.0878),
    "mixed": (0.995, 0.986, 0.878, 0.724, 0.0054),
    "exp-ce": (0.950, 0.900, 0.700, 0.600, 0.0250),
    "quality": (0.950, 0.900, 0.700, 0.600, 0.0),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("activation", ["softmax", "sigmoid"])
def test_the_four_forms(form: str, activation: str) -> None:
    result = optimum(of(loss("focal", activation, soft_form=form)), 0)
    rows = [190, 180, 140, 120]
    np.testing.assert_allclose(result.eta[rows], [0.95, 0.9, 0.7, 0.6])
    np.testing.assert_allclose(result.p[rows], TABLE[form][:4], rtol=0, atol=5.5e-4)
    assert result.loss[180] == pytest.approx(TABLE[form][4], abs=5.1e-5)
    assert result.eta.shape == result.p.shape == result.loss.shape == (201,)


def recovered(setting: Setting, k: int, p: np.ndarray) -> np.ndarray | None:
    """The way back: the true probability whose minimiser is p, under a loss linear in the target; nan where there is none."""
    pair = module._Pair(module._two(setting, k), setting.device)
    with np.errstate(divide="ignore"):
        truth, linear = pair.level(np.log(p) - np.log1p(-p))
    return np.where(np.abs(truth - 0.5) <= 0.5 + 1e-9, truth.clip(0, 1), np.nan) if linear else None


def test_published_numbers() -> None:
    assert best(loss("focal", gamma=2.0), 0.9) == pytest.approx(0.694, abs=5e-4)
    assert best(loss("focal", gamma=5.0), 0.9) == pytest.approx(0.597, abs=5e-4)
    assert recovered(of(loss("focal")), 0, np.array([best(loss("focal"), 0.9)]))[0] == pytest.approx(0.9, abs=1e-12)
    assert recovered(of(loss("focal")), 0, np.array([0.6942]))[0] == pytest.approx(0.9, abs=5e-5)


def h(v: float, gamma: float) -> float:
    return v / ((1 - v) ** gamma - gamma * v * (1 - v) ** (gamma - 1) * math.log(v))


@pytest.mark.parametrize("gamma", [0.5, 1.0, 2.0, 5.0])
def test_recovery_in_closed_form(gamma: float) -> None:
    """η = h(p)/(h(p) + h(1 − p)) with h(v) = v/w(v)."""
    p = np.linspace(0.02, 0.98, 49)
    expected = [h(v, gamma) / (h(v, gamma) + h(1 - v, gamma)) for v in p.tolist()]
    np.testing.assert_allclose(recovered(of(loss("focal", "sigmoid", gamma=gamma)), 0, p), expected, rtol=1e-12)


@pytest.mark.parametrize("gamma", [0.0, 0.5, 1.0, 1.5, 2.0, 5.0])
@pytest.mark.parametrize("key", ["focal", "quality-focal"])
def test_the_kink_of_the_quality_form_is_met(gamma: float, key: str) -> None:
    spec = loss(key, "sigmoid", gamma=gamma, **({"soft_form": "quality"} if key == "focal" else {}))
    result = optimum(of(spec), 0)
    np.testing.assert_allclose(result.p, result.eta, rtol=0, atol=1e-9)


def test_smoothing_and_weight() -> None:
    """K = 2, ε = .1, w = (1, 100): the wrong class is predicted for y = 0; break-even is at w = 19."""
    setting = of(loss("cross-entropy", label_smoothing=0.1, weight=(1.0, 100.0)))
    for k, p in ((0, 0.160), (1, 0.840)):
        result = optimum(setting, k)
        assert result.p[-1 if k == 0 else 0] == pytest.approx(p, abs=5e-4)
    assert threshold(setting, 0) == 1
    assert threshold(setting, 1) == 0
    assert best(loss("cross-entropy", label_smoothing=0.1, weight=(1.0, 19.0)), 1.0) == pytest.approx(0.5, abs=1e-12)
    # Of what is not asked for even by a certain truth, there is no truth to recover.
    assert np.isnan(recovered(setting, 0, np.array([0.9])))[0]


@pytest.mark.parametrize("gamma", [0.0, 0.5, 2.0, 5.0])
@pytest.mark.parametrize("alpha", [0.25, 0.5, 0.9, 0.0, 1.0])
def test_threshold_of_alpha(gamma: float, alpha: float) -> None:
    setting = of(loss("focal", "sigmoid", gamma=gamma, alpha=alpha))
    assert threshold(setting, 0) == pytest.approx(1 - alpha, abs=1e-12)
    result = optimum(setting, 0, 401)
    away = np.abs(result.eta - (1 - alpha)) > 1e-6
    away &= ~np.isnan(result.p)
    assert away.sum() > 390
    np.testing.assert_array_equal(result.p[away] > 0.5, result.eta[away] > 1 - alpha)


@pytest.mark.parametrize("w", [0.2, 1.0, 3.0, 99.0])
def test_positive_weight(w: float) -> None:
    setting = of(loss("cross-entropy", "sigmoid", pos_weight=w))
    assert threshold(setting, 0) == pytest.approx(1 / (1 + w), rel=1e-12)
    result = optimum(setting, 0)
    np.testing.assert_allclose(result.p, w * result.eta / (w * result.eta + 1 - result.eta), rtol=0, atol=1e-11)


@pytest.mark.parametrize("form", FORMS)
def test_thresholds_of_weighted_forms_are_where_the_minimiser_passes_a_half(form: str) -> None:
    setting = of(loss("focal", "sigmoid", soft_form=form, alpha=0.3))
    at = threshold(setting, 0)
    result = optimum(setting, 0, 1001)
    away = np.abs(result.eta - at) > 1e-6
    np.testing.assert_array_equal(result.p[away] > 0.5, result.eta[away] > at)
    # Where labels are drawn with the true probability, no target is soft and all forms are one.
    assert threshold(setting, 0, labels=True) == pytest.approx(0.7, abs=1e-12)
    assert 0 < at < 1


def test_nothing_preferred() -> None:
    flat = of(loss("cross-entropy", "sigmoid", weight=(0.0,)))
    assert np.isnan(optimum(flat, 0).p).all()
    assert np.isnan(threshold(flat, 0))
    one_sided = optimum(of(loss("focal", "sigmoid", alpha=1.0)), 0)
    assert np.isnan(one_sided.p[0])
    assert (one_sided.p[1:] == 1).all()


def test_reductions() -> None:
    """Losses of one sample as losses of two outcomes: class k against the likeliest of the others."""
    weighted = Setting(loss("nll", weight=(1.0, 3.0, 7.0)), (-1.0, -3.0, -0.5), (1.0, 0.0, 0.0))
    pair = of(loss("cross-entropy", weight=(1.0, 7.0)))
    np.testing.assert_array_equal(optimum(weighted, 0).p, optimum(pair, 0).p)
    logistic = optimum(of(loss("logistic", temperature=2.0)), 0)
    np.testing.assert_allclose(logistic.p, logistic.eta, rtol=0, atol=1e-12)
    per_class = Setting(loss("focal", "sigmoid", alpha=(0.2, 0.7), pos_weight=3.0), (0.0, 1.0), (1.0, 0.0))
    alone = of(loss("focal", "sigmoid", alpha=0.7, pos_weight=3.0))
    np.testing.assert_array_equal(optimum(per_class, 1).p, optimum(alone, 0).p)
    assert optimum(Setting(loss("focal", ignore_index=3), (0.0,), (1.0,)), 0).p.shape == (201,)


def cases() -> list[tuple[Setting, int]]:
    rng, result = specs.seeded("optimum"), []
    for key, activation in specs.KINDS:
        for _ in range(2):
            classes = 1 if LOSSES[key].targets == "signs" else int(rng.integers(2, 5))
            spec = specs.drawn(key, activation, classes, rng)
            z = tuple(specs.logits(key, 1, classes, rng)[0].tolist())
            result.append((Setting(spec, z, (1.0,) + (0.0,) * (classes - 1)), int(rng.integers(classes))))
    assert len({(s.spec, s.logits) for s, _ in result}) == 2 * len(specs.KINDS)
    return result


@pytest.mark.parametrize(("setting", "k"), cases(), ids=lambda x: x.spec.key if isinstance(x, Setting) else str(x))
def test_the_minimiser_rises_with_the_truth_and_leads_back(setting: Setting, k: int) -> None:
    result = optimum(setting, k, 51)
    assert not np.isnan(result.p).any()
    assert (np.diff(result.p) >= -1e-9).all()
    assert ((result.p >= 0) & (result.p <= 1)).all()
    # An end's p may be the minimiser of several truths, and numbers next to it say little of the truth.
    inner = (result.p > 1e-6) & (result.p < 1 - 1e-6)
    steady = inner & (np.gradient(result.p, result.eta) > 1e-3)
    if (back := recovered(setting, k, result.p[steady])) is not None:
        np.testing.assert_allclose(back, result.eta[steady], rtol=0, atol=1e-6)


def lowest(spec: LossSpec, eta: float) -> tuple[mpf, mpf]:
    """The lowest loss of a two-class softmax, by a search that knows nothing of gradients."""
    setting = reference_of(spec)

    def value(z: Any) -> mpf:
        return reference.sample(setting, [mpf(z), mpf(0)], [eta, 1 - mpf(eta)]).loss

    with mp.workdps(40):
        z = min((mpf(i) / 2 for i in range(-50, 51)), key=value)
        step = mpf(1) / 2
        while step > mpf(10) ** -14:
            z = min((z - step, z - step / 2, z, z + step / 2, z + step), key=value)
            step /= 2
        return 1 / (1 + mp.exp(-z)), value(z)


@pytest.mark.parametrize(("form", "eta"), [*zip(FORMS * 2, (0.1, 0.35, 0.72, 0.98, 0.98, 0.1, 0.35, 0.72), strict=True)])
def test_against_a_search_at_40_digits(form: str, eta: float) -> None:
    rng = specs.seeded("search", form, eta)
    weight = tuple(rng.uniform(0.5, 2, 2).tolist())
    spec = loss("focal", gamma=float(rng.uniform(0.5, 4)), soft_form=form, label_smoothing=0.05, weight=weight)
    result = optimum(of(spec), 0, 51)
    i = round(50 * eta) if eta != 0.35 else None
    p, value = lowest(spec, float(result.eta[i]) if i is not None else 0.36)
    i = 18 if i is None else i
    assert float(result.p[i]) == pytest.approx(float(p), abs=1e-9)
    assert float(result.loss[i]) == pytest.approx(float(value), rel=1e-9)


@pytest.mark.parametrize("form", FORMS)
def test_ends(form: str) -> None:
    result = optimum(of(loss("focal", "sigmoid", soft_form=form)), 0)
    assert result.p[[0, -1]].tolist() == [0, 1]
    assert result.loss[[0, -1]].tolist() == [0, 0]
    assert ((result.p[1:-1] > 0) & (result.p[1:-1] < 1)).all()
    np.testing.assert_allclose(result.p, 1 - result.p[::-1], rtol=0, atol=1e-11)
    np.testing.assert_allclose(result.loss, result.loss[::-1], rtol=0, atol=1e-14)
    np.testing.assert_array_equal(recovered(of(loss("focal", "sigmoid")), 0, np.array([0.0, 1.0])), [0, 1])


@pytest.mark.parametrize(("setting", "k"), cases())
def test_a_line_to_draw_is_the_optimum(setting: Setting, k: int) -> None:
    line = drawn(setting, k)
    finite = np.isfinite(line.p)
    assert (np.diff(line.eta[finite]) >= -1e-12).all()
    for eta, p in zip(line.eta[finite][::40], line.p[finite][::40], strict=True):
        alone = optimum(setting, k, 3) if eta in (0, 0.5, 1) else None
        if alone is not None:
            assert p == pytest.approx(alone.p[list(alone.eta).index(eta)], abs=1e-8)
        elif 1e-6 < p < 1 - 1e-6 and (back := recovered(setting, k, np.array([p]))) is not None:
            assert back[0] == pytest.approx(eta, abs=1e-6)
