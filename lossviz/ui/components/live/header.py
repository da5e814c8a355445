"""The words and settings that go with the tables to the live component."""

from __future__ import annotations

import math
from typing import NamedTuple

from ....analysis.sweep import live_parameters, sliders
from ....evaluation.setting import baseline
from ....fields import Number
from ....figures.theme import loss_colour
from ....losses import LOSSES, LossSpec
from ....state.fields import FIELDS, PARAMETERS, TASKS, parameters_of
from ....state.sample import SampleView, has_parameter, inactive_reason
from ....texts import say
from .messages import Header, Image, Note, NoteAction, Parameter, Row
from .titles import title, titles_along


class Stage(NamedTuple):
    """Whether a scene of a lecture is on, whether its question is to be answered before anything moves, and the words of the
    controls that it shows."""

    on: bool = False
    locked: bool = False
    show: tuple[str, ...] = ()

    def shows(self, name: str, spec: LossSpec) -> bool:
        """Whether there is a slider for a parameter: in a scene for those of the loss itself, and for what the scene names."""
        kind = LOSSES[spec.key]
        defaults = {one.name: one.default for one in kind.parameters_with(spec.activation)}
        is_changed = getattr(spec, name) != defaults.get(name)
        return not self.on or name in self.show or name in kind.own_parameters or is_changed


NO_STAGE = Stage()


def header(view: SampleView, revision: int, acts: int, backend: str, room: bool = False, stage: Stage = NO_STAGE) -> Header:
    """Everything the component shows besides the tables.

    `acts`: the number of the last event that has been applied. `room`: whether it is shown in large type.
    `stage`: what a scene of a lecture makes of it.
    """
    setting, task = view.setting, TASKS[view.task]
    spec, classes = setting.spec, len(setting.logits)
    fewest, most = task.classes
    return {
        "revision": revision,
        "acts": acts,
        "classes": classes,
        "activation": spec.activation,
        "loss_key": spec.key,
        "loss_name": LOSSES[spec.key].name,
        "colour": loss_colour(spec.key),
        "ce_colour": loss_colour("cross-entropy"),
        "title": title(spec, setting.targets),
        "titles": titles_along(setting._replace(logits=())),
        "plain": LOSSES[spec.key].summary,
        "ghost": baseline(spec) != spec,
        "rows": _rows(view),
        "input_name": say("log-probability") if spec.activation == "exp" else say("logit z"),
        "target_mode": view.mode,
        "parameters": [
            _parameter(name, view)
            for name in sliders(spec)
            if has_parameter(name, spec.key, spec.activation) and stage.shows(name, spec)
        ],
        "url": {"word_of": WORDS, "defaults": DEFAULTS},
        "image": _image(view),
        "notes": notes(view),
        # A digit has its ten classes; numbers of one's own have as many as one likes.
        "can_add": view.digit is None and classes < most,
        "can_remove": view.digit is None and classes > fewest,
        "fixed_classes": view.digit is not None or fewest == most,
        "backend": backend,
        "room": room,
        "locked": stage.locked,
        "staged": room or stage.on,
    }


WORDS = {"z": "logits", "t": "targets"} | {name: name for name in PARAMETERS}
DEFAULTS = {name: "" if field.default is None else f"{field.default:g}" if isinstance(field, Number) else field.default
            for name, field in FIELDS.items()}  # fmt: skip
"""The words of the link and the texts that are not written because they are the default."""


def _rows(view: SampleView) -> list[Row]:
    labels: tuple[str, ...] = tuple(map(str, range(len(view.setting.logits))))
    labels = {"two-logit": (say("no"), say("yes")), "binary": (say("yes?"),)}.get(view.task, labels)
    if weights := view.setting.spec.weight:
        labels = tuple(say("{label} ×{weight:g}", label=label, weight=w) for label, w in zip(labels, weights, strict=True))
    return [
        {"label": label, "logit": z if math.isfinite(z) else str(z), "target": t}
        for label, z, t in zip(labels, view.setting.logits, view.setting.targets, strict=True)
    ]


def _parameter(name: str, view: SampleView) -> Parameter:
    field = parameters_of(view.setting.spec.key)[name]
    assert isinstance(field, Number)
    value = getattr(view.setting.spec, name)
    return {
        "id": name,
        "symbol": field.symbol,
        "label": field.label,
        "value": value,
        "min": field.range_low,
        "max": field.range_high,
        "low": field.low if math.isfinite(field.low) else None,
        "high": field.high if math.isfinite(field.high) else None,
        "step": field.step,
        "stops": field.stops,
        "help": field.help,
        "optional": field.optional,
        "off": name not in live_parameters(view.setting.spec),
        "disabled_reason": inactive_reason(name, view),
    }


def _image(view: SampleView) -> Image | None:
    digit = view.digit
    if digit is None:
        return None
    caption = say(
        "handwritten digit {number} · label {label} · predicted {guess}",
        number=digit.number,
        label=digit.label,
        guess=digit.guess,
    )
    return {
        "pixels": digit.pixels,
        "caption": caption,
        "note": say("edited: no longer the model’s output") if view.edited else "",
    }


def notes(view: SampleView) -> list[Note]:
    """What a person should know about these settings before reading the numbers."""
    every = (_targets_do_not_sum_to_1(view), _no_log_probabilities(view), _softmax_over_two(view))
    return [note for note in every if note]


def _targets_do_not_sum_to_1(view: SampleView) -> Note | None:
    total = math.fsum(view.setting.targets)
    if view.setting.spec.activation != "softmax" or abs(total - 1) <= 1e-9:
        return None
    text = say(
        "Targets sum to {total:.6g}, not 1: softmax probabilities cannot match them. They are used as they are, as in PyTorch.",
        total=total,
    )
    action: NoteAction | None = {"label": say("Normalize"), "event": {"action": "normalise"}} if total > 0 else None
    return {"level": "warn", "text": text, "action": action}


def _no_log_probabilities(view: SampleView) -> Note | None:
    total = math.fsum(math.exp(min(z, 700.0)) for z in view.setting.logits)
    if view.setting.spec.activation != "exp" or abs(total - 1) <= 1e-6:
        return None
    text = say(
        "These are not log-probabilities: their exponentials sum to {total:.6g}, not 1. "
        "NLLLoss accepts them anyway, and the loss can be negative.",
        total=total,
    )
    return {"level": "warn", "text": text, "action": {"label": say("Apply log-softmax"), "event": {"action": "log-softmax"}}}


def _softmax_over_two(view: SampleView) -> Note | None:
    if view.task != "two-logit" or view.setting.spec.activation != "softmax":
        return None
    return {"level": "info", "text": say("Softmax over two logits is a sigmoid of their difference."), "action": None}
