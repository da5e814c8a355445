"""Pinned settings: a loss with its parameters, and targets if they are not the sample's own, as a few words of a link.

    focal softmax gamma 0.5 vs cross-entropy sigmoid targets 1 0 0

Between two pins stands "vs", because an address spells any sign that would do as %2A or the like. In a pin the loss comes
first, then its activation if there are several, then names, each with its value. What is at its default is left out, but for
the loss's own numbers. A pin holds no logits: every pin is shown for the present sample, and so they can be compared.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

from ..analysis.series import Series
from ..errors import InputError, unknown_name
from ..evaluation.setting import Setting, as_targets, log_softmax
from ..fields import Number, Vector
from ..losses import LOSSES, LossSpec, loss
from ..losses.parameters import SOFT_FORM
from ..naming.names import label
from ..numbers import subscript
from ..texts import joined, say
from .fields import FIELDS, MOST_PINS, PARAMETERS
from .sample import SampleView, activations_for, has_parameter, losses_for, nearest_targets

BETWEEN = "vs"

PAPER_WORD = "paper"
"""Stands for focal losses with the paper's γ after the present activation, whatever that is."""


class Pin(NamedTuple):
    """A setting without logits; `targets` is None where they are those of whichever sample is looked at."""

    spec: LossSpec
    targets: tuple[float, ...] | None = None


def parse_pins(text: str, view: SampleView | None = None, name: str = "pins") -> tuple[tuple[Pin, ...], tuple[str, ...]]:
    """The pins of a link's text, and what is wrong with those that cannot be read.

    Args:
        text: Settings with "vs" between them; or "paper", which stands for the paper's values of γ.
        view: What is on show, whose activation the paper's losses have.
        name: The word that the text stands under.

    Returns:
        The pins that can be read, and a sentence about each that cannot.

    Example:
        >>> pins, problems = parse_pins("focal softmax gamma 0.5 vs cross-entropy sigmoid")
        >>> [(pin.spec.key, pin.spec.activation) for pin in pins], problems
        ([('focal', 'softmax'), ('cross-entropy', 'sigmoid')], ())
    """
    if view and text.strip() == PAPER_WORD:
        return papers_losses(view), ()
    pins: list[Pin] = []
    problems: list[str] = []
    for number, words in enumerate(_groups(text), 1):
        try:
            pins.append(_pin(words))
        except InputError as error:
            problem = say("{name}, number {number}: {error} It is left out.", name=name, number=number, error=str(error))
            problems.append(problem)
    if len(problems) > MOST_PINS:
        rest = len(problems) - MOST_PINS
        problems[MOST_PINS:] = [say("{name}: {rest} more cannot be read, and are left out.", name=name, rest=rest)]
    if len(pins) > MOST_PINS:
        text = say(
            "{name}: found {n}; expected at most {most}. The first {most} are kept.", name=name, n=len(pins), most=MOST_PINS
        )
        problems.append(text)
    return tuple(pins[:MOST_PINS]), tuple(problems)


def _groups(text: str) -> list[list[str]]:
    """The words of each pin."""
    words = [BETWEEN, *text.split(), BETWEEN]
    ends = [i for i, word in enumerate(words) if word == BETWEEN]
    return [words[a + 1 : b] for a, b in pairwise(ends) if b > a + 1]


def pins_text(pins: Iterable[Pin]) -> str:
    """The text that `parse_pins` reads back."""
    return f" {BETWEEN} ".join(_words(pin) for pin in pins)


def pin_of(view: SampleView, own_targets: bool) -> Pin:
    """The present setting as a pin; `own_targets`: the targets are those that the sample came with."""
    return Pin(view.setting.spec, None if own_targets else view.setting.targets)


def setting_of(pin: Pin, view: SampleView) -> Setting:
    """A pin on the present sample; InputError says why it does not go with it."""
    present = view.setting
    classes, key, activation = len(present.logits), pin.spec.key, pin.spec.activation
    if key not in losses_for(view.task) or (activation != "exp" and activation not in activations_for(view.task, key)):
        value = say("{loss} with {activation}", loss=key, activation=activation)
        raise InputError("pin", value, say("a loss for the current task, {task}", task=view.task))
    for name, values in (("weight", pin.spec.weight), ("alpha", pin.spec.alpha), ("targets", pin.targets)):
        if isinstance(values, tuple) and len(values) != classes:
            expected = say("{classes}, one per class of the current sample", classes=classes)
            raise InputError("pin", f"{len(values)} {name}", expected)
    logits = present.logits
    if activation == "exp" and present.spec.activation != "exp":
        logits = log_softmax(logits)
    targets = nearest_targets(present.targets if pin.targets is None else pin.targets, key)
    return Setting(pin.spec, logits, targets, present.device)


def series(view: SampleView, pins: Iterable[Pin]) -> tuple[tuple[Series, ...], tuple[str, ...]]:
    """The present setting and all pins that go with its sample, named; and why the others do not."""
    every, problems = [series_of(view.setting)], []
    for slot, pin in enumerate(pins, 1):
        try:
            every.append(series_of(setting_of(pin, view), slot, pin.targets))
        except InputError as error:
            problems.append(say("Pin {number} is not shown. {error}", number=slot, error=str(error)))
    return tuple(every), tuple(problems)


@lru_cache(maxsize=4096)
def series_of(setting: Setting, slot: int = 0, targets: tuple[float, ...] | None = None) -> Series:
    """A setting with its legend; `targets` are in it where they are a pin's own."""
    called = label(setting.spec, as_targets(setting.spec, np.array([setting.targets])))
    return Series(joined((called, _targets_label(targets)), ", ") if targets else called, setting, slot)


def pin_label(pin: Pin, view: SampleView) -> str:
    """A pin as a legend has it; in the words of a link where it does not go with the present sample."""
    try:
        return series_of(setting_of(pin, view), 0, pin.targets).label
    except InputError:
        return pins_text([pin])


def _targets_label(targets: tuple[float, ...]) -> str:
    """Targets as a legend has them: those that are not 0."""
    if not any(targets):
        return say("all t = 0")
    return joined((f"t{subscript(i)} = {t:g}" for i, t in enumerate(targets) if t), ", ")


def _words(pin: Pin) -> str:
    spec, kind = pin.spec, LOSSES[pin.spec.key]
    words = [spec.key, *([spec.activation] if len(kind.activations) > 1 else [])]
    for parameter in kind.parameters:
        value = getattr(spec, parameter.name)
        own = parameter.name in kind.own_parameters and isinstance(parameter, Number)
        if parameter.name in PARAMETERS and value is not None and (own or value != parameter.default):
            words += [parameter.name, _value(value)]
    return " ".join([*words, *(["targets", Vector.text(pin.targets)] if pin.targets else [])])


def _value(value: Any) -> str:
    return value if isinstance(value, str) else Vector.text(value if isinstance(value, tuple) else (value,))


def _pin(words: list[str]) -> Pin:
    key, rest = words[0], words[1:]
    if key not in LOSSES:
        raise unknown_name("loss", key, LOSSES)
    activation = LOSSES[key].activations[0]
    if rest and rest[0] in LOSSES[key].activations:
        activation, rest = rest[0], rest[1:]
    parameters = _parameters(rest)
    targets = parameters.pop("targets", None)
    for name in parameters:
        if not has_parameter(name, key, activation):
            value = say("{name} for {loss} with {activation}", name=name, loss=key, activation=activation)
            raise InputError("parameter", value, say("a parameter of this loss"))
    return Pin(loss(key, activation, **parameters), targets)


def _parameters(words: list[str]) -> dict[str, Any]:
    """Names and the words that follow each, read as the fields of these names are."""
    names = (*PARAMETERS, "targets")
    places = [i for i, word in enumerate(words) if word in names]
    if words and places[:1] != [0]:
        raise unknown_name("parameter", words[0], names)
    ends = [*places[1:], len(words)] if places else []
    if len({words[a] for a in places}) < len(places):
        raise InputError("parameters", repr(" ".join(words))[:40], say("each name once"))
    return {words[a]: _read(words[a], words[a + 1 : b]) for a, b in zip(places, ends, strict=True)}


def _read(name: str, words: list[str]) -> Any:
    field = FIELDS[name]
    if len(words) > 1 and name in PER_CLASS:
        return tuple(map(_number, words))  # the loss itself looks whether they are right
    if not words or (len(words) > 1 and not isinstance(field, Vector)):
        expected = say("numbers") if isinstance(field, Vector) else say("one value")
        raise InputError(name, repr(" ".join(words))[:40], expected)
    if isinstance(field, Vector):
        return field.parse(" ".join(words))
    return field.check(_number(words[0]) if isinstance(field, Number) else words[0])


PER_CLASS = {p.name for kind in LOSSES.values() for p in kind.parameters if isinstance(p, Number) and p.scalar and p.vector}
"""Parameters that a slider sets for all classes alike, and a pin for each class too."""


def _number(word: str) -> float | str:
    try:
        return float(word)
    except ValueError:
        return word


Presets = Mapping[str, tuple[Pin, ...]]


def presets(view: SampleView) -> Presets:
    """Comparisons worth one click, as far as they make sense for the present sample."""
    spec = view.setting.spec
    comparisons: dict[str, tuple[Pin, ...]] = {}
    if paper := papers_losses(view):
        comparisons[PAPER_TITLE] = paper
        forms = [loss("focal", spec.activation, gamma=spec.gamma or 2.0, soft_form=form) for form in SOFT_FORM.options]
        comparisons[say("Four soft-label forms")] = tuple(Pin(form, _soft_targets(view)) for form in forms)
    others = _other_losses(view)
    title = say("Every other loss")
    if len(others) > MOST_PINS:
        title = say("{some} of {all} other losses", some=MOST_PINS, all=len(others))
    comparisons[title] = others[:MOST_PINS]
    if LOSSES[spec.key].targets == "any":
        targets = view.setting.targets
        hard = nearest_targets(targets, "nll") if spec.activation == "softmax" else _hard_targets(targets)
        comparisons[say("Hard and soft targets")] = (Pin(spec, hard), Pin(spec, _soft_targets(view)))
    return comparisons


def _other_losses(view: SampleView) -> tuple[Pin, ...]:
    """Each loss once, after the present activation where it has that, but for the present loss."""
    spec = view.setting.spec
    return tuple(pin for pin in _losses_after(spec.activation, view.task) if pin.spec.key != spec.key)


@lru_cache(maxsize=64)
def _losses_after(activation: str, task: str) -> tuple[Pin, ...]:
    pins = []
    for key in losses_for(task):
        offered = activations_for(task, key) or LOSSES[key].activations
        pins.append(Pin(loss(key, activation if activation in offered else offered[0])))
    return tuple(pins)


def papers_losses(view: SampleView) -> tuple[Pin, ...]:
    """Focal losses with the paper's γ after the present activation; none where the task has no focal loss."""
    activation = view.setting.spec.activation
    if "focal" not in losses_for(view.task) or activation == "exp":
        return ()
    return _papers_losses_after(activation)


@lru_cache(maxsize=8)
def _papers_losses_after(activation: str) -> tuple[Pin, ...]:
    return tuple(Pin(loss("focal", activation, gamma=gamma)) for gamma in PAPER)


PAPER_FIGURE = say("figure 1 of the focal loss paper")
"""Of Lin et al. 2017: the loss of γ = 0, ½, 1, 2, 5 against p_t."""

PAPER_TITLE = say("γ = 0, ½, 1, 2, 5 ({figure})", figure=PAPER_FIGURE)

PAPER = (0.0, 0.5, 1.0, 2.0, 5.0)
"""The values of γ in figures 1 and 4 of Lin et al. 2017."""


def _hard_targets(targets: tuple[float, ...]) -> tuple[float, ...]:
    return tuple(float(t > 0.5) for t in targets)


def _soft_targets(view: SampleView) -> tuple[float, ...]:
    """The sample's targets if they are soft already; otherwise nine tenths of the truth, and a tenth to its best rival."""
    targets, logits = view.setting.targets, view.setting.logits
    if not set(targets) <= {0.0, 1.0}:
        return targets
    if view.setting.spec.activation == "sigmoid" or len(targets) == 1:
        return tuple(0.9 if t else 0.1 for t in targets)
    rival = max((i for i, t in enumerate(targets) if not t), key=logits.__getitem__, default=None)
    return tuple(0.9 if t else 0.1 * (i == rival) for i, t in enumerate(nearest_targets(targets, "nll")))
