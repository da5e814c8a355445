"""Values become a view, whatever the values are; and what a view says about its parameters is true."""

import itertools
import math
from typing import Any

import numpy as np
import pytest

from lossviz import LOSSES, evaluate
from lossviz.analysis.sample import sample
from lossviz.data import digits
from lossviz.fields import Choice, Number, Vector
from lossviz.state.fields import DIGIT, FIELDS, OWN, PARAMETERS, TASKS
from lossviz.state.sample import SampleView, activations_for, has_parameter, inactive_reason, losses_for, resolve

from .. import specs
from ..drawn import thinned

EVERY = list(itertools.product(TASKS, LOSSES, ("softmax", "sigmoid"), ("hard", "soft"), (DIGIT, OWN)))
NAMES = ("task", "loss", "activation", "target", "sample")
ANYWHERE = {key for key, kind in LOSSES.items() if kind.targets == "any"}
OFFERED = {
    "binary": {"logistic", *ANYWHERE},
    "two-logit": {"nll", *ANYWHERE},
    "multi-class": {"nll", *ANYWHERE},
    "multi-label": ANYWHERE,
}
"""What makes sense: ±1 labels need one logit, and NLL needs exactly one true class of several."""


def test_every_word_is_declared_once_with_a_default_that_it_accepts() -> None:
    for name, field in FIELDS.items():
        assert field.name == name
        assert field.label
        assert field.help
        if not isinstance(field, Vector):
            assert field.check(field.default) == field.default
    assert set(PARAMETERS) == {p.name for kind in LOSSES.values() for p in kind.parameters} - {"ignore_index"}


def test_a_page_takes_one_number_a_parameter_or_a_list_as_text() -> None:
    for name, field in PARAMETERS.items():
        assert isinstance(field, Choice | Vector) or (isinstance(field, Number) and field.scalar and not field.vector), name
        if isinstance(field, Number):
            assert math.isfinite(field.low)
            assert math.isfinite(field.high)
            assert field.low <= field.range_low < field.range_high <= field.high


def test_without_values_it_is_focal_loss_on_a_real_digit() -> None:
    view = resolve({})
    assert not view.problems
    assert not view.edited
    assert (view.task, view.mode) == ("multi-class", "class")
    assert (view.setting.spec.key, view.setting.spec.activation, view.setting.spec.gamma) == ("focal", "softmax", 2.0)
    assert view.digit == digits.digit(FIELDS["digit"].default)
    assert view.setting.logits == view.digit.logits
    assert view.setting.targets.index(1.0) == view.digit.label
    assert sum(view.setting.targets) == 1


@pytest.mark.parametrize("case", thinned(EVERY, *itertools.combinations(range(5), 2)), ids="|".join)
def test_every_combination_resolves_to_something_that_can_be_evaluated(case: tuple[str, ...]) -> None:
    words = dict(zip(NAMES, case, strict=True))
    view = resolve(words)
    spec = view.setting.spec
    fewest, most = TASKS[view.task].classes
    assert view.task == words["task"]
    assert fewest <= len(view.setting.logits) == len(view.setting.targets) <= most
    assert spec.key in losses_for(view.task)
    assert spec.activation in (activations_for(view.task, spec.key) or LOSSES[spec.key].activations)
    now = sample(view.setting)
    assert np.isfinite(now.grad).all()
    assert math.isfinite(now.loss[0])
    if words["loss"] in OFFERED[view.task]:
        assert spec.key == words["loss"]
        assert not view.problems
    else:
        assert any(p.startswith("loss:") and words["loss"] in p and spec.key in p for p in view.problems)
    kind = LOSSES[spec.key].targets
    assert view.mode in {"any": {"class", "multi", "soft"}, "indices": {"class"}, "signs": {"sign"}}[kind]
    if kind == "any":
        assert (view.mode == "soft") is (words["target"] == "soft")


@pytest.mark.parametrize("task", TASKS)
def test_what_is_offered_makes_sense(task: str) -> None:
    assert set(losses_for(task)) == OFFERED[task]
    assert list(losses_for(task)) == [key for key in LOSSES if key in OFFERED[task]]
    for key in losses_for(task):
        offered = activations_for(task, key)
        assert set(offered) <= set(LOSSES[key].activations)
        assert offered or LOSSES[key].activations == ("exp",)


WRONG = [
    None,
    "",
    " ",
    "x",
    "nan",
    "inf",
    "1e999",
    "2 1",
    -1,
    0,
    1,
    10**400,
    math.nan,
    math.inf,
    -math.inf,
    1e308,
    True,
    1.5,
    (1, 2),
    [],
    {},
    object(),
    b"x",
    "x" * 10_000,
    "9" * 5_000,
    "ﷺ😀\u202e\x00",
    "'; DROP TABLE",
    "<script>",
    1j,
    np.nan,
    np.array([1.0, 2.0]),
]


BASES = (("multi-class", "focal"), ("binary", "logistic"), ("multi-label", "quality-focal"))


@pytest.mark.parametrize("name", FIELDS)
def test_no_value_is_too_strange(name: str) -> None:
    """Each with one of the losses in turn, so that every word and every value is there with each of them."""
    first = list(FIELDS).index(name)
    sampled = set()
    for n, value in enumerate(WRONG, first):
        task, key = BASES[n % len(BASES)]
        view, what = resolve({"task": task, "loss": key, name: value}), (repr(value)[:20], task)
        if view.setting not in sampled:
            assert not np.isnan(sample(view.setting).loss).any(), what
            sampled.add(view.setting)
        assert all(len(problem) < 300 for problem in view.problems), what
        if name not in ("task", "loss"):
            assert all(problem.startswith(name) for problem in view.problems), what
            assert len(view.problems) <= 1, what
            assert (view.setting.spec.key, view.task) == (key, task), what


REFUSED = [
    ("gamma", -1),
    ("gamma", math.nan),
    ("gamma", 1e308),
    ("temperature", 0),
    ("temperature", 5e-324),
    ("alpha", 1.5),
    ("alpha", (0.1, 0.2)),
    ("label_smoothing", 2),
    ("digit", 1797),
    ("digit", 0.5),
    ("logits", "1 x"),
    ("logits", "1e300 0"),
    ("targets", "2 0"),
    ("soft_form", "permuted"),
    ("task", "ternary"),
    ("loss", "hinge"),
    ("weight", "-1 1"),
    ("pos_weight", 1e9),
]


@pytest.mark.parametrize(("name", "value"), REFUSED)
def test_a_value_that_cannot_be_is_named_with_what_is_used_instead(name: str, value: Any) -> None:
    view = resolve({name: value, "activation": "sigmoid"})
    (problem,) = view.problems
    field = FIELDS[name]
    assert problem.startswith(name)
    assert "found " in problem
    assert "expected " in problem
    assert problem.endswith("instead.")
    plain = resolve({"activation": "sigmoid"})
    assert view.setting == plain.setting
    if isinstance(field, Number) and field.default is not None:
        assert f"Using {field.default} instead" in problem


FITTING = [
    ({"sample": OWN, "logits": "1"}, "logits: found 1 values; expected 2 to 10"),
    ({"sample": OWN, "targets": "1 0"}, "targets: found 2 values; expected 3"),
    ({"sample": OWN, "weight": "1 2"}, "weight: found 2 values; expected 3"),
    ({"task": "binary", "logits": "1 2"}, "logits: found 2 values; expected 1 for this task"),
    ({"sample": OWN, "logits": "inf inf 0"}, "tied at infinity"),
    ({"sample": OWN, "logits": "-inf -inf -inf"}, "tied at infinity"),
    ({"loss": "nll", "sample": OWN, "targets": "0.5 0.5 0"}, "nll takes hard labels only"),
    ({"task": "binary", "loss": "logistic", "targets": "0.2"}, "logistic takes hard labels only"),
    ({"task": "binary", "loss": "nll"}, "loss: nll is not available for task binary"),
]


@pytest.mark.parametrize(("values", "text"), FITTING)
def test_values_that_do_not_go_together_are_said(values: dict[str, Any], text: str) -> None:
    (problem,) = resolve(values).problems
    assert text in problem


@pytest.mark.parametrize("text", ["inf 0 0", "-inf 0 0", "inf -inf 0", "-inf -inf 0", "1e30 -1e30 0"])
def test_infinite_logits_are_taken_where_the_limit_exists(text: str) -> None:
    for loss in ("cross-entropy", "focal"):
        view = resolve({"sample": OWN, "logits": text, "loss": loss})
        assert not view.problems
        assert Vector.text(view.setting.logits) == Vector.text(map(float, text.split()))
        assert not np.isnan(sample(view.setting).loss).any()


def test_an_edited_digit_is_not_the_models_own() -> None:
    own = resolve({"digit": 7})
    assert not own.edited
    assert resolve({"digit": 7, "logits": "1 2 3"}).edited
    assert resolve({"digit": 7, "targets": "0.5 0.5 0 0 0 0 0 0 0 0"}).edited
    assert not resolve({"digit": 7, "logits": Vector.text(own.setting.logits)}).edited


@pytest.mark.parametrize("number", [0, 5, 1796])
def test_a_digit_is_the_models_output(number: int) -> None:
    with np.load(digits.FILE) as file:
        logits, label, image = (file[name][number] for name in ("logits", "labels", "images"))
    result = digits.digit(number)
    np.testing.assert_allclose(result.logits, logits, atol=5.1e-4)
    assert (result.label, result.guess) == (label, logits.argmax())
    assert list(result.pixels) == image.ravel().tolist()
    assert set(result.pixels) <= set(range(17))


def test_groups_of_digits_are_what_they_are_called() -> None:
    with np.load(digits.FILE) as file:
        logits, labels = file["logits"].astype(float), file["labels"]
    p = np.exp(logits - np.logaddexp.reduce(logits, axis=1)[:, None])
    result = digits.groups()
    assert all(len(set(numbers)) == len(numbers) >= 20 for numbers in result.values())
    for name, numbers in result.items():
        right = logits[list(numbers)].argmax(1) == labels[list(numbers)]
        assert right.all() if name != "mistaken" else not right.any()
    sure, unsure = (p[list(result[name])].max(1) for name in ("sure", "unsure"))
    assert unsure.max() < 0.8 < 0.99 < sure.min()


def views(count: int) -> list[SampleView]:
    """Views that a page can show, with parameters and samples that vary."""
    rng = specs.seeded("views")
    result = []
    for case in itertools.islice(itertools.cycle(EVERY), count):
        words: dict[str, Any] = dict(zip(NAMES, case, strict=True)) | {"digit": int(rng.integers(digits.COUNT))}
        fewest, most = TASKS[words["task"]].classes
        classes = int(rng.integers(fewest, most + 1))
        if words["sample"] == OWN:
            kind = str(rng.choice(["multi-hot", "one-hot"] if words["target"] == "hard" else ["soft", "distribution"]))
            words["logits"] = Vector.text(rng.normal(0, 2, classes).round(3))
            words["targets"] = Vector.text(specs.targets(kind, 1, classes, rng)[0])
        for name, field in PARAMETERS.items():
            if isinstance(field, Number) and rng.random() < 0.4:
                words[name] = float(rng.choice([field.range_low, rng.uniform(field.range_low, field.range_high)]))
            if isinstance(field, Choice) and rng.random() < 0.7:
                words[name] = str(rng.choice(field.options))
        result.append(resolve(words))
    assert len({view.setting for view in result}) > 0.5 * count
    return result


def test_a_parameter_that_is_said_to_be_idle_changes_nothing() -> None:
    """And one that is not changes the loss or the gradient somewhere in its range."""
    reasons, lively = set(), set()
    for view in views(len(EVERY)):
        setting = view.setting
        for name in PARAMETERS:
            if not has_parameter(name, setting.spec.key, setting.spec.activation):
                continue
            reason, effect = inactive_reason(name, view), _has_effect(view, name)
            if reason is not None:
                assert not effect, (name, reason, setting)
                reasons.add((name, reason))
            elif _ordinary(view):
                assert effect, (name, setting)
                lively.add(name)
    assert lively == set(PARAMETERS)
    assert {"soft_form", "pos_weight", "temperature"} <= {name for name, _ in reasons}
    assert len({reason for _, reason in reasons}) >= 4


def _ordinary(view: SampleView) -> bool:
    """No factor that is 0, or as good as, already hides what another parameter does."""
    spec, targets = view.setting.spec, view.setting.targets
    weights = (spec.pos_weight, spec.alpha, *(spec.weight or ()))
    positive = sample(view.setting).loss[0] != 0
    plain = spec.label_smoothing < 0.9 and spec.alpha != 1 and spec.temperature > 0.5
    return bool(positive and plain and sum(targets) > 0 and 0 not in weights)


def _has_effect(view: SampleView, name: str) -> bool:
    setting, field = view.setting, PARAMETERS[name]
    classes = len(setting.logits)
    tried: list[Any] = (
        list(field.samples()) if not isinstance(field, Vector) else [tuple(np.linspace(0.5, 3, classes).tolist())]
    )
    tried += [3.7] if isinstance(field, Number) and field.contains(3.7) else []
    now = sample(setting)
    for value in tried:
        other = sample(setting._replace(spec=setting.spec.replace(**{name: value})))
        if not (np.allclose(now.loss, other.loss, rtol=1e-9, atol=0) and np.allclose(now.grad, other.grad, rtol=1e-9, atol=0)):
            return True
    return False


def test_only_the_parameters_of_a_loss_are_shown() -> None:
    for key, activation in specs.KINDS:
        declared = {field.name for field in specs.declared(key, activation)}
        for name in PARAMETERS:
            if has_parameter(name, key, activation):
                assert name in declared
            elif name in declared:
                assert (name, activation) == ("alpha", "softmax")
    assert not has_parameter("pos_weight", "focal", "softmax")
    assert not has_parameter("gamma", "cross-entropy", "sigmoid")


def test_the_same_values_give_the_same_view() -> None:
    for values in ({}, {"task": "binary"}, {"loss": "hinge"}):
        assert resolve(values) == resolve(dict(values))
        assert hash(resolve(values).setting) == hash(resolve(dict(values)).setting)


def test_a_view_is_what_evaluate_makes_of_it() -> None:
    view = resolve(
        {"task": "multi-label", "loss": "focal", "activation": "sigmoid", "alpha": 0.25, "logits": "2 -1", "targets": "1 0"}
    )
    ev = evaluate(view.setting.spec, [[2.0, -1.0]], [[1.0, 0.0]])
    assert float(sample(view.setting).loss[0]) == float(ev.loss[0])
    assert view.setting.spec.alpha == 0.25
