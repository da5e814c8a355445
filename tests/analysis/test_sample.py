"""One sample under one loss: the numbers of FACTS §2, what does not fit into a float, and cross-entropy beside it."""

import math

import numpy as np
import pytest
from mpmath import mp, mpf

from lossviz import LOSSES, evaluate, loss
from lossviz.analysis.sample import p_t, sample
from lossviz.analysis.sweep import moved, sweeps
from lossviz.evaluation.setting import Setting, as_targets, baseline, log_softmax

from .. import specs


def at(p: float, gamma: float, activation: str = "sigmoid") -> Setting:
    """A sample whose true class has probability p."""
    z = math.log(p / (1 - p))
    if activation == "sigmoid":
        return Setting(loss("focal", "sigmoid", gamma=gamma), (z,), (1.0,))
    return Setting(loss("focal", "softmax", gamma=gamma), (z, 0.0), (1.0, 0.0))


FACTS = [(0.9, 2, 100, 34.5), (0.968, 2, 977, 329), (0.5, 2, 4, 1.68), (0.1, 2, None, 1 / 1.22)]


@pytest.mark.parametrize("activation", ["sigmoid", "softmax"])
@pytest.mark.parametrize(("p", "gamma", "loss_divided", "gradient_divided"), FACTS)
def test_what_gamma_2_does(
    p: float, gamma: float, loss_divided: float | None, gradient_divided: float, activation: str
) -> None:
    now = sample(at(p, gamma, activation))
    assert now.p_t[0] == pytest.approx(p, rel=1e-12)
    assert loss_divided is None or 1 / now.loss_factor[0] == pytest.approx(loss_divided, rel=2e-3)
    assert 1 / now.norm_factor[0] == pytest.approx(gradient_divided, rel=5e-3)


@pytest.mark.parametrize(("gamma", "p"), [(2, 0.298), (3, 0.2526), (5, 0.1968)])
def test_where_the_gradient_multiplier_crosses_1(gamma: float, p: float) -> None:
    below, above = (sample(at(p + d, gamma)).norm_factor[0] for d in (-1e-3, 1e-3))
    assert above < 1 < below


def test_the_peak_of_the_gradient_multiplier() -> None:
    grid = np.linspace(0.05, 0.2, 151)
    w = [sample(at(float(p), 2)).norm_factor[0] for p in grid]
    assert max(w) == pytest.approx(1.225, abs=5e-4)
    assert grid[int(np.argmax(w))] == pytest.approx(0.104, abs=1.1e-3)


@pytest.mark.parametrize("z", [0.3, 3.0, 40.0, 100.0, 200.0])
@pytest.mark.parametrize("gamma", [0.5, 2.0])
def test_factors_are_right_far_into_the_tail(z: float, gamma: float) -> None:
    """Gradients there are so small that their squares are 0; w(p) against mpmath."""
    with mp.workdps(400):
        q = 1 / (1 + mp.exp(mpf(z)))
        p = 1 - q
        w = q**gamma - gamma * p * q ** (gamma - 1) * mp.log(p)
        small = q**gamma
    now = sample(Setting(loss("focal", "sigmoid", gamma=gamma), (z,), (1.0,)))
    assert now.norm_factor[0] == pytest.approx(float(w), rel=1e-12, abs=0)
    assert now.loss_factor[0] == pytest.approx(float(small), rel=1e-12, abs=0)
    assert now.norm[0] == abs(now.grad[0, 0]) > 0


def test_a_large_gradient_has_a_length() -> None:
    spec = loss("cross-entropy", weight=(1e200, 1e200, 1e200))
    now = sample(Setting(spec, (0.0, 0.0, 0.0), (1.0, 0.0, 0.0)))
    assert now.norm[0] == pytest.approx(1e200 * math.sqrt(2 / 3), rel=1e-12)


def test_the_example_of_the_first_page() -> None:
    """z = (2, 1, 0), y = 0, γ = 2: .0457 after cross-entropy's .4076; one-vs-rest sigmoid 2.133 (FACTS §1)."""
    now = sample(Setting(loss("focal"), (2.0, 1.0, 0.0), (1.0, 0.0, 0.0)))
    assert now.ce_loss[0] == pytest.approx(0.4076, abs=5e-5)
    assert now.loss[0] == pytest.approx(0.0457, abs=5e-5)
    assert now.p_t[0] == pytest.approx(0.665, abs=5e-4)
    np.testing.assert_allclose(now.grad[0], [-0.098, 0.072, 0.026], atol=5e-4)
    assert sample(Setting(loss("cross-entropy", "sigmoid"), (2.0, 1.0, 0.0), (1.0, 0.0, 0.0))).loss[0] == pytest.approx(
        2.133, abs=5e-4
    )


@pytest.mark.parametrize(("key", "activation"), specs.KINDS)
def test_the_table_is_what_evaluate_says(key: str, activation: str) -> None:
    rng = specs.seeded("table", key, activation)
    losses = set()
    for _ in range(20):
        classes = 1 if LOSSES[key].targets == "signs" else int(rng.integers(1, 6))
        kind = {"labels": "one-hot", "signs": "one-hot"}.get(k := str(rng.choice(specs.TARGETS[LOSSES[key].targets])), k)
        spec = specs.drawn(key, activation, classes, rng)
        z, t = specs.logits(key, 1, classes, rng), specs.targets(kind, 1, classes, rng)
        now = sample(Setting(spec, tuple(z[0].tolist()), tuple(t[0].tolist())))
        for against, columns in ((spec, ("terms", "grad", "loss")), (baseline(spec), ("ce_terms", "ce_grad", "ce_loss"))):
            ev = evaluate(against, z, as_targets(against, t))
            for ours, theirs in zip(columns, (ev.terms, ev.grad, ev.loss), strict=True):
                np.testing.assert_array_equal(getattr(now, ours), theirs.numpy())
        np.testing.assert_allclose(now.norm, np.sqrt((now.grad**2).sum(1)), rtol=1e-13)
        np.testing.assert_allclose(now.ce_norm, np.sqrt((now.ce_grad**2).sum(1)), rtol=1e-13)
        losses.add(float(now.loss[0]))
    assert len(losses) > 10


@pytest.mark.parametrize(("key", "activation"), specs.KINDS)
def test_the_baseline_is_cross_entropy_with_the_same_surroundings(key: str, activation: str) -> None:
    rng = specs.seeded("baseline", key, activation)
    for _ in range(20):
        spec = specs.drawn(key, activation, 3, rng)
        against = baseline(spec)
        if key in ("cross-entropy", "logistic", "nll"):
            assert against == spec
            continue
        mixing = {"gamma": 0.0} if spec.mixes_alpha else {}
        assert (against.key, against.activation) == ("focal" if mixing else "cross-entropy", activation)
        for name, value in against.parameters:
            assert value == mixing.get(name, getattr(spec, name))
        assert against.gamma == 0


EXTREME = [1e4, -1e4, 1e30, -1e30, 745.5, -745.5, math.inf, -math.inf]


@pytest.mark.parametrize("extreme", EXTREME)
@pytest.mark.parametrize("gamma", [0.0, 0.1, 0.5, 1.0, 2.0])
@pytest.mark.parametrize("activation", ["sigmoid", "softmax"])
def test_extremes_give_numbers(extreme: float, gamma: float, activation: str) -> None:
    """The truth: with the extreme logit alone apart, everything is 0 or as if the probabilities were 0 and 1."""
    forms = LOSSES["focal"].parameter("soft_form", activation).samples()
    for form in forms:
        for targets in ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0)):
            now = sample(Setting(loss("focal", activation, gamma=gamma, soft_form=form), (extreme, 0.5, -1.0), targets))
            for name in ("probs", "terms", "grad", "ce_terms", "ce_grad", "loss", "norm", "p_t", "ce_loss", "ce_norm"):
                assert not np.isnan(getattr(now, name)).any(), name
            assert np.isfinite(now.grad).all()
            right = (extreme > 0) == (targets[0] == 1)
            if activation == "softmax" and extreme > 0:
                expected = 0.0 if right else abs(extreme)
                assert now.loss[0] == pytest.approx(expected, rel=2e-3 if abs(extreme) < 1e3 else 1e-3)
            if activation == "sigmoid" and not right:
                assert now.loss[0] >= abs(extreme)


def test_a_factor_of_two_zeros_is_not_made_up() -> None:
    now = sample(Setting(loss("focal"), (math.inf, 0.0), (1.0, 0.0)))
    assert now.loss[0] == now.ce_loss[0] == 0
    assert math.isnan(now.loss_factor[0])
    assert math.isnan(now.norm_factor[0])


def test_p_t_is_the_lowest_probability_of_what_is_true() -> None:
    targets, probs = np.array([[1.0, 0.0, 1.0]]), np.array([[0.9, 0.3, 0.6]])
    assert p_t(loss("focal", "sigmoid"), probs, targets)[0] == 0.6
    assert p_t(loss("focal", "sigmoid"), probs, np.array([[1.0, 1.0, 1.0]]))[0] == 0.3
    assert p_t(loss("focal"), np.array([[0.2, 0.5, 0.3]]), np.array([[0.0, 1.0, 0.0]]))[0] == 0.5
    assert p_t(loss("nll"), np.array([[math.inf, 0.5]]), np.array([[0.0, 1.0]]))[0] == 0.5


def test_targets_take_the_form_that_the_loss_wants() -> None:
    hot, soft = np.array([[0.0, 1.0], [1.0, 0.0]]), np.array([[0.5, 0.5], [1.0, 0.0]])
    assert as_targets(loss("focal"), hot).tolist() == [1, 0]
    assert as_targets(loss("focal"), soft) is soft
    assert as_targets(loss("focal", "sigmoid"), hot) is hot
    assert as_targets(loss("nll"), hot).tolist() == [1, 0]
    assert as_targets(loss("logistic"), np.array([[1.0], [0.0]])).tolist() == [1, -1]


@pytest.mark.parametrize("logits", [(2.0, 1.0, 0.0), (1e4, 0.0), (0.0,), (-3.0, -3.0), (math.inf, 0.0), (0.0, -math.inf)])
def test_log_softmax_against_mpmath(logits: tuple[float, ...]) -> None:
    with mp.workdps(50):
        z = [mpf(x) if math.isfinite(x) else mp.sign(x) * mpf(10) ** 400 for x in logits]
        total = mp.log(mp.fsum(mp.exp(x - max(z)) for x in z)) + max(z)
        expected = [float(x - total) for x in z]
    expected = [x if abs(x) < 1e308 else math.copysign(math.inf, x) for x in expected]
    np.testing.assert_allclose(log_softmax(logits), expected, rtol=1e-14)
    assert all(math.copysign(1, x) == 1 for x in log_softmax(logits) if x == 0), "a log-probability of 0 is not −0"


@pytest.mark.parametrize("classes", [1, 3])
@pytest.mark.parametrize("activation", ["sigmoid", "softmax"])
def test_no_ratio_beside_a_gradient_that_has_cancelled(activation: str, classes: int) -> None:
    """At its minimum, where p = t, cross-entropy's gradient is what rounding leaves: 2.1972 is ln 9, less 2·10⁻⁵."""
    if activation == "softmax" and classes == 1:
        return
    targets = (0.9,) if classes == 1 else (0.7, 0.2, 0.1)
    exact = [math.log(t / (1 - t)) if activation == "sigmoid" else math.log(t) for t in targets]
    for digits in (2, 3, 4, 9):
        logits = tuple(round(z, digits) for z in exact)
        now = sample(Setting(loss("focal", activation), logits, targets))
        assert np.isnan(now.norm_factor[0]) and now.resting[0] == 2 and np.isfinite(now.loss_factor[0])
        both = sample(Setting(loss("focal", activation, soft_form="exp-ce"), logits, targets))
        assert np.isnan(both.norm_factor[0]) and both.resting[0] == 3
        alone = sample(Setting(loss("cross-entropy", activation), logits, targets))
        assert alone.resting[0] == 3
    away = tuple(z + 0.5 * (-1) ** k for k, z in enumerate(exact))
    now = sample(Setting(loss("focal", activation), away, targets))
    assert now.resting[0] == 0 and now.norm_factor[0] == now.norm[0] / now.ce_norm[0]


def test_nor_where_the_loss_itself_is_at_its_minimum() -> None:
    """Focal loss, γ = 2, at t = 0.9: its minimum is at p = 0.694 (Charoenphakdee and others 2021)."""
    now = sample(Setting(loss("focal", "sigmoid"), (0.8195,), (0.9,)))
    assert now.probs[0, 0] == pytest.approx(0.694, abs=5e-4)
    assert np.isnan(now.norm_factor[0]) and now.resting[0] == 1
    smoothed = sample(Setting(loss("focal", label_smoothing=0.1), (math.log(0.95 / 0.05), 0.0), (1.0, 0.0)))
    assert smoothed.resting[0] == 2, "a hard label is soft when it is smoothed"


@pytest.mark.parametrize("z", [-40.0, -3.0, 0.0, 5.0, 20.0, 40.0])
@pytest.mark.parametrize("activation", ["sigmoid", "softmax"])
def test_a_sure_sample_of_a_hard_label_is_at_no_minimum(z: float, activation: str) -> None:
    now = sample(Setting(loss("focal", activation), (z, 0.0), (1.0, 0.0)))
    assert now.resting[0] == 0 and np.isfinite(now.norm_factor[0])


def test_every_slider_says_so_too() -> None:
    setting = Setting(loss("focal", "sigmoid", alpha=0.3, label_smoothing=0.05), (1.2,), (0.9,))
    result = {s.control: s for s in sweeps(setting, True, 4_000)}
    assert set(result) == {"z0", "t0", "gamma", "alpha", "label_smoothing", "temperature"}
    for control, sweep in result.items():
        for value, resting, factor in zip(sweep.values, sweep.table.resting, sweep.table.norm_factor, strict=True):
            alone = sample(moved(setting, control, float(value)))
            assert resting == alone.resting[0], (control, value)
            np.testing.assert_allclose(factor, alone.norm_factor[0], rtol=1e-9)
