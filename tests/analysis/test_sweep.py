"""Every row of a sweep is the setting it stands for: what a hand sees is what letting go gives."""

import math
from typing import Any

import numpy as np
import pytest

from lossviz import LOSSES, loss
from lossviz.analysis.sample import SampleTable, sample
from lossviz.analysis.sweep import WHOLE, Sweep, grid, live_parameters, moved, moved_targets, span, sweeps
from lossviz.evaluation.setting import Setting
from lossviz.fields import Number

from .. import specs
from ..drawn import alternating, paired

TASKS = [(key, a, soft) for key, a in specs.KINDS for soft in (False, True) if not soft or LOSSES[key].targets == "any"]


def settings(key: str, activation: str, soft: bool, count: int) -> list[Setting]:
    rng = specs.seeded("sweep", key, activation, soft)
    result = []
    for _ in range(count):
        classes = 1 if LOSSES[key].targets == "signs" else int(rng.integers(1, 6))
        spec = specs.drawn(key, activation, classes, rng)
        hard = ("multi-hot", "one-hot") if activation == "sigmoid" else ("one-hot",)
        kind = str(rng.choice(("distribution", "soft") if soft else hard))
        z, t = specs.logits(key, 1, classes, rng) * rng.choice([0.3, 1, 5]), specs.targets(kind, 1, classes, rng)
        result.append(Setting(spec, tuple(z[0].tolist()), tuple(t[0].tolist())))
    assert len(set(result)) == count
    return result


def same(row: SampleTable, alone: SampleTable, message: str) -> None:
    """One row of a sweep and the one-row table of the same setting, to 1e-12 relative."""
    for name in SampleTable._fields:
        ours, theirs = getattr(row, name), getattr(alone, name)
        if np.array_equal(ours, theirs):
            continue
        size = 1e-12 * max(1e-300, float(np.abs(np.nan_to_num(theirs)).max()))
        if (np.abs(ours - theirs) <= size + 1e-12 * np.abs(theirs)).all():
            continue  # what follows says the same, with words for what is off, and takes long for it
        np.testing.assert_allclose(ours, theirs, rtol=1e-12, atol=size, err_msg=f"{message}: {name}")


@pytest.mark.parametrize(("key", "activation", "soft"), TASKS)
def test_rows_are_what_evaluating_the_setting_alone_gives(key: str, activation: str, soft: bool) -> None:
    rng = specs.seeded("rows", key, activation, soft)
    for setting in settings(key, activation, soft, 1):
        for sweep in sweeps(setting, soft, 3000):
            rows = {0, sweep.at, len(sweep.values) - 1, *rng.integers(len(sweep.values), size=2).tolist()}
            for i in rows:
                alone = moved(setting, sweep.control, float(sweep.values[i])) if i != sweep.at else setting
                if sweep.targets is not None:
                    np.testing.assert_allclose(sweep.targets[i], alone.targets, atol=1e-15)
                row = sweep.table.rows(slice(i, i + 1))
                same(row, sample(alone), f"{setting} {sweep.control} = {sweep.values[i]}")


@pytest.mark.parametrize(("key", "activation", "soft"), TASKS)
def test_grids_rise_within_the_domain_and_hold_the_present_value(key: str, activation: str, soft: bool) -> None:
    for setting in settings(key, activation, soft, 2):
        result = sweeps(setting, soft, 3000)
        assert [s.control for s in result] == controls(setting, soft)
        for sweep in result:
            present = value(setting, sweep.control)
            assert sweep.values[sweep.at] == present
            assert (np.diff(sweep.values) > 0).all()
            assert len(sweep.values) == len(sweep.table.loss)
            low, high = reach(setting, sweep.control)
            assert sweep.values[0] == min(low, present)
            assert sweep.values[-1] == max(high, present)


def test_a_grid_has_no_minus_zero() -> None:
    for present in (0.0, 2.0, 3.6, 0.07):
        values, _ = grid(0.0, 5.0, present, 51)
        assert not np.signbit(values).any()


def controls(setting: Setting, soft: bool) -> list[str]:
    classes = range(len(setting.logits))
    return [f"z{i}" for i in classes] + [f"t{i}" for i in classes if soft] + live_parameters(setting.spec)


def value(setting: Setting, control: str) -> Any:
    if control[1:].isdigit():
        return (setting.logits if control[0] == "z" else setting.targets)[int(control[1:])]
    return getattr(setting.spec, control)


def reach(setting: Setting, control: str) -> tuple[float, float]:
    if control[1:].isdigit():
        return (-span(setting.logits), span(setting.logits)) if control[0] == "z" else (0.0, 1.0)
    field = next(p for p in LOSSES[setting.spec.key].parameters if p.name == control)
    assert isinstance(field, Number)
    return field.range_low, field.range_high


@pytest.mark.parametrize(("classes", "soft", "room"), paired([1, 2, 3, 10], [False, True], [1_000, 5_000, 34_000]))
def test_room_bounds_what_is_sent(classes: int, soft: bool, room: int) -> None:
    """Below 15 points a control, the least that one can drag along, room gives way."""
    rng = specs.seeded("room", classes)
    setting = Setting(loss("focal", "sigmoid", alpha=0.3), tuple(rng.normal(0, 3, classes).tolist()), (0.37,) * classes)
    result = sweeps(setting, soft, room)
    width = 5 * classes + 7
    sent = sum(len(s.values) * (width + (classes if s.targets is not None else 0)) for s in result)
    rows = [len(s.values) for s in result]  # γ has all of its own, whatever the room
    # A present value between two round ones and an end that is not round are added to a grid.
    least = all(len(s.values) <= 15 + 3 for s in result if s.control not in WHOLE)
    assert sent <= 1.35 * room or least, (sent, room, rows)
    assert min(rows) >= 5
    if room == 34_000:
        assert sent <= room


def test_more_room_is_finer() -> None:
    setting = Setting(loss("focal"), (2.0, 1.0, 0.0), (1.0, 0.0, 0.0))
    rows = [sum(len(s.values) for s in sweeps(setting, False, room)) for room in (1_000, 5_000, 34_000)]
    assert rows[0] < rows[1] < rows[2]


def test_alpha_has_a_slider_only_where_it_is_one_number() -> None:
    for alpha, expected in ((None, False), (0.25, True), ((0.2, 0.3), False)):
        assert ("alpha" in live_parameters(loss("focal", "sigmoid", alpha=alpha))) is expected
    assert set(live_parameters(loss("focal", "sigmoid", alpha=0.25))) == {"gamma", "alpha", "label_smoothing", "temperature"}
    assert live_parameters(loss("nll")) == []


@pytest.mark.parametrize("activation", ["softmax", "sigmoid"])
def test_a_distribution_stays_a_distribution(activation: str) -> None:
    rng = specs.seeded("shares", activation)
    for classes in (2, 3, 7):
        t = specs.targets("distribution", 1, classes, rng)[0]
        setting = Setting(loss("focal", activation), (0.0,) * classes, tuple(t.tolist()))
        rows = moved_targets(setting, 1, np.array([0.0, 0.3, t[1], 1.0]))
        np.testing.assert_array_equal(rows[:, 1], [0.0, 0.3, t[1], 1.0])
        if activation == "sigmoid":
            np.testing.assert_array_equal(np.delete(rows, 1, 1), np.repeat(np.delete(t, 1)[None], 4, 0))
            continue
        np.testing.assert_allclose(rows.sum(1), 1, rtol=0, atol=1e-12)
        assert (rows >= 0).all()
        others = np.delete(rows, 1, 1)
        np.testing.assert_allclose(others[1] * np.delete(t, 1).sum(), np.delete(t, 1) * 0.7, rtol=0, atol=2e-6)


def test_what_a_certain_class_gives_up_is_shared_evenly() -> None:
    setting = Setting(loss("focal"), (0.0, 0.0, 0.0), (1.0, 0.0, 0.0))
    np.testing.assert_allclose(moved_targets(setting, 0, np.array([0.4]))[0], [0.4, 0.3, 0.3], rtol=1e-15)


def test_targets_that_are_no_distribution_move_alone() -> None:
    setting = Setting(loss("focal"), (0.0, 0.0), (0.9, 0.5))
    assert moved_targets(setting, 0, np.array([0.2]))[0].tolist() == [0.2, 0.5]
    assert moved_targets(setting._replace(logits=(0.0,), targets=(1.0,)), 0, np.array([0.2]))[0].tolist() == [0.2]


def ranges() -> list[tuple[float, float, float]]:
    rng = specs.seeded("grid")
    result = [(-6.0, 6.0, x) for x in (0.0, -0.0, 1.235, 6.0, -6.0, 1e-9, 7.5, -1e4, 1e5, 1e30, -1e30, 1e300, 5e-324)]
    result += [(0.1, 5.0, x) for x in (1e-6, 1e-300, 1.0, 2.0000001, 1e6, 1e20, 1e308)]
    return result + [(0.0, 1.0, float(x)) for x in rng.uniform(0, 1, 20)]


@pytest.mark.parametrize(("span", "points"), alternating(ranges(), [15, 41, 121]))
def test_grid(span: tuple[float, float, float], points: int) -> None:
    low, high, present = span
    values, at = grid(low, high, present, points)
    assert values[at] == present
    assert np.isfinite(values).all()
    assert (np.diff(values) > 0).all()
    assert values[0] >= min(low, present)
    assert values[-1] <= max(high, present)
    assert points / 3 <= len(values) <= points + 3


def test_grid_values_are_round() -> None:
    values, _ = grid(0.0, 5.0, 2.0, 51)
    assert values.tolist() == [round(i / 10, 6) for i in range(51)]


@pytest.mark.parametrize(
    ("extreme", "activation", "soft", "gamma"),
    alternating([1e4, -1e4, 1e30, math.inf, -math.inf], ["softmax", "sigmoid"], [False, True], [0.3, 2.0]),
)
def test_extremes_leave_no_nan_in_a_sweep(extreme: float, soft: bool, gamma: float, activation: str) -> None:
    parameters: dict[str, Any] = {"alpha": 0.0} if activation == "sigmoid" else {}
    setting = Setting(loss("focal", activation, gamma=gamma, **parameters), (extreme, 0.5, -1.0), (0.0, 1.0, 0.0))
    for sweep in sweeps(setting, soft, 5_000):
        assert sweep.values[sweep.at] == value(setting, sweep.control)
        for name in SampleTable._fields:
            if not name.endswith("factor"):
                assert not np.isnan(getattr(sweep.table, name)).any(), (sweep.control, name)


def test_an_infinite_logit_has_one_row() -> None:
    result = sweeps(Setting(loss("focal"), (math.inf, 0.0), (1.0, 0.0)), False, 5_000)
    assert result[0].values.tolist() == [math.inf]
    assert len(result[1].values) > 15


def test_alpha_at_its_ends_with_an_infinite_loss() -> None:
    """α = 0 switches the positive term off, be it infinite."""
    setting = Setting(loss("focal", "sigmoid", alpha=0.5), (-math.inf,), (1.0,))
    alphas = next(s for s in sweeps(setting, False, 5_000) if s.control == "alpha")
    assert alphas.table.loss[0] == 0
    assert np.isinf(alphas.table.loss[1:]).all()


def test_sweeps_do_not_depend_on_the_present_value_elsewhere() -> None:
    """Two settings that differ in γ alone meet where their γ sweeps show the same γ."""
    first, second = (
        next(s for s in sweeps(Setting(loss("focal", gamma=g), (1.0, -2.0), (1.0, 0.0)), False, 5_000) if s.control == "gamma")
        for g in (0.5, 4.0)
    )
    common = np.intersect1d(first.values, second.values)
    assert len(common) > 10

    def losses(sweep: Sweep) -> np.ndarray:
        return sweep.table.loss[np.isin(sweep.values, common)]

    np.testing.assert_array_equal(losses(first), losses(second))
