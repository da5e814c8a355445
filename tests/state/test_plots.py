"""Words of a picture: any of them together make a picture, and what cannot be is said."""

import itertools
import math
from typing import Any

import numpy as np
import pytest

from lossviz import LOSSES
from lossviz.analysis.curves import QUANTITIES, axes
from lossviz.analysis.planes import planes
from lossviz.analysis.surfaces import HEIGHTS, present, surface
from lossviz.evaluation.setting import Setting
from lossviz.fields import Choice, Number, Vector
from lossviz.state.fields import CLASSES, CONTROLS, OWN, PARAMETERS, PLANES, PLOTS, TASKS
from lossviz.state.links import link_problems
from lossviz.state.plots import (
    CurveView,
    SurfaceView,
    classes_for,
    comparisons_for,
    curve_view,
    plane_classes,
    planes_for,
    plot_problems,
    scrub,
    scrubbed_view,
    scrubs_for,
    surface_view,
)
from lossviz.state.sample import SampleView, activations_for, has_parameter, losses_for, resolve

from .. import specs

KINDS_OF_PAGE = [
    (task, key, activation)
    for task in TASKS
    for key in losses_for(task)
    for activation in activations_for(task, key) or ("exp",)
]
PINS = (
    "",
    "nll vs focal gamma 0.5",
    "cross-entropy sigmoid vs logistic vs focal sigmoid gamma 3",
    "hinge vs focal targets 1 0 0",
)


def drawn(task: str, key: str, activation: str, rng: specs.Rng) -> dict[str, Any]:
    """A sample, some parameters, and about half of the words of a picture."""
    values: dict[str, Any] = {"task": task, "loss": key, "activation": activation, "sample": OWN}
    fewest, most = TASKS[task].classes
    classes = int(rng.integers(fewest, most + 1))
    z = rng.normal(0, 4, classes).round(3)
    if rng.random() < 0.25:
        z[rng.integers(classes)] = rng.choice([math.inf, -math.inf, 1e30, -1e4, 900.0])
    values["logits"] = Vector.text(z)
    soft = LOSSES[key].targets == "any" and rng.random() < 0.5
    values["targets"] = Vector.text(specs.targets("soft" if soft else "one-hot", 1, classes, rng)[0])
    for name, parameter in PARAMETERS.items():
        if isinstance(parameter, Number) and has_parameter(name, key, activation) and rng.random() < 0.5:
            values[name] = float(rng.uniform(parameter.range_low, parameter.range_high))
    for field in PLOTS:
        if rng.random() < 0.5:
            continue
        if isinstance(field, Choice):
            values[field.name] = str(rng.choice(field.options))
        elif isinstance(field, Number):
            number = rng.uniform(field.range_low, field.range_high)
            values[field.name] = round(float(number)) if field.integer else float(number)
        else:
            values[field.name] = str(rng.choice(PINS))
    return values


@pytest.mark.parametrize("page", KINDS_OF_PAGE, ids="|".join)
def test_any_words_together_make_a_picture(page: tuple[str, str, str]) -> None:
    rng = specs.seeded("pictures", *page)
    curves: set[CurveView] = set()
    surfaces: set[SurfaceView | None] = set()
    for _ in range(30):
        values = drawn(*page, rng)
        view = resolve(values)
        curve = curve_view(values, view)
        check_curve(curve, view, values)
        curves.add(curve)
        flat = surface_view(values, view)
        check_surface(flat, view, values)
        surfaces.add(flat)
        check_scrub(values, view)
        plot_problems(values, view)
    assert len(curves) > 10
    assert len(surfaces) > 7 or (page[0] == "binary" and "gamma" not in LOSSES[page[1]].own_parameters)


def check_curve(curve: CurveView, view: SampleView, values: dict[str, Any]) -> None:
    assert curve.quantity == values.get("y", "loss")
    assert curve.quantity in (*QUANTITIES, "optimum", "recovery")
    assert 0 <= curve.k < len(view.setting.logits)
    assert curve.axis in axes(view.setting, curve.k)
    assert curve.log is (values.get("scale") == "log")
    assert curve.detached is (values.get("modulator") == "detached")
    wanted = values.get("along", "auto")
    if wanted != "auto" and int(wanted) < len(view.setting.logits):
        assert curve.k == int(wanted)
    if values.get("x", "p_t") in axes(view.setting, curve.k):
        assert curve.axis == values.get("x", "p_t")


def check_surface(result: SurfaceView | None, view: SampleView, values: dict[str, Any]) -> None:
    available = planes(view.setting)
    if result is None:
        assert available == ()
        return
    classes = len(view.setting.logits)
    assert result.plane.kind in available
    assert (
        len(set(result.plane.classes))
        == len(result.plane.classes)
        == {"logits": 2, "gamma": 1, "simplex": 3}[result.plane.kind]
    )
    assert all(0 <= i < classes for i in result.plane.classes)
    assert result.plane.component == result.plane.classes[0]
    assert result.height == values.get("height", "loss")
    assert result.height in HEIGHTS
    assert result.other == 0 or f"pin-{result.other}" in comparisons_for(values, view)
    assert result.rate == values.get("rate", 1.0)
    assert result.steps == values.get("steps", 40)
    if PLANES[values.get("over", "logits")] in available:
        assert result.plane.kind == PLANES[values.get("over", "logits")]


def check_scrub(values: dict[str, Any], view: SampleView) -> None:
    moves = scrub(values, view, 21)
    offered = scrubs_for(view)
    if not offered:
        assert moves.control == ""
        assert scrubbed_view(view, "", moves.values[moves.at]) is view
        return
    assert moves.control in offered
    assert set(offered) <= set(CONTROLS)
    assert moves.control == (values.get("scrub", "gamma") if values.get("scrub", "gamma") in offered else offered[0])
    assert list(moves.values) == sorted(set(moves.values))
    assert len(moves.values) >= 10
    assert scrubbed_view(view, moves.control, moves.values[moves.at]) == view
    others = {scrubbed_view(view, moves.control, value).setting for value in moves.values}
    assert len(others) == len(moves.values)


def test_every_class_that_is_asked_for_is_found_or_replaced() -> None:
    """All combinations of three words, for up to four classes."""
    for classes in (1, 2, 3, 4):
        view = resolve({"task": "multi-label", "activation": "sigmoid", "logits": Vector.text(range(classes))})
        for first, second, third in itertools.product(CLASSES[:6], repeat=3):
            chosen_classes = {"first": first, "second": second, "third": third}
            result = plane_classes(chosen_classes, view)
            assert len(set(result)) == len(result) == min(3, classes), chosen_classes
            assert set(result) <= set(range(classes))
            seen: list[int] = []
            for word, number in list(zip(chosen_classes.values(), result, strict=False)):
                wanted = int(word) if word != "auto" else None
                if wanted is not None and wanted < classes and wanted not in seen:
                    assert number == wanted, chosen_classes
                seen.append(number)


def test_unasked_classes_are_the_truth_and_then_the_strongest() -> None:
    view = resolve({"sample": OWN, "logits": "0 3 -1 5 4", "targets": "0 0 1 0 0"})
    assert plane_classes({}, view) == (2, 3, 4)
    assert plane_classes({"first": "3"}, view) == (3, 2, 4)
    assert plane_classes({"second": "0"}, view) == (2, 0, 3)
    assert plane_classes({"first": "9", "third": "2"}, view) == (3, 4, 2)


def test_what_is_not_there_is_named_with_what_is_used_instead() -> None:
    words = {"sample": OWN, "logits": "2 1 0"}
    cases = [
        ({"along": "5"}, "along: 5", "auto"),
        ({"first": "3"}, "first: 3", "auto"),
        ({"third": "9"}, "third: 9", "auto"),
        ({"scrub": "z7"}, "scrub: z7", "gamma"),
        ({"scrub": "alpha"}, "scrub: alpha", "gamma"),
        ({"scrub": "gamma", "loss": "cross-entropy"}, "scrub: gamma", "label_smoothing"),
        ({"scrub": "z0", "logits": "inf 1 0"}, "scrub: z0", "gamma"),
        ({"other": "pin-1"}, "other: pin-1", "cross-entropy"),
        ({"other": "pin-3", "pins": "focal vs nll"}, "other: pin-3", "cross-entropy"),
        ({"other": "pin-2", "pins": "focal vs logistic"}, "other: pin-2", "cross-entropy"),
        ({"over": "simplex", "activation": "sigmoid"}, "over: simplex", "logits"),
        ({"over": "p_t-gamma", "loss": "cross-entropy"}, "over: p_t-gamma", "logits"),
        ({"over": "simplex", "logits": "1 2"}, "over: simplex", "logits"),
        ({"x": "margin", "activation": "sigmoid", "targets": "0.5 0.5 0", "target": "soft"}, "x: margin", "p_t"),
        ({"x": "p_t", "logits": "2 inf 0"}, "x: p_t", "logit"),
    ]
    for more, wanted, instead in cases:
        (problem,) = link_problems(words | more)
        assert problem == f"{wanted} is not available for these settings. Using {instead} instead."
        view = resolve(words | more)
        used = surface_view(words | more, view), curve_view(words | more, view), scrub(words | more, view, 9)
        name = wanted.split(":")[0]
        if name == "scrub":
            assert used[2].control == instead
        if name == "over":
            assert used[0] is not None
            assert used[0].plane.kind == PLANES[instead]
        if name == "x":
            assert used[1].axis == instead
        if name == "other":
            assert used[0] is not None
            assert used[0].other == 0


def test_what_is_there_is_no_problem() -> None:
    for values in ({}, {"scrub": "z9", "along": "9", "third": "3"}, {"other": "pin-2", "pins": "nll vs focal gamma 1"}):
        assert plot_problems(values, resolve(values)) == []
    for page in KINDS_OF_PAGE:
        task, key, activation = page
        base = {"task": task, "loss": key, "activation": activation}
        view = resolve(base)
        words = {"over": planes_for(view), "scrub": scrubs_for(view), "first": classes_for(view), "along": classes_for(view)}
        for name, offered in words.items():
            for word in offered:
                assert plot_problems(base | {name: word}, view) == [], (page, name, word)


def test_pins_that_cannot_be_read_are_problems_of_the_link() -> None:
    (problem,) = link_problems({"pins": "focal vs hinge gamma 2"})
    assert problem.startswith("pins, number 2: loss: found 'hinge'")


@pytest.mark.parametrize("value", [None, 3, "", "x", math.nan, [], {}, object(), "ﷺ" * 3_000, -1, math.inf, 10**400])
def test_no_value_is_too_strange(value: Any) -> None:
    for page in KINDS_OF_PAGE[::3]:
        base = dict(zip(("task", "loss", "activation"), page, strict=True))
        plain = resolve(base)
        words = [field.name for field in PLOTS if field.name not in ("rate", "steps") or value != 3]
        values = base | dict.fromkeys(words, value)
        curve, flat = curve_view(values, plain), surface_view(values, plain)
        assert curve == curve_view({}, plain)
        assert flat == surface_view({}, plain)
        assert scrub(values, plain, 9) == scrub({}, plain, 9)


@pytest.mark.parametrize("key", ["focal", "cross-entropy", "nll"])
def test_planes_of_all_settings_side_by_side_are_one_plane(key: str) -> None:
    """What two settings are compared over, and what a scrubber plays, has the same axes: heights may be subtracted."""
    for logits in ("9 1 0", "14 -8 3 1", "2 1 0", "800 1 -20", "1000 0 0"):
        base = {"sample": OWN, "loss": key, "logits": logits}
        view = resolve(base)
        values = base | {"scrub": "z0"}
        moves = scrub(values, view, 9)
        assert moves.control == "z0"
        flat = surface_view(values, view)
        assert flat is not None
        result = [scrubbed_view(view, "z0", value).setting for value in moves.values]
        check_axes(result, flat)


def check_axes(settings: list[Setting], flat: SurfaceView) -> None:
    ends = {(float(s.x[0]), float(s.x[-1]), s.values.shape) for s in (surface(one, flat.plane, "loss", 15) for one in settings)}
    assert len(ends) == 1, ends
    low, high, _ = ends.pop()
    for one in settings:
        x, y, _ = present(one, flat.plane, "loss")
        assert low <= x <= high
        assert low <= y <= high


def test_a_scrubber_of_a_logit_keeps_every_position_on_the_plane() -> None:
    view = resolve({"sample": OWN, "logits": "2 1 0"})
    moves = scrub({"scrub": "z1"}, view, 21)
    assert moves.values[0] == -6
    assert moves.values[-1] == 6
    assert moves.values[moves.at] == 1
    for value in moves.values:
        assert scrubbed_view(view, "z1", value).setting.logits == (2, value, 0)
    np.testing.assert_allclose(np.diff(moves.values).max(), np.diff(moves.values).min(), rtol=1e-9)
