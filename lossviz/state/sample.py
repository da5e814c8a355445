"""What the values of a link, of the widgets or of a session mean together.

`resolve` turns values into a `SampleView`: the sample, the loss and what can be changed about them. All of it is plain
Python, so that a link can be understood, and tested, without a browser. `links` reads links, `edits` applies what a hand has
done.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, NamedTuple

from ..data import digits
from ..errors import InputError
from ..evaluation.setting import Setting, log_softmax
from ..fields import Field, Number, Text, Vector
from ..losses import LOSSES, Loss, LossSpec, loss
from ..texts import say
from .fields import DIGIT, FIELDS, PARAMETERS, SAMPLE, TASKS, Task, parameters_of

Values = Mapping[str, Any]


class SampleView(NamedTuple):
    """What a set of values means. `mode` is how targets are set: "class", "multi", "soft" or "sign"."""

    setting: Setting
    task: str
    mode: str
    digit: digits.Digit | None
    edited: bool
    problems: tuple[str, ...]


def losses_for(task: str) -> tuple[str, ...]:
    """The losses on offer for a task, in screen order: derived, so that a new loss is on the menu where it makes sense."""
    return tuple(key for key, kind in LOSSES.items() if _fits(kind, TASKS[task]))


def _fits(kind: Loss, task: Task) -> bool:
    if kind.targets == "signs":
        return task.classes == (1, 1)
    if kind.targets == "indices" and task.several:
        return False
    return kind.activations == ("exp",) or bool(set(kind.activations) & set(task.activations))


def activations_for(task: str, key: str) -> tuple[str, ...]:
    """The activations on offer; empty for a loss that takes log-probabilities."""
    return tuple(a for a in TASKS[task].activations if a in LOSSES[key].activations)


def has_parameter(name: str, key: str, activation: str) -> bool:
    """Whether a parameter belongs to this loss with this activation at all."""
    declared = next((p for p in LOSSES[key].parameters if p.name == name), None)
    if declared is None or (declared.activations is not None and activation not in declared.activations):
        return False
    # With softmax a single alpha would scale every class alike: class weights do what one wants there.
    return name != "alpha" or activation == "sigmoid"


def inactive_reason(name: str, view: SampleView) -> str | None:
    """Why a parameter that belongs to the loss has no effect on the present sample; None if it has one."""
    spec, targets = view.setting.spec, view.setting.targets
    if spec.activation == "softmax" and len(targets) == 1:
        return say("No effect: softmax of a single logit is always 1.")
    own = LOSSES[spec.key].inactive_reasons(spec)
    if name in own:
        return own[name]
    one_of_two = spec.activation == "sigmoid" or sum(targets) <= 1
    if name == "soft_form" and spec.label_smoothing == 0 and set(targets) <= {0.0, 1.0} and one_of_two:
        return say("Targets are 0 and 1: all four forms agree.")
    if name == "pos_weight" and not any(targets) and spec.label_smoothing == 0:
        return say("No target is positive.")
    return None


OF_A_SAMPLE = {field.name: field for field in SAMPLE}


def resolve(values: Values) -> SampleView:
    """The view that these values describe; whatever cannot be, is replaced by its default, and stands in `problems`.

    Args:
        values: one value a word of `FIELDS`, any of them left out or wrong.

    Returns:
        The loss, the sample and what can be changed about them; never an error.

    Example:
        >>> view = resolve({"loss": "focal", "gamma": 3.0, "sample": "own numbers", "logits": "2 1 0"})
        >>> view.setting.spec.gamma, view.setting.logits, view.problems
        (3.0, (2.0, 1.0, 0.0), ())
    """
    problems: list[str] = []
    v = read(values, {**OF_A_SAMPLE, **parameters_of(_loss_key(values))}, problems)
    task = TASKS[v["task"]]
    key = checked_option(v["loss"], losses_for(v["task"]), "loss", problems, say("task {task}", task=v["task"]))
    activation = chosen_activation(values, key, activations_for(v["task"], key))
    digit = digits.digit(v["digit"]) if v["task"] == "multi-class" and v["sample"] == DIGIT else None
    example = digit.logits if digit else _numbers(task.logits)
    if activation == "exp":
        # A loss that takes log-probabilities gets the sample's.
        example = tuple(round(x, 6) for x in log_softmax(example))
    logits = _logits(v["logits"], task, example, problems)
    targets = _targets(v["targets"], len(logits), task, digit, problems)
    targets = _fitted_targets(targets, key, problems)
    setting = Setting(spec_of(v, key, activation, len(logits), problems), logits, targets)
    edited = digit is not None and (logits != example or targets != one_hot(digit.label, len(logits)))
    return SampleView(setting, v["task"], _mode(key, task, v["target"] == "soft", targets), digit, edited, tuple(problems))


def _loss_key(values: Values) -> str:
    """The loss that these values come to."""
    v = read(values, {name: FIELDS[name] for name in ("task", "loss")}, [])
    return checked_option(v["loss"], losses_for(v["task"]), "loss", [], "")


def read(values: Values, fields: Mapping[str, Field], problems: list[str]) -> dict[str, Any]:
    """A value for each of these fields: the one of the values, or the default where there is none or a wrong one."""
    return {name: _value(field, values.get(name, field.default), problems) for name, field in fields.items()}


def chosen_activation(values: Values, key: str, offered: tuple[str, ...]) -> str:
    """The activation of the values, where it is on offer; otherwise the first that is."""
    wanted = values.get("activation")
    return wanted if isinstance(wanted, str) and wanted in offered else (offered or LOSSES[key].activations)[0]


def spec_of(v: Values, key: str, activation: str, classes: int, problems: list[str]) -> LossSpec:
    """The loss with those of its parameters that are among these values."""
    parameters = {name: v[name] for name in PARAMETERS if has_parameter(name, key, activation)}
    if "weight" in parameters:
        parameters["weight"] = _weight(parameters["weight"], classes, problems)
    return loss(key, activation, **parameters)


def one_hot(index: int, classes: int) -> tuple[float, ...]:
    """Targets with a single 1."""
    return tuple(float(i == index) for i in range(classes))


def _value(field: Field, value: Any, problems: list[str]) -> Any:
    try:
        return _parsed(field, value)
    except InputError as error:
        problems.append(say("{error} Using {instead} instead.", error=str(error), instead=default_in_words(field)))
        return _parsed(field, field.default)


def _parsed(field: Field, value: Any) -> Any:
    if isinstance(field, Vector):
        return field.parse("" if value is None else value)
    return field.check(value)


def default_of(field: Field, words: Mapping[str, str | float]) -> Any:
    """What a field's widget has for some words: the value among them, or its default."""
    value = words.get(field.name, field.default)
    if isinstance(field, Number) and value is not None:
        return float(value)  # type: ignore[arg-type]
    return value


def default_in_words(field: Field) -> str:
    """What is used instead of a value that cannot be."""
    default = field.default
    if isinstance(field, Vector):
        return say("the sample's own") if field.name in ("logits", "targets") else say("none")
    if isinstance(field, Text):
        return say("none")
    return say("“off”") if default is None else str(default)


def checked_option(value: str, options: tuple[str, ...], name: str, problems: list[str], why: str) -> str:
    """A value, or the first of the options and a problem, if it is not among them."""
    if value in options:
        return value
    text = say(
        "{name}: {value} is not available for {why}. Using {instead} instead.",
        name=name,
        value=value,
        why=why,
        instead=options[0],
    )
    problems.append(text)
    return options[0]


def _logits(logits: tuple[float, ...], task: Task, own: tuple[float, ...], problems: list[str]) -> tuple[float, ...]:
    least, most = task.classes
    if not logits:
        return own
    if not least <= len(logits) <= most:
        expected = f"{least}" if least == most else say("{least} to {most}", least=least, most=most)
        text = say(
            "logits: found {n} values; expected {expected} for this task. Using {instead} instead.",
            n=len(logits),
            expected=expected,
            instead=Vector.text(own),
        )
        problems.append(text)
        return own
    infinite = [z for z in logits if z == math.inf]
    if len(infinite) > 1 or (len(logits) > 1 and set(logits) == {-math.inf}):
        problems.append(say("logits: several are tied at infinity, where no limit exists. Using the sample's own instead."))
        return own
    return logits


def _targets(
    targets: tuple[float, ...], classes: int, task: Task, digit: digits.Digit | None, problems: list[str]
) -> tuple[float, ...]:
    example = _numbers(task.targets)
    own = one_hot(digit.label, classes) if digit and digit.label < classes else tuple((*example, *(0.0,) * classes)[:classes])
    if targets and len(targets) != classes:
        text = say(
            "targets: found {n} values; expected {classes}, one per logit. Using {instead} instead.",
            n=len(targets),
            classes=classes,
            instead=Vector.text(own),
        )
        problems.append(text)
        return own
    return targets or own


def nearest_targets(targets: tuple[float, ...], key: str) -> tuple[float, ...]:
    """The nearest targets that a loss can take: a single class for NLL, a sign for logistic loss."""
    if LOSSES[key].targets == "any":
        return targets
    if LOSSES[key].targets == "signs":
        return tuple(float(t > 0.5) for t in targets)
    return one_hot(max(range(len(targets)), key=targets.__getitem__), len(targets))


def _fitted_targets(targets: tuple[float, ...], key: str, problems: list[str]) -> tuple[float, ...]:
    nearest = nearest_targets(targets, key)
    if nearest != targets:
        instead = Vector.text(nearest)
        problems.append(say("targets: {loss} takes hard labels only. Using {instead} instead.", loss=key, instead=instead))
    return nearest


def _weight(weight: tuple[float, ...], classes: int, problems: list[str]) -> tuple[float, ...] | None:
    if weight and len(weight) != classes:
        text = say(
            "weight: found {n} values; expected {classes}, one per class. Using none instead.", n=len(weight), classes=classes
        )
        problems.append(text)
        return None
    return weight or None


def _mode(key: str, task: Task, soft: bool, targets: tuple[float, ...]) -> str:
    kind = LOSSES[key].targets
    if kind == "signs":
        return "sign"
    if kind == "indices":
        return "class"
    if soft or not set(targets) <= {0.0, 1.0}:
        return "soft"
    return "multi" if task.several else "class"


def _numbers(text: str) -> tuple[float, ...]:
    return tuple(float(word) for word in text.split())
