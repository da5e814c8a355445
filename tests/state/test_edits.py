"""What a hand on the page has done: let go, and the page is exactly what was under the hand."""

import itertools
import math
from typing import Any

import numpy as np
import pytest

from lossviz import LOSSES, InputError
from lossviz.analysis.planes import place
from lossviz.analysis.surfaces import present
from lossviz.analysis.sweep import moved, sweeps
from lossviz.evaluation.setting import Setting
from lossviz.fields import Number, Vector
from lossviz.state.edits import apply_event
from lossviz.state.events import parse_event
from lossviz.state.fields import DIGIT, FIELDS, OWN, PARAMETERS, TASKS
from lossviz.state.links import link_problems
from lossviz.state.plots import planes_for, surface_view
from lossviz.state.sample import SampleView, activations_for, has_parameter, losses_for, one_hot, resolve

from .. import specs
from ..drawn import thinned


def pages() -> list[dict[str, Any]]:
    """Each pair of a task, a loss, an activation, a kind of target and a kind of sample that is on offer."""
    offered = [
        (task, key, activation, target, sample)
        for task, target, sample in itertools.product(TASKS, ("hard", "soft"), (DIGIT, OWN))
        for key in losses_for(task)
        for activation in activations_for(task, key) or ("softmax",)
    ]
    result = []
    for page in thinned(offered, *itertools.combinations(range(5), 2)):
        values: dict[str, Any] = dict(zip(("task", "loss", "activation", "target", "sample"), page, strict=True))
        result.append(values | ({"alpha": 0.25} if has_parameter("alpha", *page[1:3]) else {}))
    return result


def commit(values: dict[str, Any], message: dict[str, Any]) -> dict[str, Any]:
    """What the live component's message changes."""
    return apply_event(values, parse_event(message))


def after(values: dict[str, Any], **event: Any) -> tuple[SampleView, dict[str, Any]]:
    changes = commit(values, event)
    assert set(changes) <= set(FIELDS)
    for name, value in changes.items():
        field = FIELDS[name]
        assert isinstance(value, str) if isinstance(field, Vector) else field.check(value) == value
    view = resolve(values | changes)
    assert not view.problems
    return view, values | changes


@pytest.mark.parametrize("values", pages(), ids=lambda v: "|".join(map(str, v.values())))
def test_letting_go_is_exactly_the_row_that_was_shown(values: dict[str, Any]) -> None:
    view = resolve(values)
    rng = specs.seeded("moves", *values.values())
    for sweep in sweeps(view.setting, view.mode == "soft", 3_000):
        for value in {float(sweep.values[i]) for i in (0, -1, *rng.integers(len(sweep.values), size=2))}:
            expected = moved(view.setting, sweep.control, value)
            then, _ = after(values, control=sweep.control, value=value)
            assert then.setting == expected, (sweep.control, value)
            assert (then.task, then.mode) == (view.task, view.mode)
            assert then.digit == view.digit


def test_moves_by_typing_take_any_number_of_the_domain() -> None:
    rng = specs.seeded("typed")
    for z in [*rng.normal(0, 100, 20).tolist(), 0.1 + 0.2, 1e-300, -1e30, 5]:
        assert after({}, action="move", control="z3", value=z)[0].setting.logits[3] == z
    for text in ("inf", "-inf", "1.5"):
        assert after({}, control="z3", value=text)[0].setting.logits[3] == float(text)


def test_moves_follow_one_another() -> None:
    """Forty acts in a row, each on what the ones before have left."""
    rng = specs.seeded("row")
    values: dict[str, Any] = {}
    seen: set[Setting] = set()
    for _ in range(40):
        view = resolve(values)
        result = sweeps(view.setting, view.mode == "soft", 3_000)
        sweep = result[rng.integers(len(result))]
        control, value = sweep.control, float(rng.choice(sweep.values))
        then, values = after(values, control=control, value=value)
        assert then.setting == moved(view.setting, control, value)
        seen.add(then.setting)
    assert len(seen) > 30


def test_a_moved_target_makes_targets_soft_and_keeps_a_distribution() -> None:
    view, values = after({"target": "soft"}, control="t2", value=0.3)
    assert view.mode == "soft"
    assert values["target"] == "soft"
    assert view.setting.targets[2] == 0.3
    assert math.isclose(math.fsum(view.setting.targets), 1, abs_tol=1e-12)


@pytest.mark.parametrize("name", [n for n, f in PARAMETERS.items() if isinstance(f, Number) and f.optional])
def test_optional_parameters_switch_on_and_off(name: str) -> None:
    values: dict[str, Any] = {"activation": "sigmoid"}
    view, on = after(values, action="on", control=name)
    assert getattr(view.setting.spec, name) is not None
    view, _ = after(on, action="off", control=name)
    assert getattr(view.setting.spec, name) is None


@pytest.mark.parametrize("values", pages(), ids=lambda v: "|".join(map(str, v.values())))
def test_classes_come_and_go(values: dict[str, Any]) -> None:
    fewest, most = TASKS[values["task"]].classes
    view = resolve(values)
    before = view.setting.logits
    if len(before) < most:
        more, then = after(values, action="add")
        assert more.setting.logits == (*before, 0.0)
        assert after(then, action="remove")[0].setting.logits == before
    else:
        refused(values, action="add")
    if len(before) > fewest:
        assert after(values, action="remove")[0].setting.logits == before[:-1]
    else:
        refused(values, action="remove")


def test_classes_go_down_to_the_fewest_and_up_to_the_most_and_no_further() -> None:
    for task, activation in (("multi-class", "softmax"), ("multi-label", "sigmoid")):
        fewest, most = TASKS[task].classes
        values: dict[str, Any] = {"task": task, "activation": activation}
        for action, end in (("remove", fewest), ("add", most), ("remove", fewest)):
            while len(resolve(values).setting.logits) != end:
                view, values = after(values, action=action)
                assert task == "multi-label" or sum(view.setting.targets) == 1
            refused(values, action=action)


def test_weights_follow_the_classes() -> None:
    values = {"sample": OWN, "weight": "2 3 4"}
    view, then = after(values, action="add")
    assert view.setting.spec.weight == (2, 3, 4, 1)
    view, then = after(then, action="remove")
    assert after(then, action="remove")[0].setting.spec.weight == (2, 3)


@pytest.mark.parametrize("values", [p for p in pages() if p["target"] == "hard"], ids=lambda v: "|".join(map(str, v.values())))
def test_labels_and_toggles(values: dict[str, Any]) -> None:
    view = resolve(values)
    targets = view.setting.targets
    for index in range(len(targets)):
        toggled = tuple(1 - t if i == index else t for i, t in enumerate(targets))
        if view.mode == "class":
            assert after(values, action="label", index=index)[0].setting.targets == one_hot(index, len(targets))
        elif LOSSES[values["loss"]].targets == "any":
            result, then = after(values, action="toggle", index=index)
            assert result.setting.targets == toggled
            assert after(then, action="toggle", index=index)[0].setting.targets == targets
        else:
            assert after(values, action="toggle", index=index)[0].setting.targets == toggled


def test_normalising_makes_a_distribution() -> None:
    values = {"task": "multi-label", "activation": "softmax", "logits": "1 2 3 4", "targets": "1 0 1 0.5", "target": "soft"}
    view, _ = after(values, action="normalise")
    np.testing.assert_allclose(view.setting.targets, [0.4, 0, 0.4, 0.2], rtol=1e-15)
    refused(values | {"targets": "0 0 0 0"}, action="normalise")


def test_log_softmax_makes_log_probabilities() -> None:
    view, then = after({"loss": "nll"}, action="log-softmax")
    assert math.isclose(math.fsum(map(math.exp, view.setting.logits)), 1, rel_tol=1e-14)
    again, _ = after(then, action="log-softmax")
    np.testing.assert_allclose(again.setting.logits, view.setting.logits, rtol=1e-13)


def refused(values: dict[str, Any], **event: Any) -> None:
    with pytest.raises(InputError) as caught:
        commit(values, event)
    assert len(str(caught.value)) < 300


HUGE = 10**400
CONTROLS = [
    "",
    "z",
    "t",
    "z10",
    "t99",
    "z-1",
    "z1.0",
    "z²",
    "z١",
    "z" + "9" * 5_000,
    "task",
    "loss",
    "soft_form",
    "weight",
    "logits",
    "targets",
    "sample",
    "live",
    "__class__",
    None,
    5,
    [],
    {},
    "ﷺ",
    "x" * 10_000,
    "z0 ",
    "Z0",
    "zz0",
]
VALUES = [None, "", "x", "nan", math.nan, HUGE, -HUGE, [], {}, [1], {"a": 1}, "1e999x", 1j, b"\xff", object()]
ACTIONS = ["", "Move", "drop", "label", "toggle", None, 5, [], {}, "normalize", "x" * 10_000]


@pytest.mark.parametrize("control", CONTROLS, ids=lambda c: ascii(c)[:20])
def test_an_unknown_control_is_refused(control: Any) -> None:
    for action in ("move", "on", "off"):
        refused({}, action=action, control=control, value=1.0)


@pytest.mark.parametrize("control", ["z0", "t0", "gamma", "digit"])
@pytest.mark.parametrize("value", VALUES, ids=lambda v: ascii(v)[:20])
def test_what_is_no_number_is_refused(control: str, value: Any) -> None:
    refused({}, control=control, value=value)


OUTSIDE = [
    ("t0", 1.5),
    ("t0", -0.1),
    ("t0", math.inf),
    ("gamma", -1),
    ("gamma", math.inf),
    ("z0", 1e31),
    ("temperature", 0),
    ("alpha", 2),
    ("label_smoothing", 1.01),
    ("digit", 0.5),
    ("digit", 1797),
]


@pytest.mark.parametrize(("control", "value"), OUTSIDE)
def test_what_is_outside_the_domain_is_refused(control: str, value: float) -> None:
    refused({}, control=control, value=value)


@pytest.mark.parametrize("action", ACTIONS, ids=lambda a: ascii(a)[:20])
@pytest.mark.parametrize("index", [None, -1, 10, 1.0, "0", [], HUGE, math.nan], ids=lambda i: ascii(i)[:20])
def test_an_unknown_act_is_refused(action: Any, index: Any) -> None:
    refused({}, action=action, index=index)
    refused({}, action=action)
    if action not in ("label", "toggle"):
        refused({}, action=action, index=0)


def test_an_empty_event_is_refused() -> None:
    refused({})
    refused({}, action="move")
    refused({}, value=1)
    refused({"loss": "hinge", "logits": "x"}, action="on")


def test_acts_on_a_broken_link_start_from_what_the_page_shows() -> None:
    values = {"gamma": -5, "logits": "1 x", "loss": "hinge"}
    shown_view = resolve(values)
    assert len(shown_view.problems) == 3
    changes = commit(values, {"control": "z0", "value": 1.5})
    assert resolve({**changes}).setting == moved(shown_view.setting, "z0", 1.5)


def test_what_a_commit_writes_makes_a_good_link() -> None:
    for values in pages():
        changes = commit(values, {"control": "z0", "value": 1.25})
        words = {name: str(v) for name, v in (values | changes).items() if name not in ("alpha", "activation")}
        offered = activations_for(values["task"], values["loss"])
        words |= {"activation": values["activation"]} if offered else {}
        assert link_problems(words) == []


@pytest.mark.parametrize("values", [p for p in pages() if p["target"] == "hard"], ids=lambda v: "|".join(map(str, v.values())))
def test_a_place_on_a_plane_is_the_sample_there(values: dict[str, Any]) -> None:
    rng = specs.seeded("places", *values.values())
    view = resolve(values)
    for over in planes_for(view):
        chosen = values | {"over": over}
        picture = surface_view(chosen, view)
        assert picture is not None
        seen = set()
        for _ in range(6):
            x, y = {"logits": (-5, 5), "p_t-gamma": (0.1, 0.9), "simplex": (0.3, 0.5)}[over], (0.1, 0.4)
            at = float(rng.uniform(*x)), float(rng.uniform(*(x if over == "logits" else y)))
            then, after_all = after(chosen, action="place", x=at[0], y=at[1])
            assert then.setting == place(view.setting, picture.plane, *at)
            np.testing.assert_allclose(present(then.setting, picture.plane, "loss")[:2], at, atol=1e-5)
            assert (then.task, then.digit, then.setting.targets) == (view.task, view.digit, view.setting.targets)
            again = surface_view(after_all, then)
            assert again is not None
            assert again.plane.classes == picture.plane.classes, "the plane stays under the hand"
            seen.add(then.setting)
        assert len(seen) == 6


def test_a_place_without_a_plane_is_refused() -> None:
    refused({"task": "binary", "loss": "logistic"}, action="place", x=0.0, y=0.0)


@pytest.mark.parametrize("over", ["logits", "p_t-gamma", "simplex"])
@pytest.mark.parametrize("value", [None, "", "x", "nan", math.nan, HUGE, [], {}, "1e999x"], ids=lambda v: ascii(v)[:20])
def test_a_place_that_is_no_number_is_refused(over: str, value: Any) -> None:
    for event in ({"x": value, "y": 0.5}, {"x": 0.5, "y": value}):
        refused({"over": over, "sample": OWN}, action="place", **event)
    refused({"over": over}, action="place")


@pytest.mark.parametrize("over", ["logits", "p_t-gamma", "simplex"])
def test_a_place_outside_of_the_plane_is_the_nearest_in_it(over: str) -> None:
    for x, y in ((1e9, 1e9), (-1e9, 0.5), (0.5, -1e300), ("inf", "-inf")):
        view, _ = after({"over": over, "sample": OWN}, action="place", x=x, y=y)
        assert all(math.isfinite(z) for z in view.setting.logits)
        assert 0 <= view.setting.spec.gamma <= 5


@pytest.mark.parametrize("row", [0, 5, 1796])
def test_a_bar_that_is_clicked_is_the_row_that_is_looked_at(row: int) -> None:
    assert commit({}, {"action": "pick", "value": row}) == {"row": row}


@pytest.mark.parametrize("value", [-1, 0.5, "x", None, math.inf, math.nan])
def test_what_is_no_row_is_not_picked(value: Any) -> None:
    with pytest.raises(InputError, match="row"):
        commit({}, {"action": "pick", "value": value})
