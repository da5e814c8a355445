"""Surfaces against mpmath, their symmetries, and points that are where they say."""

import math
from dataclasses import fields
from typing import Any

import numpy as np
import pytest
from mpmath import mp, mpf

from lossviz import LOSSES, evaluate, loss
from lossviz.analysis.planes import CORNERS, LEAST, PLACED, Plane, from_plane, place, planes, to_plane
from lossviz.analysis.sample import sample
from lossviz.analysis.surfaces import HEIGHTS, arrows, surface, triangle
from lossviz.analysis.sweep import span
from lossviz.evaluation.setting import Array, Setting, as_targets, baseline
from lossviz.losses import LossSpec

from .. import reference, specs
from ..drawn import alternating, paired

TASKS = [(key, a, soft) for key, a in specs.KINDS for soft in (False, True) if not soft or LOSSES[key].targets == "any"]
tasks = pytest.mark.parametrize(("key", "activation", "soft"), TASKS)


def settings(key: str, activation: str, soft: bool, count: int, fewest: int = 1) -> list[Setting]:
    rng = specs.seeded("surfaces", key, activation, soft)
    result = []
    for _ in range(count):
        classes = 1 if LOSSES[key].targets == "signs" else int(rng.integers(fewest, 6))
        spec = specs.drawn(key, activation, classes, rng)
        hard = ("multi-hot", "one-hot") if activation == "sigmoid" else ("one-hot",)
        kind = str(rng.choice(("distribution", "soft") if soft else hard))
        z, t = specs.logits(key, 1, classes, rng) * rng.choice([0.3, 1, 3]), specs.targets(kind, 1, classes, rng)
        result.append(Setting(spec, tuple(z[0].tolist()), tuple(t[0].tolist())))
    assert len(set(result)) == count, "the inputs have to vary"
    return result


def plane_of(setting: Setting, kind: str, rng: specs.Rng) -> Plane:
    """A plane of this kind over classes drawn, with a component drawn."""
    classes = rng.permutation(len(setting.logits))[: {"logits": 2, "gamma": 1, "simplex": 3}[kind]]
    return Plane(kind, tuple(classes.tolist()), int(rng.integers(len(setting.logits))))


def all_planes(setting: Setting, rng: specs.Rng) -> list[Plane]:
    return [plane_of(setting, kind, rng) for kind in planes(setting)]


def truth_of(spec: LossSpec, logits: list[Any], targets: tuple[float, ...]) -> reference.Exact:
    """mpmath's view of a sample."""
    known = {f.name for f in fields(reference.Setting)} - {"activation"}
    parameters = {name: value for name, value in spec.parameters if name in known}
    if spec.key == "quality-focal":
        parameters["soft_form"] = "quality"
    elif spec.key in reference.FORMS:
        parameters["soft_form"] = spec.key
    setting = reference.Setting(spec.activation, **parameters)
    if spec.activation == "exp":
        return reference.log_probability(setting, logits, targets.index(1))
    return reference.sample(setting, logits, targets)


def truth_at(setting: Setting, plane: Plane, x: float, y: float) -> reference.Exact:
    """mpmath's view of a point of a plane."""
    z: list[Any] = [mpf(v) for v in setting.logits]
    spec, temperature = setting.spec, mpf(setting.spec.temperature)
    if plane.kind == "logits":
        z[plane.classes[0]], z[plane.classes[1]] = mpf(x), mpf(y)
    elif plane.kind == "gamma":
        k = plane.classes[0]
        odds = mp.log(mpf(x) / (1 - mpf(x))) if 0 < x < 1 else (2 * x - 1) * mp.inf
        if spec.activation == "softmax":
            odds += mp.log(mp.fsum(mp.exp(v / temperature) for i, v in enumerate(z) if i != k))
        elif setting.targets[k] == 0:
            odds = -odds
        z[k], spec = temperature * odds, spec.replace(gamma=y)
    else:
        third = mpf(y) / mp.sqrt(mpf(3) / 4)
        shares = [max(p, mpf(LEAST)) for p in (1 - mpf(x) - third / 2, mpf(x) - third / 2, third)]
        mass = mp.fsum(mp.exp(z[k] / temperature) for k in plane.classes)
        for k, share in zip(plane.classes, shares, strict=True):
            z[k] = temperature * mp.log(share / mp.fsum(shares) * mass)
    return truth_of(spec, z, setting.targets)


def height_of(truth: reference.Exact, plane: Plane, height: str) -> float:
    norm = mp.sqrt(mp.fsum(g * g for g in truth.grad))
    return float({"loss": truth.loss, "norm": norm, "component": truth.grad[plane.component]}[height])


def inside(x: float, y: float) -> bool:
    return min(y, 1 - x - y / math.sqrt(3), x - y / math.sqrt(3)) >= -1e-12


@tasks
def test_values_against_mpmath(key: str, activation: str, soft: bool) -> None:
    rng = specs.seeded("values", key, activation, soft)
    seen: dict[tuple[str, str], set[float]] = {}
    for setting in settings(key, activation, soft, 4):
        for plane in all_planes(setting, rng):
            shown = {height: surface(setting, plane, height, 21) for height in HEIGHTS}
            x, y = shown["loss"].x, shown["loss"].y
            points = [(0, 0), (len(y) - 1, len(x) - 1)] if plane.kind != "simplex" else [(1, 1), (1, len(x) - 2)]
            within = [p for p in np.ndindex(len(y), len(x)) if plane.kind != "simplex" or inside(x[p[1]], y[p[0]])]
            points += [within[i] for i in rng.integers(len(within), size=3)]
            for row, column in points:
                truth = truth_at(setting, plane, float(x[column]), float(y[row]))
                for height, result in shown.items():
                    got, expected = float(result.values[row, column]), height_of(truth, plane, height)
                    assert got == pytest.approx(expected, rel=1e-9, abs=1e-12), (setting, plane, height, x[column], y[row])
                    seen.setdefault((plane.kind, height), set()).add(got)
    # The gradient of "nll" is the weight of a class, and elsewhere 0.
    assert all(len(values) > 3 or (activation == "exp" and height != "loss") for (_, height), values in seen.items())


@tasks
def test_shapes_and_the_present_sample(key: str, activation: str, soft: bool) -> None:
    rng = specs.seeded("present", key, activation, soft)
    for setting in settings(key, activation, soft, 3):
        now = sample(setting)
        for plane in all_planes(setting, rng):
            expected = {"loss": now.loss[0], "norm": now.norm[0], "component": now.grad[0, plane.component]}
            for height in HEIGHTS:
                result = surface(setting, plane, height, 21)
                assert result.values.shape == (len(result.y), len(result.x))
                assert result.values.dtype == result.x.dtype == np.float64
                assert not np.isnan(result.values).any()
                assert result.present[2] == pytest.approx(expected[height], rel=1e-12)


@tasks
def test_a_placed_sample_is_there_and_as_high_as_the_surface(key: str, activation: str, soft: bool) -> None:
    rng = specs.seeded("place", key, activation, soft)
    places = set()
    for setting in settings(key, activation, soft, 4):
        near = 1e-5 / min(1, setting.spec.temperature)
        for plane in all_planes(setting, rng):
            shown = surface(setting, plane, "loss", 21)
            for _ in range(3):
                row, column = int(rng.integers(1, len(shown.y) - 1)), int(rng.integers(1, len(shown.x) - 1))
                x, y = float(shown.x[column]), float(shown.y[row])
                if plane.kind == "simplex" and not inside(x, y):
                    continue
                placed = place(setting, plane, x, y)
                again = surface(placed, plane, "loss", 21)
                assert again.present[:2] == pytest.approx((x, y), abs=near)
                if plane.kind != "simplex" or min(from_plane(np.array(x), np.array(y))) > PLACED:
                    assert again.present[2] == pytest.approx(shown.values[row, column], rel=1e-3, abs=1e-3)
                other_classes = set(range(len(setting.logits))) - set(plane.classes)
                assert all(placed.logits[k] == setting.logits[k] for k in other_classes)
                assert all(placed.logits[k] == round(placed.logits[k], 6) for k in plane.classes)
                places.add((plane.kind, round(x, 6), round(y, 6)))
    # One logit without γ, which is what "logistic" is, spans no plane at all.
    assert len(places) > 2 or key == "logistic"


@tasks
def test_what_lies_outside_is_placed_at_the_edge(key: str, activation: str, soft: bool) -> None:
    rng = specs.seeded("edge", key, activation, soft)
    for setting in settings(key, activation, soft, 3):
        for plane in all_planes(setting, rng):
            placed = place(setting, plane, 1e9, -1e9)
            result = surface(placed, plane, "loss", 21).present
            assert np.isfinite(placed.logits).all()
            if plane.kind == "logits":
                assert result[:2] == (span(setting.logits), -span(setting.logits))
            elif plane.kind == "gamma":
                near = 1e-6 / min(1, setting.spec.temperature)
                assert result[:2] == (pytest.approx(1 - PLACED, abs=near), 0.0)
            else:
                assert result[:2] == pytest.approx((1, 0), abs=1e-5)


def test_planes_that_exist() -> None:
    def of(key: str, activation: str, *logits: float) -> tuple[str, ...]:
        return planes(Setting(loss(key, activation), logits, (1.0,) + (0.0,) * (len(logits) - 1)))

    assert of("focal", "softmax", 0.0) == ()
    assert of("focal", "softmax", 0.0, 1.0) == ("logits", "gamma")
    assert of("focal", "softmax", 0.0, 1.0, 2.0) == ("logits", "gamma", "simplex")
    assert of("focal", "softmax", 0.0, 1.0, math.inf) == ("logits", "gamma")
    assert of("cross-entropy", "softmax", 0.0, 1.0, 2.0) == ("logits", "simplex")
    assert of("focal", "sigmoid", 0.0) == ("gamma",)
    assert of("quality-focal", "sigmoid", 0.0, 1.0, 2.0) == ("logits", "gamma")
    assert of("cross-entropy", "sigmoid", 0.0) == of("logistic", "sigmoid", 0.0) == of("nll", "exp", -1.0) == ()
    assert of("nll", "exp", -1.0, -2.0, -3.0) == ("logits",)


@pytest.mark.parametrize(
    ("largest", "points"),
    alternating([0.1, 6.5, 9.0, 11.0, 14.0, 19.0, 29.0, 49.0, 99.0, 199.0, 499.0, 999.0], [11, 25, 61, 101]),
)
def test_axes_are_round_and_do_not_move_with_the_sample(largest: float, points: int) -> None:
    first, second = (
        surface(Setting(loss("focal"), (largest, *other), (1.0, 0.0, 0.0)), Plane("logits", (1, 2)), "loss", points)
        for other in ((0.0, 0.0), (0.07, -0.033))
    )
    np.testing.assert_array_equal(first.x, second.x)
    np.testing.assert_array_equal(first.values, second.values)
    assert first.present != second.present
    reach = span((largest,))
    assert first.x[0] == first.y[0] == -reach
    assert first.x[-1] == first.y[-1] == reach
    assert 0 in first.x
    assert len(f"{first.x[1] - first.x[0]:.4g}".strip("0.").replace(".", "")) <= 2, "not a round step"
    np.testing.assert_allclose(np.diff(first.x), first.x[1] - first.x[0], rtol=1e-9)
    assert 0.65 * points <= len(first.x) <= 1.5 * points


@pytest.mark.parametrize("spec", [loss("focal"), loss("cross-entropy", label_smoothing=0.1), loss("focal", temperature=0.7)])
def test_softmax_of_two_depends_on_the_difference_alone(spec: LossSpec) -> None:
    setting = Setting(spec, (1.0, -2.0), (1.0, 0.0))
    values = surface(setting, Plane("logits", (0, 1)), "loss").values
    assert len(np.unique(values.round(9))) > 50
    np.testing.assert_allclose(values[1:, 1:], values[:-1, :-1], rtol=1e-12)
    sigmoid = setting._replace(spec=loss("focal", "sigmoid"))
    apart = surface(sigmoid, Plane("logits", (0, 1)), "loss").values
    assert np.abs(apart[1:, 1:] - apart[:-1, :-1]).max() > 0.1


def test_with_a_third_logit_held_the_same_shift_changes_softmax() -> None:
    values = surface(Setting(loss("focal"), (1.0, -2.0, 0.5), (1.0, 0.0, 0.0)), Plane("logits", (0, 1)), "loss").values
    assert np.abs(values[1:, 1:] - values[:-1, :-1]).max() > 0.1


@pytest.mark.parametrize(("key", "activation"), [k for k in specs.KINDS if k[0] != "logistic"])
@pytest.mark.parametrize("height", ["loss", "norm"])
def test_two_classes_that_are_not_true_are_alike(key: str, activation: str, height: str) -> None:
    setting = Setting(loss(key, activation), (0.5, -1.0, 2.0, -0.3), (0.0, 1.0, 0.0, 0.0))
    alike = surface(setting, Plane("logits", (0, 2)), height).values
    np.testing.assert_allclose(alike, alike.T, rtol=1e-12)
    assert activation == "exp" or len(np.unique(alike.round(9))) > 50
    apart = surface(setting, Plane("logits", (0, 1)), "loss").values
    assert np.abs(apart - apart.T).max() > 0.1


@pytest.mark.parametrize("height", ["loss", "norm"])
def test_a_triangle_is_symmetric_in_what_is_not_true(height: str) -> None:
    """Exchanging the classes at (0, 0) and (1, 0) turns the picture over."""
    setting = Setting(loss("focal"), (0.5, -1.0, 2.0, -0.3), (0.0, 0.0, 1.0, 0.0))
    values = surface(setting, Plane("simplex", (0, 1, 2)), height, 41).values
    np.testing.assert_allclose(values, values[:, ::-1], rtol=1e-9)
    assert len(np.unique(values.round(9))) > 50
    turned = surface(setting, Plane("simplex", (0, 2, 1)), height, 41).values
    assert np.abs(turned - turned[:, ::-1]).max() > 0.1


@pytest.mark.parametrize("gamma", [0.0, 2.0])
def test_corners_of_a_triangle(gamma: float) -> None:
    """Where a class has all: no loss at the true corner, and at the others that of a probability of 1e-9."""
    setting = Setting(loss("focal", gamma=gamma), (0.5, -1.0, 2.0), (0.0, 1.0, 0.0))
    result = surface(setting, Plane("simplex", (0, 1, 2)), "loss", 33)
    at = [(int(np.abs(result.y - y).argmin()), int(np.abs(result.x - x).argmin())) for x, y in CORNERS.tolist()]
    for (row, column), corner in zip(at, CORNERS, strict=True):
        assert (result.x[column], result.y[row]) == pytest.approx(tuple(corner), abs=1e-12)
    values = [result.values[spot] for spot in at]
    assert values == pytest.approx([-math.log(1e-9), 0.0, -math.log(1e-9)], rel=1e-6, abs=3e-9)
    cell = result.x[1] - result.x[0]
    assert (result.x[0], result.x[-1]) == pytest.approx((-cell, 1 + cell))
    assert result.y[0] < 0 < result.y[1] + 1e-12
    assert result.y[-2] == pytest.approx(math.sqrt(0.75))


def test_to_and_from_the_plane_are_inverse() -> None:
    rng = specs.seeded("inverse")
    probs = rng.dirichlet((1, 1, 1), 200)
    assert len(np.unique(probs)) == 600
    x, y = to_plane(probs)
    np.testing.assert_allclose(from_plane(x, y), probs, atol=1e-14)
    np.testing.assert_allclose(np.stack(to_plane(np.eye(3)), 1), CORNERS)
    sides = [np.linalg.norm(CORNERS[i] - CORNERS[j]) for i, j in ((0, 1), (1, 2), (2, 0))]
    assert sides == pytest.approx([1, 1, 1])


def nearest(point: Array) -> Array:
    """The nearest point of the triangle, side by side."""
    if inside(*point.tolist()):
        return point
    result = []
    for i, j in ((0, 1), (1, 2), (2, 0)):
        edge = CORNERS[j] - CORNERS[i]
        result.append(CORNERS[i] + edge * np.clip((point - CORNERS[i]) @ edge, 0, 1))
    return min(result, key=lambda p: float(np.linalg.norm(p - point)))


def test_outside_of_the_triangle_is_its_nearest_point() -> None:
    points = specs.seeded("outside").uniform(-1.5, 2.5, (300, 2))
    assert 10 < sum(inside(*p) for p in points.tolist()) < 150
    probs = from_plane(points[:, 0], points[:, 1])
    assert (probs >= 0).all()
    np.testing.assert_allclose(probs.sum(1), 1, rtol=1e-14)
    np.testing.assert_allclose(np.stack(to_plane(probs), 1), [nearest(p) for p in points], atol=1e-12)


@pytest.mark.parametrize("height", HEIGHTS)
def test_the_triangle_and_its_box_agree(height: str) -> None:
    rng = specs.seeded("box")
    for setting in settings("focal", "softmax", False, 3, fewest=3):
        plane = plane_of(setting, "simplex", rng)
        sheet, box = triangle(setting, plane, height, 21), surface(setting, plane, height, 23)
        assert sheet.present == box.present
        assert sheet.x.shape == sheet.y.shape == sheet.values.shape == (21, 21)
        # The box's second row is the side from the first class to the second, where t = 0.
        np.testing.assert_allclose(box.x[1:-1], sheet.x[:, 0], atol=1e-12)
        np.testing.assert_allclose(box.values[1, 1:-1], sheet.values[:, 0], rtol=1e-9, atol=1e-12)
        assert all(inside(x, y) for x, y in zip(sheet.x.ravel().tolist(), sheet.y.ravel().tolist(), strict=True))
        for row, column in rng.integers(21, size=(6, 2)).tolist():
            expected = height_of(truth_at(setting, plane, sheet.x[row, column], sheet.y[row, column]), plane, height)
            # A share below 1e-9 is LEAST for one and rounding of x and y for the other.
            assert sheet.values[row, column] == pytest.approx(expected, rel=1e-6, abs=1e-8)


@pytest.mark.parametrize("soft", [False, True])
@pytest.mark.parametrize(("key", "activation"), [k for k in specs.KINDS if k[0] in ("focal", "quality-focal")])
def test_gamma_0_is_cross_entropy(key: str, activation: str, soft: bool) -> None:
    rng = specs.seeded("gamma 0", key, activation, soft)
    for setting in settings(key, activation, soft, 4, fewest=2):
        plane = plane_of(setting, "gamma", rng)
        result = surface(setting, plane, "loss", 21)
        assert result.y[0] == 0
        assert (result.y[-1], result.x[0], result.x[-1]) == (5, 0, 1)
        plain = setting._replace(spec=baseline(setting.spec))
        for column in (1, 7, len(result.x) - 2):
            moved = plain._replace(logits=place(setting, plane, float(result.x[column]), 0.0).logits)
            assert result.values[0, column] == pytest.approx(sample(moved).loss[0], rel=1e-4)


@pytest.mark.parametrize("activation", ["softmax", "sigmoid"])
def test_ends_of_the_gamma_plane_are_limits(activation: str) -> None:
    for targets in ((1.0, 0.0), (0.0, 1.0)):
        result = surface(Setting(loss("focal", activation), (0.5, -0.5), targets), Plane("gamma", (0,)), "loss", 21)
        if activation == "softmax" and targets[0] == 0:
            assert (result.values[:, 0] == 0).all()
            assert np.isinf(result.values[:, -1]).all()
        else:
            assert np.isinf(result.values[:, 0]).all()
            assert np.isfinite(result.values[:, -1]).all()
        assert np.isfinite(result.values[:, 1:-1]).all()


def test_p_t_of_a_sigmoid_is_the_probability_of_the_truth() -> None:
    for target, expected in ((1.0, 0.8), (0.0, 0.2), (0.3, 0.8)):
        result = surface(Setting(loss("focal", "sigmoid"), (math.log(4),), (target,)), Plane("gamma", (0,)), "loss", 21)
        assert result.present[:2] == pytest.approx((expected, 2))


def test_where_no_probability_can_be_chosen_there_is_nothing() -> None:
    setting = Setting(loss("focal"), (0.5, math.inf, 1.0), (1.0, 0.0, 0.0))
    assert np.isnan(surface(setting, Plane("gamma", (0,)), "loss", 21).values).all()
    result = surface(setting, Plane("gamma", (1,)), "loss", 21)
    assert not np.isnan(result.values).any()
    assert result.present == (1.0, 2.0, math.inf)
    assert place(setting, Plane("gamma", (0,)), 0.3, 1.0) == setting._replace(spec=loss("focal", gamma=1.0))


def test_a_sample_at_infinity_is_there() -> None:
    setting = Setting(loss("focal"), (-math.inf, 0.0, 1.0), (1.0, 0.0, 0.0))
    result = surface(setting, Plane("logits", (0, 1)), "loss", 21)
    assert result.present == (-math.inf, 0.0, math.inf)
    assert np.isfinite(result.values).all()


def test_extremes_leave_no_nan() -> None:
    rng = specs.seeded("extremes")
    for extreme, form, height, activation, targets in paired(
        (1e4, -1e4, 1e30, 745.5, -745.5),
        ("per-term", "mixed", "exp-ce", "quality"),
        HEIGHTS,
        ("softmax", "sigmoid"),
        ((0.0, 1.0, 0.0, 0.0), (0.1, 0.2, 0.3, 0.4)),
    ):
        spec = loss("focal", activation, gamma=0.5, soft_form=form)
        setting = Setting(spec, (extreme, 0.5, -1.0, 0.0), targets)
        for plane in all_planes(setting, rng):
            result = surface(setting, plane, height, 15)
            assert not np.isnan(result.values).any(), (setting, plane, height)
            assert not np.isnan(result.present).any(), (setting, plane, height)


def test_a_tiny_gradient_has_a_length() -> None:
    setting = Setting(loss("cross-entropy"), (500.0, 0.0, -1.0), (1.0, 0.0, 0.0))
    result = surface(setting, Plane("logits", (0, 1)), "norm", 21)
    assert result.values.min() > 0
    np.testing.assert_allclose(result.present[2], sample(setting).norm[0], rtol=1e-12)


@tasks
def test_components_are_slopes(key: str, activation: str, soft: bool) -> None:
    """∂ℓ/∂z_i is how the surface of ℓ rises along x, by central differences between its own rows."""
    if key == "logistic":
        return
    spread = []
    for setting in settings(key, activation, soft, 3, fewest=2):
        if (setting.spec.soft_form == "quality" or key == "quality-focal") and soft:
            continue  # it has a kink where p = t
        plane = Plane("logits", (0, 1), component=0)
        low, mid, high = (_loss_at(setting, plane, dx) for dx in (-1e-4, 0.0, 1e-4))
        slope = surface(setting, plane, "component", 9).values
        spread.append(np.ptp(mid))
        np.testing.assert_allclose((high - low) / 2e-4, slope, rtol=1e-5, atol=1e-6 * np.abs(slope).max())
    assert max(spread, default=1) > 0.1


def _loss_at(setting: Setting, plane: Plane, dx: float) -> Array:
    """The losses on the plane's grid, each point shifted along x."""
    shown = surface(setting, plane, "loss", 9)
    x, y = np.meshgrid(shown.x + dx, shown.y)
    return _losses(setting, (0, 1), x.ravel(), y.ravel()).reshape(x.shape)


def _losses(setting: Setting, classes: tuple[int, ...], x: Array, y: Array) -> Array:
    """What evaluate says of the sample with two of its logits at x and y, and no other quantity of it."""
    rows = np.tile(np.array(setting.logits), (len(x), 1))
    rows[:, classes[0]], rows[:, classes[1]] = x, y
    targets = as_targets(setting.spec, np.tile(np.array(setting.targets), (len(x), 1)))
    result: Array = evaluate(setting.spec, rows, targets).loss.numpy()
    return result


@tasks
def test_arrows_point_downhill(key: str, activation: str, soft: bool) -> None:
    if key == "logistic":
        return
    rng = specs.seeded("arrows", key, activation, soft)
    lengths = set()
    for setting in settings(key, activation, soft, 3, fewest=2):
        plane = plane_of(setting, "logits", rng)
        result, still = arrows(setting, plane), surface(setting, plane, "loss", 11)
        assert len(result.x) == len(result.dy) == still.values.size
        length = np.hypot(result.dx, result.dy)
        step = still.x[1] - still.x[0]
        true = [i for i in plane.classes if setting.targets[i]]
        if activation == "exp" and not true:
            assert (length == 0).all(), "a class that is not true changes nothing"
            continue
        assert length.max() == pytest.approx(0.9 * step, rel=1e-12)
        before, after = (
            _losses(setting, plane.classes, result.x + t * result.dx, result.y + t * result.dy) for t in (0.0, 1e-3)
        )
        assert (after < before)[length > 0.05 * step].all(), (setting, plane)
        lengths |= set(length.round(6).tolist())
    assert len(lengths) > 20 or activation == "exp"


def test_lengths_of_arrows_go_with_the_root_of_the_gradient() -> None:
    setting = Setting(loss("focal"), (0.5, -0.5, 0.2), (1.0, 0.0, 0.0))
    plane = Plane("logits", (0, 1))
    result = arrows(setting, plane)
    grads = np.stack([surface(setting, plane._replace(component=k), "component", 11).values.ravel() for k in (0, 1)])
    norm, length = np.hypot(*grads), np.hypot(result.dx, result.dy)
    np.testing.assert_allclose(length**2 / length.max() ** 2, norm / norm.max(), rtol=1e-12)
    np.testing.assert_allclose(np.stack((result.dx, result.dy)) * norm, -grads * length, rtol=1e-9, atol=1e-15)


def test_no_gradient_no_arrow() -> None:
    """A true class without weight loses nothing anywhere."""
    setting = Setting(loss("cross-entropy", weight=(0.0, 1.0, 1.0)), (0.5, -0.5, 0.2), (1.0, 0.0, 0.0))
    result = arrows(setting, Plane("logits", (0, 1)))
    assert (result.dx == 0).all()
    assert (result.dy == 0).all()
